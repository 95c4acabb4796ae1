//! What happened recently, for the portal's first page: the newest rows only, so that it costs the same on any store.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    FAILURES = "SELECT reason, platform_id, created_at FROM traces WHERE id >= $1 AND tool_id = $2 AND outcome = 'failed' \
                ORDER BY id DESC LIMIT $3";
    // Ids begin with their time: no more of these rows is read.
    LAUNCHES = "SELECT id FROM launches WHERE id >= $1 AND tool_id = $2 ORDER BY id DESC LIMIT $3";
}

/// An attempt that failed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecentFailure {
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, where it is known.
    pub platform_id: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Up to `most` failures since this id, the newest first, as far as they were written down.
///
/// # Errors
/// The store failed.
pub async fn failures(
    tx: &mut Tx<'_>,
    from_id: String,
    tool_id: String,
    most: i64,
) -> Result<Vec<RecentFailure>, StoreError> {
    fetch!(all, tx, RecentFailure, FAILURES, from_id, tool_id, most)
}

/// The ids of up to `most` launches since this id, the newest first.
///
/// # Errors
/// The store failed.
pub async fn launches(
    tx: &mut Tx<'_>,
    from_id: String,
    tool_id: String,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let rows = fetch!(all, tx, (String,), LAUNCHES, from_id, tool_id, most)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
