//! Learning paths that a tool's owner defined.

use super::{StoreError, Tx, fetch, statements};
use crate::studyreel::placement::LearningPath;

statements! {
    OF_TOOL = "SELECT path FROM learning_paths WHERE tool_id = $1 ORDER BY subject, id";
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

/// Every path of a tool.
///
/// # Errors
/// The store failed, or a path can't be read by this version.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<LearningPath>, StoreError> {
    let rows = fetch!(all, tx, Row, OF_TOOL, tool_id)?;
    rows.into_iter().map(Row::read).collect()
}
