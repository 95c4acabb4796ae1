//! A copy of the store under a temporary name, and its description.

use std::io;
use std::path::Path;

use store::backup as copies;

use super::error::BackupError;
use super::files::{UnfinishedFile, failed, sha256};
use super::manifest::Manifest;
use crate::kit::clock::{Clock, iso};

/// A whole copy that still has its temporary name.
pub(crate) struct StoreCopy {
    pub(crate) file: UnfinishedFile,
    pub(crate) manifest: Manifest,
    /// When it was started, in milliseconds since 1970: it contains everything acknowledged before.
    pub(crate) at: i64,
}

/// Copies an embedded store into a new file, and checks the whole copy. Servers keep running.
///
/// # Errors
/// The store doesn't exist, another copy is being written to that file, the file can't be written,
/// or the copy turns out damaged.
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
    let file = UnfinishedFile::create(part)?;
    let at = clock.now_ms();
    copies::copy(database, name).await?;
    let path = part.to_owned();
    // Syncing to disk and reading the whole file take long.
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
