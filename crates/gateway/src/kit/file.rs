//! Reads files while a server runs.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Size limit, larger than any file we read.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Reads a regular file and nothing else: reading a FIFO blocks until another program writes to it,
/// and a device may never end.
///
/// # Errors
/// It isn't a regular file, is too large, or can't be read.
pub(crate) fn read_regular(path: &Path) -> Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        let problem = format!("it is larger than {} MiB", MOST_BYTES / 1024 / 1024);
        return Err(Error::new(ErrorKind::FileTooLarge, problem));
    }
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "text").unwrap();
        assert_eq!(read_regular(&file).unwrap(), b"text");
        let link = folder.path().join("link");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&file, &link).unwrap();
            assert_eq!(read_regular(&link).unwrap(), b"text");
            for endless in ["/dev/zero", "/dev/tty"] {
                assert!(read_regular(Path::new(endless)).is_err(), "{endless}");
            }
        }
        let error = read_regular(folder.path()).unwrap_err();
        assert_eq!(error.to_string(), "it is no regular file");
        File::create(&file)
            .unwrap()
            .set_len(MOST_BYTES + 1)
            .unwrap();
        assert_eq!(
            read_regular(&file).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
    }
}
