//! API keys, stored only as hashes.

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

/// The precision of the time of last use, in milliseconds: it is written no more often than that.
pub const USE_MS: i64 = 60_000;

/// An API key as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ApiKeyRow {
    /// Its id, which is not secret.
    pub id: String,
    /// The tool that the key belongs to.
    pub tool_id: String,
    /// The hash by which the key is found.
    pub key_hash: Vec<u8>,
    /// The owner's name for it.
    pub name: String,
    /// What it allows.
    pub scope: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970, to the minute.
    pub last_used_at: Option<i64>,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: Option<i64>,
}

/// Adds a key that has not been used yet.
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

/// Revokes a key. Returns false if the tool has no such key.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id, tool_id)
}

/// Records that a key was used, unless a use within the last minute is already recorded.
///
/// # Errors
/// The store failed.
pub async fn used(tx: &mut Tx<'_>, id: &str, at_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, USED, id, at_ms, at_ms - USE_MS)
}

/// Replaces the hash `before` with another hash of the same key. Returns false if another replica
/// was faster.
///
/// # Errors
/// The store failed.
pub async fn rehash(tx: &mut Tx<'_>, before: &[u8], hash: &[u8]) -> Result<bool, StoreError> {
    execute!(optional, tx, REHASH, before, hash)
}
