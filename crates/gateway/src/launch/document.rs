//! The format of a launch's document before it is sealed: first the person, then the adapter's
//! data.
//!
//! One byte says whether a person follows. A byte before it says that a frame is waiting for the
//! launch's answer. Rows of older versions contain only the adapter's document, which is JSON and
//! therefore can't begin with any of these bytes.

/// Followed by the document.
const ANONYMOUS: u8 = 1;
/// Followed by the length of the subject in bytes (32 bits, big-endian), the subject, and the
/// document.
const OF_PERSON: u8 = 2;
/// Followed by one of the others.
const ANSWERS_BY_FRAME: u8 = 3;

/// The bytes before the document.
pub(super) fn head(subject: Option<&str>, answers_by_frame: bool) -> Vec<u8> {
    let mut head = Vec::with_capacity(6 + subject.map_or(0, str::len));
    if answers_by_frame {
        head.push(ANSWERS_BY_FRAME);
    }
    let Some(subject) = subject else {
        head.push(ANONYMOUS);
        return head;
    };
    let length = u32::try_from(subject.len()).unwrap_or(u32::MAX);
    head.push(OF_PERSON);
    head.extend_from_slice(&length.to_be_bytes());
    head.extend_from_slice(subject.as_bytes());
    head
}

/// The contents of a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum DocumentParts<'a> {
    /// The person, the document, and whether a frame is waiting for the answer.
    Whole(Option<&'a str>, &'a str, bool),
    /// The document alone, as older versions stored it.
    Bare(&'a str),
}

/// Reads the bytes of a row; `None` if they are not in this format.
pub(super) fn read(plain: &[u8]) -> Option<DocumentParts<'_>> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let (by_frame, plain) = match plain {
        [ANSWERS_BY_FRAME, rest @ ..] => (true, rest),
        plain => (false, plain),
    };
    match plain {
        [ANONYMOUS, document @ ..] => Some(DocumentParts::Whole(None, text(document)?, by_frame)),
        [OF_PERSON, rest @ ..] => {
            let (length, rest) = rest.split_first_chunk()?;
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let (subject, document) = rest.split_at_checked(length)?;
            Some(DocumentParts::Whole(
                Some(text(subject)?),
                text(document)?,
                by_frame,
            ))
        }
        _ if by_frame => None,
        document => text(document).map(DocumentParts::Bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(subject: Option<&str>, document: &str) -> Vec<u8> {
        let mut plain = head(subject, false);
        plain.extend_from_slice(document.as_bytes());
        plain
    }

    #[test]
    fn what_is_written_is_read_back() {
        for subject in [None, Some(""), Some("u-17"), Some("é\u{1}{")] {
            for by_frame in [false, true] {
                let mut plain = head(subject, by_frame);
                plain.extend_from_slice(br#"{"a":1}"#);
                let found = DocumentParts::Whole(subject, r#"{"a":1}"#, by_frame);
                assert_eq!(read(&plain), Some(found));
            }
        }
    }

    #[test]
    fn rows_of_older_versions_are_a_document_alone() {
        for document in [r#"{"sub":"u"}"#, " \n{}", ""] {
            assert_eq!(
                read(document.as_bytes()),
                Some(DocumentParts::Bare(document))
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let cut_off = written(Some("u-17"), "");
        for length in 1..cut_off.len() {
            assert_eq!(read(cut_off.get(..length).unwrap_or_default()), None);
        }
        for plain in [
            &[ANONYMOUS, 0xff][..],
            &[ANSWERS_BY_FRAME],
            &[ANSWERS_BY_FRAME, ANSWERS_BY_FRAME, ANONYMOUS],
            &[ANSWERS_BY_FRAME, b'{', b'}'],
            &[0xff],
            &[OF_PERSON, 0, 0, 0, 1, 0xff],
        ] {
            assert_eq!(read(plain), None);
        }
    }
}
