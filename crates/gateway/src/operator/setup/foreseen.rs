//! What would make a start fail, as far as the files show it. Nothing is created or changed.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use super::beginning::{gone, has_begun};
use super::error::SetupError;
use super::secret_keys::{key_lost, known_secret_keys, unusable};
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
    let opened = OpenOptions::new().read(true).write(true).open(&file);
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
