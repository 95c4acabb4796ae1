//! `POST /portal/platforms/{id}/activate` and `/deactivate`. Deactivating asks first
//! (docs/decisions/0497-what-stops-people-is-asked-first.md).

use axum::Json;
use axum::extract::{Path, State};
use serde_json::json;

use super::head::{self, address_of, platform_of};
use super::in_use::last_launch;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms_api;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::Nav;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfPlatformForms, OfPlatforms};
use crate::portal::query::back_to;
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::texts::portal_platforms as texts;

/// Lets a platform launch, including its pending deployments.
pub(crate) async fn activate(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    switch(&portal, id, &form, true).await
}

/// `GET /portal/platforms/{id}/deactivate`: asks before.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let platform = platform_of(&portal, person, &id).await?;
    let there = address_of(&platform.id);
    let question = ConfirmQuestion {
        title: texts::DEACTIVATE_QUESTION,
        name: platform.name.clone(),
        says: texts::DEACTIVATE_SAYS.into(),
        button: texts::DEACTIVATE.into(),
        action: format!("{there}/deactivate"),
        fields: Vec::new(),
        back: there,
    };
    portal.ask(person, Nav::Platforms, question).await
}

/// Stops a platform's launches.
pub(crate) async fn deactivate(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    switch(&portal, id, &form, false).await
}

async fn switch(
    portal: &Portal,
    id: String,
    form: &PortalForm<OfPlatforms>,
    active: bool,
) -> PortalAnswer {
    let person = &form.person;
    let there = back_to(form.field("next"), address_of(&id));
    if active {
        form.confirmed(portal, &there)?;
    }
    let before = platform_of(portal, person, &id).await?.active;
    let waiting = head::waiting(portal, &id).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let (action, told, switched) = if active {
        // If it has launched before, the tool is switched on in the LMS already.
        let told = match last_launch(portal, &id).await? {
            Some(_) => texts::ACTIVE_AGAIN,
            None => texts::ACTIVATED,
        };
        let switched = platforms_api::activate(State(room), key, Path(id)).await;
        (AuditAction::PlatformActivated, told, switched)
    } else {
        let switched = platforms_api::deactivate(State(room), key, Path(id)).await;
        (
            AuditAction::PlatformDeactivated,
            texts::DEACTIVATED_NOW,
            switched,
        )
    };
    let Json(platform) = portal.unless_refused(person, &there, switched).await?;
    // Activating also lets waiting deployments in.
    if before != active || (active && waiting > 0) {
        let entry = person.entry(action, &*platform.id).named(&*platform.name);
        let entry = entry.before(json!({"active": before}));
        let entry = entry.after(json!({"active": active}));
        portal.audit.write(&portal.db, entry).await?;
    }
    portal.done(person, &there, told.with("name", platform.name))
}
