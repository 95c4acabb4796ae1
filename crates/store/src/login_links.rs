//! One-time login links. Only the hash of each is stored.

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO login_links (token_hash, tool_id, student_id, launch_id, landing_path, created_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // A single statement decides, so that exactly one of many simultaneous redemptions wins.
    REDEEM = "UPDATE login_links SET used_at = $2, redeemer_hash = $3 \
              WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 AND EXISTS \
              (SELECT 1 FROM students WHERE students.id = login_links.student_id AND students.status = 'active') \
              RETURNING launch_id, landing_path";
    REOPEN = "SELECT launch_id, landing_path FROM login_links WHERE token_hash = $1 AND redeemer_hash = $2 \
              AND used_at > $3 AND EXISTS \
              (SELECT 1 FROM students WHERE students.id = login_links.student_id AND students.status = 'active')";
    STATE = "SELECT tool_id, launch_id, expires_at, used_at FROM login_links WHERE token_hash = $1";
    LAUNCHES = "SELECT launch_id, created_at, used_at FROM login_links WHERE student_id = $1 \
                ORDER BY created_at DESC LIMIT 200";
    ALL_LAUNCHES = "SELECT launch_id, created_at, used_at FROM login_links WHERE student_id = $1";
    ERASE = "DELETE FROM login_links WHERE student_id = $1";
    DELETE = "DELETE FROM login_links WHERE token_hash IN \
              (SELECT token_hash FROM login_links WHERE expires_at >= $1 AND expires_at < $2 ORDER BY expires_at LIMIT $3) \
              RETURNING expires_at";
}

/// How long a link's row outlives the link: as long as the longest launch, so that a student's
/// launches can be found.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// A link to store.
pub struct NewLink {
    /// The hash by which it is found; the token itself appears only in the address.
    pub token_hash: Vec<u8>,
    /// The tool it leads to.
    pub tool_id: String,
    /// The student it signs in.
    pub student_id: String,
    /// The launch it stands for.
    pub launch_id: String,
    /// Where the application wants it to land; with `None`, the tool's settings decide.
    pub landing_path: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

/// A link that was redeemed.
#[derive(sqlx::FromRow)]
pub struct LoginLink {
    /// The launch it stands for.
    pub launch_id: String,
    /// Where the application wants it to land; with `None`, the tool's settings decide.
    pub landing_path: Option<String>,
}

/// Why a link doesn't open, for the log.
#[derive(sqlx::FromRow)]
pub struct LinkState {
    /// The tool it leads to.
    pub tool_id: String,
    /// The launch it leads to.
    pub launch_id: String,
    /// Milliseconds since 1970.
    pub expires_at: i64,
    /// Milliseconds since 1970.
    pub used_at: Option<i64>,
}

/// Stores a link.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, link: NewLink) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        link.token_hash,
        link.tool_id,
        link.student_id,
        link.launch_id,
        link.landing_path,
        link.created_at,
        link.expires_at,
    )
}

/// Redeems a link. Returns `None` if it is unknown, used or expired, or if its student is not
/// active.
///
/// # Errors
/// The store failed.
pub async fn redeem(
    tx: &mut Tx<'_>,
    token_hash: Vec<u8>,
    redeemer_hash: Vec<u8>,
    now_ms: i64,
) -> Result<Option<LoginLink>, StoreError> {
    fetch!(
        optional,
        tx,
        LoginLink,
        REDEEM,
        token_hash,
        now_ms,
        redeemer_hash
    )
}

/// A link that this redeemer redeemed after `since_ms`.
///
/// # Errors
/// The store failed.
pub async fn reopen(
    tx: &mut Tx<'_>,
    token_hash: Vec<u8>,
    redeemer_hash: Vec<u8>,
    since_ms: i64,
) -> Result<Option<LoginLink>, StoreError> {
    fetch!(
        optional,
        tx,
        LoginLink,
        REOPEN,
        token_hash,
        redeemer_hash,
        since_ms
    )
}

/// The state of a link that doesn't open.
///
/// # Errors
/// The store failed.
pub async fn state(tx: &mut Tx<'_>, token_hash: Vec<u8>) -> Result<Option<LinkState>, StoreError> {
    fetch!(optional, tx, LinkState, STATE, token_hash)
}

/// A student's launch. Each one has a link.
#[derive(sqlx::FromRow)]
pub struct LaunchOf {
    /// The row in `launches`.
    pub launch_id: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When its link was opened, in milliseconds since 1970.
    pub used_at: Option<i64>,
}

/// A student's latest 200 launches that are still stored, newest first.
///
/// # Errors
/// The store failed.
pub async fn launches_of(tx: &mut Tx<'_>, student_id: String) -> Result<Vec<LaunchOf>, StoreError> {
    fetch!(all, tx, LaunchOf, LAUNCHES, student_id)
}

/// Removes a student's links. Returns the launches they stood for.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, student_id: String) -> Result<Vec<LaunchOf>, StoreError> {
    let launches = fetch!(all, tx, LaunchOf, ALL_LAUNCHES, student_id.clone())?;
    execute!(any, tx, ERASE, student_id)?;
    Ok(launches)
}

/// Removes up to `most` links that expired at least a day ago, from those that ended at `from` on.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DELETE, from, now_ms - KEPT_MS, most)?;
    Ok(BatchProgress::of(&ends, from))
}
