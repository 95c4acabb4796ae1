//! The media type of a body.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// A form, as browsers post it.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
pub(crate) const PLAIN: &str = "text/plain";

/// The declared media type, without its parameters and otherwise as sent.
pub(crate) fn of(headers: &HeaderMap) -> Option<&str> {
    let declared = headers.get(CONTENT_TYPE)?.as_bytes();
    let essence = declared.split(|byte| *byte == b';').next()?;
    std::str::from_utf8(essence.trim_ascii()).ok()
}

/// Whether headers declare this media type, with any parameters.
pub(crate) fn is(headers: &HeaderMap, media_type: &str) -> bool {
    of(headers).is_some_and(|declared| declared.eq_ignore_ascii_case(media_type))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn json_may_carry_parameters_and_nothing_else_passes() {
        let with = |value: &str| HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]);
        for json in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON ;x=y",
        ] {
            assert!(is(&with(json), JSON), "{json}");
        }
        for other in [
            "text/plain",
            "application/jsonx",
            "application/x-www-form-urlencoded",
            "",
        ] {
            assert!(!is(&with(other), JSON), "{other}");
        }
        assert!(!is(&HeaderMap::new(), JSON));
    }
}
