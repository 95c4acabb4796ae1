//! Launches, and with them the nonces that are spent.

use super::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO launches (id, tool_id, dialect, platform_id, deployment_id, nonce_hash, document_sealed, \
              created_at, expires_at, delete_at, parked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (nonce_hash) DO NOTHING";
    BY_ID = "SELECT id, tool_id, dialect, platform_id, deployment_id, document_sealed, created_at, expires_at \
             FROM launches WHERE id = $1 AND document_sealed IS NOT NULL AND NOT parked";
    RELEASE = "UPDATE launches SET parked = FALSE WHERE id = $1 AND parked";
    // Only rows near their end are looked at, by the index; a document that ends long before its row is rare.
    FORGET = "UPDATE launches SET document_sealed = NULL WHERE delete_at < $2 AND expires_at < $1 \
              AND document_sealed IS NOT NULL";
    ERASE = "UPDATE launches SET document_sealed = NULL WHERE id = $1";
    DELETE = "DELETE FROM launches WHERE id IN \
              (SELECT id FROM launches WHERE delete_at < $1 ORDER BY delete_at LIMIT 1000)";
}

/// A launch to be stored, or the nonce of a refused one.
pub struct NewLaunch {
    /// Its id.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// Which adapter verified it.
    pub dialect: &'static str,
    /// The platform it came from, where there is a row for it.
    pub platform_id: Option<String>,
    /// The deployment it came from.
    pub deployment_id: Option<String>,
    /// Hash that makes a second use fail.
    pub nonce_hash: Vec<u8>,
    /// What was verified, sealed; `None` for a refused launch.
    pub document_sealed: Option<Vec<u8>>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When the document is forgotten, in milliseconds since 1970.
    pub expires_at: i64,
    /// Until when the nonce could be sent again, in milliseconds since 1970; the row stays as long.
    pub nonce_until: i64,
    /// Whether it waits until the browser is known.
    pub parked: bool,
}

/// A stored launch.
#[derive(sqlx::FromRow)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// Which adapter verified it.
    pub dialect: String,
    /// The platform it came from, where there is a row for it.
    pub platform_id: Option<String>,
    /// The deployment it came from.
    pub deployment_id: Option<String>,
    /// What was verified, sealed.
    pub document_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

/// Stores a launch and so spends its nonce; false where the nonce was spent before.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, launch: NewLaunch) -> Result<bool, StoreError> {
    let l = launch;
    Ok(execute!(
        tx,
        INSERT,
        l.id,
        l.tool_id,
        l.dialect,
        l.platform_id,
        l.deployment_id,
        l.nonce_hash,
        l.document_sealed,
        l.created_at,
        l.expires_at,
        l.expires_at.max(l.nonce_until),
        l.parked,
    )? == 1)
}

/// A launch by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<Row>, StoreError> {
    fetch!(optional, tx, Row, BY_ID, id)
}

/// Forgets one launch's document; its row stays, so that nothing comes twice.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(tx, ERASE, id).map(drop)
}

/// Forgets the documents whose time is over, and removes up to 1,000 rows past their end; gives how many it removed.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64) -> Result<u64, StoreError> {
    /// A nonce lives as long as a login and the leeways, which is less.
    const LONGEST_NONCE_MS: i64 = 30 * 60 * 1000;
    execute!(tx, FORGET, now_ms, now_ms + LONGEST_NONCE_MS)?;
    execute!(tx, DELETE, now_ms)
}

/// Lets a launch that waited be read; false where it doesn't wait (any more).
///
/// # Errors
/// The store failed.
pub async fn release(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    Ok(execute!(tx, RELEASE, id)? == 1)
}
