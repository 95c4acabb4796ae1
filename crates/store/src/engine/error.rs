//! Why the store could not do what was asked.

use std::sync::Arc;

use sqlx::error::ErrorKind;

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is not there.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the database's tables can't be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row contains something this version does not understand.
    #[error("a stored row can't be read: {0}")]
    Corrupt(String),
    /// A group commit failed; this is its error message.
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

    /// Whether the row was the problem and not the store: another row could still be written.
    pub(crate) fn is_of_the_row(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 22 of PostgreSQL's codes: a value it can't take.
        error.kind() != ErrorKind::Other || error.code().is_some_and(|code| code.starts_with("22"))
    }

    /// The same answer for each of `number` requests.
    pub(crate) fn for_each<T>(self, number: usize) -> Vec<Result<T, Self>> {
        let message: Arc<str> = self.to_string().into();
        (0..number)
            .map(|_| Err(Self::Group(message.clone())))
            .collect()
    }

    /// Whether the server rolled this transaction back because of another one: it may succeed now.
    pub(super) fn is_rolled_back(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 40 of PostgreSQL's codes: deadlocks, and what can't be put in an order.
        error.code().is_some_and(|code| code.starts_with("40"))
    }

    /// Whether the connection was dead, or died of it: another may work.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Database(error) if is_lost(error))
    }
}

/// Whether a connection was dead, or died of this.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // An administrator's order, a crash, a shutdown.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_group_tells_each_request_the_same() {
        let answers: Vec<Result<bool, _>> = StoreError::RowCount(2).for_each(2);
        let told: Vec<String> = answers
            .into_iter()
            .filter_map(|answer| Some(answer.err()?.to_string()))
            .collect();
        assert_eq!(told, ["a write that must change one row changed 2"; 2]);
    }

    #[test]
    fn only_a_dead_connection_is_lost() {
        let broken = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(StoreError::from(sqlx::Error::Io(broken)).is_lost());
        for error in [
            StoreError::from(sqlx::Error::RowNotFound),
            StoreError::from(sqlx::Error::PoolTimedOut),
            StoreError::Silent,
        ] {
            assert!(!error.is_lost() && !error.is_taken() && !error.is_of_the_row());
        }
    }
}
