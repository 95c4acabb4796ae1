//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};

use super::error::BackupError;
use crate::kit::file::open_regular;
use crate::kit::folder_owner::give_to_folders_owner;

/// A file under a temporary name that only its owner may read. It is removed unless it gets its
/// final name, and overwrites one that a crash left behind.
pub(crate) struct UnfinishedFile {
    file: File,
    path: PathBuf,
    /// Whether none was left behind.
    is_new: bool,
    is_finished: bool,
}

impl UnfinishedFile {
    /// Creates an empty one.
    pub(crate) fn create(path: &Path) -> Result<Self, BackupError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let created = options.open(path);
        let is_new = created.is_ok();
        let opened = created.or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                open_regular(OpenOptions::new().read(true).write(true), path)
            }
            _ => Err(error),
        });
        let file = opened.map_err(failed(path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(BackupError::UnderWay(path.to_owned())),
            // The file system doesn't support locks.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        if !is_new && is_link(&file, path).map_err(failed(path))? {
            let problem = "it is a link to a file that must not be overwritten: remove the link";
            return Err(failed(path)(io::Error::other(problem)));
        }
        file.set_len(0).map_err(failed(path))?;
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(failed(path))?;
        Ok(Self {
            file,
            path: path.to_owned(),
            is_new,
            is_finished: false,
        })
    }

    /// Gives it to the owner of its folder, unless it was left behind by another command.
    pub(crate) fn give_to_folders_owner(&self) -> Result<(), BackupError> {
        if !self.is_new {
            return Ok(());
        }
        give_to_folders_owner(&self.file, &self.path).map_err(failed(&self.path))
    }

    /// Writes these bytes.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), BackupError> {
        let written = (&self.file).write_all(bytes);
        written.map_err(failed(&self.path))?;
        self.sync()
    }

    /// Copies another file into it.
    pub(crate) fn copy_of(&self, from: &Path) -> Result<(), BackupError> {
        let source = open_regular(OpenOptions::new().read(true), from);
        let mut source = source.map_err(failed(from))?;
        io::copy(&mut source, &mut &self.file).map_err(failed(&self.path))?;
        self.sync()
    }

    /// Waits until the content is on disk.
    pub(crate) fn sync(&self) -> Result<(), BackupError> {
        self.file.sync_all().map_err(failed(&self.path))
    }

    /// Renames it to a name that doesn't exist yet.
    pub(crate) fn become_new(mut self, name: &Path) -> Result<(), BackupError> {
        // Unlike a rename, a link never replaces a file.
        match fs::hard_link(&self.path, name) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(BackupError::Exists(name.to_owned()));
            }
            // The file system doesn't support links.
            Err(_) if fs::symlink_metadata(name).is_ok() => {
                return Err(BackupError::Exists(name.to_owned()));
            }
            Err(_) => fs::rename(&self.path, name).map_err(failed(name))?,
        }
        self.is_finished = true;
        Ok(())
    }
}

impl Read for UnfinishedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&self.file).read(buffer)
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // Only under its temporary name; a file with its final name stays.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file's name with an ending appended.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Size of a file, and its SHA-256 in hexadecimal.
pub(crate) struct Digest {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Reads a whole file.
pub(crate) fn sha256(path: &Path) -> Result<Digest, BackupError> {
    let file = open_regular(OpenOptions::new().read(true), path);
    let mut file = file.map_err(failed(path))?;
    let (mut context, mut bytes) = (Context::new(&SHA256), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(failed(path))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        context.update(part);
        bytes += part.len() as u64;
    }
    let hash = context.finish();
    let sha256 = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Ok(Digest {
        bytes,
        sha256: sha256.collect(),
    })
}

/// Waits until the names in a file's folder are on disk.
pub(crate) fn sync_folder(file: &Path) -> Result<(), BackupError> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Windows persists names without being asked, and can't open folders.
    if cfg!(unix) {
        let opened = File::open(folder).and_then(|folder| folder.sync_all());
        opened.map_err(failed(folder))?;
    }
    Ok(())
}

pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError + use<> {
    let path = path.to_owned();
    |error| BackupError::File { path, error }
}

/// Whether writing to a file that was left behind would change another one: the target of a link
/// laid out as a trap for root, or a finished file that a crash left under both of its names.
#[cfg(unix)]
fn is_link(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let (opened, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    let is_itself = (opened.dev(), opened.ino()) == (named.dev(), named.ino());
    Ok(!is_itself || opened.nlink() > 1)
}

/// Not known here.
#[cfg(not(unix))]
fn is_link(_: &File, _: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_backup_that_is_a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let [pipe, part] = ["pipe", "part"].map(|name| folder.path().join(name));
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&pipe).status().unwrap().success());
        assert!(sha256(&pipe).is_err());
        assert!(UnfinishedFile::create(&pipe).is_err());
        let part = UnfinishedFile::create(&part).unwrap();
        assert!(part.copy_of(&pipe).is_err());
    }

    #[test]
    fn what_a_link_points_to_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let [kept, part] = ["kept", "part"].map(|name| folder.path().join(name));
        fs::write(&kept, "all").unwrap();
        std::os::unix::fs::symlink(&kept, &part).unwrap();
        assert!(UnfinishedFile::create(&part).is_err());
        fs::remove_file(&part).unwrap();
        fs::hard_link(&kept, &part).unwrap();
        assert!(UnfinishedFile::create(&part).is_err());
        assert_eq!(fs::read_to_string(&kept).unwrap(), "all");
        fs::remove_file(&part).unwrap();
        fs::write(&part, "half").unwrap();
        assert!(UnfinishedFile::create(&part).is_ok());
    }
}
