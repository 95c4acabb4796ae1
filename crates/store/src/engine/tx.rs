//! What statements run on.

use sqlx::sqlite::SqliteConnection;

use super::lent::LentConnection;

/// An open connection or transaction on either store.
pub enum Tx<'c> {
    /// On SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// On PostgreSQL.
    Postgres(LentConnection<'c>),
}

impl Tx<'_> {
    /// Whether a failing statement aborts the whole transaction, and there are other statements in
    /// it.
    pub(crate) fn fails_as_one(&self) -> bool {
        matches!(self, Self::Postgres(connection) if !connection.keeps_statements())
    }
}
