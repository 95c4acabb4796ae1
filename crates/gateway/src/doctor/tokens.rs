//! Checks a platform's token endpoint with POST, as it is asked before a grade. A page with a
//! friendly status would otherwise pass for an answer.

use lti::claims::scope;
use lti::json::mended_value;
use store::platforms::PlatformRow;
use url::Url;

use super::advice::{chain, host};
use super::found::PlatformFinding;
use crate::keys::service_tokens::{ServiceTokenError, ServiceTokens};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};
use crate::registration::DOCUMENT_BYTES;

/// Checks the token endpoint of a platform that isn't registered yet. How it refuses strangers
/// doesn't matter, as long as it is a token endpoint that does.
pub(super) async fn look_at_tokens(outbound: &Outbound, url: &Url) -> PlatformFinding {
    let to = Request {
        purpose: Purpose::Invited,
        source: None,
        url,
        accept: JSON,
        bearer: None,
        limit: DOCUMENT_BYTES,
    };
    let asked = outbound.post_form(to, &[("grant_type", "client_credentials")]);
    match asked.await {
        Ok(answer) => no_endpoint(&answer).unwrap_or(PlatformFinding::TokenEndpointAnswers),
        Err(error) => failed(url, &error),
    }
}

/// Asks a registered platform for an access token, as the first grade would.
pub(super) async fn ask_for_token(
    tokens: &ServiceTokens,
    platform: &PlatformRow,
    url: &Url,
) -> PlatformFinding {
    match tokens.try_out(platform, scope_for(&platform.scopes)).await {
        Ok(()) => PlatformFinding::TokenGiven,
        Err(ServiceTokenError::Refused(answer)) => refused(&answer),
        Err(ServiceTokenError::Send(error)) => failed(url, &error),
        Err(error) => no_token(&error),
    }
}

fn no_token(error: &ServiceTokenError) -> PlatformFinding {
    match error {
        ServiceTokenError::Key(error) => {
            tracing::error!(%error, "a request for an access token couldn't be signed");
            PlatformFinding::RequestNotSigned
        }
        _ => PlatformFinding::NoToken {
            why: error.to_string(),
        },
    }
}

/// The scope to ask for: that of grades, unless the platform granted only others.
fn scope_for(granted: &str) -> &str {
    let mut scopes = granted.split_ascii_whitespace();
    match scopes.clone().any(|granted| granted == scope::SCORE) {
        true => scope::SCORE,
        false => scopes.next().unwrap_or(scope::SCORE),
    }
}

fn refused(answer: &Answer) -> PlatformFinding {
    no_endpoint(answer).unwrap_or_else(|| PlatformFinding::TokenRefused {
        status: answer.status,
        code: error_of(&answer.body),
    })
}

fn failed(url: &Url, error: &OutboundError) -> PlatformFinding {
    let why = chain(error);
    match error {
        OutboundError::TooLarge(_) => PlatformFinding::TokenAnswerTooLarge { why },
        _ => PlatformFinding::TokenEndpointSilent {
            host: host(url),
            why,
        },
    }
}

/// Why this can't be the answer of a token endpoint, if it can't.
fn no_endpoint(answer: &Answer) -> Option<PlatformFinding> {
    let status = answer.status;
    // By its content: some platforms declare their JSON as HTML.
    let is_page = answer.body.trim_ascii_start().starts_with(b"<");
    let is_elsewhere = matches!(status, 300..=399 | 404 | 405 | 410);
    let is_none = is_elsewhere || (is_page && status < 500);
    is_none.then_some(PlatformFinding::NoTokenEndpoint { status, is_page })
}

/// The code of an OAuth error.
fn error_of(body: &[u8]) -> Option<String> {
    let answer = mended_value(body).ok()?;
    let code = answer.get("error")?.as_str()?;
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (code.len() <= 60 && code.chars().all(is_code)).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::doctor::report::{Finding, Verdict};
    use crate::keys::pair::KeyError;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn pages_and_missing_addresses_are_no_token_endpoint() {
        for (status, body) in [(404, ""), (405, "{}"), (302, ""), (200, "\n<html>")] {
            let fault = no_endpoint(&answer(status, body));
            assert!(fault.is_some(), "{status} {body}");
        }
        for (status, body) in [(400, "{}"), (401, "{}"), (500, "<html>"), (400, "")] {
            assert_eq!(no_endpoint(&answer(status, body)), None, "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_names_the_error_and_nothing_else() {
        let code = error_of(br#"{"error": "invalid_client"}"#);
        assert_eq!(code.as_deref(), Some("invalid_client"));
        let odd = "\u{feff}{\"error\": \"invalid_client\", \"error_description\": \"\\ud83d\"}";
        assert_eq!(error_of(odd.as_bytes()).as_deref(), Some("invalid_client"));
        assert_eq!(error_of(b"<html>"), None);
        assert_eq!(error_of(br#"{"error": "for Ada Lovelace"}"#), None);
    }

    #[test]
    fn no_platform_is_blamed_for_a_key_of_ours() {
        let error = KeyError::Crypto("a detail".to_owned());
        let found = no_token(&ServiceTokenError::Key(error));
        assert_eq!(found, PlatformFinding::RequestNotSigned);
        let said = Finding::from(&found);
        assert_eq!(said.verdict, Verdict::Wrong);
        assert!(said.what.starts_with("This service couldn't"), "{said:?}");
    }

    #[test]
    fn grades_are_asked_for_if_they_are_granted() {
        assert_eq!(scope_for(""), scope::SCORE);
        assert_eq!(scope_for("a b"), "a");
        let both = format!("a {}", scope::SCORE);
        assert_eq!(scope_for(&both), scope::SCORE);
    }
}
