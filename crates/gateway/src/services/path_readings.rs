//! Reads paths of addresses as servers may, which differ in what they decode and leave out
//! (decision 0514).

use percent_encoding::percent_decode_str;
use url::Url;

/// Dots, and what may be read as one: Windows replaces similar letters, old servers decode bytes
/// that are no UTF-8.
const DOTS: [char; 4] = ['.', '\u{2024}', '\u{ff0e}', char::REPLACEMENT_CHARACTER];

/// The path as platforms may read it: without encoding and empty segments, and without parameters
/// of segments (`;…`), which some servers remove before they follow `..`. Capitals count: they tell
/// some platforms' ids apart.
pub(super) fn segments(url: &Url) -> Vec<String> {
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let segments = path
        .split(['/', '\\'])
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .filter(|segment| !segment.is_empty());
    segments.map(str::to_owned).collect()
}

/// Whether a server may find `.` or `..` in the path, and go elsewhere.
pub(super) fn has_dots(url: &Url) -> bool {
    segments(url).iter().any(|segment| {
        let again = percent_decode_str(segment).decode_utf8_lossy();
        is_dots(segment) || is_dots(&again)
    })
}

/// Whether no server can read the path as another: it leads nowhere else, and is encoded once.
pub(super) fn is_plain(url: &Url) -> bool {
    let is_encoded = |segment: &String| {
        let folded = segment.to_ascii_lowercase();
        ["%2e", "%2f", "%5c", "%3b", "%25", "%u"]
            .iter()
            .any(|code| folded.contains(code))
    };
    !has_dots(url) && !segments(url).iter().any(is_encoded)
}

/// Whether a segment is dots, and perhaps more that servers remove: blanks and controls before
/// them, and a tail that doesn't belong to a name, such as a blank, `%00` or `?`.
fn is_dots(segment: &str) -> bool {
    let is_removed =
        |letter: char| !letter.is_alphanumeric() && !letter.is_ascii_graphic() && !is_dot(letter);
    let begins = segment.trim_start_matches(is_removed);
    let tail = begins.trim_start_matches(is_dot);
    let is_name =
        tail.starts_with(|letter: char| letter.is_alphanumeric() || "-_~".contains(letter));
    tail.len() < begins.len() && !is_name
}

fn is_dot(letter: char) -> bool {
    DOTS.contains(&letter)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn below_the_list(segment: &str) -> Url {
        Url::parse(&format!("https://lms.example/2/lineitems/{segment}/9")).unwrap()
    }

    #[cases("F-09")]
    #[test]
    fn dots_are_dots_whatever_servers_remove_around_them() {
        for segment in [
            "..%2f..",
            "..%5C..",
            "..;x",
            "..%3bx",
            "..%20",
            "..%00",
            "..%00x",
            "..%09",
            "..%0a",
            "..%0d",
            "%20..",
            "%00..",
            ".%20.",
            ".%20",
            "..%2e",
            "...",
            "..%ff",
            "%ff..",
            "..%3F",
            "..%3Fx",
            "..%23",
            "..%23x",
            "..:x",
            "..%c2%a0",
            "%e2%80%8b..",
            "%ef%bc%8e%ef%bc%8e",
            "%c0%ae%c0%ae",
            "..%2520",
            "%252e%252e",
            "..%253f",
        ] {
            let url = below_the_list(segment);
            assert!(has_dots(&url) && !is_plain(&url), "{segment}");
        }
        for segment in ["%2e%u002e", "x%252fy", "x%255cy", "x%253by", "%25252e"] {
            assert!(!is_plain(&below_the_list(segment)), "{segment}");
        }
    }

    #[cases("F-09")]
    #[test]
    fn names_with_dots_and_signs_are_names() {
        for segment in [
            "7",
            "a.b",
            "9..",
            ".well-known",
            "..9",
            "._1",
            ".-",
            "_12_1",
            "-",
            "~a",
            "course-v1:a+b@c",
            "x:::site:::content:3",
            "a%20b",
            "M%fcller",
            "a%2520b",
            "%E6%95%B0",
        ] {
            let url = below_the_list(segment);
            assert!(!has_dots(&url) && is_plain(&url), "{segment}");
        }
    }
}
