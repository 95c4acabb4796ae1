//! What must not come twice: the nonce and the `jti` of StudyReel launches, as hashes.

use super::{StoreError, Tx, execute, statements};

statements! {
    // A row past its end is as good as none, cleaned up or not.
    INSERT = "INSERT INTO studyreel_seen (seen_hash, expires_at) VALUES ($1, $2) \
              ON CONFLICT (seen_hash) DO UPDATE SET expires_at = excluded.expires_at \
              WHERE studyreel_seen.expires_at < $3";
    DELETE = "DELETE FROM studyreel_seen WHERE seen_hash IN \
              (SELECT seen_hash FROM studyreel_seen WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)";
}

/// Notes a value as seen until `expires_at`; false where it was seen before. Times are milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    hash: Vec<u8>,
    expires_at: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, INSERT, hash, expires_at, now_ms)? == 1)
}

/// Removes up to 1,000 rows past their end; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64) -> Result<u64, StoreError> {
    execute!(tx, DELETE, now_ms)
}
