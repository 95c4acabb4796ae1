//! Our key pairs: in the pool, or assigned to a platform.
//!
//! A platform's key signs from `signs_from` until a newer one does, and is published until
//! `published_until`, which the newest key doesn't have. Rotation only writes these times, so a
//! crash can't leave it half done.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO signing_keys (kid, tool_id, platform_id, public_jwk, public_pem, private_sealed, assigned_at, signs_from, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    // Two replicas may choose the same row. The outer condition lets only one of them have it; the
    // other tries again.
    TAKE = "UPDATE signing_keys SET tool_id = $1, platform_id = $2, assigned_at = $3, signs_from = $4 \
            WHERE platform_id IS NULL AND kid = \
            (SELECT kid FROM signing_keys WHERE platform_id IS NULL ORDER BY created_at LIMIT 1)";
    WAITING = "SELECT COUNT(*) AS number FROM signing_keys WHERE platform_id IS NULL";
    EMPTY_POOL = "DELETE FROM signing_keys WHERE platform_id IS NULL";
    OF_PLATFORM = "SELECT kid, public_jwk FROM signing_keys WHERE (platform_id = $1 \
                   OR platform_id = (SELECT platform_id FROM platform_aliases WHERE alias = $1)) \
                   AND (published_until IS NULL OR published_until > $2) ORDER BY signs_from, kid";
    GIVE = "UPDATE signing_keys SET platform_id = $2 WHERE platform_id = $1";
    // Right after a change, a clock that is slightly behind may find no key whose time has come;
    // then any key will do.
    SIGNING = "SELECT kid, public_pem, private_sealed FROM signing_keys WHERE platform_id = $1 \
               AND (published_until IS NULL OR published_until > $2) \
               ORDER BY CASE WHEN signs_from <= $2 THEN 0 ELSE 1 END, signs_from DESC, created_at DESC LIMIT 1";
    // Keys of the platforms added by hand. The '' keeps both databases from starting with the keys.
    PUBLISHED_BY_HAND = "SELECT k.kid, k.public_jwk, k.signs_from FROM platforms p JOIN signing_keys k ON k.platform_id = p.id || '' \
                         WHERE p.tool_id = $1 AND p.configuration IS NULL AND (k.published_until IS NULL OR k.published_until > $2)";
    TIMES = "SELECT kid, public_pem, created_at, signs_from, published_until FROM signing_keys \
             WHERE platform_id = $1 ORDER BY signs_from, kid";
    RETIRE = "UPDATE signing_keys SET published_until = $2 WHERE platform_id = $1 AND published_until IS NULL";
    DROP = "DELETE FROM signing_keys WHERE platform_id = $1";
    DELETE_RETIRED = "DELETE FROM signing_keys WHERE kid IN \
                      (SELECT kid FROM signing_keys WHERE published_until <= $1 ORDER BY published_until LIMIT $2)";
    // A subquery, because with a join the database could start with the platforms.
    DUE = "SELECT k.platform_id FROM signing_keys k WHERE k.tool_id = $1 AND k.published_until IS NULL AND k.signs_from <= $2 \
           AND 'url' = (SELECT p.key_delivery FROM platforms p WHERE p.id = k.platform_id) \
           AND 0 = (SELECT COUNT(*) FROM signing_keys n WHERE n.platform_id = k.platform_id AND n.published_until IS NULL \
           AND (n.signs_from > k.signs_from OR (n.signs_from = k.signs_from AND n.kid > k.kid))) \
           ORDER BY k.signs_from LIMIT $3";
    // Only if the platform is gone or was never created: a commit whose answer was lost may have
    // stored it after all.
    DELETE_OF_PLATFORM = "DELETE FROM signing_keys WHERE platform_id = $1 \
                          AND NOT EXISTS (SELECT 1 FROM platforms WHERE platforms.id = $1)";
    TAKE_BACK = "UPDATE signing_keys SET tool_id = NULL, platform_id = NULL, assigned_at = NULL WHERE platform_id = $1 \
                 AND NOT EXISTS (SELECT 1 FROM platforms WHERE platforms.id = $1)";
    // Each key is checked once: its platform exists, or the key is removed.
    SETTLE = "UPDATE signing_keys SET assigned_at = NULL WHERE kid IN \
              (SELECT kid FROM (SELECT kid, platform_id FROM signing_keys WHERE assigned_at < $1 ORDER BY assigned_at LIMIT $2) AS due \
              WHERE EXISTS (SELECT 1 FROM platforms WHERE platforms.id = due.platform_id))";
    DELETE_ORPHANS = "DELETE FROM signing_keys WHERE assigned_at IS NOT NULL AND kid IN \
                      (SELECT kid FROM (SELECT kid, platform_id FROM signing_keys WHERE assigned_at < $1 ORDER BY assigned_at LIMIT $2) AS due \
                      WHERE NOT EXISTS (SELECT 1 FROM platforms WHERE platforms.id = due.platform_id))";
}

/// A key pair's public half.
#[derive(sqlx::FromRow)]
pub struct PublicKey {
    /// The key id, never reused for another key.
    pub kid: String,
    /// The JWK as published.
    pub public_jwk: String,
}

/// A new key pair, its private half sealed.
pub struct NewKey {
    /// The key id.
    pub kid: String,
    /// The JWK as published.
    pub public_jwk: String,
    /// The same key as PEM, for platforms that need it pasted.
    pub public_pem: String,
    /// Sealed PKCS#8.
    pub private_sealed: Vec<u8>,
}

/// The platform a key is for, and from when it signs.
pub struct Owner {
    /// The tool whose key set publishes it.
    pub tool_id: String,
    /// The platform, whose row may not exist yet.
    pub platform_id: String,
    /// Milliseconds since 1970.
    pub signs_from: i64,
}

/// Adds a key pair; without an owner it goes into the pool.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    key: NewKey,
    owner: Option<Owner>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let assigned_at = owner.is_some().then_some(now_ms);
    let signs_from = owner.as_ref().map_or(now_ms, |owner| owner.signs_from);
    let (tool_id, platform_id) = owner
        .map(|owner| (owner.tool_id, owner.platform_id))
        .unzip();
    execute!(
        one,
        tx,
        INSERT,
        key.kid,
        tool_id,
        platform_id,
        key.public_jwk,
        key.public_pem,
        key.private_sealed,
        assigned_at,
        signs_from,
        now_ms
    )
}

/// Assigns a key from the pool to a platform. Returns false if the pool is empty or another replica
/// was faster.
///
/// # Errors
/// The store failed.
pub async fn take(tx: &mut Tx<'_>, owner: Owner, now_ms: i64) -> Result<bool, StoreError> {
    let Owner {
        tool_id,
        platform_id,
        signs_from,
    } = owner;
    execute!(optional, tx, TAKE, tool_id, platform_id, now_ms, signs_from)
}

/// How many keys are in the pool.
///
/// # Errors
/// The store failed.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), WAITING)?;
    Ok(number)
}

/// Removes all keys from the pool. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn empty_pool(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    execute!(any, tx, EMPTY_POOL)
}

/// The public keys that are published for a platform, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
    now_ms: i64,
) -> Result<Vec<PublicKey>, StoreError> {
    fetch!(all, tx, PublicKey, OF_PLATFORM, platform_id, now_ms)
}

#[derive(sqlx::FromRow)]
struct PublishedKey {
    #[sqlx(flatten)]
    key: PublicKey,
    signs_from: i64,
}

/// The public keys published for a whole tool, oldest first: those of all platforms added by hand.
/// A platform that registered itself has its own key set address, and at the shared one its
/// key could vouch for a stranger to an LMS that trusts that address.
///
/// # Errors
/// The store failed.
pub async fn published(
    tx: &mut Tx<'_>,
    tool_id: &str,
    now_ms: i64,
) -> Result<Vec<PublicKey>, StoreError> {
    let mut found = fetch!(all, tx, PublishedKey, PUBLISHED_BY_HAND, tool_id, now_ms)?;
    found.sort_by(|a, b| (a.signs_from, &a.key.kid).cmp(&(b.signs_from, &b.key.kid)));
    Ok(found.into_iter().map(|published| published.key).collect())
}

/// Removes the keys of a platform that is gone or was never created.
///
/// # Errors
/// The store failed.
pub async fn delete_of_platform(tx: &mut Tx<'_>, platform_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE_OF_PLATFORM, platform_id)
}

/// Returns the key of a platform that was never created to the pool. Nothing may have been signed
/// with it.
///
/// # Errors
/// The store failed.
pub async fn take_back(tx: &mut Tx<'_>, platform_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, TAKE_BACK, platform_id)
}

/// Reassigns the keys reserved for one platform id to another.
///
/// # Errors
/// The store failed.
pub async fn give(tx: &mut Tx<'_>, from: String, to: String) -> Result<u64, StoreError> {
    execute!(any, tx, GIVE, from, to)
}

/// The key that signs for a platform.
#[derive(sqlx::FromRow)]
pub struct SigningKey {
    /// Key id.
    pub kid: String,
    /// The public half as PEM.
    pub public_pem: String,
    /// The private half: sealed PKCS#8.
    pub private_sealed: Vec<u8>,
}

/// The key that signs messages to a platform at this time.
///
/// # Errors
/// The store failed.
pub async fn signing(
    tx: &mut Tx<'_>,
    platform_id: String,
    now_ms: i64,
) -> Result<Option<SigningKey>, StoreError> {
    fetch!(optional, tx, SigningKey, SIGNING, platform_id, now_ms)
}

/// When a key of a platform is in use.
#[derive(sqlx::FromRow)]
pub struct Times {
    /// Key id.
    pub kid: String,
    /// The public half as PEM.
    pub public_pem: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub signs_from: i64,
    /// Milliseconds since 1970; `None` for the newest key.
    pub published_until: Option<i64>,
}

/// A platform's keys, in the order in which they sign.
///
/// # Errors
/// The store failed.
pub async fn times(tx: &mut Tx<'_>, platform_id: String) -> Result<Vec<Times>, StoreError> {
    fetch!(all, tx, Times, TIMES, platform_id)
}

/// Ends the publication of a platform's keys at that time, except those that already have an end.
///
/// # Errors
/// The store failed.
pub async fn retire(
    tx: &mut Tx<'_>,
    platform_id: String,
    published_until: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, RETIRE, platform_id, published_until)
}

/// Removes a platform's keys at once.
///
/// # Errors
/// The store failed.
pub async fn drop_all(tx: &mut Tx<'_>, platform_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, DROP, platform_id)
}

/// Removes up to `most` keys that are no longer published. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn delete_retired(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE_RETIRED, now_ms, most)
}

/// Some platforms of a tool that fetch our key set and whose newest key has been signing since
/// `before_ms` or longer.
///
/// # Errors
/// The store failed.
pub async fn due(
    tx: &mut Tx<'_>,
    tool_id: String,
    before_ms: i64,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let rows = fetch!(all, tx, (String,), DUE, tool_id, before_ms, most)?;
    Ok(rows.into_iter().map(|(platform_id,)| platform_id).collect())
}

/// Checks up to `most` keys that were reserved before `before_ms`, and removes those whose platform
/// was never created. Returns how many it checked; fewer than `most` means that none is left.
///
/// # Errors
/// The store failed.
pub async fn delete_orphans(tx: &mut Tx<'_>, before_ms: i64, most: i64) -> Result<u64, StoreError> {
    let settled = execute!(any, tx, SETTLE, before_ms, most)?;
    Ok(settled + execute!(any, tx, DELETE_ORPHANS, before_ms, most)?)
}
