//! A connection to PostgreSQL as statements see it.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::postgres::PgConnection;

use super::budget::spent;
use super::error::StoreError;

/// What a connection does at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Nothing.
    Free,
    /// A statement, or a transaction.
    Busy,
    /// It was not answered in time.
    Silent,
}

impl Use {
    /// After a statement that ended so.
    pub(super) fn after<T>(done: &Result<T, StoreError>) -> Self {
        match done {
            Err(StoreError::Silent) => Self::Silent,
            Err(error) if error.is_lost() => Self::Busy,
            _ => Self::Free,
        }
    }
}

/// A connection to PostgreSQL that is lent for some statements.
pub struct Lent<'c> {
    connection: &'c mut PgConnection,
    keeps_statements: bool,
    /// How long each statement may take, if not all of them together have a limit.
    each: Option<(Duration, &'c mut Use)>,
}

impl<'c> Lent<'c> {
    /// `each` is how long each statement may take, and where it is noted what the connection does.
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

    /// Whether the server may keep a statement for the next time: only on a connection that is ours.
    pub(crate) fn keeps_statements(&self) -> bool {
        self.keeps_statements
    }

    /// Notes that a statement begins; gives how long it may take.
    pub(crate) fn ask(&mut self) -> Patience {
        let each = self.each.as_mut();
        Patience(each.map(|(patience, state)| {
            **state = Use::Busy;
            *patience
        }))
    }

    /// Notes how a statement ended.
    pub(crate) fn answered<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some((_, state)) = &mut self.each {
            **state = Use::after(&done);
        }
        done
    }
}

impl Deref for Lent<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection
    }
}

/// How long a statement may take; `None` if something around it has a limit.
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
