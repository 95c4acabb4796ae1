//! Who is using an embedded store: any number of servers on one machine, or one command that
//! replaces the file.
//!
//! The system's lock on a file keeps track of that. The file lies beside the database and stays
//! there when the database is moved.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::kit::file::open_regular;
use crate::kit::folder_owner::give_to_folders_owner;

/// How often and how long to wait for a lock that another server may have for a moment.
const TRIES: usize = 10;
const MOMENT: Duration = Duration::from_millis(10);

/// Held while the store is in use. The system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Serving {
    _lock: Option<File>,
    is_first: bool,
}

impl Serving {
    /// The lock for a server, which others share; `None` if a restore is under way. On a file
    /// system without locks the server starts nevertheless, and the log says so.
    ///
    /// # Errors
    /// The lock file can't be created.
    pub fn server(database: &Path) -> io::Result<Option<Self>> {
        let file = open(database)?;
        // Not kept, so that others can start.
        let is_first = file.try_lock().is_ok();
        if is_first {
            file.unlock()?;
        }
        match shared(&file) {
            Ok(()) => Ok(Some(Self {
                _lock: Some(file),
                is_first,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "the database's folder has no locks: restore nothing there while this server runs");
                Ok(Some(Self {
                    _lock: None,
                    is_first: false,
                }))
            }
        }
    }

    /// Whether no other server was using the store when this was created. Any that had been has
    /// stopped.
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    /// The lock for a command that needs the database exclusively; `None` if a server is running.
    ///
    /// # Errors
    /// The lock file can't be created or locked.
    pub fn alone(database: &Path) -> io::Result<Option<Self>> {
        let file = open(database)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                _lock: Some(file),
                is_first: true,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Takes the shared lock. Another server that is just starting has the whole lock for a moment; a
/// restore keeps it.
fn shared(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
            locked => return locked,
        }
    }
    file.try_lock_shared()
}

fn open(database: &Path) -> io::Result<File> {
    let path = lock_file(database);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            open_regular(OpenOptions::new().write(true), &path)
        }
        // A restore may run as root, and the server as another user.
        Ok(new) => {
            give_to_folders_owner(&new, &path)?;
            Ok(new)
        }
        Err(error) => Err(error),
    }
}

/// The file whose lock shows that a store is in use.
pub(super) fn lock_file(database: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(database.file_name().unwrap_or_default());
    name.push(".lock");
    database.with_file_name(name)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn servers_share_a_store_and_a_restore_has_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("hallpass.db");
        let one = Serving::server(&database).unwrap().unwrap();
        let other = Serving::server(&database).unwrap().unwrap();
        drop(one);
        assert!(Serving::alone(&database).unwrap().is_none());
        drop(other);
        let alone = Serving::alone(&database).unwrap().unwrap();
        assert!(Serving::server(&database).unwrap().is_none());
        drop(alone);
        assert!(Serving::server(&database).unwrap().is_some());
    }

    #[test]
    fn only_the_first_server_has_the_store_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("hallpass.db");
        let one = Serving::server(&database).unwrap().unwrap();
        assert!(one.is_first());
        let other = Serving::server(&database).unwrap().unwrap();
        assert!(!other.is_first());
        drop(one);
        let third = Serving::server(&database).unwrap().unwrap();
        assert!(!third.is_first(), "the second one is still there");
        drop((other, third));
        assert!(Serving::server(&database).unwrap().unwrap().is_first());
    }
}
