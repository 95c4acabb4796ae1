//! States of completed sign-ins at the identity provider, and used tickets of the second step, as
//! hashes, so that none is accepted twice.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    IS_SPENT = "SELECT expires_at FROM portal_states WHERE state_hash = $1";
    SPEND = "INSERT INTO portal_states (state_hash, expires_at) VALUES ($1, $2) ON CONFLICT (state_hash) DO NOTHING";
    CLEAN_UP = "DELETE FROM portal_states WHERE state_hash IN \
                (SELECT state_hash FROM portal_states WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
}

/// Whether a state is already spent. Even if not, [`spend`] may still find it spent.
///
/// # Errors
/// The store failed.
pub async fn is_spent(tx: &mut Tx<'_>, state_hash: Vec<u8>) -> Result<bool, StoreError> {
    let found = fetch!(optional, tx, (i64,), IS_SPENT, state_hash)?;
    Ok(found.is_some())
}

/// Spends a state that is valid until `expires_at`, in milliseconds since 1970. Returns false if it
/// was already spent.
///
/// # Errors
/// The store failed.
pub async fn spend(
    tx: &mut Tx<'_>,
    state_hash: Vec<u8>,
    expires_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SPEND, state_hash, expires_at)
}

/// Removes up to `most` expired states. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
