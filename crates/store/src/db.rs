//! The two stores behind one type.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::error::ErrorKind;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Postgres, Sqlite, Transaction};

use super::batches::Batches;
use super::checkpoints::Checkpoints;
use super::installation;
use super::launches::NewLaunch;
use super::writer::Writer;

/// The store of one installation.
#[derive(Clone)]
pub enum Db {
    /// An embedded file: readers in a pool, and one writer that commits waiting writes together.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// The one connection that writes.
        write: Writer,
    },
    /// A server, shared by any number of replicas.
    Postgres {
        /// Connections for all there is to do.
        pool: PgPool,
        /// Gathers launches.
        launches: Batches,
    },
}

/// How long the store may take before whoever waits for it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a lock that somebody else holds.
    pub lock: Duration,
    /// For a statement of a request, on PostgreSQL.
    pub statement: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lock: Duration::from_secs(5),
            statement: Duration::from_secs(8),
        }
    }
}

/// Tells a new connection to PostgreSQL its limits; what the operator set for the server, the database, the role or in
/// the URL stays. A replica that froze within a transaction lets go of what it locked.
fn limiting(limits: Limits) -> String {
    let (lock, statement) = (limits.lock.as_millis(), limits.statement.as_millis());
    format!(
        "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '{lock}' WHEN 'statement_timeout' THEN '{statement}' \
         ELSE '30s' END, FALSE) FROM pg_settings WHERE source = 'default' \
         AND name IN ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')"
    )
}

/// Takes the limits off a connection again.
const UNLIMITED: &str =
    "RESET lock_timeout; RESET statement_timeout; RESET idle_in_transaction_session_timeout";
/// Within a transaction that does much; others still don't wait for it, nor it for their locks.
const LONG: &str = "SET LOCAL statement_timeout = '10min'";

/// An open connection or transaction on either store.
pub enum Tx<'c> {
    /// On SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// On PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// A connection for reading, taken from a pool.
pub enum Reader {
    /// On SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// On PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// What the functions of this module take.
    pub fn tx(&mut self) -> Tx<'_> {
        match self {
            Self::Sqlite(connection) => Tx::Sqlite(connection),
            Self::Postgres(connection) => Tx::Postgres(connection),
        }
    }
}

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is not there.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the database's tables can't be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds something this version does not understand.
    #[error("a stored row can't be read: {0}")]
    Corrupt(String),
    /// Writes of several requests failed together; what was said of it.
    #[error("{0}")]
    Group(Arc<str>),
    /// The connection is silent.
    #[error("the database does not answer")]
    Silent,
    /// A write that must change one row changed another number.
    #[error("a write that must change one row changed {0}")]
    RowCount(u64),
    /// The service is stopping.
    #[error("the writer has stopped")]
    Stopped,
}

impl StoreError {
    /// Whether a UNIQUE rule refused the row.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether it was about what should be written, so that something else could still be; not about the store.
    pub(super) fn is_of_the_row(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 22 of PostgreSQL's codes: a value it can't take.
        error.kind() != ErrorKind::Other || error.code().is_some_and(|code| code.starts_with("22"))
    }

    /// The same answer for each of so many who wait.
    pub(super) fn for_each<T>(self, number: usize) -> Vec<Result<T, Self>> {
        let said: Arc<str> = self.to_string().into();
        (0..number)
            .map(|_| Err(Self::Group(said.clone())))
            .collect()
    }

    /// Whether another transaction stood in the way, and the server took this one back: it may go through now.
    pub(super) fn is_rolled_back(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 40 of PostgreSQL's codes: deadlocks, and what can't be put in an order.
        error.code().is_some_and(|code| code.starts_with("40"))
    }

    /// Whether the connection was dead, or died of it: another may do.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Database(error) if is_lost(error))
    }
}

/// Turns a write that must hit exactly one row into an error where it didn't.
///
/// # Errors
/// Another number of rows.
pub(super) fn one_row(changed: u64) -> Result<(), StoreError> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::RowCount(changed))
    }
}

fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // An administrator's order, a crash, a shutdown.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

/// After one connection turned out to be dead or silent: whichever are idle most likely are, too. They are not given back
/// to the pool, which would ask each and wait without end for one that is silent.
pub(super) fn give_up_idle(pool: &PgPool) {
    for idle in std::iter::from_fn(|| pool.try_acquire()) {
        drop(idle.detach());
    }
}

/// Begins a transaction; on a fresh connection where one that was just used has died since.
async fn begun(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    match taken(pool.begin()).await {
        Err(error) if is_lost(&error) => {
            give_up_idle(pool);
            taken(pool.begin()).await
        }
        begun => begun,
    }
}

/// What is taken from a pool, waited for in a box: the pool's futures have 14 kB, which every request that may come to
/// ask the store would carry (and copy, several times) even where it never asks.
fn taken<'a, T>(
    taking: impl Future<Output = sqlx::Result<T>> + Send + 'a,
) -> BoxFuture<'a, sqlx::Result<T>> {
    Box::pin(taking)
}

impl Db {
    /// Opens the store and brings its tables up to date.
    ///
    /// # Errors
    /// The URL is wrong, the database can't be reached, or its tables can't be brought up to date.
    pub async fn open(url: &str, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(url, limits, true).await
    }

    /// Opens a store that a server set up and perhaps uses at this moment; its tables stay as they are.
    ///
    /// # Errors
    /// The URL is wrong, or the database isn't there or can't be reached.
    pub async fn attach(url: &str, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(url, limits, false).await
    }

    async fn connect(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::connect_sqlite(url, limits, set_up).await
        } else {
            Self::connect_postgres(url, limits, set_up).await
        }
    }

    async fn connect_sqlite(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(set_up)
            .journal_mode(SqliteJournalMode::Wal)
            // Of a new file: three launches fit into such a page, one into SQLite's usual.
            .page_size(8192)
            // Nobody is told 'done' before it is on disk.
            .synchronous(SqliteSynchronous::Full)
            // The log begins anew after 16 MB; most of it has been copied by then (checkpoints.rs).
            .pragma("wal_autocheckpoint", "2000")
            // One for each number of launches that may wait, and the others.
            .statement_cache_capacity(200)
            .busy_timeout(limits.lock)
            .foreign_keys(true)
            .optimize_on_close(true, None);
        let mut writer = options.connect().await?;
        if set_up {
            sqlx::migrate!("migrations/sqlite").run(&mut writer).await?;
        }
        let checkpoints = Checkpoints::start(options.connect().await?);
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options.read_only(true));
        Ok(Self::Sqlite {
            read,
            write: Writer::start(writer, checkpoints),
        })
    }

    async fn connect_postgres(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.application_name("hallpass");
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                let limiting = AssertSqlSafe(limiting(limits));
                Box::pin(async move { connection.execute(limiting).await.map(drop) })
            })
            // A connection that was idle may be dead; one that was just used is not asked.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > Duration::from_secs(1) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        if set_up {
            // Takes its time, and waits for another replica that does the same.
            let mut own = pool.acquire().await?.detach();
            own.execute(UNLIMITED).await?;
            sqlx::migrate!("migrations/postgres").run(&mut own).await?;
            own.close().await?;
        }
        Ok(Self::Postgres {
            launches: Batches::start(pool.clone(), limits),
            pool,
        })
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None could be had in time.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(taken(read.acquire()).await?),
            Self::Postgres { pool, .. } => Reader::Postgres(taken(pool.acquire()).await?),
        })
    }

    /// Reads what a launch needs; once more where a connection that was just used has died since.
    ///
    /// # Errors
    /// The store failed.
    pub async fn look_up<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        F: for<'c> Fn(Tx<'c>) -> BoxFuture<'c, Result<T, StoreError>>,
    {
        let found = read(self.read().await?.tx()).await;
        match (self, &found) {
            (Self::Postgres { pool, .. }, Err(error)) if error.is_lost() => {
                give_up_idle(pool);
                read(self.read().await?.tx()).await
            }
            _ => found,
        }
    }

    /// Runs several statements as one transaction: all of them hold, or none.
    ///
    /// # Errors
    /// What `work` answered, or that the store could not commit.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Sqlite { write, .. } => write.run(work, true).await,
            Self::Postgres { pool, .. } => {
                let failed = |error: sqlx::Error| E::from(error.into());
                let mut tx = begun(pool).await.map_err(failed)?;
                let done = work(Tx::Postgres(&mut tx)).await?;
                tx.commit().await.map_err(failed)?;
                Ok(done)
            }
        }
    }

    /// The same for what nobody waits for and may take long, such as removing a great many rows.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_long<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        self.write(move |tx| {
            Box::pin(async move {
                match tx {
                    Tx::Postgres(connection) => {
                        let long = connection.execute(LONG).await;
                        long.map_err(|error| E::from(error.into()))?;
                        work(Tx::Postgres(connection)).await
                    }
                    sqlite => work(sqlite).await,
                }
            })
        })
        .await
    }

    /// Runs work of exactly one statement: a transaction by itself, so no other is put around it.
    ///
    /// # Errors
    /// What `work` answered, or that the store could not commit.
    pub async fn write_one<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        match self {
            Self::Sqlite { write, .. } => write.run(work, false).await,
            Self::Postgres { pool, .. } => {
                let mut connection = taken(pool.acquire())
                    .await
                    .map_err(|error| E::from(error.into()))?;
                work(Tx::Postgres(&mut connection)).await
            }
        }
    }

    /// Stores a launch, together with whichever others wait to be stored; false where its nonce was spent before.
    ///
    /// # Errors
    /// The store could not commit.
    pub async fn launch(&self, launch: NewLaunch) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite { write, .. } => write.launch(launch).await,
            Self::Postgres { launches, .. } => launches.launch(launch).await,
        }
    }

    /// Whether the store answers and can be written.
    ///
    /// # Errors
    /// It doesn't, or can't.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.write_one(|mut tx| Box::pin(async move { installation::touch(&mut tx).await }))
            .await
    }

    /// Finishes waiting writes and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.stop().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}
