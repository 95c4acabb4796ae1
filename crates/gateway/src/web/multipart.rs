//! Forms with files, as posted by browsers (RFC 7578). They are converted to the format of forms
//! without files, with the contents of files in base64.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded::Serializer;

use super::form::text_of;
use crate::kit::media_type;

/// The most parts in a form.
const MOST_PARTS: usize = 20;

/// The boundary between the parts, if a request has one.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    if !media_type::is(headers, "multipart/form-data") {
        return None;
    }
    let declared = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (_, parameters) = declared.split_once(';')?;
    let (name, boundary) = parameters.trim().split_once('=')?;
    let boundary = boundary.trim_matches('"');
    let is_boundary = name.eq_ignore_ascii_case("boundary") && (1..=70).contains(&boundary.len());
    is_boundary.then(|| boundary.to_owned())
}

/// The parts as a form without files; `None` if the body is not a valid form.
pub(crate) fn as_form(boundary: &str, body: &[u8]) -> Option<String> {
    let delimiter = format!("\r\n--{boundary}");
    // There is no line break before the first one.
    let mut rest = body.strip_prefix(delimiter.get(2..)?.as_bytes())?;
    let mut form = Serializer::new(String::new());
    for _ in 0..MOST_PARTS {
        if rest.starts_with(b"--") {
            return Some(form.finish());
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let (part, behind) = split(rest, delimiter.as_bytes())?;
        let (head, content) = split(part, b"\r\n\r\n")?;
        let head = text_of(head);
        let disposition = disposition(&head)?;
        let name = name_in(disposition)?;
        if disposition.contains("; filename=\"") {
            form.append_pair(name, &STANDARD.encode(content));
        } else {
            form.append_pair(name, &text_of(content));
        }
        rest = behind;
    }
    None
}

/// The text before and after the first occurrence.
fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let start = memchr::memmem::find(bytes, at)?;
    let (before, rest) = bytes.split_at_checked(start)?;
    Some((before, rest.strip_prefix(at)?))
}

/// The disposition of a part, from the header that every part has.
fn disposition(head: &str) -> Option<&str> {
    let mut headers = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-disposition"));
    found.map(|(_, value)| value)
}

/// The name of a part. Browsers write it before the file's own name.
fn name_in(disposition: &str) -> Option<&str> {
    let mut parts = disposition.split("; ").skip(1);
    let name = parts.find_map(|part| part.strip_prefix("name=\""))?;
    name.strip_suffix('"')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::form::field;

    const BODY: &str = "--X1\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\na b&c\r\n\
        --X1\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"a; name=b.png\"\r\nContent-Type: image/png\r\n\r\n\
        \u{1}\r\n--X\r\n--X1\r\ncontent-disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--X1--\r\n";

    #[test]
    fn parts_are_fields_and_files_are_base64() {
        let form = as_form("X1", BODY.as_bytes()).unwrap();
        let read = |name: &str| field(form.as_bytes(), name);
        assert_eq!(read("token").as_deref(), Some("a b&c"));
        let file = STANDARD.decode(read("logo").unwrap()).unwrap();
        assert_eq!(file, b"\x01\r\n--X");
        assert_eq!(read("none").as_deref(), Some(""));
        for broken in ["", "--X1", "--X1\r\n", "--X2--", "--X1\r\n\r\nx\r\n--X1--"] {
            assert_eq!(as_form("X1", broken.as_bytes()), None, "{broken:?}");
        }
    }

    #[test]
    fn a_boundary_is_read_from_what_the_body_is() {
        let of = |value: &str| {
            boundary(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                value.parse().unwrap(),
            )]))
        };
        assert_eq!(
            of("multipart/form-data; boundary=X1").as_deref(),
            Some("X1")
        );
        assert_eq!(
            of("Multipart/Form-Data;boundary=\"X1\"").as_deref(),
            Some("X1")
        );
        for other in [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/mixed; boundary=X",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        assert_eq!(boundary(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = as_form("X", &body);
            let _ = as_form("X", &[b"--X\r\n".as_slice(), &body].concat());
        }
    }
}
