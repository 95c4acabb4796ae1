//! Where a login's answer will be shown, as far as the browser says: in a frame or a window, and
//! inside which page.

use axum::http::header::{ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderValue};
use url::Url;

use super::state::{Around, LoginState};
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;

/// The longest origin that is stored, in characters: a host name has at most 253.
const MAX_ORIGIN: usize = 300;

/// What the browser says about where the answer will be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownIn {
    /// Inside another site's page.
    Frame,
    /// In a top-level window or tab.
    Window,
    /// An old browser, or a program.
    Unknown,
}

impl ShownIn {
    /// According to `Sec-Fetch-Dest`, which pages can't forge.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match headers.get("sec-fetch-dest").map(HeaderValue::as_bytes) {
            Some(b"iframe" | b"frame" | b"embed" | b"object") => Self::Frame,
            Some(b"document") => Self::Window,
            _ => Self::Unknown,
        }
    }

    /// The same for what follows a login, whose state remembers a window offered by one of our
    /// pages: Safari before 16.4 doesn't say where it shows an answer.
    pub(super) fn of_login(state: &LoginState, headers: &HeaderMap) -> Self {
        match Self::of(headers) {
            Self::Unknown if state.offered => Self::Window,
            said => said,
        }
    }

    /// The surrounding page. Inside one that our policy doesn't allow, a browser would show a
    /// broken frame; the method with cookies shows no page of ours.
    pub(super) fn around(self, platform: &Platform, headers: &HeaderMap) -> Around {
        let from = match self {
            Self::Window => None,
            Self::Frame | Self::Unknown => page_before(headers),
        };
        match from {
            None => Around::Unknown,
            Some(from) if FrameOrigins::of(platform).cover(&from) => Around::Listed,
            // It is stored in `state`, and a header may contain anything.
            Some(from) => Around::Unlisted(from.chars().take(MAX_ORIGIN).collect()),
        }
    }
}

/// The origin of the page that sent the browser here, if the browser says so.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let url = text(ORIGIN)
        .filter(|origin| *origin != "null")
        .or_else(|| text(REFERER))?;
    Url::parse(url)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}
