//! The first answers to requests with an `Idempotency-Key` (grades.md GR-4). While a request is in
//! progress, its row reserves the key; afterwards it contains the answer. Keys and requests are
//! stored as hashes.

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

statements! {
    // A single statement decides which of several requests with the same key is first. An expired
    // key is free. So is a key whose request has no answer and is no longer in progress, but only
    // for the same request.
    TAKE = "INSERT INTO first_answers (id, tool_id, request_hash, owner, owned_until, forget_at, person_key, platform_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
            request_hash = excluded.request_hash, owner = excluded.owner, owned_until = excluded.owned_until, \
            forget_at = excluded.forget_at, person_key = excluded.person_key, platform_id = excluded.platform_id, \
            answer_sealed = NULL, erased_at = NULL \
            WHERE first_answers.forget_at <= $9 OR (first_answers.answer_sealed IS NULL AND first_answers.erased_at IS NULL \
            AND first_answers.owner = $10 AND first_answers.owned_until = $11 \
            AND first_answers.request_hash = excluded.request_hash)";
    BY_ID = "SELECT request_hash, owner, owned_until, answer_sealed, erased_at FROM first_answers WHERE id = $1";
    // The CASE makes sure that the number changes, whatever the clock does.
    HOLD = "UPDATE first_answers SET owned_until = CASE WHEN $3 > owned_until THEN $3 ELSE owned_until + 1 END \
            WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    ANSWER = "UPDATE first_answers SET answer_sealed = $3, person_key = COALESCE($4, person_key), \
              platform_id = COALESCE($5, platform_id) \
              WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    GIVE_BACK = "DELETE FROM first_answers WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    ERASE = "UPDATE first_answers SET answer_sealed = NULL, erased_at = $2 WHERE person_key = $1 AND erased_at IS NULL";
    COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM first_answers WHERE tool_id = $1 LIMIT $2) AS found";
    // The first condition keeps one that another request has taken meanwhile.
    CLEAN_UP = "DELETE FROM first_answers WHERE forget_at + 0 < $2 AND id IN \
                (SELECT id FROM first_answers WHERE forget_at >= $1 AND forget_at < $2 ORDER BY forget_at LIMIT $3) \
                RETURNING forget_at";
}

/// A key that a request arrives with.
#[derive(Clone, Debug)]
pub struct TakeKey {
    /// A keyed hash of tool, scope, asker and key.
    pub id: String,
    /// The tool whose limit it counts against.
    pub tool_id: String,
    /// A keyed hash of address and body: the key must not come with another request.
    pub request_hash: Vec<u8>,
    /// Identifies this one request.
    pub owner: String,
    /// A number that each sign of life changes ([`hold`]). Older versions treat it as the time at
    /// which the request counts as dead, in milliseconds since 1970.
    pub owned_until: i64,
    /// How long the answer is kept for repeated requests, in milliseconds since 1970.
    pub forget_at: i64,
    /// The person the answer will be about, if already known.
    pub person_key: Option<String>,
    /// The platform of the launch or place that came with the request.
    pub platform_id: Option<String>,
}

/// A request that no longer shows signs of life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeadRequest {
    /// Its [`TakeKey::owner`].
    pub owner: String,
    /// The number that stopped changing.
    pub owned_until: i64,
}

/// What is stored about a key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownKey {
    /// Hash of the first request that used it.
    pub request_hash: Vec<u8>,
    /// Identifies that request.
    pub owner: String,
    /// The number that its signs of life change.
    pub owned_until: i64,
    /// The first answer, sealed; `None` while the request is in progress, or if the answer was
    /// erased.
    pub answer_sealed: Option<Vec<u8>>,
    /// When it was erased, in milliseconds since 1970.
    pub erased_at: Option<i64>,
}

/// An answer to keep.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    /// The answer, sealed.
    pub sealed: Vec<u8>,
    /// The person it is about, if that wasn't known before.
    pub person_key: Option<String>,
    /// The platform it is about, if that wasn't known before.
    pub platform_id: Option<String>,
}

/// Reserves a key. Returns false if another request has or had it. A key that had expired at
/// `over_ms` is free, and so is one that only the dead request has.
///
/// # Errors
/// The store failed.
pub async fn take(
    tx: &mut Tx<'_>,
    key: TakeKey,
    dead: DeadRequest,
    over_ms: i64,
) -> Result<bool, StoreError> {
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
        key.person_key,
        key.platform_id,
        over_ms,
        dead.owner,
        dead.owned_until
    )
}

/// Looks up a key.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<KnownKey>, StoreError> {
    fetch!(optional, tx, KnownKey, BY_ID, id)
}

/// Records a sign of life. Returns false if the request no longer has its key.
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

/// Stores the answer of the request that has a key. Returns false if it no longer has the key, or
/// if the answer was erased before it arrived.
///
/// # Errors
/// The store failed.
pub async fn answer(
    tx: &mut Tx<'_>,
    id: String,
    owner: String,
    kept: KeptAnswer,
) -> Result<bool, StoreError> {
    let KeptAnswer {
        sealed,
        person_key,
        platform_id,
    } = kept;
    execute!(
        optional,
        tx,
        ANSWER,
        id,
        owner,
        sealed,
        person_key,
        platform_id
    )
}

/// Erases the answers about a person. Returns how many. Their keys stay reserved, so that nothing
/// is done twice.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, person_key: &str, now_ms: i64) -> Result<u64, StoreError> {
    execute!(any, tx, ERASE, person_key, now_ms)
}

/// Counts a tool's keys, up to `most`.
///
/// # Errors
/// The store failed.
pub async fn count(tx: &mut Tx<'_>, tool_id: String, most: i64) -> Result<i64, StoreError> {
    let (number,): (i64,) = fetch!(one, tx, (i64,), COUNT, tool_id, most)?;
    Ok(number)
}

/// Frees a key whose request failed. Returns false if the request no longer has it.
///
/// # Errors
/// The store failed.
pub async fn give_back(tx: &mut Tx<'_>, id: String, owner: String) -> Result<bool, StoreError> {
    execute!(optional, tx, GIVE_BACK, id, owner)
}

/// Removes up to `most` expired keys, beginning with those that end at `from`.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), CLEAN_UP, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}
