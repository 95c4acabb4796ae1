//! The click, and the page after it.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;

use super::lms::{NAME, TestLms, remove as remove_lms};
use super::refused::lead_back;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::platforms::address_of;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::portal::trace_lines::TraceLine;
use crate::traces::api as traces;
use crate::web::texts::{portal_pages as pages, portal_trial as texts};

const HOME: &str = "/portal";

#[derive(Template)]
#[template(path = "portal/trial.html")]
struct TrialPage<'a> {
    frame: &'a PortalFrame,
    /// The address at which the test person enters the application.
    application: String,
    platform: String,
    launches: Vec<TraceLine>,
}

/// `POST /portal/trial`: registers a new pretend LMS, and launches the test person.
pub(crate) async fn launch(
    State(portal): State<Portal>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let tool = &person.tool;
    if tool.settings.launch_url.is_none() {
        return portal.refused(person, HOME, texts::NO_LAUNCH_URL);
    }
    remove_lms(&portal, tool).await?;
    let lms = TestLms::register(&portal, tool).await?;
    let entry = person.entry(AuditAction::PlatformTested, &lms.platform_id);
    portal.audit.write(&portal.db, entry.named(NAME)).await?;
    let answer = lms.launch(&portal, tool).await?;
    let to = answer.headers().get(LOCATION);
    let Some(application) = to.and_then(|to| to.to_str().ok()).map(str::to_owned) else {
        return lead_back(&portal, person, answer).await;
    };
    let query = format!("platform={}&limit=5", lms.platform_id);
    let key = WithApiKey::granted(tool);
    let list = traces::list(State(portal.traces.clone()), key, RawQuery(Some(query)));
    let Json(list) = list.await?;
    let line = |trace| TraceLine::new(trace, person.language);
    let frame = portal.frame(person, Nav::Home, texts::TITLE).await?;
    let page = TrialPage {
        launches: list.traces.into_iter().map(line).collect(),
        platform: address_of(&lms.platform_id),
        frame: &frame,
        application,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST /portal/trial/remove`: removes the pretend LMS again. That takes no proof, because nothing
/// of anyone's is lost with it (decision 0511).
pub(crate) async fn remove(
    State(portal): State<Portal>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    if remove_lms(&portal, &person.tool).await? {
        let entry = person.entry(AuditAction::PlatformDeleted, NAME).named(NAME);
        portal.audit.write(&portal.db, entry).await?;
    }
    portal.done(person, HOME, texts::REMOVED)
}
