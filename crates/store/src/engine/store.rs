//! The two stores behind one type.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

use super::batches::Batches;
use super::budget::spent;
use super::error::StoreError;
use super::grouped::Grouped;
use super::held::{Held, Terms};
use super::pool::{give_up_idle, taken};
use super::reader::Reader;
use super::tx::Tx;
use super::writer::Writer;

/// The store of one installation, which stores rows of one type in groups. Cloning it is cheap.
#[derive(Clone)]
pub enum Store<R> {
    /// An embedded file: readers in a pool, and one writer that commits waiting writes together.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// What one wait may take outside of a request.
        patience: Duration,
        /// The one connection that writes.
        write: Writer<R>,
    },
    /// A server, shared by any number of replicas.
    Postgres {
        /// Connections for everything.
        pool: PgPool,
        /// How they are used.
        terms: Terms,
        /// Gathers the rows that are stored in groups.
        batches: Batches<R>,
    },
}

impl<R: Grouped> Store<R> {
    /// Whether the store is a file that no other process serves from.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None could be had in time.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Self::Sqlite { read, patience, .. } => {
                Reader::sqlite(spent(*patience, taken(read.acquire())).await??)
            }
            Self::Postgres { pool, terms, .. } => {
                Reader::postgres(Held::take_for_one(pool, terms).await?)
            }
        })
    }

    /// Reads what a launch needs; once more if a connection that was just used has died since.
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
                let held = Held::take_and_begin(pool, terms).await?;
                held.run(work).await
            }
        }
    }

    /// Like [`Self::write`], and once more if PostgreSQL rolled it back because of another transaction: for work that locks
    /// many rows, which may meet others that lock them in another order.
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
            Self::Postgres { pool, terms, .. } => {
                let held = Held::take_for_one(pool, terms).await?;
                held.run(work).await
            }
        }
    }

    /// Stores a row together with all others that wait; false if the same was stored before.
    ///
    /// # Errors
    /// The store could not commit.
    pub async fn insert_grouped(&self, row: R) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite { write, .. } => write.insert(row).await,
            Self::Postgres { batches, .. } => batches.insert(row).await,
        }
    }

    /// Finishes waiting writes and closes every connection.
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
