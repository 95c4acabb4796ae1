//! What happened recently, for the portal's first page: the newest rows only, so that it costs the same on any store.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    // All of it is in an index.
    FAILURES = "SELECT id, reason, platform_id FROM traces WHERE id >= $1 AND tool_id = $2 AND outcome = 'failed' \
                ORDER BY id DESC LIMIT $3";
    LAUNCHES = "SELECT id FROM launches WHERE id >= $1 AND tool_id = $2 ORDER BY id DESC LIMIT $3";
    // Without a look at the rows, which are large.
    LAUNCHES_OF_ALL = "SELECT id FROM launches WHERE id >= $1 ORDER BY id DESC LIMIT $2";
}

/// An attempt that failed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecentFailure {
    /// Begins with its time.
    pub id: String,
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, if it is known.
    pub platform_id: Option<String>,
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

/// The ids of up to `most` launches since this id, the newest first: of a tool, or of all, which is cheaper.
///
/// # Errors
/// The store failed.
pub async fn launches(
    tx: &mut Tx<'_>,
    from_id: String,
    tool_id: Option<&str>,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let rows = match tool_id {
        Some(tool_id) => fetch!(all, tx, (String,), LAUNCHES, from_id, tool_id, most)?,
        None => fetch!(all, tx, (String,), LAUNCHES_OF_ALL, from_id, most)?,
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
