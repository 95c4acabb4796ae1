//! The few pages that people see: one style, in their language, no outside resources, a content security policy with a
//! nonce each. Colours keep the contrasts of WCAG 2.2 AA in light and dark; the browser tests measure them.
//!
//! A page for another occasion: its texts in [`texts`], a template that extends `base.html` and has a `shell`, and
//! [`html`] to send it.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::language::Language;
use super::texts::{self, Phrase, Text, registration};
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::clock::Random;
use crate::lti13::state::LoginAgain;
use crate::settings::public_url::PublicUrl;
use crate::traces::Recorder;
use crate::web::problem::Problem;

/// What a page says of a problem.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The heading.
    pub title: Text,
    /// What happened and what to do; a line is a paragraph.
    pub says: Phrase,
    /// What exactly, in the English of the specifications, for whoever runs the platform.
    pub technical: Option<String>,
    /// Whether the page stands in a window that the LMS closes on a message (lti.md D.6).
    pub closes: bool,
    /// Whether the page shows the reference for support.
    pub referenced: bool,
}

impl Notice {
    /// A notice with a reference and nothing further.
    pub fn new(title: Text, says: impl Into<Phrase>) -> Self {
        Self {
            title,
            says: says.into(),
            technical: None,
            closes: false,
            referenced: true,
        }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    shell: Shell<'a>,
    title: &'a str,
    paragraphs: Vec<&'a str>,
    /// The paragraphs' language where it isn't the page's.
    foreign: Option<&'static str>,
    technical: Option<&'a str>,
    reason: Option<String>,
    reference: Option<&'a str>,
    again: Option<&'a LoginAgain>,
    /// Address of the platform's page to go back to.
    back: Option<String>,
    closes: bool,
    closes_at_once: bool,
}

/// Who may show a page in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Framing<'a> {
    /// Any site, where it isn't known to be the platform's: a page that explains a failure, with nothing on it to click
    /// that matters.
    Anyone,
    /// Only these origins, separated by blanks, and ours.
    Origin(&'a str),
}

/// Where a page's forms may lead, redirects of the answer included.
#[derive(Clone, Copy, Debug)]
pub enum FormAction {
    /// To us.
    Ourselves,
    /// From us on to wherever the application sends the browser.
    Anywhere,
}

/// How a page is sent.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The language it is in.
    pub language: Language,
    /// The tool it is about, where that is known.
    pub tool: Option<&'a Tool>,
    /// Who may show it in a frame.
    pub framing: Framing<'a>,
    /// Where its forms may lead.
    pub form_action: FormAction,
}

/// What every template needs.
#[derive(Clone, Copy, Debug)]
pub struct Shell<'a> {
    /// The page's language.
    pub language: Language,
    /// The tool's name in that language; may be empty.
    pub name: &'a str,
    /// The nonce of its style and script.
    pub nonce: &'a str,
}

impl Shell<'_> {
    /// A text in the page's language. Templates hand over values or references as they see fit.
    pub fn say(&self, text: impl std::borrow::Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }
}

/// A page that explains a problem to whoever stands before it.
pub fn problem(
    app: &App,
    problem: &Problem,
    correlation_id: &str,
    language: Language,
    tool: Option<&Tool>,
) -> Response {
    let notice = problem.notice.as_deref();
    let reason = problem.reason.as_ref().filter(|_| app.tools.show_reasons());
    let technical = notice.and_then(|notice| notice.technical.as_deref());
    // Said once.
    let technical = technical.filter(|text| reason.is_none_or(|reason| reason.text != *text));
    let reason = reason.map(|reason| format!("{}: {}", reason.code, reason.text));
    // What only programs were expected to see is said in English, under a heading that fits.
    let title = notice.map_or(title_of(problem.status), |notice| notice.title);
    let (says, is_foreign) = match notice {
        Some(notice) => (notice.says.to(language), false),
        None => (problem.description.clone(), language != Language::English),
    };
    let again = problem.again.as_deref();
    let back = problem
        .back
        .as_ref()
        .map(|back| back.with_message(title.to(language), &format!("reference {correlation_id}")));
    let trace = problem.trace.as_deref();
    let origins = trace.and_then(Recorder::known_frame_origins);
    let page = Page {
        language,
        tool,
        framing: origins.as_deref().map_or(Framing::Anyone, Framing::Origin),
        // The new window goes on to the platform.
        form_action: match again {
            Some(_) => FormAction::Anywhere,
            None => FormAction::Ourselves,
        },
    };
    html(&app.random, page, |shell| {
        Message {
            shell,
            title: title.to(language),
            paragraphs: says.lines().collect(),
            foreign: is_foreign.then_some("en"),
            technical,
            reason,
            reference: notice
                .is_none_or(|notice| notice.referenced)
                .then_some(correlation_id),
            again,
            back,
            closes: notice.is_some_and(|notice| notice.closes),
            closes_at_once: false,
        }
        .render()
    })
}

fn title_of(status: StatusCode) -> Text {
    match status {
        StatusCode::NOT_FOUND => texts::page::TITLE_NOT_FOUND,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => texts::page::TITLE_LATER,
        status if status.is_server_error() => texts::page::TITLE_OUR_FAULT,
        _ => texts::page::TITLE_FAILED,
    }
}

/// What the page after a registration says.
pub struct Registered<'a> {
    /// The tool.
    pub tool: &'a Tool,
    /// Whether the platform may launch already.
    pub active: bool,
    /// Whether an earlier registration with the same platform was cut off.
    pub was_interrupted: bool,
}

/// Ends the LMS's dialogue, as LTIAAS hands it to the tool's own page.
pub const CLOSE_SCRIPT: &str = "<script>(window.opener || window.parent).postMessage({subject:'org.imsglobal.lti.close'}, '*');</script>";

/// A page that tells the LMS to close the registration window, and the administrator what comes next. Where there is
/// something to read it waits for a click (lti.md D-52).
pub fn registered(
    random: &Random,
    language: Language,
    frame_origins: &str,
    about: &Registered<'_>,
) -> Response {
    let page = Page {
        language,
        tool: Some(about.tool),
        framing: Framing::Origin(frame_origins),
        form_action: FormAction::Ourselves,
    };
    let mut response = html(random, page, |shell| {
        let done = registration::REGISTERED
            .with("name", shell.name)
            .to(language);
        let next = if about.active {
            registration::NEXT_SWITCH_ON
        } else {
            registration::NEXT_OWNER
        };
        let mut paragraphs = vec![done.as_ref(), next.to(language)];
        if about.was_interrupted {
            paragraphs.push(registration::CUT_OFF.to(language));
        }
        paragraphs.push(registration::MAY_CLOSE.to(language));
        Message {
            shell,
            title: registration::TITLE_DONE.to(language),
            paragraphs,
            foreign: None,
            technical: None,
            reason: None,
            reference: None,
            again: None,
            back: None,
            closes: true,
            closes_at_once: !about.was_interrupted,
        }
        .render()
    });
    // Brightspace opens this page in a tab of its own and listens as its opener.
    response.headers_mut().insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("unsafe-none"),
    );
    response
}

/// Whether a browser posted this from a page of ours: it says so itself, and no other page can (lti.md I-45). A browser
/// that knows no `Sec-Fetch-Site` sends `Origin`.
pub fn posted_by_us(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => *origin == public_url.origin().ascii_serialization(),
        (None, None) => false,
    }
}

/// The one style of every page.
pub const STYLE: &str = include_str!("../../templates/page.css");

/// Sends a rendered template under a policy that allows only its own style and script.
pub fn html<'a>(
    random: &Random,
    page: Page<'a>,
    build: impl FnOnce(Shell<'_>) -> askama::Result<String>,
) -> Response {
    let nonce = STANDARD_NO_PAD.encode(random.bytes::<16>());
    let shell = Shell {
        language: page.language,
        name: page.tool.map_or("", |tool| tool.name_in(page.language)),
        nonce: &nonce,
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
        FormAction::Anywhere => "*",
    };
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; form-action {form_action}; base-uri 'none'{ancestors}"
    );
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_LANGUAGE, page.language.tag()),
        (VARY, "Accept, Accept-Language"),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
