//! A copy of the store under a temporary name, and its manifest.

use std::io;
use std::path::Path;

use store::backup as copies;

use super::error::BackupError;
use super::files::{Unfinished, failed, sha256};
use super::manifest::Manifest;
use crate::kit::clock::{Clock, iso};

/// A copy of the store.
pub(crate) struct StoreCopy {
    pub(crate) file: Unfinished,
    pub(crate) manifest: Manifest,
    /// When it was begun, in milliseconds since 1970. It contains everything acknowledged before that time.
    pub(crate) at: i64,
}

/// Copies an embedded store into a new file, and checks the copy. Servers keep running.
///
/// # Errors
/// The store doesn't exist, another copy is being written to that file, it can't be written, or the copy is damaged.
pub(crate) async fn copied(
    database: &Path,
    part: &Path,
    clock: &Clock,
) -> Result<StoreCopy, BackupError> {
    if !database.is_file() {
        return Err(BackupError::NoDatabase(database.to_owned()));
    }
    let name = part
        .to_str()
        .ok_or_else(|| BackupError::Name(part.to_owned()))?;
    let file = Unfinished::create(part)?;
    let at = clock.now_ms();
    copies::copy(database, name).await?;
    let path = part.to_owned();
    // Waiting for the disk and reading everything takes long.
    let read = tokio::task::spawn_blocking(move || {
        file.sync()?;
        Ok::<_, BackupError>((sha256(&path)?, file))
    });
    let read = read.await.map_err(io::Error::other);
    let (digest, file) = read.map_err(failed(part))??;
    let contents = copies::inspect(part).await?;
    Ok(StoreCopy {
        file,
        manifest: Manifest::new(iso(at), &digest, contents),
        at,
    })
}
