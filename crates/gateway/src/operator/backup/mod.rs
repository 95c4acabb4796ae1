//! `hallpass backup` and `hallpass restore`: one file with an embedded store as it was at one
//! moment, and a manifest beside it (docs/backup.md).

mod restore;

use std::fs;
use std::path::{Path, PathBuf};

use store::backup as copies;

pub use self::restore::{restore, verify};
use crate::backup::copied::copied;
use crate::backup::files::{UnfinishedFile, beside, sync_folder};
pub use crate::backup::{BackupError, Manifest};
use crate::kit::clock::Clock;
use crate::settings::installation::Config;

/// Copies the store into a new file and writes the manifest beside it. Servers keep running.
///
/// # Errors
/// The store is a server's or doesn't exist, the file exists already or can't be written, or the
/// copy turns out damaged.
pub async fn backup(config: &Config, clock: &Clock, to: &Path) -> Result<Manifest, BackupError> {
    let database = database(config)?;
    let manifest_file = Manifest::file_of(to);
    for file in [to, &manifest_file] {
        if fs::symlink_metadata(file).is_ok() {
            return Err(BackupError::Exists(file.to_owned()));
        }
    }
    let copy = copied(&database, &beside(to, ".part"), clock).await?;
    let text = UnfinishedFile::create(&beside(&manifest_file, ".part"))?;
    text.write(copy.manifest.to_text().as_bytes())?;
    // The manifest is named last: a backup can't be restored without one, so what a crash leaves
    // here doesn't pass for a backup.
    copy.file.become_new(to)?;
    text.become_new(&manifest_file)?;
    sync_folder(to)?;
    if let Err(error) = copies::note_made(&database, copy.at).await {
        // The backup is complete nevertheless.
        tracing::warn!(%error, "the portal will not know of this backup");
    }
    Ok(copy.manifest)
}

/// The file of an embedded store.
fn database(config: &Config) -> Result<PathBuf, BackupError> {
    store::sqlite_file(&config.database_url)?.ok_or(BackupError::Server)
}
