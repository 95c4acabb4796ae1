//! `GET /portal/platforms/{id}/launches`: a platform's attempts, newest first.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::head::{self, PlatformHead, PlatformTab, address_of};
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{PageQuery, address};
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::portal::trace_lines::TraceLine;
use crate::traces::api as traces;
use crate::web::texts::{portal_pages as pages, portal_platforms as texts};

/// Rows per page.
const PAGE_SIZE: &str = "20";
/// Outcomes to filter by.
const OUTCOMES: [&str; 3] = ["accepted", "failed", "waiting"];

#[derive(Template)]
#[template(path = "portal/platform_launches.html")]
struct LaunchesPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    outcome: &'static str,
    launches: Vec<TraceLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Launches).await?;
    let asked = PageQuery::new(query);
    let outcome = asked.one_of("outcome", &OUTCOMES);
    let after = asked.text("after");
    let query = address(
        "",
        &[
            ("platform", Some(platform.id.as_str())),
            ("limit", Some(PAGE_SIZE)),
            ("outcome", outcome),
            ("cursor", after.as_deref()),
        ],
    );
    let query = query.trim_start_matches('?').to_owned();
    let key = WithApiKey::granted(&person.tool);
    let list = traces::list(State(portal.traces.clone()), key, RawQuery(Some(query)));
    let Json(list) = list.await?;
    let path = format!("{}/launches", address_of(&head.id));
    let page = |after: Option<&str>| address(&path, &[("outcome", outcome), ("after", after)]);
    let lines = list.traces.into_iter();
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        LaunchesPage {
            outcome: outcome.unwrap_or_default(),
            launches: lines
                .map(|trace| TraceLine::new(trace, person.language))
                .collect(),
            first: after.is_some().then(|| page(None)),
            next: list.next_cursor.as_deref().map(|next| page(Some(next))),
            frame: &frame,
            head,
        },
    )
}
