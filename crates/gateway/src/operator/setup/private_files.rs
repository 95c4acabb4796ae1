//! Files that only the service's user should be able to read: the database, the secret key, the
//! certificate's key.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::denied;
use super::error::SetupError;
use super::secret_keys::{key_file, unusable};
use crate::kit::file::{must_be_regular, open_regular};
use crate::settings::installation::Config;

/// Creates the data folder, readable only by us.
///
/// # Errors
/// It can't be created.
pub fn data_dir(config: &Config) -> Result<(), SetupError> {
    let needs_folder = config.secret_key.is_none() || config.database_url.starts_with("sqlite:");
    if !needs_folder {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // The database contains hashes and settings that are not for other users of the machine.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(&config.data_dir);
    made.map_err(|error| unusable(&config.data_dir, error))
}

/// Creates an empty database that only we can read, unless there is one: where a link leads, if its
/// name is one. SQLite gives its other files the same mode.
///
/// # Errors
/// It can't be created.
pub fn private_database(config: &Config) -> Result<(), SetupError> {
    let Some(database) = store::sqlite_file(&config.database_url)? else {
        return Ok(());
    };
    // One that is there stays as it is, and may be one that we can only read.
    match must_be_regular(&database) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        found => return found.map_err(|error| unusable(&database, error)),
    }
    let mut options = std::fs::OpenOptions::new();
    // Not `create_new`, for which a link to nothing is there already: SQLite would then create its
    // target for everyone to read. Another replica's new database isn't truncated.
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = open_regular(&mut options, &database);
    made.map(drop).map_err(|error| unusable(&database, error))
}

/// The error if the system denies us the file of an embedded database.
pub fn denied_database(config: &Config) -> Option<SetupError> {
    let database = store::sqlite_file(&config.database_url).ok()??;
    denied::refusal(&database).map(|error| unusable(&database, error))
}

/// Says which of the files every user of this machine can read or change, and which of their
/// folders. Their modes stay: the operator may have set them on purpose, perhaps for a backup's
/// user.
pub fn open_files(config: &Config) -> Vec<String> {
    let files = private_files(config);
    let open = files.iter().filter(|path| has_mode(path, 0o007));
    let open = open.map(|path| {
        let path = path.display();
        format!("every user of this machine can read or change {path}: chmod 600 {path}")
    });
    let mut folders: Vec<&Path> = files.iter().filter_map(|path| path.parent()).collect();
    folders.dedup();
    // Write access to a folder is enough to replace a file in it, whatever the file's mode.
    let folders = folders.into_iter().filter(|folder| has_mode(folder, 0o002));
    let folders = folders.map(|folder| {
        let folder = folder.display();
        format!("every user of this machine can replace files in {folder}: chmod 700 {folder}")
    });
    open.chain(folders).collect()
}

fn private_files(config: &Config) -> Vec<PathBuf> {
    let mut files = vec![key_file(config)];
    if let Ok(Some(database)) = store::sqlite_file(&config.database_url) {
        for ending in ["", "-wal", "-shm"] {
            let mut name = database.clone().into_os_string();
            name.push(ending);
            files.push(name.into());
        }
    }
    files.extend(config.tls_key.clone());
    files
}

#[cfg(unix)]
fn has_mode(path: &Path, bits: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let file = std::fs::metadata(path);
    file.is_ok_and(|file| file.permissions().mode() & bits != 0)
}

#[cfg(not(unix))]
fn has_mode(_: &Path, _: u32) -> bool {
    false
}
