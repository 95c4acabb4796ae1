//! How an answer goes back from a window that our page offered (decision 0178).
//!
//! A frame that keeps no cookies offers a window of its own, and the picker opens there. But the platform waits for the
//! answer in the frame: in Moodle the page it comes back to calls a function of the dialog around it. So the window posts
//! the message to us, our page there hands it to the frame, and the frame posts it to the platform. Nothing is stored on
//! the way: a sealed ticket says where the message goes.

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

/// Where one message goes.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    /// The platform's return address.
    #[serde(rename = "r")]
    return_url: String,
    /// The message's hash, so that no other one goes there by us.
    #[serde(rename = "m")]
    message: Vec<u8>,
    /// Until when the message is good, in seconds since 1970.
    #[serde(rename = "e")]
    expires: i64,
}

fn hash_of(message: &str) -> Vec<u8> {
    seal::hash(&["deep linking message", message])
}

impl DeepLinking {
    /// What takes a message to its platform by way of our pages.
    ///
    /// # Errors
    /// The ticket can't be written; nothing a caller can do.
    pub(super) fn ticket(&self, return_url: &str, message: &str) -> Result<String, Problem> {
        let ticket = Ticket {
            return_url: return_url.to_owned(),
            message: hash_of(message),
            expires: self.clock.now_seconds() + LIFE_SECONDS,
        };
        let plain = serde_json::to_vec(&ticket).map_err(Problem::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(self.tickets.seal(PURPOSE, &plain)))
    }

    /// The return address of a ticket that is for this message.
    fn opened(&self, ticket: &str, message: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let plain = self.tickets.open(PURPOSE, &sealed).ok()?;
        let ticket: Ticket = serde_json::from_slice(&plain).ok()?;
        let is_good =
            ticket.message == hash_of(message) && self.clock.now_seconds() <= ticket.expires;
        is_good.then_some(ticket.return_url)
    }

    /// The page for a message that came with its ticket.
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

    /// A page that takes a message to the platform; with a ticket, by the frame that waits for it.
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
            // There is nothing on it that a click could decide.
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
    /// In the window: what the frame needs.
    ticket: Option<&'a str>,
}

/// `POST /lti/deeplinking/window`: the application's page in the window hands the message over.
pub(crate) async fn window(
    State(room): State<DeepLinking>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let ticket = form::field(query.unwrap_or_default().as_bytes(), "ticket");
    room.handed(&headers, ticket, form::field(&body, "JWT"), true)
}

/// `POST /lti/deeplinking/frame`: our page in the frame has it, and takes it to the platform.
pub(crate) async fn frame(
    State(room): State<DeepLinking>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let field = |name| form::field(&body, name);
    room.handed(&headers, field("ticket"), field("JWT"), false)
}
