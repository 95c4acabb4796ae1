//! Files that belong to another user.

use std::fs::{Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::kit::file::open_regular;

/// What to do if the system denies us a file: whose it is, or whose the nearest folder is that we
/// can see.
pub(super) fn advice(path: &Path) -> String {
    let seen = path
        .ancestors()
        .find_map(|path| Some((path, std::fs::metadata(path).ok()?)));
    let Some((path, found)) = seen else {
        return "Run this as the user that the server runs as".to_owned();
    };
    let path = path.display();
    match owner(&found) {
        Some(owner) => format!(
            "{path} belongs to the user with the id {owner}: run this as that user or as root, or change the owner with \
             chown"
        ),
        None => format!("Check who may use {path}"),
    }
}

#[cfg(unix)]
fn owner(found: &Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::uid(found))
}

#[cfg(not(unix))]
fn owner(_: &Metadata) -> Option<u32> {
    None
}

/// The error if the system denies us a file that is there.
pub(super) fn refusal(file: &Path) -> Option<io::Error> {
    let opened = open_regular(OpenOptions::new().read(true).write(true), file);
    let error = opened.err()?;
    (error.kind() == ErrorKind::PermissionDenied).then_some(error)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_owner_is_told_of_what_can_be_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hallpass.db");
        let owner = owner(&std::fs::metadata(folder.path()).unwrap()).unwrap();
        let told = format!("belongs to the user with the id {owner}");
        // Not there: the folder is.
        let advised = advice(&file);
        assert!(
            advised.starts_with(&format!("{} {told}", folder.path().display())),
            "{advised}"
        );
        std::fs::write(&file, "x").unwrap();
        let advised = advice(&file);
        assert!(
            advised.starts_with(&format!("{} {told}", file.display())),
            "{advised}"
        );
        assert!(
            advised.contains("chown") && refusal(&file).is_none(),
            "{advised}"
        );
    }
}
