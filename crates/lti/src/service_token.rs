//! Access tokens for a platform's services: the assertion that asks for one, and the answer
//! (Security Framework 1.0 §4.1, RFC 7523, F.1).
//!
//! ```
//! use lti::service_token::{AssertionClaims, TokenAnswer, request};
//!
//! // Sign these claims as a JWT with a key of yours, whose public half your key set publishes.
//! let endpoint = "https://lms.example/token";
//! let claims = AssertionClaims::new("client-1", endpoint, "fresh-random-id", 1_795_354_440);
//! assert!(serde_json::to_string(&claims)?.contains("fresh-random-id"));
//! // Post this form to the token endpoint.
//! let form = request("<the signed JWT>", lti::claims::scope::SCORE);
//! assert_eq!(form[0], ("grant_type", "client_credentials"));
//! // Read what it answers.
//! let answer = TokenAnswer::parse(br#"{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}"#)?;
//! assert_eq!(answer.life_seconds, 3600);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use crate::json;

/// How long an assertion is valid, in seconds (F.1: at most five minutes).
pub const LIFE_SECONDS: i64 = 300;
/// How far `iat` is backdated, in seconds: Moodle refuses a time ahead of its own clock.
pub const BACKDATED_SECONDS: i64 = 10;
/// The longest time to use a token without `expires_in`, in seconds (F-03).
pub const UNSTATED_LIFE_SECONDS: i64 = 900;

/// The claims of a client assertion (private_key_jwt).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssertionClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
}

impl<'a> AssertionClaims<'a> {
    /// Builds the claims for one registration. `audience` comes from [`audience`], `id` is a fresh
    /// random text, and `now` is in seconds since 1970.
    #[must_use]
    pub const fn new(client_id: &'a str, audience: &'a str, id: &'a str, now: i64) -> Self {
        let iat = now - BACKDATED_SECONDS;
        Self {
            iss: client_id,
            sub: client_id,
            aud: audience,
            iat,
            exp: iat + LIFE_SECONDS,
            jti: id,
        }
    }
}

/// The audience of an assertion (F-01): the registration's `authorization_server` if it names one;
/// otherwise the audience that the vendor of this token endpoint checks, if known; otherwise the
/// token endpoint itself.
///
/// ```
/// use lti::service_token::audience;
///
/// let brightspace = "https://auth.brightspace.com/core/connect/token";
/// assert_eq!(audience(brightspace, None), "https://api.brightspace.com/auth/token");
/// assert_eq!(audience("https://lms.example/token", None), "https://lms.example/token");
/// assert_eq!(audience("https://lms.example/token", Some("https://lms.example")), "https://lms.example");
/// ```
#[must_use]
pub fn audience<'a>(token_endpoint: &'a str, authorization_server: Option<&'a str>) -> &'a str {
    if let Some(server) = authorization_server {
        return server;
    }
    let host = Url::parse(token_endpoint);
    match host.as_ref().ok().and_then(Url::host_str) {
        Some("auth.brightspace.com") => "https://api.brightspace.com/auth/token",
        Some("developer.blackboard.com") => {
            "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken"
        }
        _ => token_endpoint,
    }
}

/// The form fields of a token request.
#[must_use]
pub fn request<'a>(assertion: &'a str, scope: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("grant_type", "client_credentials"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion),
        ("scope", scope),
    ]
}

/// Why a token answer can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Not a JSON object. Moodle labels its JSON `text/html`, so the body decides.
    #[error("the token answer is not JSON")]
    NotJson,
    /// No `access_token`, or not a bearer token.
    #[error("the token answer has no bearer access_token")]
    NoToken,
}

/// An access token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenAnswer {
    /// The token. It is a secret.
    pub access_token: String,
    /// How long the token may be used, in seconds from the time of the request.
    pub life_seconds: i64,
    /// The granted scopes, if the platform says. They may be fewer than requested.
    pub scopes: Option<Vec<String>>,
}

impl std::fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenAnswer")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl TokenAnswer {
    /// Reads the body of a successful answer (F-03).
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub fn parse(body: &[u8]) -> Result<Self, TokenError> {
        let members: Map<String, Value> = json::object(body).map_err(|_| TokenError::NotJson)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let bearer = text("token_type").is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
        let access_token = text("access_token")
            .filter(|token| {
                bearer && !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic())
            })
            .ok_or(TokenError::NoToken)?;
        let life = members.get("expires_in").and_then(|life| {
            life.as_i64()
                .or_else(|| life.as_str().and_then(|text| text.parse().ok()))
        });
        Ok(Self {
            access_token: access_token.to_owned(),
            life_seconds: life.unwrap_or(UNSTATED_LIFE_SECONDS).max(0),
            scopes: text("scope")
                .filter(|scopes| !scopes.trim().is_empty())
                .map(|scopes| scopes.split_ascii_whitespace().map(str::to_owned).collect()),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("TC-281")]
    #[test]
    fn an_assertion_has_every_claim() {
        let claims = AssertionClaims::new("c1", "https://p1.test/token", "id-1", 1_000_000);
        let value = serde_json::to_value(&claims).unwrap();
        assert_eq!(value["iss"], "c1");
        assert_eq!(value["sub"], "c1");
        assert_eq!(value["aud"], "https://p1.test/token");
        assert_eq!(value["jti"], "id-1");
        assert!(value["iat"].as_i64().unwrap() < 1_000_000);
        assert_eq!(
            value["exp"].as_i64().unwrap() - value["iat"].as_i64().unwrap(),
            LIFE_SECONDS
        );
    }

    #[cases("TC-282", "TC-283", "F-01")]
    #[test]
    fn an_assertion_names_the_audience_that_the_platform_checks() {
        let blackboard = "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken";
        for (endpoint, server, expected) in [
            (
                "https://auth.brightspace.com/core/connect/token",
                None,
                "https://api.brightspace.com/auth/token",
            ),
            (blackboard, None, blackboard),
            (
                "https://sso.canvaslms.com/login/oauth2/token",
                None,
                "https://sso.canvaslms.com/login/oauth2/token",
            ),
            (
                "https://auth.brightspace.com/core/connect/token",
                Some("https://own.example"),
                "https://own.example",
            ),
            ("no address", None, "no address"),
        ] {
            assert_eq!(audience(endpoint, server), expected);
        }
    }

    #[cases("TC-286", "TC-291")]
    #[test]
    fn answers_are_read_leniently() {
        let answer =
            TokenAnswer::parse(br#"{"access_token":"at","token_type":"bearer","scope":"a b"}"#)
                .unwrap();
        assert_eq!(answer.life_seconds, UNSTATED_LIFE_SECONDS);
        assert_eq!(answer.scopes.unwrap(), ["a", "b"]);
        let answer = TokenAnswer::parse(br#"{"access_token":"at","expires_in":"3600"}"#).unwrap();
        assert_eq!(answer.life_seconds, 3600);
        let answer = TokenAnswer::parse(br#"{"access_token":"at","scope":""}"#).unwrap();
        assert_eq!(answer.scopes, None, "nothing said");
        for bad in [
            &b"<html>"[..],
            b"[]",
            b"{}",
            br#"{"access_token":"at","token_type":"mac"}"#,
            br#"{"access_token":"a b"}"#,
        ] {
            assert!(TokenAnswer::parse(bad).is_err());
        }
    }
}
