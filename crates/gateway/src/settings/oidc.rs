//! The identity provider that people may sign in to the portal at (decision 0346).

use url::Url;

/// Google names the owner of an address by `hd`, and can't be told to ask for a new sign-in.
const GOOGLE: &str = "https://accounts.google.com";

/// One provider, for every tool's portal.
#[derive(Clone)]
pub(crate) struct OidcSettings {
    /// As its tokens name it.
    pub(crate) issuer: String,
    /// What it knows us by.
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// What people call it.
    pub(crate) label: String,
    /// Allowed domains, in lower case; empty: all.
    pub(crate) domains: Vec<String>,
    /// The role of people of these domains who have no invitation; `None`: they don't come in.
    pub(crate) role: Option<String>,
    /// Whether unverified addresses count, too.
    pub(crate) takes_unverified: bool,
    /// Whether users who are connected with the provider may sign in by password, too.
    pub(crate) keeps_passwords: bool,
}

impl OidcSettings {
    /// Whether it is Google.
    pub(crate) fn is_google(&self) -> bool {
        self.issuer == GOOGLE
    }

    /// Whether it can be told to ask for a new sign-in, and says when that was.
    pub(crate) fn can_reauthenticate(&self) -> bool {
        !self.is_google()
    }

    /// The host of the issuer.
    pub(crate) fn host(&self) -> String {
        host_of_issuer(&self.issuer)
    }
}

/// The host of an issuer; the whole of it if there is none.
pub(crate) fn host_of_issuer(issuer: &str) -> String {
    let url = Url::parse(issuer).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or(issuer).to_owned()
}
