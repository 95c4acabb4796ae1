//! The installation's public address.

use std::borrow::Cow;

use url::{Host, Url};

use super::addresses::names_user;

/// Longest host name in DNS.
const LONGEST_HOST: usize = 253;

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
        if names_user(&url) {
            return Err("must have no user name or password".into());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(
                "must be scheme, host and port only, such as https://lti.example.com".into(),
            );
        }
        if url.port() == Some(0) {
            return Err("must have a port that browsers can reach: not 0".into());
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err("must be https: plain http is only allowed on a loopback address such as http://127.0.0.1:8080".into());
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    /// The address of a tool with this host name: the same scheme and port on that host. Without a
    /// name, this address.
    pub fn at(&self, host: Option<&str>) -> Cow<'_, Self> {
        let named = host.and_then(|host| self.named(host).ok());
        named.map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// The same scheme and port on another host.
    ///
    /// # Errors
    /// It is not a bare host name as browsers write it, or launches can't be received there.
    pub fn named(&self, host: &str) -> Result<Self, String> {
        let wrong = "must be a host name alone, such as quiz.example.com";
        let is_usual = |letter: char| letter.is_ascii_alphanumeric() || "-_.:[]".contains(letter);
        if host.len() > LONGEST_HOST || host.ends_with('.') || !host.chars().all(is_usual) {
            return Err(wrong.into());
        }
        let port = self.url.port().map(|port| format!(":{port}"));
        let (scheme, port) = (self.url.scheme(), port.unwrap_or_default());
        let text = format!("{scheme}://{host}{port}");
        let is_elsewhere = |url: Url| !is_loopback(&url);
        if self.is_developer_mode() && Url::parse(&text).is_ok_and(is_elsewhere) {
            return Err(
                "must be a loopback address, such as 127.0.0.2, because public_url is plain http. For any other name set \
                 public_url to an https address"
                    .into(),
            );
        }
        let named = Self::parse(&text)?;
        if named.host() == host && named.url.port() == self.url.port() {
            Ok(named)
        } else {
            Err(wrong.into())
        }
    }

    /// The host name, as browsers write it.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Scheme, host and port, without a trailing slash: an origin.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address of one of our paths, which begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// The host, and the port unless it is the scheme's default.
    pub fn domain(&self) -> &str {
        self.text.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The only origin that launches may lead to.
    pub fn origin(&self) -> url::Origin {
        self.url.origin()
    }

    /// Whether it is plain http on a loopback address: a developer's machine.
    pub fn is_developer_mode(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Whether people reach us over https.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether browsers would refuse to show this address in a frame on a page that we serve over
    /// https.
    pub(super) fn blocks(&self, application: &Url) -> bool {
        self.is_https() && is_plain(application)
    }

    /// Whether its host means the machine that resolves it.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }
}

/// Whether everyone on the way can read what is sent to this address.
pub(crate) fn is_plain(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_tools_address_has_the_scheme_and_port_of_ours() {
        for (ours, host, theirs) in [
            (
                "https://lti.example.com",
                "quiz.example.com",
                "https://quiz.example.com",
            ),
            (
                "https://lti.example.com:8443",
                "quiz.example.com",
                "https://quiz.example.com:8443",
            ),
            (
                "http://127.0.0.2:8080",
                "127.0.0.3",
                "http://127.0.0.3:8080",
            ),
            (
                "https://lti.example.com",
                "lti.example.com",
                "https://lti.example.com",
            ),
        ] {
            let ours = PublicUrl::parse(ours).unwrap();
            assert_eq!(ours.at(Some(host)).as_str(), theirs);
            assert_eq!(ours.at(Some(host)).host(), host);
            assert_eq!(*ours.at(None), ours);
        }
    }

    #[test]
    fn our_own_address_names_no_user() {
        for bad in ["https://me@lti.example.com", "https://:pw@lti.example.com"] {
            let problem = PublicUrl::parse(bad).unwrap_err();
            assert!(problem.contains("user name"), "{bad}: {problem}");
        }
    }

    #[test]
    fn a_tools_host_is_a_name_alone() {
        let ours = PublicUrl::parse("https://lti.example.com").unwrap();
        let long = "a.".repeat(122) + "example.com";
        for bad in [
            "",
            " ",
            "a b",
            "Quiz.example.com",
            "quiz.example.com:8443",
            "quiz.example.com/",
            "quiz.example.com?x",
            "me@quiz.example.com",
            "https://quiz.example.com",
            "qu\u{ef}z.example.com",
            "*.example.com",
            "quiz.example.com.",
            &*long,
        ] {
            assert!(ours.named(bad).is_err(), "{bad}");
        }
        assert!(ours.named("quiz_2.example.com").is_ok());
        // If people reach us over plain http, it is a developer's machine.
        let local = PublicUrl::parse("http://127.0.0.1:8080").unwrap();
        let problem = local.named("quiz.example.com").unwrap_err();
        assert!(problem.contains("set public_url to an https"), "{problem}");
        assert!(local.named("127.0.0.2").is_ok());
    }
}
