//! Learning paths that a tool's owner defined.

use super::{StoreError, Tx, execute, fetch, statements};
use crate::studyreel::placement::LearningPath;

statements! {
    OF_TOOL = "SELECT path FROM learning_paths WHERE tool_id = $1 ORDER BY subject, id";
    INSERT = "INSERT INTO learning_paths (tool_id, id, subject, path, updated_at) VALUES ($1, $2, $3, $4, $5)";
    REPLACE = "UPDATE learning_paths SET subject = $3, path = $4, updated_at = $5 WHERE tool_id = $1 AND id = $2";
    DELETE = "DELETE FROM learning_paths WHERE tool_id = $1 AND id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    path: String,
}

impl Row {
    fn read(self) -> Result<LearningPath, StoreError> {
        serde_json::from_str(&self.path)
            .map_err(|error| StoreError::Corrupt(format!("a learning path: {error}")))
    }
}

fn written(path: &LearningPath) -> Result<String, StoreError> {
    serde_json::to_string(path).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Every path of a tool.
///
/// # Errors
/// The store failed, or a path can't be read by this version.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<LearningPath>, StoreError> {
    let rows = fetch!(all, tx, Row, OF_TOOL, tool_id)?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds a path.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] where the tool has that id or a path for that subject.
pub async fn insert(
    tx: &mut Tx<'_>,
    tool_id: String,
    path: &LearningPath,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (id, subject) = (path.id.clone(), path.subject.clone());
    execute!(tx, INSERT, tool_id, id, subject, written(path)?, now_ms).and_then(super::db::one_row)
}

/// Replaces a path; false where there is no such path.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] where the tool has another path for that subject.
pub async fn replace(
    tx: &mut Tx<'_>,
    tool_id: String,
    path: &LearningPath,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let (id, subject) = (path.id.clone(), path.subject.clone());
    Ok(execute!(tx, REPLACE, tool_id, id, subject, written(path)?, now_ms)? == 1)
}

/// Removes a path; false where there is no such path.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    Ok(execute!(tx, DELETE, tool_id, id)? == 1)
}
