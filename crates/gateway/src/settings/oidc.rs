//! The identity provider that people may sign in to the portal at (decision 0346).

use url::Url;

/// Google's, which says by `hd` whose address it is, and can't be made to ask people to sign in anew.
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
    /// Domains of those who may come in, in lower case; empty: of all.
    pub(crate) domains: Vec<String>,
    /// What people of these domains become whom nobody invited; `None`: they don't come in.
    pub(crate) role: Option<String>,
    /// Whether addresses count that the provider doesn't call verified.
    pub(crate) takes_unverified: bool,
    /// Whether those who are connected with the provider may sign in by password, too.
    pub(crate) keeps_passwords: bool,
}

impl OidcSettings {
    /// Whether it is Google.
    pub(crate) fn is_google(&self) -> bool {
        self.issuer == GOOGLE
    }

    /// Whether it can be made to ask people to sign in anew, and says when they did.
    pub(crate) fn asks_anew(&self) -> bool {
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
