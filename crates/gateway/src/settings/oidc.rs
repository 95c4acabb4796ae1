//! The identity provider for signing in to the portal (decision 0346).

use url::Url;

/// Google identifies the owner of an address by `hd`, and can't be made to require a new sign-in.
const GOOGLE: &str = "https://accounts.google.com";

/// The provider, shared by every tool's portal.
#[derive(Clone)]
pub(crate) struct OidcSettings {
    /// As it appears in its tokens.
    pub(crate) issuer: String,
    /// Our id at the provider.
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Its display name.
    pub(crate) label: String,
    /// Allowed domains, in lower case; empty means all.
    pub(crate) domains: Vec<String>,
    /// The role of people from these domains without an invitation; with `None`, they are not
    /// admitted.
    pub(crate) role: Option<String>,
    /// Whether unverified addresses are accepted, too.
    pub(crate) takes_unverified: bool,
    /// Whether users who are connected to the provider may also sign in with a password.
    pub(crate) keeps_passwords: bool,
}

impl OidcSettings {
    /// Whether it is Google.
    pub(crate) fn is_google(&self) -> bool {
        self.issuer == GOOGLE
    }

    /// Whether it can be made to require a new sign-in, and says when that happened.
    pub(crate) fn can_reauthenticate(&self) -> bool {
        !self.is_google()
    }

    /// The host of the issuer.
    pub(crate) fn host(&self) -> String {
        host_of_issuer(&self.issuer)
    }
}

/// The host of an issuer; the whole issuer if there is none.
pub(crate) fn host_of_issuer(issuer: &str) -> String {
    let url = Url::parse(issuer).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or(issuer).to_owned()
}
