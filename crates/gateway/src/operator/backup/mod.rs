//! `hallpass backup` and `hallpass restore`: one file that holds an embedded store as it was at one moment, with a manifest
//! beside it (docs/backup.md).

mod error;
mod files;
mod manifest;
mod restore;

use std::fs;
use std::path::{Path, PathBuf};

use store::backup as copies;

pub use self::error::BackupError;
use self::files::{Unfinished, beside, sha256, sync_folder};
pub use self::manifest::Manifest;
pub use self::restore::{restore, verify};
use crate::kit::clock::{Clock, iso};
use crate::settings::installation::Config;

/// Copies the store into a new file and writes the manifest beside it. Servers go on meanwhile.
///
/// # Errors
/// The store is a server's or isn't there, the file exists already or can't be written, or the copy turns out damaged.
pub async fn backup(config: &Config, clock: &Clock, to: &Path) -> Result<Manifest, BackupError> {
    let database = database(config)?;
    if !database.is_file() {
        return Err(BackupError::NoDatabase(database));
    }
    let manifest_file = Manifest::file_of(to);
    for file in [to, &manifest_file] {
        if fs::symlink_metadata(file).is_ok() {
            return Err(BackupError::Exists(file.to_owned()));
        }
    }
    let part = beside(to, ".part");
    let name = part
        .to_str()
        .ok_or_else(|| BackupError::Name(to.to_owned()))?;
    let copy = Unfinished::create(&part)?;
    let made_at = iso(clock.now_ms());
    copies::copy(&database, name).await?;
    copy.sync()?;
    let manifest = Manifest::new(made_at, &sha256(&part)?, copies::inspect(&part).await?);
    let manifest_part = beside(&manifest_file, ".part");
    let text = Unfinished::create(&manifest_part)?;
    text.write(manifest.to_text().as_bytes())?;
    // A backup without its manifest can't be restored, so that what a crash leaves here is no backup.
    copy.become_new(to)?;
    text.become_new(&manifest_file)?;
    sync_folder(to)?;
    Ok(manifest)
}

/// The file of an embedded store.
fn database(config: &Config) -> Result<PathBuf, BackupError> {
    store::sqlite_file(&config.database_url)?.ok_or(BackupError::Server)
}
