//! Changes that a request has begun and that have no audit entry yet. A row goes when the entry is
//! written, or when there is nothing to write; only a crash leaves it there.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO audit_begun (id, tool_id, actor, request, subject, begun_at) VALUES ($1, $2, $3, $4, $5, $6)";
    BEFORE = "SELECT id, tool_id, actor, request, subject, begun_at FROM audit_begun WHERE begun_at < $1 \
              ORDER BY begun_at, id LIMIT $2";
    REMOVE = "DELETE FROM audit_begun WHERE id = $1";
}

/// A change that has begun.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BegunRow {
    /// Only for this row: the entry gets its own.
    pub id: String,
    /// The tool in whose chain the entry will be.
    pub tool_id: String,
    /// Who began it: a kind and an id.
    pub actor: String,
    /// The method and the route, whose parameters are left open.
    pub request: String,
    /// The id of what it is about; empty if there is none, or it must not be recorded.
    pub subject: String,
    /// Milliseconds since 1970.
    pub begun_at: i64,
}

/// Adds a row.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, row: BegunRow) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        row.id,
        row.tool_id,
        row.actor,
        row.request,
        row.subject,
        row.begun_at
    )
}

/// Up to `most` that began before a time, in milliseconds since 1970, oldest first.
///
/// # Errors
/// The store failed.
pub async fn before(
    tx: &mut Tx<'_>,
    begun_at: i64,
    most: i64,
) -> Result<Vec<BegunRow>, StoreError> {
    fetch!(all, tx, BegunRow, BEFORE, begun_at, most)
}

/// Removes a row. Returns false if it is gone already.
///
/// # Errors
/// The store failed.
pub async fn remove(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, REMOVE, id)
}
