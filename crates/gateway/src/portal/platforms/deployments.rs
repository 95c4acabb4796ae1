//! `/portal/platforms/{id}/deployments`: where the tool is placed in a platform, and whether it may
//! launch from there.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;
use store::StoreError;
use store::deployments::{self as stored, Deployment, DeploymentStatus};

use super::head::{self, PlatformHead, PlatformTab, address_of, platform_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::deployments;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfPlatformForms, OfPlatforms};
use crate::portal::query::{ListPart, address, back_to, body_of};
use crate::portal::room::Portal;
use crate::portal::short::{bytes_on_page, rows_that_fit, short_id};
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::form::field;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// Rows per page.
const PAGE_SIZE: usize = 10;
/// How many pending deployments are shown above the others.
const WAITING: usize = 5;
/// How many bytes of the page both may take; long ids take many.
const ROWS_BYTES: usize = 17_000;
/// How many bytes of the page a row takes besides ids: a pending one, and any other.
const PENDING_BYTES: usize = 550;
const KNOWN_BYTES: usize = 750;

/// A known deployment.
struct DeploymentLine {
    id: String,
    /// The id as it is shown.
    short: String,
    kind: &'static str,
    word: Text,
    is_active: bool,
    /// The page that asks before it is stopped.
    stop: String,
    /// The page that asks before it is forgotten.
    forget: String,
    first_seen: i64,
}

impl DeploymentLine {
    /// A line of the page at this path.
    fn new(row: Deployment, path: &str) -> Self {
        let asked = [("deployment", Some(&*row.deployment_id))];
        let asking = |what: &str| address(&format!("{path}/{what}"), &asked);
        let (kind, word) = match row.status {
            DeploymentStatus::Active => ("ok", texts::ALLOWED),
            DeploymentStatus::Pending => ("wait", texts::WAITING),
            DeploymentStatus::Disabled => ("off", texts::STOPPED),
        };
        Self {
            stop: asking("stop"),
            forget: asking("forget"),
            short: short_id(&row.deployment_id),
            id: row.deployment_id,
            kind,
            word,
            is_active: row.status == DeploymentStatus::Active,
            first_seen: row.first_seen,
        }
    }

    /// How many bytes of the page it takes: its form has the whole id.
    fn bytes(&self) -> usize {
        let ids = 3 * bytes_on_page(&self.short) + bytes_on_page(&self.id);
        match self.kind {
            "wait" => PENDING_BYTES + ids,
            _ => KNOWN_BYTES + ids + self.stop.len() + self.forget.len(),
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
    /// Whether there are more pending ones than the page shows.
    has_more: bool,
    first: Option<String>,
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
    let (number, part) = (known.len(), ListPart::new(query, PAGE_SIZE));
    let waiting_number = waiting.len();
    let path = PlatformTab::Deployments.address(&head.id);
    let line = |row| DeploymentLine::new(row, &path);
    let waiting = waiting.into_iter().take(WAITING);
    let mut waiting: Vec<DeploymentLine> = waiting.map(line).collect();
    let mut known: Vec<DeploymentLine> = part.of(known.into_iter()).map(line).collect();
    let bytes = [&waiting, &known].map(|rows| rows.iter().map(DeploymentLine::bytes).collect());
    let [waiting_shown, known_shown] = rows_that_fit(&bytes, ROWS_BYTES);
    waiting.truncate(waiting_shown);
    known.truncate(known_shown);
    let part = part.at_most(known_shown);
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        DeploymentsPage {
            may_change: person.may_change::<OfPlatforms>(),
            has_more: waiting_number > waiting.len(),
            waiting,
            known,
            first: part.first(&path),
            next: part.next(&path, number),
            frame: &frame,
            head,
        },
    )
}

/// `GET /portal/platforms/{id}/deployments/stop`: asks before.
pub(crate) async fn ask_to_stop(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let says = (texts::STOP_QUESTION, texts::STOP_SAYS, texts::STOP);
    ask(&portal, &who.person, &id, query, "stop", says).await
}

/// `GET /portal/platforms/{id}/deployments/forget`: asks before.
pub(crate) async fn ask_to_forget(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let says = (texts::FORGET_QUESTION, texts::FORGET_SAYS, texts::FORGET);
    ask(&portal, &who.person, &id, query, "forget", says).await
}

/// The page with a question, what follows from it, and a button that does this.
async fn ask(
    portal: &Portal,
    person: &Person,
    id: &str,
    query: Option<String>,
    what: &str,
    (title, says, button): (Text, Text, Text),
) -> PortalAnswer {
    let platform = platform_of(portal, person, id).await?;
    // Byte for byte, unlike what people type.
    let deployment = field(query.unwrap_or_default().as_bytes(), "deployment");
    let deployment = deployment.unwrap_or_default();
    let known = status_of(portal, &platform.id, &deployment).await?;
    if known.is_none() {
        return portal.nothing(person).await;
    }
    let there = PlatformTab::Deployments.address(&platform.id);
    let question = ConfirmQuestion {
        title,
        name: format!("{} · {deployment}", platform.name),
        says: says.into(),
        button: button.into(),
        action: there.clone(),
        fields: vec![("do", what.to_owned()), ("deployment", deployment)],
        back: there,
    };
    portal.ask(person, Nav::Platforms, question).await
}

/// What a button does: its action, the deployment's new status (a forgotten one has none), and what
/// to say.
fn ordered(asked: &str) -> Option<(AuditAction, Option<DeploymentStatus>, Text)> {
    let (active, disabled) = (DeploymentStatus::Active, DeploymentStatus::Disabled);
    Some(match asked {
        "allow" => (
            AuditAction::DeploymentAllowed,
            Some(active),
            texts::DEPLOYMENT_ALLOWED,
        ),
        "stop" => (
            AuditAction::DeploymentStopped,
            Some(disabled),
            texts::DEPLOYMENT_STOPPED,
        ),
        "forget" => (
            AuditAction::DeploymentForgotten,
            None,
            texts::DEPLOYMENT_FORGOTTEN,
        ),
        "enter" => (
            AuditAction::DeploymentEntered,
            Some(active),
            texts::DEPLOYMENT_ALLOWED,
        ),
        _ => return None,
    })
}

/// `POST`: allows, stops, forgets or adds one.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let deployment = form.field("deployment").unwrap_or_default();
    let asked = form.field("do").unwrap_or_default();
    let Some((action, status, told)) = ordered(&asked) else {
        return Err(Problem::wrong_body("Which action?").into());
    };
    let own = PlatformTab::Deployments.address(&id);
    if asked == "forget" {
        form.confirmed(&portal, &own)?;
    }
    let platform = platform_of(&portal, person, &id).await?;
    let before = status_of(&portal, &id, &deployment).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let path = Path((id.clone(), deployment.clone()));
    let done = match status {
        Some(status) if asked == "enter" => {
            let body = body_of(&json!({"deploymentId": deployment, "status": status}));
            let entered = deployments::create(State(room), key, Path(id.clone()), body);
            entered.await.map(drop)
        }
        Some(status) => {
            let body = body_of(&json!({"status": status}));
            let changed = deployments::change(State(room), key, path, body);
            changed.await.map(drop)
        }
        None => deployments::delete(State(room), key, path).await.map(drop),
    };
    let there = back_to(form.field("next"), own);
    let is_known = |problem: &Problem| problem.is(&deployments::KNOWN);
    if done.as_ref().is_err_and(is_known) {
        let told = texts::DEPLOYMENT_KNOWN.with("id", deployment);
        return portal.refused(person, &there, told);
    }
    portal.unless_refused(person, &there, done).await?;
    let told = told.with("id", &*deployment);
    if before.is_some() && before == status {
        return portal.done(person, &there, told);
    }
    let mut entry = person.entry(action, &id).named(&*platform.name);
    if let Some(before) = before {
        entry = entry.before(json!({"status": before}));
    }
    let mut after = json!({"deployment": deployment});
    if let Some(status) = status {
        after["status"] = json!(status);
    }
    portal.audit.write(&portal.db, entry.after(after)).await?;
    portal.done(person, &there, told)
}

/// A deployment's current status; `None` if the platform doesn't have it.
pub(crate) async fn status_of(
    portal: &Portal,
    platform_id: &str,
    deployment: &str,
) -> Result<Option<DeploymentStatus>, StoreError> {
    let (platform_id, deployment) = (platform_id.to_owned(), deployment.to_owned());
    let mut reader = portal.db.read().await?;
    let known = stored::one(&mut reader.tx(), platform_id, deployment).await?;
    Ok(known.map(|known| known.status))
}
