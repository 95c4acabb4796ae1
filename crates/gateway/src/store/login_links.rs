//! One-time login links: only the hash of each.

use super::{StoreError, Tx, execute, statements};

statements! {
    DELETE = "DELETE FROM login_links WHERE token_hash IN \
              (SELECT token_hash FROM login_links WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)";
}

/// Removes up to 1,000 links that expired a day ago or earlier; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64) -> Result<u64, StoreError> {
    execute!(tx, DELETE, now_ms - 24 * 60 * 60 * 1000)
}
