//! API keys: only their hashes.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO api_keys (id, tool_id, key_hash, name, scope, created_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ALL = "SELECT id, tool_id, key_hash, name, scope, created_at, last_used_at, expires_at FROM api_keys \
           ORDER BY created_at, id";
    DELETE = "DELETE FROM api_keys WHERE id = $1 AND tool_id = $2";
    USED = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
    REHASH = "UPDATE api_keys SET key_hash = $2 WHERE key_hash = $1";
}

/// How exact the time of the last use is, in milliseconds: it is written at most that often.
pub const USE_MS: i64 = 60_000;

/// An API key as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ApiKeyRow {
    /// Its id, which is no secret.
    pub id: String,
    /// The tool it is a key of.
    pub tool_id: String,
    /// What it is found by.
    pub key_hash: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scope: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970, to the minute.
    pub last_used_at: Option<i64>,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: Option<i64>,
}

/// Adds a key, which has not been used yet.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, key: ApiKeyRow) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        key.id,
        key.tool_id,
        key.key_hash,
        key.name,
        key.scope,
        key.created_at,
        key.expires_at
    )
}

/// The keys of every tool, oldest first. There are few.
///
/// # Errors
/// The store failed.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<ApiKeyRow>, StoreError> {
    fetch!(all, tx, ApiKeyRow, ALL)
}

/// Revokes a key; false if the tool has no such key.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id, tool_id)
}

/// Notes when a key was used, unless a use of the last minute is noted already.
///
/// # Errors
/// The store failed.
pub async fn used(tx: &mut Tx<'_>, id: &str, at_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, USED, id, at_ms, at_ms - USE_MS)
}

/// Puts another hash of the same key in the place of `before`; false if another replica was faster.
///
/// # Errors
/// The store failed.
pub async fn rehash(tx: &mut Tx<'_>, before: &[u8], hash: &[u8]) -> Result<bool, StoreError> {
    execute!(optional, tx, REHASH, before, hash)
}
