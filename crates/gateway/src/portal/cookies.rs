//! The portal's cookies (portal.md PO-3). On a developer's machine without https they are neither
//! `Secure` nor `__Host-`, because browsers would refuse them.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::settings::public_url::PublicUrl;

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PortalCookie {
    /// The session of the signed-in user.
    Session,
    /// A user has signed in from this browser before.
    Device,
    /// What the previous page did.
    Flash,
    /// A sign-in at the identity provider that is under way.
    Provider,
    /// The browser that the second step was asked for in.
    SecondStep,
    /// What was filled in before its sender was asked who they are.
    Kept(KeptSlot),
}

/// Which of the forms that windows keep. There are no more, because a proxy may take 8 kB of
/// cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptSlot {
    First,
    Second,
}

impl KeptSlot {
    pub(super) const ALL: [Self; 2] = [Self::First, Self::Second];
}

/// The longest value we set.
const LONGEST_VALUE: usize = 2048;

impl PortalCookie {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Session => ("__Host-hallpass_portal", "hallpass_portal"),
            Self::Device => ("__Host-hallpass_known", "hallpass_known"),
            Self::Flash => ("__Host-hallpass_done", "hallpass_done"),
            Self::Provider => ("__Host-hallpass_oidc", "hallpass_oidc"),
            Self::SecondStep => ("__Host-hallpass_step", "hallpass_step"),
            Self::Kept(KeptSlot::First) => ("__Host-hallpass_kept", "hallpass_kept"),
            Self::Kept(KeptSlot::Second) => ("__Host-hallpass_kept2", "hallpass_kept2"),
        }
    }

    /// How long a browser keeps it, in seconds. We end sessions ourselves, and earlier.
    const fn seconds(self) -> u32 {
        match self {
            Self::Session => 7 * 24 * 60 * 60,
            Self::Device => 365 * 24 * 60 * 60,
            Self::Flash => 60,
            Self::Provider | Self::Kept(_) => 10 * 60,
            Self::SecondStep => 5 * 60,
        }
    }

    /// Which requests from other sites carry it: none, except the provider's way back, which is a
    /// link. It may lead to the page for the code, where another window's cookie has to be seen.
    const fn same_site(self) -> &'static str {
        match self {
            Self::Provider | Self::SecondStep => "Lax",
            Self::Session | Self::Device | Self::Flash | Self::Kept(_) => "Strict",
        }
    }

    fn name(self, public_url: &PublicUrl) -> &'static str {
        let (name, developers) = self.names();
        if public_url.is_developer_mode() {
            developers
        } else {
            name
        }
    }

    /// `Set-Cookie` with this value, which consists of base64 and dots.
    pub(super) fn set(self, value: &str, public_url: &PublicUrl) -> Option<HeaderValue> {
        self.header(value, self.seconds(), public_url)
    }

    /// `Set-Cookie` that removes it.
    pub(super) fn clear(self, public_url: &PublicUrl) -> Option<HeaderValue> {
        self.header("", 0, public_url)
    }

    fn header(self, value: &str, seconds: u32, public_url: &PublicUrl) -> Option<HeaderValue> {
        let name = self.name(public_url);
        let secure = if public_url.is_developer_mode() {
            ""
        } else {
            "; Secure"
        };
        let same_site = self.same_site();
        let text = format!(
            "{name}={value}; Path=/; Max-Age={seconds}{secure}; HttpOnly; SameSite={same_site}"
        );
        HeaderValue::from_str(&text).ok()
    }

    /// The value that the browser sends. Ignored if it comes twice: another host may have set one.
    pub(super) fn read(self, headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
        let name = self.name(public_url);
        let lines = headers.get_all(COOKIE).into_iter();
        let mut found = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(known, _)| *known == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) if !value.is_empty() && value.len() <= LONGEST_VALUE => {
                Some(value.to_owned())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn only_the_way_back_from_the_provider_brings_a_cookie_along() {
        let public_url = PublicUrl::parse("https://lti.example").unwrap();
        let set = PortalCookie::Provider.set("abc", &public_url).unwrap();
        let wanted =
            "__Host-hallpass_oidc=abc; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(set, wanted);
    }

    #[test]
    fn a_cookie_comes_back_as_it_was_set_and_only_once() {
        for address in ["https://lti.example", "http://localhost:8080"] {
            let public_url = PublicUrl::parse(address).unwrap();
            let set = PortalCookie::Session.set("abc", &public_url).unwrap();
            let set = set.to_str().unwrap().to_owned();
            assert!(set.ends_with("; HttpOnly; SameSite=Strict"), "{set}");
            assert_eq!(set.starts_with("__Host-"), address.starts_with("https"));
            assert_eq!(set.contains("; Secure"), address.starts_with("https"));
            let pair = set.split(';').next().unwrap();
            let read = |line: &str| {
                let headers = HeaderMap::from_iter([(COOKIE, line.parse().unwrap())]);
                PortalCookie::Session.read(&headers, &public_url)
            };
            assert_eq!(read(&format!("a=b; {pair}")).as_deref(), Some("abc"));
            assert_eq!(read(&format!("{pair}; {pair}")), None);
            assert_eq!(read("a=b"), None);
        }
    }
}
