//! The browser of an attempt: its family, and how we recognised it.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use serde::{Deserialize, Serialize};

/// The browser's family, which is all we store about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Browser {
    /// Chrome and browsers built on it.
    #[serde(rename = "c")]
    Chrome,
    /// Edge, although it also calls itself Chrome.
    #[serde(rename = "e")]
    Edge,
    /// Firefox, except on iOS.
    #[serde(rename = "f")]
    Firefox,
    /// Safari, and every browser on iOS.
    #[serde(rename = "s")]
    Safari,
    /// Anything else.
    #[serde(rename = "o")]
    Other,
}

impl Browser {
    /// The browser that sent these headers, if it says which it is.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let agent = headers.get(USER_AGENT)?.to_str().ok()?;
        // A browser also names its forerunners, so look for the rarest word first.
        let words = [
            ("Edg", Self::Edge),
            ("Firefox/", Self::Firefox),
            ("Chrome/", Self::Chrome),
            ("Safari/", Self::Safari),
        ];
        let found = words.iter().find(|(word, _)| agent.contains(word));
        Some(found.map_or(Self::Other, |(_, browser)| *browser))
    }

    /// The name to show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
            Self::Other => "other",
        }
    }
}

/// How we recognised the login's browser at the launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// By the plain cookie: it is first-party, or the browser allows third-party cookies.
    #[serde(rename = "c")]
    Cookie,
    /// Only by its partitioned twin.
    #[serde(rename = "p")]
    Partitioned,
    /// Only by the developer cookie.
    #[serde(rename = "d")]
    Developer,
    /// By no cookie, so we ask the platform's window.
    #[serde(rename = "s")]
    Storage,
    /// Not at all.
    #[serde(rename = "n")]
    None,
}

impl Binding {
    /// The name to show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Partitioned => "partitioned cookie",
            Self::Developer => "developer cookie",
            Self::Storage => "platform storage",
            Self::None => "none",
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_browser_is_known_by_its_family_alone() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let edge = format!("{chrome} Edg/141.0.0.0");
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        for (agent, browser) in [
            (chrome, Browser::Chrome),
            (&edge, Browser::Edge),
            (safari, Browser::Safari),
            (firefox, Browser::Firefox),
            ("curl/8", Browser::Other),
        ] {
            assert_eq!(
                Browser::of(&with("user-agent", agent)),
                Some(browser),
                "{agent}"
            );
        }
        assert_eq!(Browser::of(&HeaderMap::new()), None);
    }
}
