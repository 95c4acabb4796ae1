//! Tools and their settings.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO tools (id, settings, created_at, updated_at) VALUES ($1, $2, $3, $3)";
    ALL = "SELECT id, host, settings FROM tools ORDER BY created_at, id";
    UPDATE = "UPDATE tools SET settings = $2, updated_at = $3 WHERE id = $1";
    // A no-op that holds the row until the transaction ends: what is read afterwards stays true until it is replaced.
    LOCK = "UPDATE tools SET updated_at = updated_at WHERE id = $1";
    COUNT = "SELECT COUNT(*) AS number FROM tools";
}

/// A tool as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToolRow {
    /// Its id; every other row belongs to one.
    pub id: String,
    /// The host name it is found by; the first tool needs none.
    pub host: Option<String>,
    /// What its owner set, as JSON.
    pub settings: String,
}

/// Adds a tool.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, tool: ToolRow, now_ms: i64) -> Result<(), StoreError> {
    execute!(one, tx, INSERT, tool.id, tool.settings, now_ms)
}

/// Every tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<ToolRow>, StoreError> {
    fetch!(all, tx, ToolRow, ALL)
}

/// Keeps every other change of the tool waiting until this transaction ends.
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

/// Whether the installation has been set up.
///
/// # Errors
/// The store failed.
pub async fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), COUNT)?;
    Ok(number > 0)
}
