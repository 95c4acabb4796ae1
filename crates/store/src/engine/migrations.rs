//! Brings the tables up to date: one server at a time (lease.rs).

use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use tokio::time::sleep;

use super::error::StoreError;
use super::lease;
use super::lent::LentConnection;
use super::statement::fetch;
use super::tx::Tx;

const NEWEST: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
/// A dedicated connection, for work that no request waits for.
pub(super) enum Own {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

impl Own {
    /// For running statements.
    pub(super) fn tx(&mut self) -> Tx<'_> {
        match self {
            Self::Sqlite(connection) => Tx::Sqlite(connection),
            Self::Postgres(connection) => Tx::Postgres(LentConnection::new(connection, true, None)),
        }
    }

    async fn migrate(&mut self) -> Result<(), MigrateError> {
        match self {
            Self::Sqlite(connection) => {
                let mut migrations = sqlite();
                migrations.set_locking(false).run(connection).await
            }
            Self::Postgres(connection) => {
                let mut migrations = sqlx::migrate!("migrations/postgres");
                migrations.set_locking(false).run(connection).await
            }
        }
    }

    /// Closes the connection.
    pub(super) async fn close(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        }
    }
}

fn sqlite() -> Migrator {
    sqlx::migrate!("migrations/sqlite")
}

/// The newest schema that this version knows.
pub(crate) fn newest() -> i64 {
    let migrations = sqlite();
    let versions = migrations.iter().map(|migration| migration.version);
    versions.max().unwrap_or(0)
}

/// Brings the tables up to date over `own`, while sending signs of life over `beating`.
///
/// # Errors
/// The store failed, or its tables are newer or damaged.
pub(super) async fn bring_up_to_date(own: &mut Own, mut beating: Own) -> Result<(), StoreError> {
    // Fails if there are no tables yet.
    let schema = fetch!(one, &mut own.tx(), (i64,), NEWEST);
    if schema.is_ok_and(|(schema,)| schema >= newest()) {
        beating.close().await?;
        return Ok(own.migrate().await?);
    }
    let me = lease::name();
    lease::take(&mut own.tx(), &me, lease::EXPIRY).await?;
    let holder = me.clone();
    let beats = tokio::spawn(async move {
        loop {
            sleep(lease::BEAT).await;
            // If one beat is missed, others follow.
            let _ = lease::count_up(&mut beating.tx(), &holder).await;
        }
    });
    let migrated = own.migrate().await;
    beats.abort();
    let given_back = lease::give_back(&mut own.tx(), &me).await;
    migrated?;
    given_back
}
