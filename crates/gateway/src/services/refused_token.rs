//! Whether a platform's refusal may be only about the access token, so that the same request with
//! another token may succeed (lti.md F-05).

use axum::http::HeaderMap;

use super::platform_words::is_canvas_throttle;

/// What Sakai and Open edX say about a token, in lower case. Older versions of Sakai use status 400
/// for it, as for most things.
const OF_TOKENS: &[&str] = &[
    "signature_error",
    "invalid_authorization",
    "token_parse_failure",
    "in access_token",
    "in access token",
    "invalid_token",
    // Open edX.
    "invalid token signature",
];

/// Whether the token may have expired, or lack scopes granted since. Sakai and Open edX answer 403,
/// never 401, to a token that they no longer know.
pub(super) fn may_be_of_the_token(status: u16, headers: &HeaderMap, body: &[u8]) -> bool {
    match status {
        401 => true,
        403 => !is_canvas_throttle(headers, body),
        400 => names_the_token(status, body),
        _ => false,
    }
}

/// Whether a refusal mentions the token, without 401.
pub(super) fn names_the_token(status: u16, body: &[u8]) -> bool {
    let said = String::from_utf8_lossy(body).to_lowercase();
    matches!(status, 400 | 403) && OF_TOKENS.iter().any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("F-05", "GR-7")]
    #[test]
    fn some_platforms_refuse_a_token_without_401() {
        let of_token =
            |status, body: &str| may_be_of_the_token(status, &HeaderMap::new(), body.as_bytes());
        for (status, body) in [
            (401, ""),
            (403, r#"{"error":"signature_error"}"#),
            (403, r#"{"detail":"Invalid token signature."}"#),
            (403, ""),
            (400, r#"{"error":"signature_error"}"#),
            (400, r#"{"error":"Missing required data in access_token"}"#),
            (400, r#"{"error":"Scope score not in access token"}"#),
        ] {
            assert!(of_token(status, body), "{status} {body}");
        }
        for (status, body) in [
            (403, "403 Forbidden (Rate Limit Exceeded)"),
            (400, r#"{"error":"User does not belong to site"}"#),
            (400, ""),
            (404, "signature_error"),
            (422, ""),
            (500, "signature_error"),
        ] {
            assert!(!of_token(status, body), "{status} {body}");
        }
    }
}
