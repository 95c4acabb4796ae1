//! A PostgreSQL connection as statements see it.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::postgres::PgConnection;

use super::budget::spent;
use super::error::StoreError;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Nothing.
    Free,
    /// Running a statement or a transaction.
    Busy,
    /// It did not answer in time.
    Silent,
}

impl Use {
    /// The state after a statement with this result.
    pub(super) fn after<T>(done: &Result<T, StoreError>) -> Self {
        match done {
            Err(StoreError::Silent) => Self::Silent,
            Err(error) if error.is_lost() => Self::Busy,
            _ => Self::Free,
        }
    }
}

/// A PostgreSQL connection lent for some statements.
pub struct LentConnection<'c> {
    connection: &'c mut PgConnection,
    keeps_statements: bool,
    /// The time limit for each statement, unless one limit covers them all.
    each: Option<(Duration, &'c mut Use)>,
}

impl<'c> LentConnection<'c> {
    /// `each` is the time limit for each statement, and where to record what the connection is
    /// doing.
    pub(super) fn new(
        connection: &'c mut PgConnection,
        keeps_statements: bool,
        each: Option<(Duration, &'c mut Use)>,
    ) -> Self {
        Self {
            connection,
            keeps_statements,
            each,
        }
    }

    /// Whether the server may keep a prepared statement: only if the connection is ours.
    pub(crate) fn keeps_statements(&self) -> bool {
        self.keeps_statements
    }

    /// Records that a statement begins. Returns its time limit.
    pub(crate) fn ask(&mut self) -> Patience {
        let each = self.each.as_mut();
        Patience(each.map(|(patience, state)| {
            **state = Use::Busy;
            *patience
        }))
    }

    /// Records how a statement ended.
    pub(crate) fn answered<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some((_, state)) = &mut self.each {
            **state = Use::after(&done);
        }
        done
    }
}

impl Deref for LentConnection<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection
    }
}

impl DerefMut for LentConnection<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection
    }
}

/// A statement's time limit; `None` if a limit around it applies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience(Option<Duration>);

impl Patience {
    /// Waits for a statement.
    pub(crate) async fn with<T>(
        self,
        statement: impl Future<Output = sqlx::Result<T>>,
    ) -> Result<T, StoreError> {
        match self.0 {
            Some(patience) => spent(patience, statement).await?.map_err(StoreError::from),
            None => statement.await.map_err(StoreError::from),
        }
    }
}
