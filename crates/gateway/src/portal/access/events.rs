//! `GET /portal/keys/events`: recent events, as the application can read them.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::{AccessLink, AccessTab, tabs};
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfKeys;
use crate::portal::query::{ListPosition, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::web::texts::{portal_keys as texts, portal_pages as pages};
use crate::webhooks::event_list::{self, EventAnswer};

/// Rows per page.
const PAGE_SIZE: &str = "20";
const PATH: &str = "/portal/keys/events";

/// An event in the list.
struct EventLine {
    id: String,
    kind: String,
    at: i64,
    data: String,
}

impl From<EventAnswer> for EventLine {
    fn from(event: EventAnswer) -> Self {
        Self {
            id: event.id,
            kind: event.happened.r#type,
            at: ms_of(&event.at),
            data: Value::Object(event.happened.data).to_string(),
        }
    }
}

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
    let next = (!list.events.is_empty()).then_some(list.next.as_str());
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let page = EventsPage {
        tabs: tabs(AccessTab::Events),
        first: position.first(),
        next: position.next(next),
        rows: list.events.into_iter().map(EventLine::from).collect(),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}
