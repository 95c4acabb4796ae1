//! The provider's metadata (OpenID Connect Discovery 1.0).

use lti::json;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::error::OidcError;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Outbound, Purpose, Request};
use crate::kit::shape::in_words;
use crate::kit::text::for_log;

/// Size limit in bytes, larger than any provider's document.
const ANSWER_BYTES: usize = 256 * 1024;

/// The parts of the provider's metadata that we need.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ProviderDocument {
    issuer: String,
    /// Where to send browsers.
    pub(super) authorization_endpoint: Url,
    /// Where to exchange a code for a token.
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl ProviderDocument {
    /// Fetches the document and checks that its issuer is this one.
    ///
    /// # Errors
    /// It can't be fetched or is unusable.
    pub(crate) async fn fetch(outbound: &Outbound, issuer: &str) -> Result<Self, OidcError> {
        let base = issuer.trim_end_matches('/');
        let url = Url::parse(&format!("{base}/.well-known/openid-configuration"));
        let url = url.map_err(|error| OidcError::Document(error.to_string()))?;
        let request = Request {
            purpose: Purpose::SignIn,
            source: None,
            url: &url,
            accept: JSON,
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let answer = outbound.get(request).await?;
        if answer.status != 200 {
            return Err(OidcError::Status(answer.status));
        }
        Self::read(&answer.body)?.of(issuer)
    }

    /// Parses the document. Errors are in our words and name the member.
    fn read(body: &[u8]) -> Result<Self, OidcError> {
        let wrong = |what: &str| OidcError::Document(for_log(what).to_owned());
        let document: Value = json::object(body).map_err(|error| wrong(&error.to_string()))?;
        serde_path_to_error::deserialize(document).map_err(|error| {
            let problem = in_words(error.inner());
            match error.path().to_string() {
                whole if whole == "." => wrong(&problem),
                member => wrong(&format!("{member}: {problem}")),
            }
        })
    }

    fn of(self, issuer: &str) -> Result<Self, OidcError> {
        if self.issuer != issuer {
            return Err(OidcError::Issuer(for_log(&self.issuer).to_owned()));
        }
        let may_be_plain = issuer.starts_with("http://");
        let endpoints = [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.jwks_uri,
        ];
        let is_safe =
            |url: &&Url| url.scheme() == "https" || (may_be_plain && url.scheme() == "http");
        if !endpoints.iter().all(is_safe) {
            let problem = "one of its endpoints doesn't begin with https://";
            return Err(OidcError::Document(problem.to_owned()));
        }
        Ok(self)
    }

    /// Whether to send our secret in the form rather than in a header. Servers disagree on its
    /// encoding in a header, so the form is preferred. A provider that lists no method accepts the
    /// header (OpenID Connect Discovery 1.0).
    pub(super) fn takes_secret_in_form(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        let methods = methods.unwrap_or_default();
        methods.iter().any(|method| method == "client_secret_post")
    }

    /// Whether its answers always carry `iss` (RFC 9207).
    pub(super) fn names_itself(&self) -> bool {
        self.authorization_response_iss_parameter_supported == Some(true)
    }

    /// Whether it lists PKCE methods without ours.
    pub(crate) fn lacks_pkce(&self) -> bool {
        let methods = self.code_challenge_methods_supported.as_ref();
        methods.is_some_and(|methods| !methods.iter().any(|method| method == "S256"))
    }

    /// The address of its keys.
    pub(crate) fn keys(&self) -> &Url {
        &self.jwks_uri
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(change: &[(&str, Value)]) -> Result<ProviderDocument, OidcError> {
        let mut document = json!({
            "issuer": "https://idp.example", "authorization_endpoint": "https://idp.example/authorize",
            "token_endpoint": "https://idp.example/token", "jwks_uri": "https://keys.example/jwks",
        });
        for (name, value) in change {
            document[name] = value.clone();
        }
        let document: ProviderDocument = serde_json::from_value(document).unwrap();
        document.of("https://idp.example")
    }

    #[test]
    fn a_document_is_its_own_issuers_and_safe() {
        assert!(read(&[]).is_ok());
        let other = read(&[("issuer", json!("https://idp.example/"))]);
        assert!(matches!(other, Err(OidcError::Issuer(said)) if said == "https://idp.example/"));
        for endpoint in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            for address in ["http://idp.example/a", "javascript:alert(1)"] {
                let plain = read(&[(endpoint, json!(address))]);
                assert!(matches!(plain, Err(OidcError::Document(_))), "{endpoint}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_document_is_said_in_words() {
        let address = "must be an absolute address, such as https://app.example.com";
        for (body, words) in [
            (
                r#"{"authorization_endpoint": "/a"}"#,
                format!("authorization_endpoint: {address}"),
            ),
            (
                r#"{"token_endpoint": 7}"#,
                format!("token_endpoint: {address}"),
            ),
            (r#"{"issuer": 7}"#, "issuer: must be a text".to_owned()),
            ("{}", "issuer is missing".to_owned()),
            ("[]", "the document is not a JSON object".to_owned()),
        ] {
            let refused = ProviderDocument::read(body.as_bytes());
            assert!(
                matches!(&refused, Err(OidcError::Document(said)) if *said == words),
                "{body}: {refused:?}"
            );
        }
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        let goes_into_form = |methods: Value| {
            let document = read(&[("token_endpoint_auth_methods_supported", methods)]);
            document.unwrap().takes_secret_in_form()
        };
        assert!(!goes_into_form(Value::Null));
        assert!(!goes_into_form(json!(["client_secret_basic"])));
        assert!(goes_into_form(json!([
            "client_secret_basic",
            "client_secret_post"
        ])));
        assert!(!read(&[]).unwrap().lacks_pkce());
        let plain = read(&[("code_challenge_methods_supported", json!(["plain"]))]);
        assert!(plain.unwrap().lacks_pkce());
    }
}
