//! The meaning of platforms' answers that the specifications of LTI don't cover.

use axum::http::header::{DATE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use lti::json::mended_value;

/// Whether a 403 is a throttle: older Canvas installations answer like this (grades.md GR-7).
pub(super) fn is_canvas_throttle(headers: &HeaderMap, body: &[u8]) -> bool {
    let remaining = headers.get("x-rate-limit-remaining");
    let remaining = remaining.and_then(|left| left.to_str().ok()?.trim().parse::<f64>().ok());
    remaining.is_some_and(|left| left <= 0.0)
        || String::from_utf8_lossy(body).contains("Rate Limit Exceeded")
}

/// How many seconds a platform asks us to wait (lti.md F-06). `Retry-After` is a number of seconds,
/// or a time, which counts from the answer's own `Date`, because the platform's clock may differ
/// from ours.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<u64> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Ok(seconds) = text(RETRY_AFTER)?.trim().parse() {
        return Some(seconds);
    }
    let time = |name| {
        let time = DateTimeParser::new().parse_timestamp(text(name)?.trim());
        time.ok().map(Timestamp::as_second)
    };
    let wait = time(RETRY_AFTER)?.saturating_sub(time(DATE)?);
    Some(u64::try_from(wait).unwrap_or(0))
}

/// Whether a token endpoint refuses because of the scope.
pub(super) fn names_scope(body: &[u8]) -> bool {
    is_error(body, "invalid_scope")
}

/// Whether a token endpoint rejects our signature.
pub(super) fn names_client(body: &[u8]) -> bool {
    is_error(body, "invalid_client")
}

fn is_error(body: &[u8], code: &str) -> bool {
    mended_value(body).is_ok_and(|error| error["error"] == code)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use test_case::cases;

    use super::*;

    #[cases("F-06", "GR-7")]
    #[test]
    fn a_wait_is_in_seconds_or_until_a_time() {
        let now = "Mon, 30 Nov 2026 17:00:00 GMT";
        for (retry_after, date, wait) in [
            ("7", now, Some(7)),
            (" 7 ", "", Some(7)),
            ("Mon, 30 Nov 2026 17:00:42 GMT", now, Some(42)),
            ("Mon, 30 Nov 2026 16:59:00 GMT", now, Some(0)),
            ("Mon, 30 Nov 2026 17:00:42 GMT", "", None),
            ("Mon, 30 Nov 2026 17:00:42 GMT", "today", None),
            ("-7", now, None),
            ("1.5", now, None),
            ("soon", now, None),
            ("", now, None),
        ] {
            let headers = [(RETRY_AFTER, retry_after), (DATE, date)];
            let headers = headers.map(|(name, text)| (name, HeaderValue::from_static(text)));
            assert_eq!(
                asked_wait(&headers.into_iter().collect()),
                wait,
                "{retry_after} {date}"
            );
        }
        assert_eq!(asked_wait(&HeaderMap::new()), None);
    }
}
