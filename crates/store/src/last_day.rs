//! Recent failures for the portal's first page. Only the newest rows are read, so that it costs the
//! same on a store of any size.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    // Answered from an index alone.
    FAILURES = "SELECT id, reason, platform_id FROM traces WHERE id >= $1 AND tool_id = $2 AND outcome = 'failed' \
                ORDER BY id DESC LIMIT $3";
}

/// A failed attempt.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecentFailure {
    /// Begins with its time.
    pub id: String,
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, if it is known.
    pub platform_id: Option<String>,
}

/// Up to `most` recorded failures since this id, newest first.
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
