//! Sends a browser to the provider.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use super::discovery::ProviderDocument;
use crate::settings::oidc::OidcSettings;

/// What a sign-in asks the provider for.
pub(crate) struct SignInRequest<'a> {
    /// Where the provider sends the browser back to.
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// Later proves to the token endpoint that we requested the code (PKCE).
    pub(crate) verifier: &'a str,
    /// The login of a user who has to sign in again even if the provider still has a session.
    pub(crate) reauthenticate: Option<&'a str>,
}

impl SignInRequest<'_> {
    /// The address to send the browser to.
    pub(super) fn address(&self, document: &ProviderDocument, settings: &OidcSettings) -> Url {
        let mut url = document.authorization_endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("scope", "openid email profile")
            .append_pair("state", self.state)
            .append_pair("nonce", self.nonce)
            .append_pair("code_challenge", &challenge(self.verifier))
            .append_pair("code_challenge_method", "S256");
        if let Some(login) = self.reauthenticate {
            query
                .append_pair("prompt", "login")
                .append_pair("max_age", "0")
                .append_pair("login_hint", login);
        }
        // Makes Google offer accounts of this domain only. The token is checked in any case.
        if let (true, [domain]) = (settings.is_google(), settings.domains.as_slice()) {
            query.append_pair("hd", domain);
        }
        drop(query);
        url
    }
}

/// The verifier's hash, sent ahead of the verifier (RFC 7636 §4.2).
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn a_challenge_is_the_verifiers_hash() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
