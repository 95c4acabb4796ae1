//! A copy and its manifest as one POSIX archive (`tar`), streamed to its reader.

use std::io::{self, Cursor, Read};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::copied::StoreCopy;

/// The block size of an archive.
const BLOCK: u64 = 512;
/// The largest size that fits in octal digits.
const OCTAL: u64 = 0o777_7777_7777;
/// How much to read at a time.
const PIECE: u64 = 256 * 1024;

/// An archive that is being streamed.
pub(super) struct Archive {
    name: String,
    bytes: u64,
    reader: Box<dyn Read + Send>,
}

impl Archive {
    /// The archive of a copy: its database and its manifest, with this name and the endings that
    /// `hallpass restore` expects. Dropping the archive deletes the copy's file.
    pub(super) fn new(name: String, copied: StoreCopy) -> Self {
        let StoreCopy { file, manifest, at } = copied;
        let (size, seconds) = (manifest.bytes, at.unsigned_abs() / 1000);
        let text = manifest.to_text();
        let head = header(&format!("{name}.db"), size, seconds);
        let mut tail = filled_up(size);
        let text_size = text.len() as u64;
        tail.extend(header(&format!("{name}.db.json"), text_size, seconds));
        tail.extend(text.into_bytes());
        tail.extend(filled_up(text_size));
        // Two empty blocks mark the end.
        tail.extend(field(b"", 2 * BLOCK));
        let bytes = head.len() as u64 + size + tail.len() as u64;
        let whole = Cursor::new(head).chain(file.take(size));
        Self {
            name,
            bytes,
            reader: Box::new(whole.chain(Cursor::new(tail))),
        }
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        self.reader.by_ref().take(PIECE).read_to_end(&mut piece)?;
        Ok(piece)
    }

    /// The next piece, and the rest.
    async fn piece(archive: Option<Self>) -> Option<(io::Result<Bytes>, Option<Self>)> {
        let mut archive = archive?;
        let read = tokio::task::spawn_blocking(move || {
            let piece = archive.read()?;
            Ok::<_, io::Error>((piece, archive))
        });
        match read.await.map_err(io::Error::other).flatten() {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, archive)) => Some((Ok(piece.into()), Some(archive))),
            Err(error) => {
                tracing::warn!(%error, "the download of a backup broke off");
                Some((Err(error), None))
            }
        }
    }
}

impl IntoResponse for Archive {
    fn into_response(self) -> Response {
        let file = format!("attachment; filename=\"{}.tar\"", self.name);
        let headers = [
            (CONTENT_TYPE, "application/x-tar".to_owned()),
            (CONTENT_DISPOSITION, file),
            // Lets the client notice if the download breaks off.
            (CONTENT_LENGTH, self.bytes.to_string()),
        ];
        let body = Body::from_stream(stream::unfold(Some(self), Self::piece));
        (headers, body).into_response()
    }
}

/// Text padded to this width.
fn field(text: &[u8], width: u64) -> Vec<u8> {
    let mut field = text.to_vec();
    field.resize(usize::try_from(width).unwrap_or(0), 0);
    field
}

/// The padding after a file of this size, up to a whole block.
fn filled_up(size: u64) -> Vec<u8> {
    field(b"", size.next_multiple_of(BLOCK) - size)
}

/// The header of a file that only its owner may read.
fn header(name: &str, size: u64, seconds: u64) -> Vec<u8> {
    let mut before = field(name.as_bytes(), 100);
    for id in ["0000600", "0000000", "0000000"] {
        before.extend(field(id.as_bytes(), 8));
    }
    before.extend(size_field(size));
    before.extend(field(format!("{seconds:011o}").as_bytes(), 12));
    let mut after = field(b"0", 1 + 100);
    after.extend(b"ustar\x0000");
    after.extend(field(b"", 32 + 32));
    after.extend(field(b"0000000", 8));
    after.extend(field(b"0000000", 8));
    after.extend(field(b"", 155 + 12));
    // The checksum counts its own field as eight spaces.
    let sum = before.iter().chain(&after).map(|byte| u32::from(*byte));
    let sum = sum.sum::<u32>() + 8 * u32::from(b' ');
    before.extend(format!("{sum:06o}\0 ").into_bytes());
    before.extend(after);
    before
}

/// A size in octal digits, or in binary after a marker if it is too large for them.
fn size_field(size: u64) -> Vec<u8> {
    if size <= OCTAL {
        return field(format!("{size:011o}").as_bytes(), 12);
    }
    let mut binary = vec![0x80, 0, 0, 0];
    binary.extend(size.to_be_bytes());
    binary
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn text(header: &[u8], from: usize, bytes: usize) -> &str {
        let field = &header[from..from + bytes];
        std::str::from_utf8(field)
            .unwrap()
            .trim_end_matches(['\0', ' '])
    }

    #[test]
    fn a_header_is_as_posix_says() {
        let header = header("hallpass.db", 4_096, 1_764_000_000);
        assert_eq!(header.len(), 512);
        assert_eq!(text(&header, 0, 100), "hallpass.db");
        assert_eq!(text(&header, 100, 8), "0000600");
        assert_eq!(text(&header, 124, 12), "00000010000");
        assert_eq!(text(&header, 136, 12), "15111100400");
        assert_eq!(text(&header, 156, 1), "0");
        assert_eq!(&header[257..265], b"ustar\x0000");
        let mut counted = header.clone();
        counted[148..156].fill(b' ');
        let sum: u32 = counted.iter().map(|byte| u32::from(*byte)).sum();
        assert_eq!(text(&header, 148, 8), format!("{sum:06o}"));
    }

    #[test]
    fn what_is_too_large_for_octal_digits_is_binary() {
        assert_eq!(size_field(OCTAL), b"77777777777\0");
        assert_eq!(
            size_field(OCTAL + 1),
            [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]
        );
        assert_eq!((filled_up(512).len(), filled_up(513).len()), (0, 511));
    }
}
