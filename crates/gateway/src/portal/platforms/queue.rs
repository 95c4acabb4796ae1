//! `/portal/platforms/waiting`: who wants in, the facts to decide by, and one click (portal.md
//! PO-5).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

use store::waiting::WaitingDeployment;

use super::head::address_of;
use super::waiting_row::{InactiveLine, OfferLine};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::registration::approval;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, portal_pages as pages, portal_platforms as texts};

/// How many entries of each sort are shown.
const MOST_OF_SORT: usize = 6;
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
    /// Whether there are more waiting entries than the page shows.
    has_more: bool,
}

pub(crate) async fn show(State(portal): State<Portal>, who: SignedIn<OfPlatforms>) -> PortalAnswer {
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
    let longest = offers.len().max(waiting.platforms.len());
    let has_more = longest.max(waiting.deployments.len()) > MOST_OF_SORT;
    let mut inactive = Vec::new();
    for row in waiting.platforms.into_iter().take(MOST_OF_SORT) {
        inactive.push(InactiveLine::new(&portal, &person.tool.id, row, language).await?);
    }
    portal.send(
        StatusCode::OK,
        &frame,
        QueuePage {
            says: says.to(language).into_owned(),
            may_change,
            offers: offers.into_iter().take(MOST_OF_SORT).map(offer).collect(),
            inactive,
            has_more,
            deployments: waiting.deployments.into_iter().take(MOST_OF_SORT).collect(),
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
