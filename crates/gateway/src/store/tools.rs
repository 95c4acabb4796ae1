//! Tools and their settings.

use super::{StoreError, Tx, execute, fetch, statements};
use crate::tool::{Tool, ToolSettings};

statements! {
    INSERT = "INSERT INTO tools (id, settings, created_at, updated_at) VALUES ($1, $2, $3, $3)";
    ALL = "SELECT id, host, settings FROM tools ORDER BY created_at, id";
    UPDATE = "UPDATE tools SET settings = $2, updated_at = $3 WHERE id = $1";
    // A no-op that holds the row until the transaction ends: what is read afterwards stays true until it is replaced.
    LOCK = "UPDATE tools SET updated_at = updated_at WHERE id = $1";
    COUNT = "SELECT COUNT(*) AS number FROM tools";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    host: Option<String>,
    settings: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    number: i64,
}

fn written(settings: &ToolSettings) -> Result<String, StoreError> {
    serde_json::to_string(settings).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Adds a tool.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, tool: &Tool, now_ms: i64) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        tool.id.clone(),
        written(&tool.settings)?,
        now_ms
    )
    .and_then(super::db::one_row)
}

/// Every tool with the host name it is found by, oldest first.
///
/// # Errors
/// The store failed, or settings can't be read by this version.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<(Option<String>, Tool)>, StoreError> {
    let rows = fetch!(all, tx, Row, ALL)?;
    rows.into_iter()
        .map(|row| {
            let value = serde_json::from_str(&row.settings)
                .map_err(|error| StoreError::Corrupt(error.to_string()))?;
            let settings = ToolSettings::from_json(value).map_err(StoreError::Corrupt)?;
            Ok((
                row.host,
                Tool {
                    id: row.id,
                    settings,
                },
            ))
        })
        .collect()
}

/// Keeps every other change of the tool waiting until this transaction ends.
///
/// # Errors
/// The store failed, or the tool is gone.
pub async fn lock(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(tx, LOCK, id).and_then(super::db::one_row)
}

/// Replaces a tool's settings.
///
/// # Errors
/// The store failed, or the tool is gone.
pub async fn update(tx: &mut Tx<'_>, tool: &Tool, now_ms: i64) -> Result<(), StoreError> {
    execute!(
        tx,
        UPDATE,
        tool.id.clone(),
        written(&tool.settings)?,
        now_ms
    )
    .and_then(super::db::one_row)
}

/// Whether the installation has been set up.
///
/// # Errors
/// The store failed.
pub async fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(fetch!(one, tx, Count, COUNT)?.number > 0)
}
