//! Values that must not come twice: the nonce and the `jti` of StudyReel launches, as hashes.

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

// An expired row counts as absent, cleaned up or not.
macro_rules! unless_seen {
    ($rows:literal) => {
        concat!(
            "INSERT INTO studyreel_seen (expires_at, seen_hash) VALUES ",
            $rows,
            " ON CONFLICT (seen_hash) DO UPDATE SET expires_at = excluded.expires_at \
             WHERE studyreel_seen.expires_at < $2"
        )
    };
}

statements! {
    INSERT_ONE = unless_seen!("($1, $3)");
    INSERT_THREE = unless_seen!("($1, $3), ($1, $4), ($1, $5)");
    FORGET = "DELETE FROM studyreel_seen WHERE seen_hash = $1";
    DELETE = "DELETE FROM studyreel_seen WHERE seen_hash IN \
              (SELECT seen_hash FROM studyreel_seen WHERE expires_at >= $1 AND expires_at < $2 ORDER BY expires_at LIMIT $3) \
              RETURNING expires_at";
}

/// Records a value as seen until `expires_at`, in milliseconds since 1970. Returns false if it was
/// seen before.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    hash: Vec<u8>,
    expires_at: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, INSERT_ONE, expires_at, now_ms, hash)
}

/// Records three different values as [`insert`] does. Returns false if any was seen before; then
/// the caller must roll back.
///
/// # Errors
/// The store failed.
pub async fn insert_three(
    tx: &mut Tx<'_>,
    hashes: [Vec<u8>; 3],
    expires_at: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let [a, b, c] = hashes;
    Ok(execute!(any, tx, INSERT_THREE, expires_at, now_ms, a, b, c)? == 3)
}

/// Forgets a value that this transaction has recorded as seen.
///
/// # Errors
/// The store failed.
pub async fn forget(tx: &mut Tx<'_>, hash: Vec<u8>) -> Result<(), StoreError> {
    execute!(one, tx, FORGET, hash)
}

/// Removes up to `most` expired rows, from those that expired at `from` on.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DELETE, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}
