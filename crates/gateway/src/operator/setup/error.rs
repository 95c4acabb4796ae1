//! Why we refuse to start.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use store::StoreError;

use super::denied;
use crate::kit::seal::BadSecretKey;

/// Why we refuse to start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The data folder or the key file can't be used.
    #[error("{path}: {error}. {}", advice(.path, .error))]
    File {
        /// The folder or file.
        path: String,
        /// The system's error.
        #[source]
        error: io::Error,
    },
    /// The given secret key is invalid.
    #[error("the setting secret_key: {0}")]
    SecretKey(#[from] BadSecretKey),
    /// There is a secret key but no database.
    #[error(
        "this is not a first start, for the secret key {key} is there, but the database {database} is missing or empty. If \
         it is elsewhere, set data_dir or database_url; if it is lost, restore a backup (docs/backup.md); to begin anew \
         with nothing, start once with --new"
    )]
    DatabaseGone {
        /// The file with the secret key.
        key: String,
        /// Where it was expected: its file, or a description of what `database_url` names.
        database: String,
    },
    /// A restore is under way.
    #[error("`hallpass restore` is at work on the database; start when it is done")]
    Restoring,
    /// The secret key's file contains no key.
    #[error("{path}: {error}. Put the file back from your backup")]
    KeyFile {
        /// The file.
        path: String,
        /// What is wrong with it.
        #[source]
        error: BadSecretKey,
    },
    /// The secret key's file is a link to a missing file.
    #[error(
        "{0} is a link to a file that isn't there. Perhaps its disk or its secret isn't mounted; without the key nothing in \
         the database can be read. If Hallpass has never run here, remove the link: the next start makes a key"
    )]
    DanglingKeyFile(String),
    /// The secret key's file is empty: an older version was stopped while it created the file, or
    /// the disk was full.
    #[error(
        "{0} is empty. Put the file back from your backup. If Hallpass has never run here, delete it: the next start makes \
         a new key"
    )]
    EmptyKeyFile(String),
    /// The database is set up, but its secret key is missing.
    #[error(
        "the database is set up, but its secret key is missing: there is no file {0}, and the setting secret_key is not \
         given. Put the key back from your backup. Without it nothing in this database can be read: if it is lost, start \
         with another database (database_url), and register every LMS again"
    )]
    KeyLost(String),
    /// The secret key isn't the one this database was set up with.
    #[error(
        "the secret key is not the one this database was set up with; start with the same secret_key \
         (or the file secret_key in data_dir) as before, on every replica"
    )]
    OtherSecretKey,
    /// A command has a secret key that the running servers don't know yet.
    #[error(
        "no server has started with this secret key yet, and what it seals they could not open. Start them all with it \
         first: docs/keys.md says how"
    )]
    NotInUse,
    /// The secret key comes from a setting rather than from a file of ours.
    #[error(
        "the secret key comes from the setting secret_key, so it has to be changed there: put a new one before the old, \
         with a comma between them. docs/keys.md says when"
    )]
    KeyInSetting,
    /// The password can't be hashed.
    #[error("the portal's password can't be hashed: {0}")]
    Password(String),
    /// The store can't be opened, or a query failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn advice(path: &str, error: &io::Error) -> Cow<'static, str> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "No room is left there: make some, and start again".into()
        }
        io::ErrorKind::PermissionDenied => denied::advice(Path::new(path)).into(),
        _ => {
            "Check the setting that names it (data_dir or database_url) and the folder's permissions".into()
        }
    }
}
