//! First answers to requests with an `Idempotency-Key` (grades.md GR-4). A row is a key while its request is under way, and
//! the answer afterwards. Keys and requests are hashes.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    // One statement decides which of several requests with a key is the first. A key whose time is over is free; so is
    // one whose request has no answer and is no longer worked on, for the same request.
    TAKE = "INSERT INTO first_answers (id, tool_id, request_hash, owner, owned_until, forget_at, person_key, platform_id) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
            request_hash = excluded.request_hash, owner = excluded.owner, owned_until = excluded.owned_until, \
            forget_at = excluded.forget_at, person_key = excluded.person_key, platform_id = excluded.platform_id, \
            answer_sealed = NULL, erased_at = NULL \
            WHERE first_answers.forget_at <= $9 OR (first_answers.answer_sealed IS NULL AND first_answers.erased_at IS NULL \
            AND first_answers.owner = $10 AND first_answers.owned_until = $11 \
            AND first_answers.request_hash = excluded.request_hash)";
    BY_ID = "SELECT request_hash, owner, owned_until, answer_sealed, erased_at FROM first_answers WHERE id = $1";
    // So it moves whatever the date does.
    HOLD = "UPDATE first_answers SET owned_until = CASE WHEN $3 > owned_until THEN $3 ELSE owned_until + 1 END \
            WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    ANSWER = "UPDATE first_answers SET answer_sealed = $3, person_key = COALESCE($4, person_key), \
              platform_id = COALESCE($5, platform_id) \
              WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    GIVE_BACK = "DELETE FROM first_answers WHERE id = $1 AND owner = $2 AND answer_sealed IS NULL AND erased_at IS NULL";
    ERASE = "UPDATE first_answers SET answer_sealed = NULL, erased_at = $2 WHERE person_key = $1 AND erased_at IS NULL";
    COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM first_answers WHERE tool_id = $1 LIMIT $2) AS found";
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
    /// A number that each sign of life changes ([`hold`]). Older versions take it for the date, in milliseconds since 1970,
    /// at which the request counts as dead.
    pub owned_until: i64,
    /// Until when its answer is the first answer, in milliseconds since 1970.
    pub forget_at: i64,
    /// Whom the answer will be about, if it is known before.
    pub person_key: Option<String>,
    /// The platform of the launch or the place that it came with.
    pub platform_id: Option<String>,
}

/// A request that shows no sign of life any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeadRequest {
    /// Its [`TakeKey::owner`].
    pub owner: String,
    /// The number that stood still.
    pub owned_until: i64,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownKey {
    /// Hash of the request that it first came with.
    pub request_hash: Vec<u8>,
    /// Names that request.
    pub owner: String,
    /// The number that its signs of life change.
    pub owned_until: i64,
    /// The first answer, sealed; `None` while the request is under way, or if it was erased.
    pub answer_sealed: Option<Vec<u8>>,
    /// When it was erased, in milliseconds since 1970.
    pub erased_at: Option<i64>,
}

/// An answer to be kept.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    /// The answer, sealed.
    pub sealed: Vec<u8>,
    /// Whom it is about, if that wasn't known before.
    pub person_key: Option<String>,
    /// The platform that it is about, if that wasn't known before.
    pub platform_id: Option<String>,
}

/// Takes a key; false if another request has it, or had it. One whose time was over at `over_ms` is free, and one that
/// only the dead request has.
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

/// What is known of a key.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<KnownKey>, StoreError> {
    fetch!(optional, tx, KnownKey, BY_ID, id)
}

/// Shows a sign of life; false if the request has its key no longer.
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

/// Keeps the answer of the request that has a key; false if it has it no longer, or the answer was erased before it came.
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

/// Erases the answers about a person; says how many. Their keys stay taken: what was done is not done again.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, person_key: &str, now_ms: i64) -> Result<u64, StoreError> {
    execute!(any, tx, ERASE, person_key, now_ms)
}

/// Keys of a tool, counted up to `most`.
///
/// # Errors
/// The store failed.
pub async fn count(tx: &mut Tx<'_>, tool_id: String, most: i64) -> Result<i64, StoreError> {
    let (number,): (i64,) = fetch!(one, tx, (i64,), COUNT, tool_id, most)?;
    Ok(number)
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
