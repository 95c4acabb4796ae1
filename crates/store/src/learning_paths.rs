//! Learning paths defined by a tool's owner.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    OF_TOOL = "SELECT id, subject, path FROM learning_paths WHERE tool_id = $1 ORDER BY subject, id";
    INSERT = "INSERT INTO learning_paths (tool_id, id, subject, path, updated_at) VALUES ($1, $2, $3, $4, $5)";
    REPLACE = "UPDATE learning_paths SET subject = $3, path = $4, updated_at = $5 WHERE tool_id = $1 AND id = $2";
    DELETE = "DELETE FROM learning_paths WHERE tool_id = $1 AND id = $2";
}

/// A learning path as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PathRow {
    /// Its id, unique within the tool.
    pub id: String,
    /// Its subject; a tool has one path per subject.
    pub subject: String,
    /// The whole path, as JSON.
    pub path: String,
}

/// Every path of a tool.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<PathRow>, StoreError> {
    fetch!(all, tx, PathRow, OF_TOOL, tool_id)
}

/// Adds a path.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if the tool already has that id or a path for that
/// subject.
pub async fn insert(
    tx: &mut Tx<'_>,
    tool_id: String,
    path: PathRow,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        tool_id,
        path.id,
        path.subject,
        path.path,
        now_ms
    )
}

/// Replaces a path. Returns false if there is no such path.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if the tool has another path for that subject.
pub async fn replace(
    tx: &mut Tx<'_>,
    tool_id: String,
    path: PathRow,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        REPLACE,
        tool_id,
        path.id,
        path.subject,
        path.path,
        now_ms
    )
}

/// Removes a path. Returns false if there is no such path.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, tool_id, id)
}
