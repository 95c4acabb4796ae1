//! Why a backup or a restore fails. Neither leaves anything half-done.

use std::io;
use std::path::PathBuf;

use store::StoreError;

/// Why a backup or a restore fails.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL is backed up with its own commands.
    #[error(
        "the setting database_url names a PostgreSQL server, which is backed up with pg_dump and restored with \
         pg_restore: docs/backup.md has the commands"
    )]
    Server,
    /// There is nothing to back up.
    #[error("there is no database {}: give the settings that `hallpass serve` runs with", .0.display())]
    NoDatabase(PathBuf),
    /// The file exists, and nothing is overwritten.
    #[error("{} exists already, and nothing is overwritten: choose another name", .0.display())]
    Exists(PathBuf),
    /// Another backup is writing to the same file.
    #[error("another command is writing {}", .0.display())]
    UnderWay(PathBuf),
    /// The database library doesn't accept this name.
    #[error("the name {} is not UTF-8", .0.display())]
    Name(PathBuf),
    /// A file can't be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        error: io::Error,
    },
    /// The backup's manifest is missing or unreadable.
    #[error(
        "the manifest {} is missing or unreadable ({problem}); `hallpass backup` wrote it beside the backup, and without it \
         nothing proves that the backup is whole",
        .path.display()
    )]
    NoManifest {
        /// Where it was expected.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The file isn't the one that the manifest describes.
    #[error("{} is not the file its manifest describes, or it is damaged: {problem}", .path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// What differs.
        problem: String,
    },
    /// The backup was made by a newer version.
    #[error(
        "the backup was made by a newer Hallpass (its schema is {found}, and this one knows {known}): restore it with that \
         version"
    )]
    Newer {
        /// The backup's schema.
        found: i64,
        /// The newest schema we know.
        known: i64,
    },
    /// A file already exists where the database goes.
    #[error(
        "{} is there already, and nothing is overwritten: stop the server and move the database away, together with its \
         -wal and -shm",
        .0.display()
    )]
    InTheWay(PathBuf),
    /// A server is running.
    #[error("a server is using the database {}: stop it first", .0.display())]
    Serving(PathBuf),
    /// The store can't be opened, copied or checked.
    #[error(transparent)]
    Store(#[from] StoreError),
}
