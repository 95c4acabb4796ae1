//! The two stores behind one type.

use std::str::FromStr;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Postgres, Sqlite};

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
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::connect(url, true).await
    }

    /// Opens a store that a server set up and perhaps uses at this moment; its tables stay as they are.
    ///
    /// # Errors
    /// The URL is wrong, or the database isn't there or can't be reached.
    pub async fn attach(url: &str) -> Result<Self, StoreError> {
        Self::connect(url, false).await
    }

    async fn connect(url: &str, set_up: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::connect_sqlite(url, set_up).await
        } else {
            Self::connect_postgres(url, set_up).await
        }
    }

    async fn connect_sqlite(url: &str, set_up: bool) -> Result<Self, StoreError> {
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
            .busy_timeout(Duration::from_secs(5))
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

    async fn connect_postgres(url: &str, set_up: bool) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.application_name("hallpass");
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(5))
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
            sqlx::migrate!("migrations/postgres").run(&pool).await?;
        }
        Ok(Self::Postgres {
            launches: Batches::start(pool.clone()),
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
                let mut tx = taken(pool.begin()).await.map_err(failed)?;
                let done = work(Tx::Postgres(&mut tx)).await?;
                tx.commit().await.map_err(failed)?;
                Ok(done)
            }
        }
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
