//! Requests that named an `Idempotency-Key`: the same one a second time gets the first answer.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    // One that was begun and never ended, because a server died, is taken over.
    BEGIN = "INSERT INTO idempotency_keys (id, tool_id, request_hash, begun_at, delete_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET request_hash = excluded.request_hash, begun_at = excluded.begun_at, \
             delete_at = excluded.delete_at, answer_sealed = NULL WHERE idempotency_keys.delete_at < $4 \
             OR (idempotency_keys.answer_sealed IS NULL AND idempotency_keys.begun_at < $6)";
    BY_ID = "SELECT request_hash, answer_sealed FROM idempotency_keys WHERE id = $1";
    ANSWERED = "UPDATE idempotency_keys SET answer_sealed = $2 WHERE id = $1 AND begun_at = $3";
    GIVE_UP = "DELETE FROM idempotency_keys WHERE id = $1 AND begun_at = $2 AND answer_sealed IS NULL";
    DELETE = "DELETE FROM idempotency_keys WHERE id IN \
              (SELECT id FROM idempotency_keys WHERE delete_at < $1 ORDER BY delete_at LIMIT $2)";
}

/// A request that is begun.
#[derive(Clone, Debug)]
pub struct BegunRequest {
    /// Keyed hash of the caller and its key.
    pub id: String,
    /// The tool.
    pub tool_id: String,
    /// What the request is, as a hash.
    pub request_hash: String,
    /// Now, in milliseconds since 1970.
    pub begun_at: i64,
    /// When the key is forgotten, in milliseconds since 1970.
    pub delete_at: i64,
    /// What was begun before this, and has no answer, has none any more; in milliseconds since 1970.
    pub dead_before: i64,
}

/// What is known of a key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownRequest {
    /// What the request was, as a hash.
    pub request_hash: String,
    /// What was answered, sealed; `None` as long as it is under way.
    pub answer_sealed: Option<Vec<u8>>,
}

/// Begins a request; false if its key is known.
///
/// # Errors
/// The store failed.
pub async fn begin(tx: &mut Tx<'_>, begun: BegunRequest) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        BEGIN,
        begun.id,
        begun.tool_id,
        begun.request_hash,
        begun.begun_at,
        begun.delete_at,
        begun.dead_before
    )
}

/// What is known of a key.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<KnownRequest>, StoreError> {
    fetch!(optional, tx, KnownRequest, BY_ID, id)
}

/// Keeps the answer; false if the request was taken over.
///
/// # Errors
/// The store failed.
pub async fn answered(
    tx: &mut Tx<'_>,
    id: &str,
    begun_at: i64,
    answer_sealed: Vec<u8>,
) -> Result<bool, StoreError> {
    execute!(optional, tx, ANSWERED, id, answer_sealed, begun_at)
}

/// Forgets a request that failed, so that it can be sent again.
///
/// # Errors
/// The store failed.
pub async fn give_up(tx: &mut Tx<'_>, id: &str, begun_at: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_UP, id, begun_at)
}

/// Removes up to `most` keys that are over; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE, now_ms, most)
}
