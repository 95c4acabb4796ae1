//! Checks a platform's token endpoint with POST, as it is asked before a grade. A page with a
//! friendly status would otherwise pass for an answer.

use lti::claims::scope;
use serde_json::Value;
use store::platforms::PlatformRow;
use url::Url;

use super::advice::{chain, host};
use super::report::{Report, Verdict};
use crate::keys::service_tokens::{ServiceTokenError, ServiceTokens};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};
use crate::registration::DOCUMENT_BYTES;

const COMPARE_ADDRESS: &str = "Launches work, but no grades and no rosters. Compare the address with the one that the platform shows \
     for access tokens.";
const NOT_REACHED: &str =
    "Launches work, but no grades and no rosters until this service can reach it.";
const NOT_GRANTED: &str = "If the tool sends no grades, nothing is wrong. Otherwise let the platform's administrator allow this \
     tool to send grades.";
const NOT_RECOGNISED: &str = "Launches work, but no grades and no rosters. Compare the client id with the platform's, and let \
     its administrator check the tool's key there.";
const ITS_LOG: &str = "Launches work, but no grades and no rosters until it gives a token. The platform's log says why it \
     doesn't.";
/// Nothing was sent, so the platform isn't to blame.
const NOT_SIGNED: &str = "This service couldn't sign its request for an access token.";
const OUR_LOG: &str = "No grades and no rosters until it can. This service's log says why.";

/// Checks the token endpoint of a platform that isn't registered yet. How it refuses strangers
/// doesn't matter, as long as it is a token endpoint that does.
pub(super) async fn look_at_tokens(outbound: &Outbound, url: &Url, report: &mut Report) {
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
        Ok(answer) => match no_endpoint(&answer) {
            Some(what) => report.add(Verdict::Wrong, what, COMPARE_ADDRESS),
            None => report.right("The token endpoint answers."),
        },
        Err(error) => failed(url, &error, report),
    }
}

/// Asks a registered platform for an access token, as the first grade would.
pub(super) async fn ask_for_token(
    tokens: &ServiceTokens,
    platform: &PlatformRow,
    url: &Url,
    report: &mut Report,
) {
    match tokens.try_out(platform, scope_for(&platform.scopes)).await {
        Ok(()) => report.right("The token endpoint answers, and gave an access token."),
        Err(ServiceTokenError::Refused(answer)) => refused(&answer, report),
        Err(ServiceTokenError::Send(error)) => failed(url, &error, report),
        Err(error) => no_token(&error, report),
    }
}

fn no_token(error: &ServiceTokenError, report: &mut Report) {
    let (what, advice) = match error {
        ServiceTokenError::Key(error) => {
            tracing::error!(%error, "a request for an access token couldn't be signed");
            (NOT_SIGNED.to_owned(), OUR_LOG)
        }
        _ => (
            format!("The token endpoint gave no access token: {error}."),
            COMPARE_ADDRESS,
        ),
    };
    report.add(Verdict::Wrong, what, advice);
}

/// The scope to ask for: that of grades, unless the platform granted only others.
fn scope_for(granted: &str) -> &str {
    let mut scopes = granted.split_ascii_whitespace();
    match scopes.clone().any(|granted| granted == scope::SCORE) {
        true => scope::SCORE,
        false => scopes.next().unwrap_or(scope::SCORE),
    }
}

fn refused(answer: &Answer, report: &mut Report) {
    if let Some(what) = no_endpoint(answer) {
        return report.add(Verdict::Wrong, what, COMPARE_ADDRESS);
    }
    let error = error_of(&answer.body);
    let (verdict, advice) = match (error.as_deref(), answer.status) {
        (Some("invalid_scope"), _) => (Verdict::Odd, NOT_GRANTED),
        (Some("invalid_client"), _) => (Verdict::Wrong, NOT_RECOGNISED),
        (_, 429 | 500..) => (Verdict::Odd, ITS_LOG),
        _ => (Verdict::Wrong, ITS_LOG),
    };
    let error = error.map_or_else(String::new, |error| format!(", {error}"));
    let what = format!(
        "The token endpoint answers, but gives no access token: status {}{error}.",
        answer.status
    );
    report.add(verdict, what, advice);
}

fn failed(url: &Url, error: &OutboundError, report: &mut Report) {
    if matches!(error, OutboundError::TooLarge(_)) {
        let why = chain(error);
        let what = format!("The address for access tokens is no token endpoint: {why}.");
        return report.add(Verdict::Wrong, what, COMPARE_ADDRESS);
    }
    let host = host(url);
    let what = format!(
        "The token endpoint at {host} doesn't answer: {}.",
        chain(error)
    );
    report.add(Verdict::Odd, what, NOT_REACHED);
}

/// Why this can't be the answer of a token endpoint, if it can't.
fn no_endpoint(answer: &Answer) -> Option<String> {
    let status = answer.status;
    // By its content: some platforms declare their JSON as HTML.
    let is_page = answer.body.trim_ascii_start().starts_with(b"<");
    let is_elsewhere = matches!(status, 300..=399 | 404 | 405 | 410);
    if is_elsewhere || (is_page && status < 500) {
        let kind = if is_page { "a page, " } else { "" };
        return Some(format!(
            "The address for access tokens is no token endpoint: it answers with {kind}status {status}."
        ));
    }
    None
}

/// The code of an OAuth error.
fn error_of(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let code = answer.get("error")?.as_str()?;
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (code.len() <= 60 && code.chars().all(is_code)).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
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
        assert_eq!(error_of(b"<html>"), None);
        assert_eq!(error_of(br#"{"error": "for Ada Lovelace"}"#), None);
    }

    #[test]
    fn no_platform_is_blamed_for_a_key_of_ours() {
        let mut report = Report::default();
        let error = KeyError::Crypto("a detail".to_owned());
        no_token(&ServiceTokenError::Key(error), &mut report);
        assert_eq!(report.verdict(), Verdict::Wrong);
        for finding in &report.findings {
            assert_eq!((&*finding.what, &*finding.advice), (NOT_SIGNED, OUR_LOG));
        }
    }

    #[test]
    fn grades_are_asked_for_if_they_are_granted() {
        assert_eq!(scope_for(""), scope::SCORE);
        assert_eq!(scope_for("a b"), "a");
        let both = format!("a {}", scope::SCORE);
        assert_eq!(scope_for(&both), scope::SCORE);
    }
}
