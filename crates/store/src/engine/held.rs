//! A connection from PostgreSQL's pool while in use: how it begins, and what happens to it
//! afterwards.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Executor, Postgres};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::budget::{spent, spent_at_last};
use super::error::StoreError;
use super::lent::{LentConnection, Use};
use super::pool::{give_up_idle, taken};
use super::tx::Tx;

/// Time limit for ending a read-only transaction; no request waits for it.
const FAREWELL: Duration = Duration::from_secs(2);

/// How the connections of a pool are used.
#[derive(Clone)]
pub struct Terms {
    /// The longest single wait outside a request.
    pub(super) patience: Duration,
    /// How a transaction begins if a pooler lends connections for only one transaction: then every
    /// statement runs in one, with the limits that a session would have, and the server keeps no
    /// prepared statements. `None` if connections are ours.
    pub(super) begin: Option<Arc<str>>,
}

/// A connection in use. If it is dropped halfway, it is closed: the pool would wait for an answer,
/// and a frozen server gives none.
pub(super) struct HeldConnection {
    connection: Option<PoolConnection<Postgres>>,
    pool: PgPool,
    terms: Terms,
    state: Use,
    in_transaction: bool,
}

impl HeldConnection {
    /// Takes a connection, waiting if all are in use.
    pub(super) async fn take(pool: &PgPool, terms: &Terms) -> Result<Self, StoreError> {
        let connection = spent(terms.patience, taken(pool.acquire())).await??;
        Ok(Self {
            connection: Some(connection),
            pool: pool.clone(),
            terms: terms.clone(),
            state: Use::Free,
            in_transaction: false,
        })
    }

    /// Takes a connection for work that needs no transaction. If a pooler lends connections, it
    /// begins one anyway.
    pub(super) async fn take_for_one(pool: &PgPool, terms: &Terms) -> Result<Self, StoreError> {
        match &terms.begin {
            Some(_) => Self::take_and_begin(pool, terms).await,
            None => Self::take(pool, terms).await,
        }
    }

    /// Takes a connection and begins a transaction. If the connection has died since its last use,
    /// a fresh one is used.
    pub(super) async fn take_and_begin(pool: &PgPool, terms: &Terms) -> Result<Self, StoreError> {
        let mut held = Self::take(pool, terms).await?;
        match held.begin().await {
            Err(error) if error.is_lost() => {
                drop(held);
                give_up_idle(pool);
                let mut held = Self::take(pool, terms).await?;
                held.begin().await?;
                Ok(held)
            }
            begun => begun.map(|()| held),
        }
    }

    /// Lends the connection for statements, each with its own time limit.
    pub(super) fn lend(&mut self) -> LentConnection<'_> {
        let (keeps_statements, patience) = (self.terms.begin.is_none(), self.terms.patience);
        let (connection, state) = self.parts();
        LentConnection::new(connection, keeps_statements, Some((patience, state)))
    }

    /// Lends the connection for work with one time limit for all of it. Report the outcome to
    /// [`Self::settle`].
    pub(super) fn lend_whole(&mut self) -> LentConnection<'_> {
        let keeps_statements = self.terms.begin.is_none();
        let (connection, state) = self.parts();
        *state = Use::Busy;
        LentConnection::new(connection, keeps_statements, None)
    }

    /// Runs work, and commits if it is in a transaction. If the commit gets no answer, or a single
    /// statement outside a transaction gets none, the data may still have been stored.
    pub(super) async fn run<T, E, F>(mut self, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, E>>,
    {
        let (patience, is_undone) = (self.terms.patience, self.in_transaction);
        let work = work(Tx::Postgres(self.lend_whole()));
        let done = if is_undone {
            spent(patience, work).await
        } else {
            spent_at_last(patience, work).await
        };
        self.settle(done).await
    }

    /// Ends a piece of work.
    pub(super) async fn settle<T, E: From<StoreError>>(
        mut self,
        done: Result<Result<T, E>, StoreError>,
    ) -> Result<T, E> {
        let done = match done {
            Ok(done) => done,
            Err(silent) => {
                self.state = Use::Silent;
                return Err(silent.into());
            }
        };
        if !self.in_transaction {
            self.state = Use::Free;
            return done;
        }
        self.in_transaction = false;
        match self.end(done.is_ok()).await {
            Err(error) if done.is_ok() => Err(error.into()),
            _ => done,
        }
    }

    #[expect(clippy::expect_used, reason = "only `drop` takes it away")]
    fn parts(&mut self) -> (&mut PoolConnection<Postgres>, &mut Use) {
        let connection = self.connection.as_mut().expect("the connection");
        (connection, &mut self.state)
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        let begin = self.terms.begin.clone();
        self.order(begin.as_deref().unwrap_or("BEGIN")).await?;
        self.in_transaction = true;
        Ok(())
    }

    /// Ends the transaction. A commit can't be called off.
    async fn end(&mut self, commits: bool) -> Result<(), StoreError> {
        if !commits {
            return self.order("ROLLBACK").await;
        }
        let patience = self.terms.patience;
        let mut connection = self.lend_whole();
        let done = spent_at_last(patience, connection.execute("COMMIT")).await;
        let done = done.and_then(|done| done.map(drop).map_err(StoreError::from));
        self.state = Use::after(&done);
        done
    }

    /// Runs one of the statements around a transaction.
    async fn order(&mut self, sql: &str) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        let mut connection = self.lend();
        let done = connection.ask().with(connection.execute(sql)).await;
        connection.answered(done).map(drop)
    }
}

impl Drop for HeldConnection {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        match self.state {
            Use::Free if self.in_transaction => end_reading(connection),
            Use::Free => {}
            Use::Busy => drop(connection.detach()),
            Use::Silent => {
                drop(connection.detach());
                give_up_idle(&self.pool);
            }
        }
    }
}

/// Ends a read-only transaction, so that the pooler gets its connection back.
fn end_reading(mut connection: PoolConnection<Postgres>) {
    let Ok(runtime) = Handle::try_current() else {
        drop(connection.detach());
        return;
    };
    runtime.spawn(async move {
        let ended = timeout(FAREWELL, (&mut *connection).execute("COMMIT")).await;
        if !matches!(ended, Ok(Ok(_))) {
            drop(connection.detach());
        }
    });
}
