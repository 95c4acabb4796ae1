//! The few pages that people see: one style, in their language, without outside resources, each
//! with a content security policy with a nonce. Colours meet the contrasts of WCAG 2.2 AA in light
//! and dark mode; the browser tests measure them.
//!
//! To add a page: put its texts into [`texts`](super::texts), write a template that extends
//! `base.html` and has a `shell`, and send it with [`html`].

use axum::body::Body;
use axum::http::header::{
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::language::Language;
use super::texts::Text;
use crate::kit::clock::Random;
use crate::settings::logo::ThemeLogo;
use crate::settings::public_url::PublicUrl;
use crate::settings::theme::Theme;

/// Who may show a page in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Framing<'a> {
    /// Any site, if it may not be the platform's: a page that explains a failure, with nothing
    /// important to click.
    Anyone,
    /// Only these origins, separated by spaces, and ours.
    Origin(&'a str),
}

/// Where a page's forms may lead, including redirects of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FormAction<'a> {
    /// To us.
    Ourselves,
    /// To this origin.
    Origin(&'a str),
    /// To us, and from there to wherever the application sends the browser.
    Anywhere,
}

/// How a page is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    pub language: Language,
    /// The tool it is about.
    pub tool: ToolFace<'a>,
    /// Who may show it in a frame.
    pub framing: Framing<'a>,
    /// Where its forms may lead.
    pub form_action: FormAction<'a>,
}

/// What a page says and shows about its tool; empty if the tool isn't known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ToolFace<'a> {
    /// Its name in the page's language.
    pub name: &'a str,
    pub theme: Option<&'a Theme>,
}

impl ToolFace<'_> {
    /// The same without the name, for pages that already contain it.
    #[must_use]
    pub(crate) fn nameless(self) -> Self {
        Self { name: "", ..self }
    }
}

/// What every template needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shell<'a> {
    /// The page's language.
    pub language: Language,
    /// The page's tool.
    pub tool: ToolFace<'a>,
    /// The nonce of its style and script.
    pub nonce: &'a str,
}

impl Shell<'_> {
    /// A text in the page's language. Templates can pass values or references.
    pub(crate) fn say(&self, text: impl std::borrow::Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }

    /// The tool's colour as a style; empty if it has none.
    pub(crate) fn theme(&self) -> String {
        let color = self.tool.theme.and_then(|theme| theme.color);
        color.map_or_else(String::new, |color| color.style())
    }

    /// The address of the tool's logo, if it has one.
    pub(crate) fn logo(&self) -> Option<String> {
        self.tool
            .theme
            .and_then(|theme| theme.logo.as_ref())
            .map(ThemeLogo::path)
    }
}

/// Whether a browser posted this from one of our pages: the browser says so itself, and no other
/// page can fake it (lti.md I-45). A browser without `Sec-Fetch-Site` sends `Origin`.
pub(crate) fn posted_by_us(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => *origin == public_url.origin().ascii_serialization(),
        (None, None) => false,
    }
}

/// Whether a browser loads this for another site's page without showing it to anyone: as a picture,
/// in a frame, or by prefetching. Without these headers it counts as seen, because only programs
/// and old browsers send none.
pub(crate) fn is_unseen(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let is_foreign = matches!(text("sec-fetch-site"), Some(b"cross-site" | b"same-site"));
    let is_page = text("sec-fetch-dest").is_none_or(|dest| dest == b"document");
    is_foreign && (!is_page || headers.contains_key("sec-purpose"))
}

/// The script of a page that offers a window: it accepts what the window hands back, because the
/// platform expects that from the frame that contains the page.
pub(crate) const HANDED_BACK: &str = include_str!("../../templates/handed_back.js");

/// The style of every page.
pub(crate) const STYLE: &str = include_str!("../../templates/page.css");

/// The script of pages with a button that opens a new window.
pub(crate) const OPENED: &str = include_str!("../../templates/opened.js");

/// Sends a rendered template under a policy that allows only its own style and script.
pub(crate) fn html<'a>(
    random: &Random,
    page: Page<'a>,
    build: impl FnOnce(Shell<'_>) -> askama::Result<String>,
) -> Response {
    let nonce = STANDARD_NO_PAD.encode(random.bytes::<16>());
    let shell = Shell {
        language: page.language,
        tool: page.tool,
        nonce: &nonce,
    };
    // Nothing is loaded from elsewhere, and without a logo there are no pictures at all.
    let pictures = match shell.logo() {
        Some(_) => "; img-src 'self'",
        None => "",
    };
    let text = match build(shell) {
        Ok(text) => text,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let ancestors = match page.framing {
        Framing::Anyone => String::new(),
        Framing::Origin(origin) => format!("; frame-ancestors 'self' {origin}"),
    };
    let form_action = match page.form_action {
        FormAction::Ourselves => "'self'",
        FormAction::Origin(origin) => origin,
        FormAction::Anywhere => "*",
    };
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'{pictures}; form-action {form_action}; base-uri 'none'{ancestors}"
    );
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_LANGUAGE, page.language.tag()),
        (VARY, "Accept, Accept-Language"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
