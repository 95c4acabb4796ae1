//! A connection for reading.

use sqlx::Sqlite;
use sqlx::pool::PoolConnection;

use super::held::HeldConnection;
use super::tx::Tx;

/// A connection for reading, taken from a pool.
pub struct Reader(Source);

enum Source {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(HeldConnection),
}

impl Reader {
    /// On SQLite.
    pub(super) fn sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self(Source::Sqlite(connection))
    }

    /// On PostgreSQL.
    pub(super) fn postgres(held: HeldConnection) -> Self {
        Self(Source::Postgres(held))
    }

    /// For running the statements of other modules.
    pub fn tx(&mut self) -> Tx<'_> {
        match &mut self.0 {
            Source::Sqlite(connection) => Tx::Sqlite(connection),
            Source::Postgres(held) => Tx::Postgres(held.lend()),
        }
    }
}
