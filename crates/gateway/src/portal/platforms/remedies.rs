//! Remedies that take one click on a platform: more leeway for its clock, an origin that may frame
//! our pages, the client id that its logins name.

use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::form::whole;
use super::head::{address_of, platform_of};
use super::in_use::works_today;
use crate::audit::AuditAction;
use crate::directory::platforms::Platform;
use crate::directory::platforms_api;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, portal_platforms as texts};

/// `POST /portal/platforms/{id}/leeway`: how far its clock may be off.
pub(crate) async fn leeway(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let seconds = form.field("seconds").and_then(|text| text.parse().ok());
    let seconds: u32 = seconds.ok_or_else(|| Problem::wrong_body("How many seconds?"))?;
    let platform = platform_of(&portal, &form.person, &id).await?;
    let tools = form.person.tool.settings.launch.leeway_seconds;
    let before = platform.launch.leeway_seconds.unwrap_or(tools);
    if seconds > u32::from(before) {
        let there = back_to(form.field("next"), address_of(&platform.id));
        form.confirmed(&portal, &there)?;
    }
    let told = texts::LEEWAY_SET
        .with("seconds", seconds.to_string())
        .with("name", &*platform.name);
    let change = |members: &mut Map<String, Value>| {
        let rules = members.entry("launch").or_insert_with(|| json!({}));
        rules["leewaySeconds"] = seconds.into();
    };
    apply(&portal, &form, &platform, change, told).await
}

/// `POST /portal/platforms/{id}/frame-origin`: one more origin whose pages may frame ours.
pub(crate) async fn frame_origin(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    form.confirmed(&portal, &back_to(form.field("next"), address_of(&id)))?;
    let origin = form.field("origin").unwrap_or_default();
    let platform = platform_of(&portal, &form.person, &id).await?;
    let told = texts::ORIGIN_ADDED
        .with("origin", &*origin)
        .with("name", &*platform.name);
    let change = |members: &mut Map<String, Value>| {
        let origins = members.entry("frameOrigins").or_insert_with(|| json!([]));
        if let Some(origins) = origins.as_array_mut() {
            let origin = Value::from(origin.as_str());
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
    };
    apply(&portal, &form, &platform, change, told).await
}

/// `POST /portal/platforms/{id}/client-id`: the client id that a login named.
pub(crate) async fn client_id(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let there = back_to(form.field("next"), address_of(&id));
    form.confirmed(&portal, &there)?;
    let client_id = form.field("clientId").unwrap_or_default();
    let platform = platform_of(&portal, &form.person, &id).await?;
    // It may have launched since the page offered this.
    if client_id != platform.client_id && works_today(&portal, &platform).await? {
        let told = texts::WORKS_TODAY.with("name", &*platform.name);
        return portal.refused(&form.person, &there, told);
    }
    let told = texts::CLIENT_ID_SET
        .with("id", &*client_id)
        .with("name", &*platform.name);
    let change = |members: &mut Map<String, Value>| {
        members.insert("clientId".to_owned(), client_id.as_str().into());
    };
    apply(&portal, &form, &platform, change, told).await
}

async fn apply(
    portal: &Portal,
    form: &PortalForm<OfPlatforms>,
    platform: &Platform,
    change: impl FnOnce(&mut Map<String, Value>),
    told: Phrase,
) -> PortalAnswer {
    let person = &form.person;
    let before = whole(platform)?;
    let mut after = before.clone();
    change(&mut after);
    let there = back_to(form.field("next"), address_of(&platform.id));
    if after == before {
        return portal.done(person, &there, told);
    }
    let (room, tool_id, id) = (&portal.directory, &person.tool.id, &platform.id);
    let body = body_of(&Value::Object(after.clone()));
    let is_same = |other: &Platform| whole(other).is_ok_and(|other| other == before);
    let replaced = platforms_api::replace_if(room, tool_id, id, &body, is_same).await;
    let is_changed = |problem: &Problem| problem.is(&platforms_api::CHANGED);
    if replaced.as_ref().is_err_and(is_changed) {
        let told = texts::CHANGED_MEANWHILE.with("name", &*platform.name);
        return portal.refused(person, &there, told);
    }
    let _ = portal.unless_refused(person, &there, replaced).await?;
    let entry = person
        .entry(AuditAction::PlatformChanged, &platform.id)
        .named(&*platform.name)
        .before(before);
    portal.audit.write(&portal.db, entry.after(after)).await?;
    portal.done(person, &there, told)
}
