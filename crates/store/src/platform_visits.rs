//! When platforms last launched, and what they call themselves.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    // A platform that is gone has no visits.
    NOTE = "INSERT INTO platform_visits (platform_id, last_launch_at, own_name) \
            SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT) FROM platforms WHERE id = $1 \
            ON CONFLICT (platform_id) DO UPDATE SET last_launch_at = excluded.last_launch_at, \
            own_name = COALESCE(excluded.own_name, platform_visits.own_name) \
            WHERE excluded.last_launch_at > platform_visits.last_launch_at";
    OF_PLATFORM = "SELECT platform_id, last_launch_at, own_name FROM platform_visits WHERE platform_id = $1";
}

/// The last launch of a platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlatformVisit {
    /// Whose launch it was; there is one row for each.
    pub platform_id: String,
    /// Milliseconds since 1970, to the minute.
    pub last_launch_at: i64,
    /// What the platform calls itself (`tool_platform.name`), if it ever said.
    pub own_name: Option<String>,
}

/// Notes a platform's last launch. An earlier one changes nothing.
///
/// # Errors
/// The store failed.
pub async fn note(tx: &mut Tx<'_>, visit: PlatformVisit) -> Result<(), StoreError> {
    execute!(
        any,
        tx,
        NOTE,
        visit.platform_id,
        visit.last_launch_at,
        visit.own_name
    )
    .map(drop)
}

/// The last launch of a platform, if it ever launched.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Option<PlatformVisit>, StoreError> {
    fetch!(optional, tx, PlatformVisit, OF_PLATFORM, platform_id)
}
