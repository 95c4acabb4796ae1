//! One type for the two stores.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

use super::batches::Batches;
use super::budget::spent;
use super::error::StoreError;
use super::grouped::Grouped;
use super::haste::Haste;
use super::held::{HeldConnection, Terms};
use super::pool::{give_up_idle, taken};
use super::reader::Reader;
use super::tx::Tx;
use super::writer::Writer;

/// The store of one installation, which writes rows of one type in groups. Cloning it is cheap.
#[derive(Clone)]
pub enum Store<R> {
    /// An embedded file: readers in a pool, and one writer that commits waiting writes together.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// The longest single wait outside a request.
        patience: Duration,
        /// The one connection that writes.
        write: Writer<R>,
        /// Whether it is about to be closed.
        haste: Haste,
    },
    /// A server, shared by any number of replicas.
    Postgres {
        /// Connections for everything.
        pool: PgPool,
        /// How to use them.
        terms: Terms,
        /// Collects rows that are stored in groups.
        batches: Batches<R>,
        /// Whether it is about to be closed.
        haste: Haste,
    },
}

impl<R: Grouped> Store<R> {
    /// Whether the store is a file, which only this process serves from.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None became free in time.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Self::Sqlite { read, patience, .. } => {
                Reader::sqlite(spent(*patience, taken(read.acquire())).await??)
            }
            Self::Postgres { pool, terms, .. } => {
                Reader::postgres(HeldConnection::take_for_one(pool, terms).await?)
            }
        })
    }

    /// Reads what a launch needs. Retries once if the connection has died since its last use.
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

    /// Runs several statements as one transaction: all of them take effect, or none.
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
            Self::Postgres { pool, terms, .. } => {
                let held = HeldConnection::take_and_begin(pool, terms).await?;
                held.run(work).await
            }
        }
    }

    /// Like [`Self::write`], but retries once if PostgreSQL rolled it back because of another
    /// transaction. For work that locks many rows, because other transactions may lock them in a
    /// different order.
    ///
    /// # Errors
    /// What `work` answered, or that the store could not commit.
    pub async fn write_or_repeat<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> Fn(Tx<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Clone + Send + 'static,
    {
        match self.write(work.clone()).await {
            Err(error) if error.is_rolled_back() => self.write(work).await,
            done => done,
        }
    }

    /// Runs work of exactly one statement. It is its own transaction, so none is put around it.
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
            Self::Postgres { pool, terms, .. } => {
                let held = HeldConnection::take_for_one(pool, terms).await?;
                held.run(work).await
            }
        }
    }

    /// Stores a row together with all other waiting ones. Returns false if the same row was already
    /// stored.
    ///
    /// # Errors
    /// The store could not commit.
    pub async fn insert_grouped(&self, row: R) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite { write, .. } => write.insert(row).await,
            Self::Postgres { batches, .. } => batches.insert(row).await,
        }
    }

    /// From now on, [`Self::spread`] makes no pauses: the server is stopping.
    pub fn hurry(&self) {
        self.haste().begin();
    }

    pub(super) fn haste(&self) -> &Haste {
        match self {
            Self::Sqlite { haste, .. } | Self::Postgres { haste, .. } => haste,
        }
    }

    /// Finishes waiting writes and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.stop().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}
