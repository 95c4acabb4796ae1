//! What an answer to a score means (grades.md GR-2, GR-7, GR-9).

use std::time::Duration;

use axum::http::HeaderMap;

use super::known;
use super::reason::DeliveryReason;
use super::vendor::Vendor;
use crate::services::platform_words::{asked_wait, is_canvas_throttle};
use crate::services::refused_token::names_the_token;

/// How long to pause if a throttling platform doesn't say how long.
const PAUSE: Duration = Duration::from_secs(30);
/// The longest pause that a platform may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScoreVerdict {
    /// The platform was overloaded: send nothing for this long.
    Throttled(Duration),
    /// The platform refuses it.
    Refused(DeliveryReason),
    /// The platform certainly didn't accept it, but may next time.
    NotTaken,
    /// The platform may have accepted it.
    Unknown,
}

/// What an error answer means.
pub(crate) fn of_error(
    vendor: Vendor,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> ScoreVerdict {
    let wait = wait(headers);
    match status {
        429 => ScoreVerdict::Throttled(wait.unwrap_or(PAUSE)),
        403 if is_canvas_throttle(headers, body) => ScoreVerdict::Throttled(wait.unwrap_or(PAUSE)),
        503 if wait.is_some() => ScoreVerdict::Throttled(wait.unwrap_or(PAUSE)),
        // A redirect leads to a sign-in page.
        300..400 | 401 | 425 => ScoreVerdict::NotTaken,
        408 => ScoreVerdict::Unknown,
        400..500 => match known::reason(vendor, status, body) {
            // For some seconds after a restart, a platform may not accept a fresh token either.
            DeliveryReason::Other if names_the_token(status, body) => ScoreVerdict::NotTaken,
            reason => ScoreVerdict::Refused(reason),
        },
        _ => ScoreVerdict::Unknown,
    }
}

/// How long a platform asks us to wait.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = asked_wait(headers)?;
    Some(Duration::from_secs(seconds.max(1)).min(LONGEST_PAUSE))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn verdict(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> ScoreVerdict {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        of_error(Vendor::Other, status, &headers.collect(), body.as_bytes())
    }

    #[cases("GR-7")]
    #[test]
    fn a_throttle_is_a_pause_however_it_is_said() {
        let paused = |seconds| ScoreVerdict::Throttled(Duration::from_secs(seconds));
        assert_eq!(verdict(429, &[], ""), paused(30));
        assert_eq!(verdict(429, &[("retry-after", "7")], ""), paused(7));
        assert_eq!(
            verdict(403, &[], "403 Forbidden (Rate Limit Exceeded)"),
            paused(30)
        );
        assert_eq!(
            verdict(403, &[("x-rate-limit-remaining", "0.0")], ""),
            paused(30)
        );
        assert_eq!(verdict(503, &[("retry-after", "99999")], ""), paused(3600));
        assert_eq!(verdict(503, &[], ""), ScoreVerdict::Unknown);
        assert_eq!(
            verdict(403, &[("x-rate-limit-remaining", "600.5")], "no"),
            ScoreVerdict::Refused(DeliveryReason::Other)
        );
    }

    #[cases("GR-9", "F-05")]
    #[test]
    fn a_refused_token_refuses_no_score() {
        for (status, body) in [
            (403, r#"{"error":"signature_error"}"#),
            (400, r#"{"error":"signature_error"}"#),
            (403, r#"{"detail":"Invalid token signature."}"#),
        ] {
            assert_eq!(verdict(status, &[], body), ScoreVerdict::NotTaken, "{body}");
        }
    }

    #[cases("GR-9")]
    #[test]
    fn only_a_refusal_ends_a_delivery() {
        for status in [401, 425, 302] {
            assert_eq!(verdict(status, &[], ""), ScoreVerdict::NotTaken, "{status}");
        }
        for status in [408, 500, 502, 504] {
            assert_eq!(verdict(status, &[], ""), ScoreVerdict::Unknown, "{status}");
        }
        for status in [400, 403, 404, 409, 422] {
            assert!(
                matches!(verdict(status, &[], ""), ScoreVerdict::Refused(_)),
                "{status}"
            );
        }
    }
}
