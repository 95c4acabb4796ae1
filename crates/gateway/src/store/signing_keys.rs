//! Our key pairs: waiting in the pool, or belonging to a platform.

use super::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO signing_keys (kid, tool_id, platform_id, public_jwk, public_pem, private_sealed, assigned_at, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    // Two replicas may choose the same row; the outer condition lets only one have it, and the other tries again.
    TAKE = "UPDATE signing_keys SET tool_id = $1, platform_id = $2, assigned_at = $3 WHERE platform_id IS NULL AND kid = \
            (SELECT kid FROM signing_keys WHERE platform_id IS NULL ORDER BY created_at LIMIT 1)";
    WAITING = "SELECT COUNT(*) AS number FROM signing_keys WHERE platform_id IS NULL";
    OF_PLATFORM = "SELECT kid, public_jwk, public_pem FROM signing_keys WHERE platform_id = $1 \
                   OR platform_id = (SELECT platform_id FROM platform_aliases WHERE alias = $1) ORDER BY created_at";
    GIVE = "UPDATE signing_keys SET platform_id = $2 WHERE platform_id = $1";
    NEWEST = "SELECT kid, private_sealed FROM signing_keys WHERE platform_id = $1 ORDER BY created_at DESC LIMIT 1";
    PUBLISHED = "SELECT k.kid, k.public_jwk, k.public_pem FROM signing_keys k JOIN platforms p ON p.id = k.platform_id \
                 WHERE p.tool_id = $1 ORDER BY k.created_at";
    // Only where the platform is gone or never came: a commit whose answer was lost may have stored it after all.
    DELETE_OF_PLATFORM = "DELETE FROM signing_keys WHERE platform_id = $1 \
                          AND NOT EXISTS (SELECT 1 FROM platforms WHERE platforms.id = $1)";
    DELETE_ORPHANS = "DELETE FROM signing_keys WHERE platform_id IS NOT NULL AND assigned_at < $1 \
                      AND NOT EXISTS (SELECT 1 FROM platforms WHERE platforms.id = signing_keys.platform_id)";
}

/// A key pair's public half.
#[derive(sqlx::FromRow)]
pub struct PublicKey {
    /// Key id, never used for another key.
    pub kid: String,
    /// JWK as it is published.
    pub public_jwk: String,
    /// The same key as PEM, for platforms where it is pasted.
    pub public_pem: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    number: i64,
}

/// A new key pair, its private half sealed.
pub struct NewKey {
    /// Key id.
    pub kid: String,
    /// The platform it is made for, and its tool; `None` puts it into the pool.
    pub owner: Option<(String, String)>,
    /// JWK as it is published.
    pub public_jwk: String,
    /// The same key as PEM, for platforms where it is pasted.
    pub public_pem: String,
    /// Sealed PKCS#8.
    pub private_sealed: Vec<u8>,
}

/// Adds a key pair.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, key: NewKey, now_ms: i64) -> Result<(), StoreError> {
    let assigned_at = key.owner.is_some().then_some(now_ms);
    let (tool_id, platform_id) = key.owner.unzip();
    execute!(
        tx,
        INSERT,
        key.kid,
        tool_id,
        platform_id,
        key.public_jwk,
        key.public_pem,
        key.private_sealed,
        assigned_at,
        now_ms
    )
    .and_then(super::db::one_row)
}

/// Gives a key of the pool to a platform; false where the pool is empty or another replica was faster.
///
/// # Errors
/// The store failed.
pub async fn take(
    tx: &mut Tx<'_>,
    tool_id: String,
    platform_id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, TAKE, tool_id, platform_id, now_ms)? == 1)
}

/// How many keys wait in the pool.
///
/// # Errors
/// The store failed.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(fetch!(one, tx, Count, WAITING)?.number)
}

/// A platform's public keys, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Vec<PublicKey>, StoreError> {
    fetch!(all, tx, PublicKey, OF_PLATFORM, platform_id)
}

/// The public keys of every platform of a tool.
///
/// # Errors
/// The store failed.
pub async fn published(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<PublicKey>, StoreError> {
    fetch!(all, tx, PublicKey, PUBLISHED, tool_id)
}

/// Removes the keys of a platform that is gone or never came.
///
/// # Errors
/// The store failed.
pub async fn delete_of_platform(tx: &mut Tx<'_>, platform_id: String) -> Result<u64, StoreError> {
    execute!(tx, DELETE_OF_PLATFORM, platform_id)
}

/// Gives the keys reserved for one platform id to another.
///
/// # Errors
/// The store failed.
pub async fn give(tx: &mut Tx<'_>, from: String, to: String) -> Result<u64, StoreError> {
    execute!(tx, GIVE, from, to)
}

/// The private half of a platform's newest key.
#[derive(sqlx::FromRow)]
pub struct PrivateKey {
    /// Key id.
    pub kid: String,
    /// Sealed PKCS#8.
    pub private_sealed: Vec<u8>,
}

/// The key a platform's messages are signed with.
///
/// # Errors
/// The store failed.
pub async fn newest(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Option<PrivateKey>, StoreError> {
    fetch!(optional, tx, PrivateKey, NEWEST, platform_id)
}

/// Removes keys that were reserved before `before_ms` for platforms that never came; gives how many.
///
/// # Errors
/// The store failed.
pub async fn delete_orphans(tx: &mut Tx<'_>, before_ms: i64) -> Result<u64, StoreError> {
    execute!(tx, DELETE_ORPHANS, before_ms)
}
