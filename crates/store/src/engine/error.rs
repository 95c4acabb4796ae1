//! Why a store operation failed.

use std::sync::Arc;

use sqlx::error::ErrorKind;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

use super::address::Address;
use super::cure::{self, OpeningStep};

/// A store operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, or is unreachable.
    #[error("the database: {}", told(.0))]
    Database(sqlx::Error),
    /// No PostgreSQL server answers at the address: the reason, and the address.
    #[error("{0} at {1}")]
    Unreachable(String, String),
    /// The file of an embedded database can't be opened.
    #[error("the file {0}: {reason}", reason = told(.1))]
    File(String, sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the database's tables can't be brought up to date: {}", why(.0))]
    Migration(MigrateError),
    /// A row contains something this version does not understand.
    #[error("a stored row can't be read: {0}")]
    Corrupt(String),
    /// A group commit failed; this is its error message.
    #[error("{0}")]
    Group(Arc<str>),
    /// The connection is silent, or the request's time budget for the store is used up.
    #[error("the database does not answer")]
    Silent,
    /// There is a pooler in front of PostgreSQL that the settings don't describe: what it said, and
    /// what to change.
    #[error("a pooler such as PgBouncer stands in front of the database ({0}): {1}")]
    Pooler(String, &'static str),
    /// `database_url` and `database_direct_url` lead to different databases: where each leads.
    #[error(
        "database_url leads to {0}, and database_direct_url to {1}. Both have to lead to the same database: one through \
         the pooler, the other past it. Nothing was changed"
    )]
    Elsewhere(String, String),
    /// The tables were created by a newer version.
    #[error(
        "the database was made by a newer Hallpass (its schema is {0}, and this one knows {1}): start that version, or \
         restore a backup of this one"
    )]
    Newer(i64, i64),
    /// There is no room for the write, or the disk refuses it.
    #[error("the disk of the database is full, or can't be written ({0})")]
    Disk(String),
    /// A write that must change exactly one row changed a different number.
    #[error("a write that must change one row changed {0}")]
    RowCount(u64),
    /// The service is stopping.
    #[error("the writer has stopped")]
    Stopped,
}

impl StoreError {
    /// Whether a UNIQUE constraint rejected the row.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether PostgreSQL found that a table, or the type of its rows, exists already. `IF NOT
    /// EXISTS` doesn't see what another connection is creating.
    pub(super) fn is_made(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        error
            .code()
            .is_some_and(|code| matches!(&*code, "42P07" | "42710"))
    }

    /// Whether a row was read that can't be understood: reading it once more won't help.
    pub fn is_of_a_read_row(&self) -> bool {
        matches!(
            self,
            Self::Corrupt(_)
                | Self::Database(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
        )
    }

    /// Whether the store is available but had no time.
    pub fn is_busy(&self) -> bool {
        let error = match self {
            Self::Silent => return true,
            Self::Database(error) | Self::File(_, error) => error,
            _ => return false,
        };
        let code = error.as_database_error().and_then(|error| error.code());
        // SQLite's SQLITE_BUSY and its variants.
        code.is_some_and(|code| matches!(&*code, "5" | "261" | "517" | "773"))
    }

    /// Whether another transaction was in the way: because of it the server rolled this one back,
    /// or it held a lock for too long.
    pub fn is_of_another(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // PostgreSQL's lock_not_available.
        self.is_rolled_back() || error.code().is_some_and(|code| code == "55P03")
    }

    /// Whether the row is at fault rather than the store: another row could still be written.
    pub(crate) fn is_of_the_row(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 22 of PostgreSQL's codes: an unacceptable value.
        error.kind() != ErrorKind::Other || error.code().is_some_and(|code| code.starts_with("22"))
    }

    /// The same error for each of `number` requests.
    pub(crate) fn for_each<T>(self, number: usize) -> Vec<Result<T, Self>> {
        (0..number).map(|_| Err(self.of_the_group())).collect()
    }

    /// The error that each request of a failed group receives: its message, and whether the disk
    /// was at fault.
    pub(super) fn of_the_group(&self) -> Self {
        match self {
            Self::Disk(why) => Self::Disk(why.clone()),
            error => Self::Group(error.to_string().into()),
        }
    }

    /// Whether the server rolled this transaction back because of another one: a retry may succeed.
    pub(super) fn is_rolled_back(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Class 40 of PostgreSQL's codes: deadlocks and serialization failures.
        error.code().is_some_and(|code| code.starts_with("40"))
    }

    /// Replaces the error with an explanation for the operator who starts the server, if the tables
    /// are not for this version.
    pub(super) fn explained(self, newest: i64) -> Self {
        match self {
            Self::Migration(MigrateError::VersionMissing(found)) if found > newest => {
                Self::Newer(found, newest)
            }
            Self::Migration(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) if is_poolers(&error) => error.into(),
            Self::Migration(
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
            ) if is_disks(&error) => error.into(),
            other => other,
        }
    }

    /// Adds what to change, if a pooler refused this step of a start.
    pub(super) fn at(self, address: &Address, step: OpeningStep) -> Self {
        match self.explained(i64::MAX) {
            Self::Pooler(reason, _) => {
                let cure = cure::cure(address, step, &reason);
                Self::Pooler(reason, cure)
            }
            other => other,
        }
    }

    /// Whether the connection was dead, or died of this: another one may work.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Database(error) if is_lost(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(reason) if is_poolers(&error) => {
                Self::Pooler(reason.message().to_owned(), cure::UNNAMED)
            }
            Some(reason) if is_disks(&error) => Self::Disk(reason.message().to_owned()),
            _ => Self::Database(error),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        Self::Migration(error)
    }
}

/// The driver's message, without the line of PostgreSQL's own source code: readers look for it in
/// their settings.
fn told(error: &sqlx::Error) -> String {
    let reason = match error {
        sqlx::Error::Database(reason) => reason.try_downcast_ref::<PgDatabaseError>(),
        _ => None,
    };
    reason.map_or_else(
        || error.to_string(),
        |reason| format!("error returned from database: {}", reason.message()),
    )
}

/// The same for a migration.
fn why(error: &MigrateError) -> String {
    match error {
        MigrateError::Execute(error) => format!("while executing migrations: {}", told(error)),
        MigrateError::ExecuteMigration(error, version) => {
            format!("while executing migration {version}: {}", told(error))
        }
        other => other.to_string(),
    }
}

/// Whether only a pooler can cause this error: a statement that another program prepared on this
/// connection or that is missing from it, or a startup setting that a pooler doesn't accept.
fn is_poolers(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else {
        return false;
    };
    let code = error.code().unwrap_or_default();
    matches!(&*code, "42P05" | "26000")
        || (code == "08P01" && error.message().contains("startup parameter"))
}

/// Whether the disk is full or not writable.
fn is_disks(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else {
        return false;
    };
    let code = error.code().unwrap_or_default();
    // SQLite's SQLITE_FULL and its I/O errors for writing, syncing and extending files;
    // PostgreSQL's disk_full. Codes with five characters are PostgreSQL's.
    matches!(&*code, "13" | "778" | "1034" | "1290" | "4874" | "53100")
}

/// Whether the connection was dead, or died of this.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // An administrator's command, a crash, a shutdown.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use sqlx::{Connection, Executor, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_called_one() {
        let mut small = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let make = "PRAGMA max_page_count = 4; CREATE TABLE t (x BLOB)";
        small.execute(make).await.unwrap();
        let fill = "INSERT INTO t VALUES (zeroblob(1000000))";
        let error = StoreError::from(small.execute(fill).await.unwrap_err());
        assert!(
            matches!(error, StoreError::Disk(_)) && !error.is_lost() && !error.is_of_the_row(),
            "{error:?}"
        );
    }

    #[test]
    fn a_failed_group_tells_each_request_the_same() {
        let answers: Vec<Result<bool, _>> = StoreError::RowCount(2).for_each(2);
        let told: Vec<String> = answers
            .into_iter()
            .filter_map(|answer| Some(answer.err()?.to_string()))
            .collect();
        assert_eq!(told, ["a write that must change one row changed 2"; 2]);
    }

    #[tokio::test]
    async fn a_store_that_had_no_time_is_busy() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("a.db").display());
        let mut one = SqliteConnection::connect(&url).await.unwrap();
        let mut other = SqliteConnection::connect(&url).await.unwrap();
        one.execute("BEGIN EXCLUSIVE").await.unwrap();
        other.execute("PRAGMA busy_timeout = 0").await.unwrap();
        let error = StoreError::from(other.execute("CREATE TABLE t (x)").await.unwrap_err());
        assert!(error.is_busy() && StoreError::Silent.is_busy(), "{error:?}");
        assert!(!StoreError::from(sqlx::Error::RowNotFound).is_busy());
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
