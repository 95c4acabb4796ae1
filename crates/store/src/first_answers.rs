//! First answers to requests with an `Idempotency-Key` (grades.md GR-4). A row is a key while its request is under way, and
//! the answer afterwards. Keys and requests are hashes.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    // One statement decides which of several requests with a key is the first. A key whose time is over is free; so is
    // one whose request has no answer and is no longer worked on, for the same request.
    TAKE = "INSERT INTO first_answers (id, tool_id, request_hash, owner, owned_until, forget_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
            request_hash = excluded.request_hash, owner = excluded.owner, owned_until = excluded.owned_until, \
            forget_at = excluded.forget_at, answer_sealed = NULL \
            WHERE first_answers.forget_at <= $7 OR (first_answers.answer_sealed IS NULL \
            AND first_answers.owned_until <= $7 AND first_answers.request_hash = excluded.request_hash)";
    BY_ID = "SELECT request_hash, answer_sealed FROM first_answers WHERE id = $1";
    HOLD = "UPDATE first_answers SET owned_until = $3 WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL";
    ANSWER = "UPDATE first_answers SET answer_sealed = $3 WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL";
    GIVE_BACK = "DELETE FROM first_answers WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL";
    CLEAN_UP = "DELETE FROM first_answers WHERE id IN \
                (SELECT id FROM first_answers WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)";
}

/// A key that a request comes with.
#[derive(Clone, Debug)]
pub struct TakeKey {
    /// Hash of the key and of whose it is.
    pub id: String,
    /// The tool.
    pub tool_id: String,
    /// Hash of the request.
    pub request_hash: Vec<u8>,
    /// Names this one request.
    pub owner: String,
    /// When the request counts as dead unless it shows a sign of life ([`hold`]), in milliseconds since 1970.
    pub owned_until: i64,
    /// Until when its answer is the first answer, in milliseconds since 1970.
    pub forget_at: i64,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownKey {
    /// Hash of the request that it first came with.
    pub request_hash: Vec<u8>,
    /// The first answer, sealed; `None` while the request is under way.
    pub answer_sealed: Option<Vec<u8>>,
}

/// Takes a key; false if another request has it, or had it.
///
/// # Errors
/// The store failed.
pub async fn take(tx: &mut Tx<'_>, key: TakeKey, now_ms: i64) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        TAKE,
        key.id,
        key.tool_id,
        key.request_hash,
        key.owner,
        key.owned_until,
        key.forget_at,
        now_ms
    )
}

/// What is known of a key.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<KnownKey>, StoreError> {
    fetch!(optional, tx, KnownKey, BY_ID, id)
}

/// Holds a key for longer; false if the request has it no longer.
///
/// # Errors
/// The store failed.
pub async fn hold(
    tx: &mut Tx<'_>,
    id: String,
    owner: String,
    until_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, HOLD, id, owner, until_ms)
}

/// Keeps the answer of the request that has a key; false if it has it no longer.
///
/// # Errors
/// The store failed.
pub async fn answer(
    tx: &mut Tx<'_>,
    id: String,
    owner: String,
    answer_sealed: Vec<u8>,
) -> Result<bool, StoreError> {
    execute!(optional, tx, ANSWER, id, owner, answer_sealed)
}

/// Makes a key free whose request came to nothing; false if the request has it no longer.
///
/// # Errors
/// The store failed.
pub async fn give_back(tx: &mut Tx<'_>, id: String, owner: String) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_BACK, id, owner)
}

/// Removes some keys whose time is over; says how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
