//! `GET /portal/keys/events`: recent events, as the application can read them.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::event_line::EventLine;
use super::{AccessLink, AccessTab, tabs};
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfKeys;
use crate::portal::query::{ListPosition, asking};
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::web::problem::Problem;
use crate::web::texts::{portal_keys as texts, portal_pages as pages};
use crate::webhooks::event_list;

/// Rows per page.
const PAGE_SIZE: &str = "20";
const PATH: &str = "/portal/keys/events";

#[derive(Template)]
#[template(path = "portal/access_events.html")]
struct EventsPage<'a> {
    frame: &'a PortalFrame,
    tabs: [AccessLink; 4],
    rows: Vec<EventLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let position = ListPosition::new(PATH, query);
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let list = event_list::list(State(room), key, position.asking("after", PAGE_SIZE));
    let Json(list) = list.await?;
    let has_more = has_events_after(&portal, person, &list.next).await?;
    let next = has_more.then_some(list.next.as_str());
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let page = EventsPage {
        tabs: tabs(AccessTab::Events),
        first: position.first(),
        next: position.next(next),
        rows: portal.event_lines(person, list.events).await?,
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// Whether the list goes on after this position: the API tells it of every page, the last one too.
async fn has_events_after(portal: &Portal, person: &Person, next: &str) -> Result<bool, Problem> {
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let query = asking(&[("limit", Some("1")), ("after", Some(next))]);
    let Json(rest) = event_list::list(State(room), key, query).await?;
    Ok(!rest.events.is_empty())
}
