//! `/portal`: what is waiting, whether everything works, and the main problems; for a new
//! installation, the steps to the first launch.

mod causes;
mod day;
pub(crate) mod decide;
mod health;
mod steps;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use store::audit::AuditFilter;
use store::waiting::WaitingDeployment;

use self::causes::PlatformCause;
use self::day::Day;
use self::health::Health;
use self::steps::FirstSteps;
use super::connect::ours::only_here;
use super::connect::url_way::UrlWay;
use super::frame::{Nav, PortalFrame};
use super::page::PortalAnswer;
use super::people::person::Person;
use super::people::rights::{Anyone, OfKeys, OfPlatforms, OfSettings, OfTools, OfUsers, Right};
use super::platforms::waiting_row::{InactiveLine, OfferLine, WaitingRows};
use super::room::Portal;
use super::short::short_id;
use super::signed_in::SignedIn;
use super::trial;
use super::waiting::Waiting;
use crate::audit::{AuditAction, AuditLine};
use crate::web::problem::Problem;
use crate::web::texts::{
    Text, portal_backup as backup_texts, portal_connect as connect_texts,
    portal_health as health_texts, portal_home as texts, portal_platforms as platform_texts,
    portal_trial as trial_texts,
};

/// This page's path.
const HOME: &str = "/portal";
/// How many waiting entries of each sort are shown at most; the queue has all.
const MOST_WAITING: usize = 3;
/// How many bytes of the page they may take; long ids and names take many.
const WAITING_BYTES: usize = 5_400;
/// How many changes are shown.
const CHANGES: i64 = 4;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage<'a> {
    frame: &'a PortalFrame,
    /// Only until the first launch.
    steps: Option<FirstSteps>,
    /// What to know about the tool's name, if it has none yet.
    unnamed: Option<String>,
    /// Whether the first launch was this week.
    is_new: bool,
    may_see_users: bool,
    may_see_keys: bool,
    offers: Vec<OfferLine>,
    platforms: Vec<InactiveLine>,
    deployments: Vec<DeploymentWaits>,
    /// Whether more wait than are shown here.
    has_more: bool,
    may_decide: bool,
    may_set: bool,
    /// Whether the person may download a backup here.
    may_back_up: bool,
    day: Day,
    causes: Vec<PlatformCause>,
    health: Health,
    changes: Vec<HomeChange>,
    /// Whether the person may see how to connect an LMS.
    may_connect: bool,
    /// Whether the pretend LMS of test persons is still registered.
    has_test_lms: bool,
    /// The address with which any LMS can register, while that works.
    registration_url: Option<String>,
    /// A warning if no LMS elsewhere can reach us.
    only_here: Option<String>,
}

/// A change that a user made.
struct HomeChange {
    /// The change in words.
    name: Option<Text>,
    /// The name of what was changed.
    of: Option<String>,
    by: String,
    line: AuditLine,
}

impl From<AuditLine> for HomeChange {
    fn from(line: AuditLine) -> Self {
        Self {
            name: AuditAction::named(&line.action).map(AuditAction::words),
            of: line.subject_name().map(short_id),
            by: short_id(&line.by),
            line,
        }
    }
}

/// A deployment that is waiting.
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
    // Failures from a moment ago must be visible.
    portal.traces.settled().await;
    let waiting = portal.waiting(tool_id).await?;
    let title = texts::TITLE.to(person.language).to_owned();
    let frame = portal.frame_with(person, Nav::Home, title, &waiting);
    let (day, causes) = day::of(&portal, person, &frame).await?;
    let (all, may_see_users) = (AuditFilter::default(), person.may_read::<OfUsers>());
    let (db, audit) = (&portal.db, &portal.audit);
    let changes = audit.page_seen_by(db, tool_id, &all, None, CHANGES, may_see_users);
    let changes = changes.await?;
    let may_decide = person.may_change::<OfPlatforms>();
    let (rows, has_more) = waiting_rows(&portal, person, waiting).await?;
    let deployments = rows.deployments.into_iter();
    let is_open = UrlWay::of(&person.tool) == UrlWay::Open;
    let health = health::of(&portal, person, &frame, day.unreadable).await?;
    let steps = steps::of(&portal, &person.tool, &day).await?;
    let page = HomePage {
        is_new: steps.is_none() && steps::is_new(&portal, &person.tool, &day).await?,
        unnamed: steps::default_name(&person.tool)
            .map(|name| frame.phrase(texts::STEP_NAME.with("name", name))),
        may_see_users,
        may_see_keys: person.may_read::<OfKeys>(),
        steps,
        offers: rows.offers,
        platforms: rows.platforms,
        deployments: deployments
            .map(|deployment| deployment_waits(&frame, deployment))
            .collect(),
        has_more,
        may_decide,
        may_set: person.may_change::<OfSettings>(),
        may_back_up: person.may_change::<OfTools>() && health.backup.is_some(),
        day,
        causes,
        health,
        changes: changes.lines.into_iter().map(HomeChange::from).collect(),
        may_connect: OfPlatforms::READ.contains(&person.role),
        has_test_lms: trial::is_registered(&portal, &person.tool).await?,
        only_here: only_here(&portal, &person.tool, person.language),
        registration_url: is_open.then(|| portal.address(&person.tool, "/lti/register")),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// The first of what waits, as far as the page has room for it, and whether more waits.
async fn waiting_rows(
    portal: &Portal,
    person: &Person,
    waiting: Waiting,
) -> Result<(WaitingRows, bool), Problem> {
    let back = person.may_change::<OfPlatforms>().then_some(HOME);
    let mut number = waiting.platforms.len() + waiting.deployments.len();
    let mut offers = Vec::new();
    if waiting.offers > 0 {
        let undecided = portal.registrations.undecided(&person.tool).await?;
        number += undecided.len();
        let line = |offer| OfferLine::new(offer, person, back);
        offers.extend(undecided.into_iter().take(MOST_WAITING).map(line));
    }
    let mut platforms = Vec::new();
    for row in waiting.platforms.into_iter().take(MOST_WAITING) {
        platforms.push(InactiveLine::new(portal, &person.tool.id, row, person.language).await?);
    }
    let deployments = waiting.deployments.into_iter().take(MOST_WAITING);
    let mut rows = WaitingRows {
        offers,
        platforms,
        deployments: deployments.collect(),
    };
    let [offers, platforms, deployments] = rows.fit(WAITING_BYTES);
    let has_more = number > offers + platforms + deployments;
    Ok((rows, has_more))
}

fn deployment_waits(frame: &PortalFrame, deployment: WaitingDeployment) -> DeploymentWaits {
    let tried = texts::TRIED.with("when", frame.when(deployment.first_seen));
    let about = texts::DEPLOYMENT.with("id", short_id(&deployment.deployment_id));
    DeploymentWaits {
        tried: frame.phrase(tried),
        about: frame.phrase(about),
        platform_id: deployment.platform_id,
        deployment_id: deployment.deployment_id,
        name: short_id(&deployment.name),
    }
}
