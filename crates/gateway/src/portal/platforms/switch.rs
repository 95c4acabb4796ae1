//! `POST /portal/platforms/{id}/activate` and `/deactivate`.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::json;

use super::head::address_of;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms_api;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::back_to;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::portal_platforms as texts;

/// Lets a platform launch, and its deployments that wait.
pub(crate) async fn activate(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let before = portal
        .directory
        .platforms
        .of_tool(&person.tool.id, &id)
        .await?
        .active;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(platform) = platforms_api::activate(State(room), key, Path(id)).await?;
    let entry = person.entry("platform.activated", &platform.id);
    let entry = entry.before(json!({"active": before}));
    let entry = entry.after(json!({"active": true}));
    portal.audit.write(&portal.db, entry).await?;
    let there = back_to(form.field("next"), address_of(&platform.id));
    portal.done(person, &there, texts::ACTIVATED.with("name", platform.name))
}

/// Stops a platform's launches.
pub(crate) async fn deactivate(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let before = portal
        .directory
        .platforms
        .of_tool(&person.tool.id, &id)
        .await?
        .active;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(platform) = platforms_api::deactivate(State(room), key, Path(id)).await?;
    let entry = person.entry("platform.deactivated", &platform.id);
    let entry = entry.before(json!({"active": before}));
    let entry = entry.after(json!({"active": false}));
    portal.audit.write(&portal.db, entry).await?;
    let there = back_to(form.field("next"), address_of(&platform.id));
    let told = texts::DEACTIVATED_NOW.with("name", platform.name);
    portal.done(person, &there, told)
}
