//! `/portal`: what waits, whether it works, what went wrong most; for a new installation the steps to the first launch.

mod day;
pub(crate) mod decide;
mod health;
mod steps;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use store::StoreError;
use store::audit::AuditFilter;
use store::platforms::{self, PlatformFilter};
use store::waiting::{WaitingDeployment, WaitingPlatform};

use self::day::{Cause, Day};
use self::health::Health;
use self::steps::FirstSteps;
use super::frame::{Nav, PortalFrame};
use super::page::PortalAnswer;
use super::people::rights::{Anyone, OfPlatforms, OfSettings, OfTools};
use super::room::Portal;
use super::signed_in::SignedIn;
use crate::audit::{AuditAction, AuditLine};
use crate::web::texts::{
    Text, portal_backup as backup_texts, portal_health as health_texts, portal_home as texts,
    portal_platforms as platform_texts, portal_trial as trial_texts,
};

/// Changes that are shown.
const CHANGES: i64 = 4;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage<'a> {
    frame: &'a PortalFrame,
    /// Until the first launch.
    steps: Option<FirstSteps>,
    platforms: Vec<PlatformWaits>,
    deployments: Vec<DeploymentWaits>,
    may_decide: bool,
    may_set: bool,
    /// Whether the person may download a backup here.
    may_back_up: bool,
    day: Day,
    causes: Vec<Cause>,
    health: Health,
    changes: Vec<HomeChange>,
    registration_url: String,
}

/// A change that a user made.
struct HomeChange {
    /// In words.
    name: Option<Text>,
    line: AuditLine,
}

impl From<AuditLine> for HomeChange {
    fn from(line: AuditLine) -> Self {
        Self {
            name: AuditAction::named(&line.action).map(AuditAction::words),
            line,
        }
    }
}

/// A platform that waits, with what is needed to decide.
struct PlatformWaits {
    id: String,
    name: String,
    registered: String,
    about: String,
    /// Whether another one has the same issuer.
    has_twin: bool,
}

/// A deployment that waits.
struct DeploymentWaits {
    platform_id: String,
    deployment_id: String,
    name: String,
    tried: String,
    about: String,
}

/// `GET /portal`
pub(crate) async fn home(State(portal): State<Portal>, who: SignedIn<Anyone>) -> PortalAnswer {
    let person = &who.person;
    let tool_id = &person.tool.id;
    // Failures of a moment ago must be visible.
    portal.traces.settled().await;
    let waiting = portal.waiting(tool_id).await?;
    let title = texts::TITLE.to(person.language).to_owned();
    let frame = portal.frame_with(person, Nav::Home, title, &waiting);
    let (day, causes) = day::of(&portal, tool_id, &frame).await?;
    let filter = AuditFilter::default();
    let changes = portal
        .audit
        .page(&portal.db, tool_id, &filter, None, CHANGES);
    let changes = changes.await?;
    let mut platforms = Vec::new();
    for platform in waiting.platforms {
        platforms.push(platform_waits(&portal, tool_id, &frame, platform).await?);
    }
    let deployments = waiting.deployments.into_iter();
    let health = health::of(&portal, person, &frame, day.unreadable).await?;
    let page = HomePage {
        steps: steps::of(&portal, &person.tool, &day).await?,
        platforms,
        deployments: deployments
            .map(|deployment| deployment_waits(&frame, deployment))
            .collect(),
        may_decide: person.may_change::<OfPlatforms>(),
        may_set: person.may_change::<OfSettings>(),
        may_back_up: person.may_change::<OfTools>() && health.backup.is_some(),
        day,
        causes,
        health,
        changes: changes.into_iter().map(Into::into).collect(),
        registration_url: portal.address(&person.tool, "/lti/register"),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

async fn platform_waits(
    portal: &Portal,
    tool_id: &str,
    frame: &PortalFrame,
    platform: WaitingPlatform,
) -> Result<PlatformWaits, StoreError> {
    let mut reader = portal.db.read().await?;
    let filter = PlatformFilter {
        issuer: Some(platform.issuer.clone()),
        limit: 2,
        ..PlatformFilter::default()
    };
    let same = platforms::page(&mut reader.tx(), tool_id, &filter, frame.now).await?;
    drop(reader);
    let registered = texts::REGISTERED.with("when", frame.when(platform.created_at));
    let mut about = platform.issuer;
    if let Some(family) = platform.family {
        about.push_str(" · ");
        about.push_str(&family);
    }
    if let Some(version) = platform.version {
        about.push(' ');
        about.push_str(&version);
    }
    Ok(PlatformWaits {
        registered: frame.phrase(registered),
        has_twin: same.len() > 1,
        id: platform.id,
        name: platform.name,
        about,
    })
}

fn deployment_waits(frame: &PortalFrame, deployment: WaitingDeployment) -> DeploymentWaits {
    let tried = texts::TRIED.with("when", frame.when(deployment.first_seen));
    let about = texts::DEPLOYMENT.with("id", &*deployment.deployment_id);
    DeploymentWaits {
        tried: frame.phrase(tried),
        about: frame.phrase(about),
        platform_id: deployment.platform_id,
        deployment_id: deployment.deployment_id,
        name: deployment.name,
    }
}
