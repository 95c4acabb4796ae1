//! Restores a backup in place of a lost database.

use std::fs;
use std::path::Path;

use store::backup as copies;

use super::database;
use crate::backup::files::{UnfinishedFile, beside, failed, sha256, sync_folder};
use crate::backup::{BackupError, Manifest};
use crate::operator::serving::{Serving, lock_file};
use crate::operator::setup::{self, SetupError};
use crate::settings::installation::Config;

/// Checks a backup against its manifest and reads all of it.
///
/// # Errors
/// It is damaged, or was made by a newer version.
pub async fn verify(backup: &Path) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup)?;
    check(&manifest, backup, backup).await?;
    Ok(manifest)
}

/// Copies a backup to where the settings expect the database. Overwrites nothing, and the database
/// appears whole or not at all.
///
/// # Errors
/// The backup is damaged, a database exists already, a server is using it, or it can't be written.
pub async fn restore(config: &Config, backup: &Path) -> Result<Manifest, BackupError> {
    let database = database(config)?;
    let manifest = Manifest::read(backup)?;
    setup::data_dir(config).map_err(|error| match error {
        SetupError::File { path, error } => failed(Path::new(&path))(error),
        other => failed(&database)(std::io::Error::other(other)),
    })?;
    let lock = lock_file(&database);
    let alone = Serving::alone(&database).map_err(failed(&lock))?;
    let alone = alone.ok_or_else(|| BackupError::Serving(database.clone()))?;
    // SQLite would apply a log that was left behind to the restored database.
    for file in ["", "-wal", "-shm", "-journal"].map(|ending| beside(&database, ending)) {
        if fs::symlink_metadata(&file).is_ok() {
            return Err(BackupError::InTheWay(file));
        }
    }
    let part = beside(&database, ".restoring");
    let copy = UnfinishedFile::create(&part)?;
    copy.give_to_folders_owner()?;
    copy.copy_of(backup)?;
    check(&manifest, &part, backup).await?;
    // Scores that wait in a backup may have been delivered since.
    let doubted = copies::doubt_deliveries(&part).await;
    doubted.map_err(|error| failed(&part)(std::io::Error::other(error)))?;
    let begun = copies::begin_epoch(&part).await;
    begun.map_err(|error| failed(&part)(std::io::Error::other(error)))?;
    let ended = copies::end_sign_ins(&part).await;
    ended.map_err(|error| failed(&part)(std::io::Error::other(error)))?;
    copy.become_new(&database).map_err(|error| match error {
        BackupError::Exists(file) => BackupError::InTheWay(file),
        other => other,
    })?;
    sync_folder(&database)?;
    drop(alone);
    Ok(manifest)
}

/// Whether `file` is the backup that the manifest describes.
async fn check(manifest: &Manifest, file: &Path, backup: &Path) -> Result<(), BackupError> {
    let damaged = |problem| BackupError::Damaged {
        path: backup.to_owned(),
        problem,
    };
    if let Some(problem) = manifest.differs(&sha256(file)?) {
        return Err(damaged(problem));
    }
    let known = copies::newest_schema();
    if manifest.schema > known {
        let found = manifest.schema;
        return Err(BackupError::Newer { found, known });
    }
    let contents = copies::inspect(file).await;
    let contents = contents.map_err(|error| damaged(error.to_string()))?;
    manifest
        .misses(&contents)
        .map_or(Ok(()), |problem| Err(damaged(problem)))
}
