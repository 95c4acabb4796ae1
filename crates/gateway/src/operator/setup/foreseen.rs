//! What would make a start fail, as far as the files show it. Nothing is created or changed.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::beginning::{gone, has_begun};
use super::error::SetupError;
use super::secret_keys::{key_lost, known_secret_keys, unusable};
use crate::kit::file::open_regular;
use crate::operator::serving::lock_file;
use crate::settings::installation::Config;

/// Checks the data folder, the file of an embedded database, and whether secret key and database
/// are there together.
///
/// # Errors
/// What a start would report.
pub fn foresee(config: &Config) -> Result<(), SetupError> {
    let keys = known_secret_keys(config)?;
    let database = store::sqlite_file(&config.database_url)?;
    if config.secret_key.is_none() || database.is_some() {
        could_be_made(&config.data_dir)?;
    }
    let Some(file) = database else {
        return Ok(());
    };
    // A start makes the data folder, and no other.
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder.filter(|folder| !are_same(folder, &config.data_dir)) {
        let is_folder = fs::metadata(folder).map(|found| found.is_dir());
        match is_folder {
            Ok(true) => {}
            Ok(false) => return Err(unusable(folder, ErrorKind::NotADirectory.into())),
            Err(error) => return Err(unusable(folder, error)),
        }
    }
    let lock = lock_file(&file);
    match open_regular(OpenOptions::new().write(true), &lock) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(unusable(&lock, error)),
        _ => {}
    }
    let opened = open_regular(OpenOptions::new().read(true).write(true), &file);
    let is_empty = match opened.and_then(|file| file.metadata()) {
        Ok(found) => found.len() == 0,
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(unusable(&file, error)),
    };
    if is_empty && has_begun(config, keys.as_ref()) {
        return Err(gone(config, Some(file)));
    }
    if !is_empty && keys.is_none() {
        return Err(key_lost(config));
    }
    Ok(())
}

/// The folders in which a start makes files or folders, or the nearest ones that are there. Whether
/// we may write there, only the system can tell.
///
/// # Errors
/// The secret key can't be read, or the database's address is wrong.
pub fn written_folders(config: &Config) -> Result<Vec<PathBuf>, SetupError> {
    let database = store::sqlite_file(&config.database_url)?;
    let makes_key = known_secret_keys(config)?.is_none();
    let folder_of = |file: &Path| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut folders: Vec<PathBuf> = database.iter().map(|file| folder_of(file)).collect();
    if makes_key {
        folders.push(config.data_dir.clone());
    }
    // An absolute path has ancestors up to the root.
    let absolute = folders
        .iter()
        .filter_map(|folder| std::path::absolute(folder).ok());
    let there = absolute.filter_map(|folder| {
        let nearest = folder.ancestors().find(|path| path.exists())?;
        Some(nearest.to_owned())
    });
    let mut there: Vec<PathBuf> = there.collect();
    there.dedup();
    Ok(there)
}

/// The error if a start could not write to a folder.
pub fn denied_folder(folder: &Path, error: std::io::Error) -> SetupError {
    unusable(folder, error)
}

/// Whether a folder is there, or nothing but a folder is in its way.
fn could_be_made(folder: &Path) -> Result<(), SetupError> {
    let there = folder.ancestors().find(|path| path.exists());
    match there {
        Some(there) if !there.is_dir() => Err(unusable(folder, ErrorKind::NotADirectory.into())),
        _ => Ok(()),
    }
}

fn are_same(one: &Path, other: &Path) -> bool {
    std::path::absolute(one).ok() == std::path::absolute(other).ok()
}
