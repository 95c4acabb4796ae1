//! Reads files so that none of them keeps a server waiting.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// Size limit, larger than any file we read whole.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Makes sure that a path leads to a regular file, without opening it.
///
/// # Errors
/// It doesn't, or there is nothing.
pub(crate) fn must_be_regular(path: &Path) -> Result<()> {
    must_be_file(&std::fs::metadata(path)?)
}

/// Opens a regular file, and nothing else: opening a FIFO blocks until another program opens it,
/// too, and a device may never end.
///
/// # Errors
/// It isn't a regular file, or can't be opened.
pub(crate) fn open_regular(options: &mut OpenOptions, path: &Path) -> Result<File> {
    // A device notices being opened. What isn't there may be created.
    match must_be_regular(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => opened(options, path),
    }
}

/// The same for what may have changed since it was looked at.
fn opened(options: &mut OpenOptions, path: &Path) -> Result<File> {
    // With it a FIFO doesn't block, and regular files are what they are without it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    must_be_file(&file.metadata()?)?;
    Ok(file)
}

fn must_be_file(found: &Metadata) -> Result<()> {
    match found.is_file() {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::InvalidInput, "it is no regular file")),
    }
}

/// Reads a regular file and nothing else.
///
/// # Errors
/// It isn't a regular file, is too large, or can't be read.
pub(crate) fn read_regular(path: &Path) -> Result<Vec<u8>> {
    read_all(open_regular(OpenOptions::new().read(true), path)?)
}

/// The same for a text.
///
/// # Errors
/// As above, and if it is not UTF-8.
pub(crate) fn read_regular_text(path: &Path) -> Result<String> {
    let text = String::from_utf8(read_regular(path)?);
    text.map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Reads a regular file, or what comes through a pipe within this time.
///
/// # Errors
/// It takes too long, is too large, or can't be read.
pub(crate) fn read_within(patience: Duration, path: &Path) -> Result<Vec<u8>> {
    if std::fs::metadata(path)?.is_file() {
        return read_regular(path);
    }
    let (done, read) = channel();
    let path = path.to_owned();
    // A thread that still waits ends with the program, which has no settings then.
    thread::spawn(move || done.send(File::open(path).and_then(read_all)));
    read.recv_timeout(patience).unwrap_or_else(|_| {
        let seconds = patience.as_secs();
        let problem = format!("it is a pipe, and its end did not come in {seconds} seconds");
        Err(Error::new(ErrorKind::TimedOut, problem))
    })
}

fn read_all(file: File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
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
        assert_eq!(read_regular_text(&file).unwrap(), "text");
        std::fs::write(&file, [0xff]).unwrap();
        let error = read_regular_text(&file).unwrap_err();
        assert_eq!(error.to_string(), "it is not UTF-8");
        File::create(&file)
            .unwrap()
            .set_len(MOST_BYTES + 1)
            .unwrap();
        assert_eq!(
            read_regular(&file).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
    }

    /// As after a look at the file whose place it took.
    #[cfg(unix)]
    #[test]
    fn a_pipe_that_has_just_come_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let [file, pipe, new] = ["file", "pipe", "new"].map(|name| folder.path().join(name));
        std::fs::write(&file, "text").unwrap();
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&pipe).status().unwrap().success());
        let error = opened(OpenOptions::new().read(true), &pipe).unwrap_err();
        assert_eq!(error.to_string(), "it is no regular file");
        // The system refuses to write to a pipe that has no reader.
        assert!(opened(OpenOptions::new().write(true), &pipe).is_err());
        let read = opened(OpenOptions::new().read(true), &file).and_then(read_all);
        assert_eq!(read.unwrap(), b"text");
        let mut creating = OpenOptions::new();
        creating.write(true).create(true).truncate(false);
        for path in [&file, &new] {
            assert!(open_regular(&mut creating, path).is_ok(), "{path:?}");
        }
        let error = open_regular(&mut creating, &pipe).unwrap_err();
        assert_eq!(error.to_string(), "it is no regular file");
    }

    #[cfg(unix)]
    #[test]
    fn a_silent_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&pipe).status().unwrap().success());
        for read in [
            read_regular(&pipe),
            read_within(Duration::from_millis(1), &pipe),
        ] {
            assert!(read.is_err(), "{read:?}");
        }
        // The thread that waits for the silent one is served first.
        let other = folder.path().join("other");
        let mut mkfifo = std::process::Command::new("mkfifo");
        assert!(mkfifo.arg(&other).status().unwrap().success());
        let written = other.clone();
        let writer = thread::spawn(move || std::fs::write(written, "text"));
        let minute = Duration::from_secs(60);
        assert_eq!(read_within(minute, &other).unwrap(), b"text");
        writer.join().unwrap().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "more").unwrap();
        assert_eq!(read_within(Duration::ZERO, &file).unwrap(), b"more");
        let endless = read_within(minute, Path::new("/dev/zero")).unwrap_err();
        assert_eq!(endless.kind(), ErrorKind::FileTooLarge);
    }
}
