//! `/portal/platforms/{id}/deployments`: where the tool is placed in a platform, and whether it may
//! launch from there.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;
use store::deployments::{self as stored, Deployment, DeploymentStatus};

use super::head::{self, PlatformHead, PlatformTab, address_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::deployments;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::{ListPart, back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// Rows per page.
const PAGE: usize = 15;
/// How many pending deployments are shown above the others.
const WAITING: usize = 10;

/// A known deployment.
struct DeploymentLine {
    id: String,
    kind: &'static str,
    word: Text,
    is_active: bool,
    first_seen: i64,
}

impl From<Deployment> for DeploymentLine {
    fn from(row: Deployment) -> Self {
        let (kind, word) = match row.status {
            DeploymentStatus::Active => ("ok", texts::ALLOWED),
            DeploymentStatus::Pending => ("wait", texts::WAITING),
            DeploymentStatus::Disabled => ("off", texts::STOPPED),
        };
        Self {
            id: row.deployment_id,
            kind,
            word,
            is_active: row.status == DeploymentStatus::Active,
            first_seen: row.first_seen,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/platform_deployments.html")]
struct DeploymentsPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    waiting: Vec<DeploymentLine>,
    known: Vec<DeploymentLine>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Deployments).await?;
    let mut reader = portal.db.read().await?;
    let all = stored::of_platform(&mut reader.tx(), platform.row.id).await?;
    drop(reader);
    let (waiting, known): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|one| one.status == DeploymentStatus::Pending);
    let (number, part) = (known.len(), ListPart::new(query, PAGE));
    let known = part.of(known.into_iter());
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        DeploymentsPage {
            may_change: person.may_change::<OfPlatforms>(),
            waiting: waiting.into_iter().take(WAITING).map(Into::into).collect(),
            known: known.map(Into::into).collect(),
            next: part.next(&PlatformTab::Deployments.address(&head.id), number),
            frame: &frame,
            head,
        },
    )
}

/// `POST`: allows, stops, forgets or adds one.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let deployment = form.field("deployment").unwrap_or_default();
    let done = form.field("do").unwrap_or_default();
    let room = State(portal.directory.clone());
    let key = WithApiKey::granted(&person.tool);
    let place = Path((id.clone(), deployment.clone()));
    let (action, after, told) = match done.as_str() {
        "allow" => {
            let body = body_of(&json!({"status": "active"}));
            let _ = deployments::change(room, key, place, body).await?;
            (
                AuditAction::DeploymentAllowed,
                "active",
                texts::DEPLOYMENT_ALLOWED,
            )
        }
        "stop" => {
            let body = body_of(&json!({"status": "disabled"}));
            let _ = deployments::change(room, key, place, body).await?;
            (
                AuditAction::DeploymentStopped,
                "disabled",
                texts::DEPLOYMENT_STOPPED,
            )
        }
        "forget" => {
            form.confirmed(&portal, &PlatformTab::Deployments.address(&id))?;
            let _ = deployments::delete(room, key, place).await?;
            (
                AuditAction::DeploymentForgotten,
                "",
                texts::DEPLOYMENT_FORGOTTEN,
            )
        }
        "enter" => {
            let body = body_of(&json!({"deploymentId": deployment, "status": "active"}));
            let _ = deployments::create(room, key, Path(id.clone()), body).await?;
            (
                AuditAction::DeploymentEntered,
                "active",
                texts::DEPLOYMENT_ALLOWED,
            )
        }
        _ => return Err(Problem::wrong_body("Which action?").into()),
    };
    let entry = person.entry(action, &id);
    let entry = entry.after(json!({"deployment": deployment, "status": after}));
    portal.audit.write(&portal.db, entry).await?;
    let there = PlatformTab::Deployments.address(&id);
    let there = back_to(form.field("next"), there);
    portal.done(person, &there, told.with("id", deployment))
}
