//! Line items that applications have used, so that a launch can say whether its own is one of them.
//! The addresses are stored as hashes.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    SINCE = "SELECT created_at FROM known_line_items WHERE id = $1";
    INSERT = "INSERT INTO known_line_items (id, platform_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    DELETE = "DELETE FROM known_line_items WHERE id = $1";
}

/// Whether a line item was ever used, by its hash.
///
/// # Errors
/// The store failed.
pub async fn is_known(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    let since: Option<(i64,)> = fetch!(optional, tx, (i64,), SINCE, id)?;
    Ok(since.is_some())
}

/// Records that a line item is used. Returns false if that was already recorded.
///
/// # Errors
/// The store failed.
pub async fn used(
    tx: &mut Tx<'_>,
    id: String,
    platform_id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, INSERT, id, platform_id, now_ms)
}

/// Forgets a line item. Returns false if it wasn't known.
///
/// # Errors
/// The store failed.
pub async fn forget(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id)
}
