//! API keys: only their hashes.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO api_keys (id, tool_id, key_hash, created_at) VALUES ($1, $2, $3, $4)";
    TOOL_OF = "SELECT tool_id FROM api_keys WHERE key_hash = $1";
}

/// Adds a key.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    id: String,
    tool_id: String,
    key_hash: Vec<u8>,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(one, tx, INSERT, id, tool_id, key_hash, now_ms)
}

/// The tool a key belongs to.
///
/// # Errors
/// The store failed.
pub async fn tool_of(tx: &mut Tx<'_>, key_hash: Vec<u8>) -> Result<Option<String>, StoreError> {
    Ok(fetch!(optional, tx, (String,), TOOL_OF, key_hash)?.map(|(tool_id,)| tool_id))
}
