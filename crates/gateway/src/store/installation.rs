//! What is kept once for the whole installation.

use super::{StoreError, Tx, execute, fetch, statements};

statements! {
    CLAIM = "INSERT INTO installation (id, proof_sealed, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
    TOUCH = "UPDATE installation SET created_at = created_at WHERE id = 1";
    PROOF = "SELECT proof_sealed FROM installation WHERE id = 1";
}

#[derive(sqlx::FromRow)]
struct Row {
    proof_sealed: Vec<u8>,
}

/// Stores the proof on the first start; false where there is one already.
///
/// # Errors
/// The store failed.
pub async fn claim(
    tx: &mut Tx<'_>,
    proof_sealed: Vec<u8>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, CLAIM, proof_sealed, now_ms)? == 1)
}

/// The stored proof.
///
/// # Errors
/// The store failed.
pub async fn proof(tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(fetch!(optional, tx, Row, PROOF)?.map(|row| row.proof_sealed))
}

/// Writes without changing anything: whether the store takes writes.
///
/// # Errors
/// It doesn't.
pub async fn touch(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    execute!(tx, TOUCH).and_then(super::db::one_row)
}
