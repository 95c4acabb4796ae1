//! The installation's public address.

use url::{Host, Url};

/// The installation's public address: scheme, host and port, no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    text: String,
}

impl PublicUrl {
    /// Checks that the address can serve launches.
    ///
    /// # Errors
    /// Not absolute, with a path or query, or plain http on a host that is not loopback.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|_| "must be an address such as https://lti.example.com".to_owned())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err("must start with https://".into());
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
        {
            return Err(
                "must be scheme, host and port only, such as https://lti.example.com".into(),
            );
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err("must be https: plain http is only allowed on a loopback address such as http://127.0.0.1:8080".into());
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    /// Scheme, host and port, without a trailing slash: an origin.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address of a path of ours, which starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Host and, where it isn't the scheme's own, port.
    pub fn domain(&self) -> &str {
        self.text.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The one origin that launches may lead to.
    pub fn origin(&self) -> url::Origin {
        self.url.origin()
    }

    /// Plain http on a loopback address: a developer's machine.
    pub fn is_developer_mode(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Whether people find us by https.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether browsers would refuse to show this address in a frame that came to us by https.
    pub(super) fn blocks(&self, application: &Url) -> bool {
        self.is_https() && application.scheme() == "http" && !is_loopback(application)
    }

    /// Whether its host is this machine, for whoever asks.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
