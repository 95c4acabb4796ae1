//! The few pages that people see: one style, no outside resources, a content security policy with a nonce each.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::app::App;
use crate::clock::Random;
use crate::error::Problem;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    paragraphs: &'a [&'a str],
    reason: Option<String>,
    reference: Option<&'a str>,
    again: Option<String>,
    closes: bool,
    closes_at_once: bool,
    nonce: &'a str,
    style: &'static str,
}

/// Who may show a page in a frame.
#[derive(Clone, Copy, Debug)]
pub enum Framing<'a> {
    /// Any site: a page that explains a failure, with nothing on it to click that matters.
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

/// A page that explains a problem to whoever stands before it.
pub fn problem(app: &App, problem: &Problem, correlation_id: &str) -> Response {
    let show_reason = app.shows_reasons();
    let reason = problem
        .reason
        .as_ref()
        .filter(|_| show_reason)
        .map(|reason| format!("{}: {}", reason.code, reason.text));
    let title = match problem.status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            "Please try again in a moment"
        }
        status if status.is_server_error() => "Something went wrong",
        _ => "This did not work",
    };
    let closes = problem.details.contains_key(CLOSABLE);
    let again = problem.again.as_ref().and_then(|again| again.render().ok());
    // The new window goes on to the platform.
    let form_action = match again {
        Some(_) => FormAction::Anywhere,
        None => FormAction::Ourselves,
    };
    html(&app.random, Framing::Anyone, form_action, |nonce| {
        Message {
            title,
            paragraphs: &[&problem.description],
            reason,
            reference: Some(correlation_id),
            again,
            closes,
            closes_at_once: false,
            nonce,
            style: STYLE,
        }
        .render()
    })
}

/// Marks a problem whose page stands in a window that the LMS closes on a message (lti.md D.6).
pub const CLOSABLE: &str = "closable";

/// What the page after a registration says.
pub struct Registered<'a> {
    /// The tool's name.
    pub name: &'a str,
    /// Whether the platform may launch already.
    pub active: bool,
    /// Whether an earlier registration with the same platform was cut off.
    pub was_interrupted: bool,
}

/// Ends the LMS's dialogue, as LTIAAS hands it to the tool's own page.
pub const CLOSE_SCRIPT: &str = "<script>(window.opener || window.parent).postMessage({subject:'org.imsglobal.lti.close'}, '*');</script>";

/// A page that tells the LMS to close the registration window, and the administrator what comes next. Where there is
/// something to read it waits for a click (lti.md D-52).
pub fn registered(random: &Random, frame_origins: &str, about: &Registered<'_>) -> Response {
    let done = format!("{} is registered.", about.name);
    let next = if about.active {
        "Switch the tool on in your learning platform, and it is ready to use."
    } else {
        "The tool's owner now has to activate the registration. Until then launches are refused with a note that says so."
    };
    let interrupted = "An earlier registration was cut off before it was stored here. Your learning platform may list the \
                       tool twice: please delete the older entry there.";
    let mut paragraphs = vec![done.as_str(), next];
    if about.was_interrupted {
        paragraphs.push(interrupted);
    }
    paragraphs.push("You can close this window.");
    let framing = Framing::Origin(frame_origins);
    let mut response = html(random, framing, FormAction::Ourselves, |nonce| {
        Message {
            title: "Registration complete",
            paragraphs: &paragraphs,
            reason: None,
            reference: None,
            again: None,
            closes: true,
            closes_at_once: !about.was_interrupted,
            nonce,
            style: STYLE,
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

/// A plain page with a title and paragraphs.
pub fn note(random: &Random, status: StatusCode, title: &str, paragraphs: &[&str]) -> Response {
    let mut response = html(random, Framing::Anyone, FormAction::Ourselves, |nonce| {
        Message {
            title,
            paragraphs,
            reason: None,
            reference: None,
            again: None,
            closes: false,
            closes_at_once: false,
            nonce,
            style: STYLE,
        }
        .render()
    });
    *response.status_mut() = status;
    response
}

/// The one style of every page.
pub const STYLE: &str = include_str!("../templates/page.css");

/// Sends a rendered template under a policy that allows only its own style and script.
pub fn html(
    random: &Random,
    framing: Framing<'_>,
    form_action: FormAction,
    build: impl FnOnce(&str) -> askama::Result<String>,
) -> Response {
    let nonce = STANDARD_NO_PAD.encode(random.bytes::<16>());
    let text = match build(&nonce) {
        Ok(text) => text,
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let ancestors = match framing {
        Framing::Anyone => String::new(),
        Framing::Origin(origin) => format!("; frame-ancestors 'self' {origin}"),
    };
    let form_action = match form_action {
        FormAction::Ourselves => "'self'",
        FormAction::Anywhere => "*",
    };
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action {form_action}; base-uri 'none'{ancestors}"
    );
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
