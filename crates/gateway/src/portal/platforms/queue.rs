//! `/portal/platforms/waiting`: who wants in, the facts to decide by, and one click (portal.md
//! PO-5).

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

use store::waiting::WaitingDeployment;

use super::head::address_of;
use super::waiting_row::{InactiveLine, OfferLine, WaitingRows};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{ListPart, back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::registration::approval;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, portal_pages as pages, portal_platforms as texts};

/// How many entries of each sort are on a page.
const MOST_OF_SORT: usize = 6;
/// How many bytes of the page they may take; long ids and names take many.
const ROWS_BYTES: usize = 18_800;
/// This page's path.
const QUEUE: &str = "/portal/platforms/waiting";

#[derive(Template)]
#[template(path = "portal/platform_queue.html")]
struct QueuePage<'a> {
    frame: &'a PortalFrame,
    says: String,
    may_change: bool,
    offers: Vec<OfferLine>,
    inactive: Vec<InactiveLine>,
    deployments: Vec<WaitingDeployment>,
    /// Whether nothing waits on any page.
    is_empty: bool,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let language = person.language;
    let offers = portal.registrations.undecided(&person.tool).await?;
    let waiting = portal.waiting(&person.tool.id).await?;
    let says = texts::QUEUE_SAYS.with("tool", person.tool.name_in(language));
    let frame = portal
        .frame(person, Nav::Platforms, texts::QUEUE_TITLE)
        .await?;
    let may_change = person.may_change::<OfPlatforms>();
    let offer = |offer| OfferLine::new(offer, person, may_change.then_some(QUEUE));
    let part = ListPart::new(query, MOST_OF_SORT);
    let numbers = [
        offers.len(),
        waiting.platforms.len(),
        waiting.deployments.len(),
    ];
    let mut platforms = Vec::new();
    for row in part.of(waiting.platforms.into_iter()) {
        platforms.push(InactiveLine::new(&portal, &person.tool.id, row, language).await?);
    }
    let mut rows = WaitingRows {
        offers: part.of(offers.into_iter()).map(offer).collect(),
        platforms,
        deployments: part.of(waiting.deployments.into_iter()).collect(),
    };
    let shown = rows.fit(ROWS_BYTES);
    portal.send(
        StatusCode::OK,
        &frame,
        QueuePage {
            says: says.to(language).into_owned(),
            may_change,
            offers: rows.offers,
            inactive: rows.platforms,
            deployments: rows.deployments,
            is_empty: numbers == [0; 3],
            first: part.first(QUEUE),
            next: part.next_of_several(QUEUE, shown, numbers),
            frame: &frame,
        },
    )
}

/// `POST /portal/platforms/waiting/{key}`: approves a registration, as the tool's own page does.
pub(crate) async fn approve(
    State(portal): State<Portal>,
    Path(key): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let back = back_to(form.field("next"), QUEUE.to_owned());
    let active = form.field("active").is_some();
    if active {
        form.confirmed(&portal, &back)?;
    }
    let id = portal
        .registrations
        .undecided_id(&person.tool, &key)
        .await?;
    let Some(id) = id else {
        let (title, says) = (texts::QUEUE_TITLE, Phrase::from(texts::APPROVAL_GONE));
        let status = StatusCode::NOT_FOUND;
        return portal.message(person, status, title, [says]).await;
    };
    let name = form.field("name").unwrap_or_default();
    let mut body = json!({"autoActivate": active});
    if !name.trim().is_empty() {
        body["platformName"] = name.trim().into();
    }
    let answer = approval::complete(
        State(portal.registrations.clone()),
        WithApiKey::granted(&person.tool),
        Path(id),
        HeaderMap::new(),
        body_of(&body),
    );
    let mut answer = answer.await;
    if let Some(problem) = answer.extensions_mut().remove::<Arc<Problem>>() {
        // Keeps the whole problem: what the platform said, and when to try again.
        let held = || Problem::internal("a registration's problem is held elsewhere");
        return Err(Arc::into_inner(problem).unwrap_or_else(held).into());
    }
    let entry = person
        .entry(AuditAction::RegistrationApproved, key)
        .after(body);
    portal.audit.write(&portal.db, entry).await?;
    let told = texts::APPROVED.with("name", name);
    portal.done(person, &back, told)
}
