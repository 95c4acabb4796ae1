//! What is kept once for the whole installation.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    CLAIM = "INSERT INTO installation (id, proof_sealed, root_sealed, created_at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING";
    TOUCH = "UPDATE installation SET created_at = created_at WHERE id = 1";
    SEALED = "SELECT proof_sealed, root_sealed FROM installation WHERE id = 1";
    CLOCK = "SELECT COALESCE(clock_seen_at, created_at) AS seen_at, clock_steady_ms AS steady_ms FROM installation WHERE id = 1";
    NOTE_CLOCK = "UPDATE installation SET clock_seen_at = $1, clock_steady_ms = $2 WHERE id = 1";
    RENEW = "UPDATE installation SET proof_sealed = $1, root_sealed = $2 WHERE id = 1 AND proof_sealed = $3";
}

/// What the secret keys of an installation are known by.
#[derive(Clone, sqlx::FromRow)]
pub struct InstallationRow {
    /// A known text, sealed with the key that the servers seal with.
    pub proof_sealed: Vec<u8>,
    /// What outlives the secret keys, sealed. Stores of older versions have none.
    pub root_sealed: Option<Vec<u8>>,
}

/// The date, as running servers have seen it.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct ClockRow {
    /// When one last looked, in milliseconds since 1970.
    pub seen_at: i64,
    /// How long servers have run since the date last moved without an explanation, in milliseconds.
    pub steady_ms: i64,
}

/// What is known of the date, where the store is set up.
///
/// # Errors
/// The store failed.
pub async fn clock(tx: &mut Tx<'_>) -> Result<Option<ClockRow>, StoreError> {
    fetch!(optional, tx, ClockRow, CLOCK)
}

/// Notes the date.
///
/// # Errors
/// The store failed.
pub async fn note_clock(tx: &mut Tx<'_>, clock: ClockRow) -> Result<(), StoreError> {
    execute!(one, tx, NOTE_CLOCK, clock.seen_at, clock.steady_ms)
}

/// Stores both on the first start; false where they are there already.
///
/// # Errors
/// The store failed.
pub async fn claim(
    tx: &mut Tx<'_>,
    sealed: InstallationRow,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let InstallationRow {
        proof_sealed,
        root_sealed,
    } = sealed;
    execute!(optional, tx, CLAIM, proof_sealed, root_sealed, now_ms)
}

/// Both, where the store is set up.
///
/// # Errors
/// The store failed.
pub async fn sealed(tx: &mut Tx<'_>) -> Result<Option<InstallationRow>, StoreError> {
    fetch!(optional, tx, InstallationRow, SEALED)
}

/// Puts both in the place of what `before` was; false where another replica was faster.
///
/// # Errors
/// The store failed.
pub async fn renew(
    tx: &mut Tx<'_>,
    sealed: InstallationRow,
    before: InstallationRow,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        RENEW,
        sealed.proof_sealed,
        sealed.root_sealed,
        before.proof_sealed
    )
}

/// Writes without changing anything: whether the store takes writes.
///
/// # Errors
/// It doesn't.
pub async fn touch(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    execute!(one, tx, TOUCH)
}
