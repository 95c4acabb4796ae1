//! The meaning of platforms' answers that no specification covers.

use axum::http::HeaderMap;
use lti::json::mended_value;

/// Whether a 403 is a throttle: older Canvas installations answer like this (grades.md GR-7).
pub(super) fn is_canvas_throttle(headers: &HeaderMap, body: &[u8]) -> bool {
    let remaining = headers.get("x-rate-limit-remaining");
    let remaining = remaining.and_then(|left| left.to_str().ok()?.trim().parse::<f64>().ok());
    remaining.is_some_and(|left| left <= 0.0)
        || String::from_utf8_lossy(body).contains("Rate Limit Exceeded")
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
