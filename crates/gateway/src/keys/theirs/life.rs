//! How long a key set stays fresh.

use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, DATE, EXPIRES};
use axum::http::{HeaderMap, HeaderName};
use jiff::fmt::rfc2822;

const LEAST: Duration = Duration::from_secs(5 * 60);
const USUAL: Duration = Duration::from_secs(60 * 60);
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an answer stays fresh: according to `max-age`, otherwise `Expires`, between 5 minutes
/// and a day (G-22).
pub(super) fn life(headers: &HeaderMap, now_ms: i64) -> Duration {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let max_age = || {
        text(CACHE_CONTROL)?.split(',').find_map(|part| {
            let (name, seconds) = part.trim().split_once('=')?;
            let seconds = seconds.trim_matches('"').parse::<i64>().ok();
            seconds.filter(|_| name.eq_ignore_ascii_case("max-age"))
        })
    };
    let expires = || {
        let time = |name| {
            let time = rfc2822::DateTimeParser::new().parse_timestamp(text(name)?);
            time.ok().map(jiff::Timestamp::as_millisecond)
        };
        Some(time(EXPIRES)? - time(DATE).unwrap_or(now_ms))
    };
    let said = max_age().map(|seconds| seconds.saturating_mul(1000));
    said.or_else(expires).map_or(USUAL, |life| {
        Duration::from_millis(u64::try_from(life).unwrap_or(0)).clamp(LEAST, MOST)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use test_case::cases;

    use super::*;

    fn said(headers: &[(HeaderName, &'static str)]) -> Duration {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        life(&headers.collect(), 784_111_777_000)
    }

    #[cases("TC-251")]
    #[test]
    fn max_age_is_clamped() {
        let control = |value| said(&[(CACHE_CONTROL, value)]);
        assert_eq!(control("public, max-age=1"), LEAST);
        assert_eq!(control("max-age=31536000"), MOST);
        assert_eq!(control("max-age=1800, public"), Duration::from_secs(1800));
        assert_eq!(
            control("s-maxage=9, Max-Age=\"1800\""),
            Duration::from_secs(1800)
        );
        assert_eq!(control("no-store"), USUAL);
        assert_eq!(said(&[]), USUAL);
    }

    #[cases("G-22")]
    #[test]
    fn expires_counts_from_the_answers_own_date() {
        let expires = (EXPIRES, "Sun, 06 Nov 1994 09:49:37 GMT");
        assert_eq!(
            said(std::slice::from_ref(&expires)),
            Duration::from_secs(3600)
        );
        let date = (DATE, "Sun, 06 Nov 1994 09:39:37 GMT");
        assert_eq!(said(&[date, expires.clone()]), Duration::from_secs(600));
        assert_eq!(
            said(&[(CACHE_CONTROL, "max-age=1800"), expires]),
            Duration::from_secs(1800)
        );
        assert_eq!(said(&[(EXPIRES, "0")]), USUAL);
        assert_eq!(said(&[(EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT")]), LEAST);
    }
}
