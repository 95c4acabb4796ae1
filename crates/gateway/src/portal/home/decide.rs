//! Decisions that take one click on Home.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};
use store::deployments::DeploymentStatus;

use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::tool_api::change_settings;
use crate::directory::{deployments, platforms_api};
use crate::portal::flash::PortalFlash;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfPlatforms, OfSettings};
use crate::portal::platforms::deployments::status_of;
use crate::portal::platforms::platform_of;
use crate::portal::query::{back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::settings::slips::with_slips;
use crate::portal::signed_in::PortalForm;
use crate::settings::tool::ToolSettings;
use crate::web::texts::portal_home as texts;

const HOME: &str = "/portal";

/// `POST /portal/waiting/{platform}`: `do` is `activate` or `refuse`, `next` the page it was sent
/// from, if that isn't Home.
pub(crate) async fn platform(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let active = match form.field("do").as_deref() {
        Some("activate") => true,
        Some("refuse") => false,
        _ => return portal.nothing(person).await,
    };
    let back = back_to(form.field("next"), HOME.to_owned());
    if active {
        form.confirmed(&portal, &back)?;
    }
    let before = platform_of(&portal, person, &id).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let (action, says, switched) = if active {
        let switched = platforms_api::activate(State(room), key, Path(id)).await;
        (AuditAction::PlatformActivated, texts::ACTIVATED, switched)
    } else {
        let switched = platforms_api::deactivate(State(room), key, Path(id)).await;
        (AuditAction::PlatformRefused, texts::REFUSED, switched)
    };
    let Json(platform) = portal.unless_refused(person, &back, switched).await?;
    let entry = person.entry(action, &*platform.id).named(&*platform.name);
    let entry = entry.before(json!({"active": before.row.active}));
    let entry = entry.after(json!({"active": active}));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, &back, says.with("name", platform.name))
}

/// `POST /portal/waiting/{platform}/deployment`: `do` is `allow` or `refuse`, `deployment` is the
/// platform's id for the deployment.
pub(crate) async fn deployment(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let (status, says) = match form.field("do").as_deref() {
        Some("allow") => (DeploymentStatus::Active, texts::ALLOWED),
        Some("refuse") => (DeploymentStatus::Disabled, texts::DISALLOWED),
        _ => return portal.nothing(person).await,
    };
    let platform = platform_of(&portal, person, &id).await?;
    let Some(deployment) = form.field("deployment") else {
        return portal.nothing(person).await;
    };
    let before = status_of(&portal, &platform.id, &deployment).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let path = Path((id, deployment.clone()));
    let body = body_of(&json!({"status": status}));
    let changed = deployments::change(State(room), key, path, body).await;
    let _ = portal.unless_refused(person, HOME, changed).await?;
    let (id, name) = (platform.row.id, platform.row.name);
    let entry = person
        .entry(AuditAction::DeploymentDecided, &*id)
        .named(&*name);
    let entry = entry.before(json!({"status": before}));
    let entry = entry.after(json!({"deployment": deployment, "status": status}));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, HOME, says.with("name", name))
}

/// `POST /portal/launch-url`
pub(crate) async fn launch_url(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let url = form.field("launchUrl").unwrap_or_default();
    let now = person.tool.settings.launch_url.as_ref();
    if now.is_none_or(|now| now.as_str() != url.trim()) {
        form.confirmed(&portal, HOME)?;
    }
    let mut patch = Map::new();
    patch.insert("launchUrl".to_owned(), Value::from(url.trim()));
    let entry = person.entry(AuditAction::ToolChanged, "launchUrl");
    let entry = entry.after(json!(url.trim()));
    let entry_of = move |before: &ToolSettings, _: &ToolSettings| {
        let before = before.launch_url.as_ref().map(ToString::to_string);
        Some(entry.before(json!(before)))
    };
    let changed = change_settings(&portal.directory, &person.tool.id, patch, entry_of).await;
    let after = match changed {
        Ok(after) => after.launch_url,
        Err(problem) if problem.status.is_server_error() => return Err(problem.into()),
        Err(problem) => {
            // The page has one field: its name in the API would say nothing.
            let wrong = problem.wrong_members().first();
            let says = wrong.map_or(&*problem.description, |wrong| wrong.message.as_str());
            let flash = PortalFlash::refused_in_english(says);
            return portal.tell(person, HOME, &flash.because_of("url"));
        }
    };
    let says = with_slips(texts::SAVED, &after, person.language);
    portal.said(person, HOME, &says)
}
