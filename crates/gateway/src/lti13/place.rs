//! Where a login's answer is shown, as far as the browser tells: in a frame or a window, and in whose page.

use axum::http::header::{ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderValue};
use url::Url;

use super::state::Around;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;

/// Longest origin that is kept, in characters: a host name has 253 at most.
const MAX_ORIGIN: usize = 300;

/// What the browser says about where the answer will be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownIn {
    /// In another site's page.
    Frame,
    /// In a window or tab of its own.
    Window,
    /// An old browser, or a program.
    Unknown,
}

impl ShownIn {
    /// By `Sec-Fetch-Dest`, which pages can't forge.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        match headers.get("sec-fetch-dest").map(HeaderValue::as_bytes) {
            Some(b"iframe" | b"frame" | b"embed" | b"object") => Self::Frame,
            Some(b"document") => Self::Window,
            _ => Self::Unknown,
        }
    }

    /// The page around this one. In one that our policy doesn't name a browser would show a broken frame; the way by
    /// cookies shows no page of ours.
    pub(super) fn around(self, platform: &Platform, headers: &HeaderMap) -> Around {
        let from = match self {
            Self::Window => None,
            Self::Frame | Self::Unknown => page_before(headers),
        };
        match from {
            None => Around::Unknown,
            Some(from) if FrameOrigins::of(platform).cover(&from) => Around::Listed,
            // It travels in `state`; a header may hold anything.
            Some(from) => Around::Unlisted(from.chars().take(MAX_ORIGIN).collect()),
        }
    }
}

/// The origin of the page that sent the browser here, if the browser tells.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let url = text(ORIGIN)
        .filter(|origin| *origin != "null")
        .or_else(|| text(REFERER))?;
    Url::parse(url)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}
