//! How an answer returns from a window that our page offered (decision 0178).
//!
//! A frame without cookies offers a new window, where the picker opens. But the platform expects
//! the answer in the frame: in Moodle, the page it returns to calls a function of the surrounding
//! dialog. So the window posts the message to us, our page there passes it to the frame, and the
//! frame posts it to the platform. Nothing is stored on the way: a sealed ticket contains the
//! message's destination.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lti::deep_linking::LIFE_SECONDS;
use serde::{Deserialize, Serialize};
use url::Url;

use super::DeepLinking;
use super::refusal::NO_RETURN;
use crate::kit::seal;
use crate::web::form;
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell, ToolFace};
use crate::web::problem::Problem;
use crate::web::texts::{launch as texts, page as common};

const PURPOSE: &str = "deep linking return";

/// The destination of a message.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    /// The platform's return address.
    #[serde(rename = "r")]
    return_url: String,
    /// The message's hash, so that the ticket can't be used for another one.
    #[serde(rename = "m")]
    message: Vec<u8>,
    /// Until when the message is valid, in seconds since 1970.
    #[serde(rename = "e")]
    expires: i64,
}

fn hash_of(message: &str) -> Vec<u8> {
    seal::hash(&["deep linking message", message])
}

impl DeepLinking {
    /// The ticket for returning a message through our pages.
    ///
    /// # Errors
    /// The ticket can't be serialised. The caller can do nothing about it.
    pub(super) fn ticket(&self, return_url: &str, message: &str) -> Result<String, Problem> {
        let ticket = Ticket {
            return_url: return_url.to_owned(),
            message: hash_of(message),
            expires: self.clock.now_seconds() + LIFE_SECONDS,
        };
        let plain = serde_json::to_vec(&ticket).map_err(Problem::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(self.tickets.seal(PURPOSE, &plain)))
    }

    /// The return address in a ticket, if the ticket is for this message.
    fn opened(&self, ticket: &str, message: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let plain = self.tickets.open(PURPOSE, &sealed).ok()?;
        let ticket: Ticket = serde_json::from_slice(&plain).ok()?;
        let is_good =
            ticket.message == hash_of(message) && self.clock.now_seconds() <= ticket.expires;
        is_good.then_some(ticket.return_url)
    }

    /// The page for a message with a ticket.
    fn handed(
        &self,
        headers: &HeaderMap,
        ticket: Option<String>,
        message: Option<String>,
        in_window: bool,
    ) -> Result<Response, Problem> {
        let unknown = || NO_RETURN.broken("the ticket is not for this message, or too old");
        let (ticket, message) = ticket.zip(message).ok_or_else(unknown)?;
        let target = self.opened(&ticket, &message).ok_or_else(unknown)?;
        let ticket = in_window.then_some(ticket.as_str());
        self.hand_back(headers, &target, &message, ticket)
    }

    /// A page that posts a message to the platform; with a ticket, through the waiting frame.
    pub(super) fn hand_back(
        &self,
        headers: &HeaderMap,
        target: &str,
        token: &str,
        ticket: Option<&str>,
    ) -> Result<Response, Problem> {
        let origin = Url::parse(target).map_err(Problem::internal)?.origin();
        let page = Page {
            language: Language::accepted(headers),
            tool: ToolFace::default(),
            // There is nothing to click on the page, so it may be framed by anyone.
            framing: Framing::Anyone,
            form_action: FormAction::Origin(&origin.ascii_serialization()),
        };
        Ok(page::html(&self.random, page, |shell| {
            HandBackPage {
                shell,
                target,
                token,
                ticket,
            }
            .render()
        }))
    }
}

#[derive(Template)]
#[template(path = "hand_back.html")]
struct HandBackPage<'a> {
    shell: Shell<'a>,
    target: &'a str,
    token: &'a str,
    /// In the window: what to pass to the frame.
    ticket: Option<&'a str>,
}

/// `POST /lti/deeplinking/window`: the application's page in the window submits the message.
pub(crate) async fn window(
    State(room): State<DeepLinking>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let ticket = form::field(query.unwrap_or_default().as_bytes(), "ticket");
    room.handed(&headers, ticket, form::field(&body, "JWT"), true)
}

/// `POST /lti/deeplinking/frame`: our page in the frame submits it, and gets a page that posts it
/// to the platform.
pub(crate) async fn frame(
    State(room): State<DeepLinking>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let field = |name| form::field(&body, name);
    room.handed(&headers, field("ticket"), field("JWT"), false)
}
