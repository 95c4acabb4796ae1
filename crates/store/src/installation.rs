//! Data that exists once per installation.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    CLAIM = "INSERT INTO installation (id, proof_sealed, root_sealed, created_at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING";
    TRY = "INSERT INTO installation (id, proof_sealed, created_at) VALUES ($1, $2, 0)";
    TAKE_BACK = "DELETE FROM installation WHERE id = $1";
    SEALED = "SELECT proof_sealed, root_sealed FROM installation WHERE id = 1";
    CLOCK = "SELECT COALESCE(clock_seen_at, created_at) AS seen_at, clock_steady_ms AS steady_ms FROM installation WHERE id = 1";
    NOTE_CLOCK = "UPDATE installation SET clock_seen_at = $1, clock_steady_ms = $2 WHERE id = 1";
    PUBLIC_URL = "SELECT public_url FROM installation WHERE id = 1";
    NOTE_PUBLIC_URL = "UPDATE installation SET public_url = $1 WHERE id = 1";
    NOTE_BACKUP = "UPDATE installation SET backed_up_at = $1 WHERE id = 1";
    BACKED_UP_AT = "SELECT backed_up_at FROM installation WHERE id = 1";
    SCHEMA = "SELECT MAX(version) FROM _sqlx_migrations";
    RENEW = "UPDATE installation SET proof_sealed = $1, root_sealed = $2 WHERE id = 1 AND proof_sealed = $3";
}

/// Identifies the installation's secret keys.
#[derive(Clone, sqlx::FromRow)]
pub struct InstallationRow {
    /// A known text, sealed with the key that the servers currently use.
    pub proof_sealed: Vec<u8>,
    /// Whatever outlives the secret keys, sealed. Stores of older versions have none.
    pub root_sealed: Option<Vec<u8>>,
}

/// The clock as observed by running servers.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct ClockRow {
    /// When a server last looked, in milliseconds since 1970.
    pub seen_at: i64,
    /// How long servers have been running since the clock last jumped inexplicably, in
    /// milliseconds.
    pub steady_ms: i64,
}

/// What is known about the clock, if the store has been set up.
///
/// # Errors
/// The store failed.
pub async fn clock(tx: &mut Tx<'_>) -> Result<Option<ClockRow>, StoreError> {
    fetch!(optional, tx, ClockRow, CLOCK)
}

/// Records the clock.
///
/// # Errors
/// The store failed.
pub async fn note_clock(tx: &mut Tx<'_>, clock: ClockRow) -> Result<(), StoreError> {
    execute!(one, tx, NOTE_CLOCK, clock.seen_at, clock.steady_ms)
}

/// The base URL of our addresses at the last start, if recorded.
///
/// # Errors
/// The store failed.
pub async fn public_url(tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
    let row = fetch!(optional, tx, (Option<String>,), PUBLIC_URL)?;
    Ok(row.and_then(|(url,)| url))
}

/// Records the base URL of our addresses.
///
/// # Errors
/// The store failed.
pub async fn note_public_url(tx: &mut Tx<'_>, url: String) -> Result<(), StoreError> {
    execute!(one, tx, NOTE_PUBLIC_URL, url)
}

/// Records when a backup was made, in milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub async fn note_backup(tx: &mut Tx<'_>, at: i64) -> Result<(), StoreError> {
    execute!(one, tx, NOTE_BACKUP, at)
}

/// When our last backup was made, in milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub async fn backed_up_at(tx: &mut Tx<'_>) -> Result<Option<i64>, StoreError> {
    let row = fetch!(optional, tx, (Option<i64>,), BACKED_UP_AT)?;
    Ok(row.and_then(|(at,)| at))
}

/// Stores both on the first start. Returns false if they already exist.
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

/// Both, if the store has been set up.
///
/// # Errors
/// The store failed.
pub async fn sealed(tx: &mut Tx<'_>) -> Result<Option<InstallationRow>, StoreError> {
    fetch!(optional, tx, InstallationRow, SEALED)
}

/// The number of the last migration applied.
///
/// # Errors
/// The store failed.
pub async fn schema(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (version,): (Option<i64>,) = fetch!(one, tx, (Option<i64>,), SCHEMA)?;
    Ok(version.unwrap_or(0))
}

/// Replaces both if they are still as `before`. Returns false if another replica was faster.
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

/// Writes a row and deletes it again, to check whether the store accepts writes. Writing an
/// unchanged value would prove nothing, because SQLite doesn't log unchanged pages. `id` is
/// negative and different each time, so that servers don't wait for each other.
///
/// # Errors
/// The store doesn't accept writes.
pub async fn try_write(tx: &mut Tx<'_>, id: i64) -> Result<(), StoreError> {
    execute!(one, tx, TRY, id, Vec::<u8>::new())?;
    execute!(one, tx, TAKE_BACK, id)
}
