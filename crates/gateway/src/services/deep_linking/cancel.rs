//! The address that cancels a selection: an application's "Cancel" can simply link there
//! (services.md SV-1).
//!
//! A GET only returns a self-submitting page, so that link scanners don't cancel anything.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::DeepLinking;
use super::refusal::NO_RETURN;
use crate::launch::WithLtik;
use crate::web::form;
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell, ToolFace};
use crate::web::problem::Problem;
use crate::web::texts::{launch as texts, page as common};

#[derive(Template)]
#[template(path = "cancel.html")]
struct CancelPage<'a> {
    shell: Shell<'a>,
    ticket: &'a str,
}

fn unknown() -> Problem {
    NO_RETURN.broken("the ticket cancels no launch of this installation")
}

/// `GET /lti/deeplinking/cancel`: a self-submitting page.
pub(crate) async fn ask(
    State(room): State<DeepLinking>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ticket = form::field(query.unwrap_or_default().as_bytes(), "ticket");
    let ticket = ticket.filter(|ticket| room.ltiks.cancelled_by(ticket).is_some());
    let ticket = ticket.ok_or_else(unknown)?;
    let page = Page {
        language: Language::accepted(&headers),
        tool: ToolFace::default(),
        framing: Framing::Anyone,
        form_action: FormAction::Ourselves,
    };
    Ok(page::html(&room.random, page, |shell| {
        CancelPage {
            shell,
            ticket: &ticket,
        }
        .render()
    }))
}

/// `POST /lti/deeplinking/cancel`: sends the platform an empty answer.
pub(crate) async fn cancel(
    State(room): State<DeepLinking>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let ticket = form::field(&body, "ticket").ok_or_else(unknown)?;
    let launch_id = room.ltiks.cancelled_by(&ticket).ok_or_else(unknown)?;
    let launch = room.launches.load(&launch_id).await?;
    let launch = launch.ok_or_else(unknown)?;
    let tool = room.tools.by_id(&launch.tool_id).ok_or_else(unknown)?;
    let with = WithLtik::standing(&room.platforms, &room.launches, tool, launch).await?;
    let signed = room.cancel(&with).await?;
    let ticket = signed.ticket.as_deref();
    room.hand_back(&headers, &signed.return_url, &signed.token, ticket)
}
