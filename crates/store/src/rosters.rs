//! The last roster of a course that an application synchronised, and how that went.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_ID = "SELECT id, roster_sealed, version, attempted_at, succeeded_at, attempts, failures, error, \
             (SELECT epoch FROM event_log WHERE id = 1) AS epoch FROM rosters WHERE id = $1";
    NEWEST = "SELECT MAX(succeeded_at) FROM rosters WHERE platform_id = $1";
    FIRST = "INSERT INTO rosters (id, tool_id, platform_id, roster_sealed, version, attempted_at, attempts, failures, forget_at) \
             VALUES ($1, $2, $3, $4, 0, $5, 0, 0, $6) ON CONFLICT (id) DO NOTHING";
    BEGIN = "UPDATE rosters SET attempted_at = $2, attempts = attempts + 1, failures = failures + 1, error = $3 WHERE id = $1";
    APPLY = "UPDATE rosters SET roster_sealed = $3, version = version + 1, succeeded_at = $4, failures = 0, error = NULL, \
             forget_at = $5 WHERE id = $1 AND version = $2";
    FAIL = "UPDATE rosters SET error = $2 WHERE id = $1 AND failures > 0";
    DUE = "SELECT id FROM rosters WHERE forget_at <= $1 ORDER BY forget_at LIMIT $2";
    KEEP = "UPDATE rosters SET roster_sealed = $3, version = version + 1, forget_at = $4 WHERE id = $1 AND version = $2";
    POSTPONE = "UPDATE rosters SET forget_at = $3 WHERE id = $1 AND forget_at + 0 <= $2";
    DELETE = "DELETE FROM rosters WHERE id = $1 AND version = $2";
}

/// A roster as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RosterRow {
    /// Its id, derived from the course.
    pub id: String,
    /// Its members, sealed.
    pub roster_sealed: Vec<u8>,
    /// Incremented with every write.
    pub version: i64,
    /// When it was last requested, in milliseconds since 1970.
    pub attempted_at: i64,
    /// When it was last replaced, in milliseconds since 1970.
    pub succeeded_at: Option<i64>,
    /// How often it was requested.
    pub attempts: i64,
    /// Failures since the last success.
    pub failures: i64,
    /// The reason for the last failure.
    pub error: Option<String>,
    /// The store's epoch, which changes when it is restored from a backup.
    pub epoch: String,
}

/// A course's roster.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<RosterRow>, StoreError> {
    fetch!(optional, tx, RosterRow, BY_ID, id)
}

/// When a roster of a platform was last synchronised, in milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub async fn newest(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<i64>, StoreError> {
    let (newest,) = fetch!(one, tx, (Option<i64>,), NEWEST, platform_id)?;
    Ok(newest)
}

/// Stores an empty roster for a tool and a platform, unless there is one. `forget_at` is when
/// clean-up should look at it.
///
/// # Errors
/// The store failed.
pub async fn first(
    tx: &mut Tx<'_>,
    id: String,
    (tool_id, platform_id): (String, String),
    roster_sealed: Vec<u8>,
    now_ms: i64,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        FIRST,
        id,
        tool_id,
        platform_id,
        roster_sealed,
        now_ms,
        forget_at
    )
}

/// Records that a roster is being fetched. This counts as a failure, with `error` as its reason,
/// until the roster is applied.
///
/// # Errors
/// The store failed.
pub async fn begin(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    error: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, BEGIN, id, now_ms, error)
}

/// Replaces a roster of this version. Returns false if another request replaced it meanwhile.
/// `forget_at` is when some of its data expires.
///
/// # Errors
/// The store failed.
pub async fn apply(
    tx: &mut Tx<'_>,
    id: String,
    version: i64,
    roster_sealed: Vec<u8>,
    now_ms: i64,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        APPLY,
        id,
        version,
        roster_sealed,
        now_ms,
        forget_at
    )
}

/// Records why a roster could not be fetched, unless another request has fetched it since.
///
/// # Errors
/// The store failed.
pub async fn fail(tx: &mut Tx<'_>, id: String, error: String) -> Result<bool, StoreError> {
    execute!(optional, tx, FAIL, id, error)
}

/// Up to `most` rosters with expired data.
///
/// # Errors
/// The store failed.
pub async fn due(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String,)> = fetch!(all, tx, (String,), DUE, now_ms, most)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Writes back a reduced roster of this version. Returns false if it was written meanwhile.
///
/// # Errors
/// The store failed.
pub async fn keep(
    tx: &mut Tx<'_>,
    id: String,
    version: i64,
    roster_sealed: Vec<u8>,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, KEEP, id, version, roster_sealed, forget_at)
}

/// Postpones a roster that is due. Returns false if it isn't due.
///
/// # Errors
/// The store failed.
pub async fn postpone(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    forget_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, POSTPONE, id, now_ms, forget_at)
}

/// Removes a roster of this version. Returns false if it was written meanwhile.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, id: String, version: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id, version)
}
