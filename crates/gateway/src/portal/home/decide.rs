//! What Home lets people decide with one click.

use axum::extract::{Path, State};
use serde_json::{Map, Value, json};
use store::StoreError;
use store::deployments::{self, DeploymentStatus};

use crate::audit::AuditAction;
use crate::directory::switching::{Switch, switch};
use crate::directory::tool_api::change_settings;
use crate::portal::flash::PortalFlash;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfPlatforms, OfSettings};
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::portal_home as texts;

const HOME: &str = "/portal";

/// `POST /portal/waiting/{platform}`: `do` is `activate` or `refuse`.
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
    let room = &portal.directory;
    let Ok(platform) = room.platforms.of_tool(&person.tool.id, &id).await else {
        return portal.nothing(person).await;
    };
    let (id, name) = (platform.row.id, platform.row.name);
    let action = if active {
        AuditAction::PlatformActivated
    } else {
        AuditAction::PlatformRefused
    };
    let entry = person.entry(action, &*id).named(&*name);
    let entry = entry.before(json!({"active": platform.row.active}));
    let entry = entry.after(json!({"active": active}));
    let to = Switch {
        tool_id: person.tool.id.clone(),
        platform_id: id,
        active,
    };
    let (events, audit, now) = (
        room.events.clone(),
        portal.audit.clone(),
        portal.clock.now_ms(),
    );
    let changed = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let is_known = switch(&mut tx, &events, to, now).await?;
            if is_known {
                audit.note(&mut tx, entry).await?;
            }
            Ok(is_known)
        })
    });
    if !changed.await? {
        return portal.nothing(person).await;
    }
    room.platforms.changed();
    room.events.committed();
    let says = if active {
        texts::ACTIVATED
    } else {
        texts::REFUSED
    };
    portal.done(person, HOME, says.with("name", name))
}

/// `POST /portal/waiting/{platform}/deployment`: `do` is `allow` or `refuse`, `deployment` the platform's id for it.
pub(crate) async fn deployment(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let status = match form.field("do").as_deref() {
        Some("allow") => DeploymentStatus::Active,
        Some("refuse") => DeploymentStatus::Disabled,
        _ => return portal.nothing(person).await,
    };
    let room = &portal.directory;
    let platform = room.platforms.of_tool(&person.tool.id, &id).await;
    let (Ok(platform), Some(deployment)) = (platform, form.field("deployment")) else {
        return portal.nothing(person).await;
    };
    let (id, name) = (platform.row.id, platform.row.name);
    let entry = person
        .entry(AuditAction::DeploymentDecided, &*id)
        .named(&*name);
    let after = json!({"deployment": deployment, "status": status.as_str()});
    let (entry, audit) = (entry.after(after), portal.audit.clone());
    let changed = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let is_known = deployments::set_status(&mut tx, id, deployment, status).await?;
            if is_known {
                audit.note(&mut tx, entry).await?;
            }
            Ok(is_known)
        })
    });
    if !changed.await? {
        return portal.nothing(person).await;
    }
    room.platforms.changed();
    let says = match status {
        DeploymentStatus::Active => texts::ALLOWED,
        DeploymentStatus::Pending | DeploymentStatus::Disabled => texts::DISALLOWED,
    };
    portal.done(person, HOME, says.with("name", name))
}

/// `POST /portal/launch-url`
pub(crate) async fn launch_url(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let url = form.field("launchUrl").unwrap_or_default();
    let before = person
        .tool
        .settings
        .launch_url
        .as_ref()
        .map(ToString::to_string);
    let mut patch = Map::new();
    patch.insert("launchUrl".to_owned(), Value::from(url.trim()));
    let changed = change_settings(&portal.directory, &person.tool.id, patch).await;
    if let Err(problem) = changed {
        if problem.status.is_server_error() {
            return Err(problem.into());
        }
        let flash = PortalFlash::refused_in_english(&problem.description);
        return portal.tell(person, HOME, &flash.because_of("url"));
    }
    let entry = person.entry(AuditAction::ToolChanged, "launchUrl");
    let entry = entry.before(json!(before)).after(json!(url.trim()));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, HOME, texts::SAVED)
}
