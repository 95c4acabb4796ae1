//! Files that a command makes as root in a folder of the service's user.

use std::fs::File;
use std::io;
use std::path::Path;

/// Gives a file to its folder's owner. Only for one that was just created: an older one may be a
/// link that the service's user laid out for root, to a file that is not theirs.
///
/// # Errors
/// The folder or the file can't be read.
#[cfg(unix)]
pub(crate) fn give_to_folders_owner(new: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};

    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (folder, file) = (std::fs::metadata(folder)?, new.metadata()?);
    if folder.uid() != file.uid() {
        // Only root may; for others the file stays theirs, as any other they make.
        let _ = fchown(new, Some(folder.uid()), Some(folder.gid()));
    }
    Ok(())
}

/// Nothing: here a file gets its owner from the folder anyway.
#[cfg(not(unix))]
pub(crate) fn give_to_folders_owner(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
