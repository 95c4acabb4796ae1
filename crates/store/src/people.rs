//! People who may sign in to the portal.

use crate::engine::{StoreError, Tx, execute, statements};

statements! {
    INSERT = "INSERT INTO people (id, tool_id, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
}

/// Adds a person.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    id: String,
    tool_id: String,
    name: &'static str,
    password_hash: String,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(one, tx, INSERT, id, tool_id, name, password_hash, now_ms)
}
