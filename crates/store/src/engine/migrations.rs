//! Brings the tables up to date: one server at a time (lease.rs).

use std::convert::Infallible;

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
pub(super) trait Own: Connection {
    /// For running statements.
    fn tx(&mut self) -> Tx<'_>;

    async fn migrate(&mut self) -> Result<(), MigrateError>;
}

impl Own for SqliteConnection {
    fn tx(&mut self) -> Tx<'_> {
        Tx::Sqlite(self)
    }

    async fn migrate(&mut self) -> Result<(), MigrateError> {
        let mut migrations = sqlite();
        migrations.set_locking(false).run(self).await
    }
}

impl Own for PgConnection {
    fn tx(&mut self) -> Tx<'_> {
        Tx::Postgres(LentConnection::new(self, true, None))
    }

    async fn migrate(&mut self) -> Result<(), MigrateError> {
        let mut migrations = sqlx::migrate!("migrations/postgres");
        migrations.set_locking(false).run(self).await
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

/// Brings the tables up to date over `own`. If there is something to do, signs of life are sent
/// meanwhile over another connection, which `beating` opens.
///
/// # Errors
/// The store failed, or its tables are newer or damaged.
pub(super) async fn bring_up_to_date<C: Own>(
    own: &mut C,
    beating: impl Future<Output = Result<C, StoreError>>,
) -> Result<(), StoreError> {
    // Fails if there are no tables yet.
    let schema = fetch!(one, &mut own.tx(), (i64,), NEWEST);
    if schema.is_ok_and(|(schema,)| schema >= newest()) {
        return Ok(own.migrate().await?);
    }
    let mut beating = beating.await?;
    let me = lease::name();
    lease::take(&mut own.tx(), &me, lease::EXPIRY).await?;
    let migrated = tokio::select! {
        migrated = own.migrate() => migrated,
        never = beat(&mut beating, &me) => match never {},
    };
    let given_back = lease::give_back(&mut own.tx(), &me).await;
    migrated?;
    given_back
}

/// Sends signs of life for as long as it is polled.
async fn beat(beating: &mut impl Own, me: &str) -> Infallible {
    loop {
        sleep(lease::BEAT).await;
        // If one beat is missed, others follow.
        let _ = lease::count_up(&mut beating.tx(), me).await;
    }
}
