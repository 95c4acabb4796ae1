//! Tools and their settings.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO tools (id, host, settings, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)";
    ALL = "SELECT id, host, settings FROM tools WHERE removed_at IS NULL ORDER BY created_at, id";
    BY_ID = "SELECT id, host, settings FROM tools WHERE id = $1 AND removed_at IS NULL";
    UPDATE = "UPDATE tools SET settings = $2, updated_at = $3 WHERE id = $1";
    SET_HOST = "UPDATE tools SET host = $2, updated_at = $3 WHERE id = $1 AND removed_at IS NULL";
    REMOVE = "UPDATE tools SET host = NULL, settings = '{}', removed_at = $2, updated_at = $2 \
              WHERE id = $1 AND removed_at IS NULL";
    TO_CLEAR = "SELECT id, removed_at FROM tools WHERE removed_at IS NOT NULL AND cleared_at IS NULL";
    CLEARED = "UPDATE tools SET cleared_at = $2 WHERE id = $1";
    // A no-op update that locks the row until the transaction ends, so that what is read afterwards
    // stays current.
    LOCK = "UPDATE tools SET updated_at = updated_at WHERE id = $1";
    NEWEST = "SELECT MAX(created_at) AS newest FROM tools";
    COUNT = "SELECT COUNT(*) AS number FROM tools";
}

/// A tool as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ToolRow {
    /// Its id, which most other rows refer to.
    pub id: String,
    /// The host name by which it is found; the first tool needs none.
    pub host: Option<String>,
    /// The owner's settings, as JSON.
    pub settings: String,
}

/// Adds a tool.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if another tool has the host name.
pub async fn insert(tx: &mut Tx<'_>, tool: ToolRow, now_ms: i64) -> Result<(), StoreError> {
    execute!(one, tx, INSERT, tool.id, tool.host, tool.settings, now_ms)
}

/// Every tool that has not been removed, oldest first.
///
/// # Errors
/// The store failed.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<ToolRow>, StoreError> {
    fetch!(all, tx, ToolRow, ALL)
}

/// A tool, unless it was removed.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<ToolRow>, StoreError> {
    fetch!(optional, tx, ToolRow, BY_ID, id)
}

/// When the youngest tool was made, in milliseconds since 1970; `None` if there is none yet.
///
/// # Errors
/// The store failed.
pub async fn newest(tx: &mut Tx<'_>) -> Result<Option<i64>, StoreError> {
    let (newest,) = fetch!(one, tx, (Option<i64>,), NEWEST)?;
    Ok(newest)
}

/// Locks the tool: other changes to it wait until this transaction ends.
///
/// # Errors
/// The store failed, or the tool is gone.
pub async fn lock(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(one, tx, LOCK, id)
}

/// Replaces a tool's settings.
///
/// # Errors
/// The store failed, or the tool is gone.
pub async fn update(tx: &mut Tx<'_>, tool: ToolRow, now_ms: i64) -> Result<(), StoreError> {
    execute!(one, tx, UPDATE, tool.id, tool.settings, now_ms)
}

/// Sets or removes a tool's host name. Returns false if there is no such tool.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if another tool has the host name.
pub async fn set_host(
    tx: &mut Tx<'_>,
    id: String,
    host: Option<String>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_HOST, id, host, now_ms)
}

/// Marks a tool as removed; its row stays. Returns false if there is no such tool.
///
/// # Errors
/// The store failed.
pub async fn remove(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, REMOVE, id, now_ms)
}

/// Removed tools that may have data left: the id, and the time of removal in milliseconds
/// since 1970.
///
/// # Errors
/// The store failed.
pub async fn to_clear(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    fetch!(all, tx, (String, i64), TO_CLEAR)
}

/// Records that a removed tool has no data left.
///
/// # Errors
/// The store failed.
pub async fn cleared(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<(), StoreError> {
    execute!(one, tx, CLEARED, id, now_ms)
}

/// Whether the installation has been set up.
///
/// # Errors
/// The store failed.
pub async fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), COUNT)?;
    Ok(number > 0)
}
