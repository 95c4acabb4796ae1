//! Exchanges the code that a browser brings back for an ID token.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lti::json;
use serde_json::{Map, Value};
use url::form_urlencoded::byte_serialize;

use super::discovery::ProviderDocument;
use super::error::{OidcError, code_of};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Outbound, Purpose, Request};
use crate::settings::oidc::OidcSettings;

/// Largest answer, in bytes: the largest ID token, an access token, and other members.
const ANSWER_BYTES: usize = 256 * 1024;

/// A code, and what is needed to exchange it.
pub(super) struct CodeExchange<'a> {
    pub(super) code: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) verifier: &'a str,
    /// The key for counting requests of the browser's address.
    pub(super) source: &'a str,
}

impl CodeExchange<'_> {
    /// The ID token. We don't use the access token.
    ///
    /// # Errors
    /// The provider doesn't return one.
    pub(super) async fn id_token(
        &self,
        outbound: &Outbound,
        document: &ProviderDocument,
        settings: &OidcSettings,
    ) -> Result<String, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", self.code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", self.verifier),
        ];
        let mut headers = HeaderMap::new();
        if document.takes_secret_in_form() {
            form.push(("client_id", settings.client_id.as_str()));
            form.push(("client_secret", settings.client_secret.as_str()));
        } else {
            headers.extend(basic(&settings.client_id, &settings.client_secret));
        }
        let request = Request {
            purpose: Purpose::SignIn,
            source: Some(self.source),
            url: &document.token_endpoint,
            accept: JSON,
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let answer = outbound.post_form_with(request, &form, headers).await?;
        let said: Map<String, Value> = json::object(&answer.body).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if answer.status != 200 {
            let code = code_of(text("error").unwrap_or_default());
            return Err(OidcError::Exchange(answer.status, code));
        }
        let token = text("id_token").ok_or(OidcError::NoToken)?;
        Ok(token.to_owned())
    }
}

/// `client_secret_basic` (RFC 6749 §2.3.1): id and secret are form-encoded first. A tilde is left
/// as it is, because not every server decodes it.
fn basic(id: &str, secret: &str) -> Option<(HeaderName, HeaderValue)> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let [id, secret] = [id, secret].map(|text| encoded(text).replace("%7E", "~"));
    let credentials = STANDARD.encode(format!("{id}:{secret}"));
    let mut value = HeaderValue::from_str(&format!("Basic {credentials}")).ok()?;
    value.set_sensitive(true);
    Some((AUTHORIZATION, value))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_encoded_before_they_are_joined() {
        let (_, value) = basic("a:b", "s3c~ret/+").unwrap();
        let text = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
        let text = String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
        assert_eq!(text, "a%3Ab:s3c~ret%2F%2B");
    }
}
