//! What statements run on.

use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnection;

use super::held::Held;
use super::lent::Lent;

/// An open connection or transaction on either store.
pub enum Tx<'c> {
    /// On SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// On PostgreSQL.
    Postgres(Lent<'c>),
}

/// A connection for reading, taken from a pool.
pub struct Reader(Source);

enum Source {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(Held),
}

impl Reader {
    /// On SQLite.
    pub(super) fn sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self(Source::Sqlite(connection))
    }

    /// On PostgreSQL.
    pub(super) fn postgres(held: Held) -> Self {
        Self(Source::Postgres(held))
    }

    /// What the functions of the nouns take.
    pub fn tx(&mut self) -> Tx<'_> {
        match &mut self.0 {
            Source::Sqlite(connection) => Tx::Sqlite(connection),
            Source::Postgres(held) => Tx::Postgres(held.lend()),
        }
    }
}

impl Tx<'_> {
    /// Whether a statement that fails ends the whole transaction, which other statements are in.
    pub(crate) fn fails_as_one(&self) -> bool {
        matches!(self, Self::Postgres(connection) if !connection.keeps_statements())
    }
}
