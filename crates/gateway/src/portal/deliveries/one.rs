//! `/portal/deliveries/{id}`: one score, the attempts to deliver it, and the actions on it.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

use super::words::{cause_of, may_cancel, may_retry, progress_of, score_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::fact::{Fact, exact};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::job_attempts::JobAttemptLine;
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfDeliveries, OfPlatforms};
use crate::portal::platforms::address_of;
use crate::portal::query::{back_to, body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::services::deliveries::api::{Viewer, list as api, orders, reconcile};
use crate::services::deliveries::{Delivery, DeliveryReason, NOT_CANCELLED, NOT_RETRIED};
use crate::web::problem::Problem;
use crate::web::texts::{
    Text, delivery_advice as advice, portal_deliveries as texts, portal_failures as failure_texts,
    portal_pages as pages, portal_platforms as platform_texts,
};

/// The path of the list.
const ALL: &str = "/portal/deliveries";

/// The last attempt, which failed.
struct FailedAttempt {
    cause: Text,
    host: Option<String>,
    advice: Text,
    /// The address of the platform's settings, if they may be wrong.
    settings: Option<String>,
}

impl FailedAttempt {
    /// `is_there` says whether the platform still exists.
    fn of(delivery: &Delivery, is_there: bool) -> Option<Self> {
        let cause = cause_of(delivery)?;
        let may_correct = is_there && cause.may_be_settings();
        let last = delivery.attempts.last();
        Some(Self {
            cause: cause.words(),
            host: last.and_then(|last| last.host.clone()),
            advice: cause.advice(),
            settings: may_correct.then(|| format!("{}/settings", address_of(&delivery.platform))),
        })
    }
}

#[derive(Template)]
#[template(path = "portal/delivery.html")]
struct DeliveryPage<'a> {
    frame: &'a PortalFrame,
    id: String,
    platform_id: String,
    platform: String,
    user: String,
    score: String,
    kind: &'static str,
    word: Text,
    at: i64,
    reason: Option<Text>,
    advice: Option<Text>,
    failed: Option<FailedAttempt>,
    next: Option<String>,
    newer: Option<String>,
    is_same: bool,
    tries: Vec<JobAttemptLine>,
    facts: Vec<Fact>,
    may_retry: bool,
    may_cancel: bool,
    /// Whether the gradebook can be compared with what was delivered.
    may_compare: bool,
    /// Whether the user may block this person.
    may_block: bool,
}

/// A delivery of the person's tool, or the page that says there is none.
async fn find(portal: &Portal, person: &Person, id: &str) -> Result<Delivery, PortalRefusal> {
    let (desk, viewer) = (portal.deliveries.clone(), Viewer::Tool(person.tool.clone()));
    let found = api::one(State(desk), viewer, Path(id.to_owned())).await;
    let Json(delivery) = portal.unless_refused(person, ALL, found).await?;
    Ok(delivery)
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfDeliveries>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let delivery = find(&portal, person, &id).await?;
    let name = portal.platform_name(person, &delivery.platform).await?;
    let frame = portal.frame(person, Nav::Deliveries, texts::TITLE).await?;
    let may_change = person.may_change::<OfDeliveries>();
    let (kind, word) = progress_of(&delivery);
    let next = delivery.next_attempt_at.as_deref().map(|at| {
        let phrase = texts::NEXT_TRY.with("when", frame.when(ms_of(at)));
        frame.phrase(phrase)
    });
    let reason = delivery.reason.as_deref();
    let reason = reason.and_then(DeliveryReason::named);
    let tries = delivery.attempts.iter();
    let page = DeliveryPage {
        score: score_of(&delivery, &frame),
        facts: facts(&delivery),
        may_retry: may_change && may_retry(delivery.state),
        may_cancel: may_change && may_cancel(delivery.state),
        may_compare: may_change && delivery.line_item.is_some(),
        may_block: person.may_change::<OfPlatforms>() && !delivery.user.is_empty(),
        reason: delivery.reason.as_deref().map(DeliveryReason::words),
        advice: match reason {
            Some(reason) => Some(reason.advice()),
            None => delivery.looks_ungraded.then_some(advice::LOOKS_UNGRADED),
        },
        failed: FailedAttempt::of(&delivery, name.is_some()),
        at: ms_of(&delivery.created_at),
        newer: delivery.superseded_by.as_deref().map(path_of),
        is_same: delivery.deduplicated,
        tries: tries
            .map(|attempt| JobAttemptLine::new(attempt, person.language))
            .collect(),
        platform: name.unwrap_or_else(|| delivery.platform.clone()),
        platform_id: delivery.platform,
        user: delivery.user,
        id: delivery.id,
        frame: &frame,
        kind,
        word,
        next,
    };
    portal.send(StatusCode::OK, &frame, page)
}

fn path_of(id: &str) -> String {
    format!("/portal/deliveries/{id}")
}

fn facts(delivery: &Delivery) -> Vec<Fact> {
    let score = &delivery.score;
    let progress = [&score.activity_progress, &score.grading_progress];
    let progress: Vec<&str> = progress.into_iter().flatten().map(String::as_str).collect();
    let progress = (!progress.is_empty()).then(|| progress.join(", "));
    let student = Some(delivery.user.clone()).filter(|user| !user.is_empty());
    let all = [
        (pages::REFERENCE, Some(delivery.id.clone())),
        (texts::REASON, delivery.reason.clone()),
        (texts::STUDENT, student),
        (texts::PROGRESS, progress),
        (pages::WHEN, score.timestamp.as_deref().map(exact)),
        (
            texts::ARRIVED_AT,
            delivery.delivered_at.as_deref().map(exact),
        ),
        (texts::LINE_ITEM, delivery.line_item.clone()),
        (texts::COURSE, delivery.context.clone()),
        (texts::DEPLOYMENT, Some(delivery.deployment.clone())),
        (texts::NOTE, delivery.note.clone()),
    ];
    Fact::known(all)
}

/// `POST`: retries it, cancels it, or compares its column of the gradebook.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfDeliveries>,
) -> PortalAnswer {
    let person = &form.person;
    match form.field("do").as_deref() {
        Some("compare") => return compare(&portal, person, &id, false).await,
        Some("repair") => return compare(&portal, person, &id, true).await,
        _ => {}
    }
    let before = find(&portal, person, &id).await?;
    let (desk, key) = (portal.deliveries.clone(), WithApiKey::granted(&person.tool));
    let of = Path(id.clone());
    let (done, action, told) = match form.field("do").as_deref() {
        Some("retry") => (
            orders::retry(State(desk), key, of).await,
            AuditAction::DeliveryRetried,
            texts::RETRIED,
        ),
        Some("cancel") => (
            orders::cancel(State(desk), key, of).await,
            AuditAction::DeliveryCancelled,
            texts::GIVEN_UP,
        ),
        _ => return Err(Problem::wrong_body("Which action?").into()),
    };
    let back = back_to(form.field("next"), path_of(&id));
    let is_late = |problem: &Problem| problem.is(&NOT_RETRIED) || problem.is(&NOT_CANCELLED);
    if done.as_ref().is_err_and(is_late) {
        return portal.refused(person, &back, texts::MEANWHILE);
    }
    let Json(after) = portal.unless_refused(person, &back, done).await?;
    let entry = person.entry(action, &id);
    let entry = entry.before(json!({"state": before.state.as_str()}));
    let entry = entry.after(json!({"state": after.state.as_str()}));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, &back, told)
}

/// Compares a delivery's column of the gradebook with everything delivered to it. With `repair`,
/// what is missing is sent again.
async fn compare(portal: &Portal, person: &Person, id: &str, repair: bool) -> PortalAnswer {
    let delivery = find(portal, person, id).await?;
    let back = path_of(id);
    let Some(line_item) = delivery.line_item else {
        return portal.nothing(person).await;
    };
    let asked = json!({
        "lineItem": line_item, "platform": delivery.platform, "repair": repair,
    });
    let (desk, viewer) = (portal.deliveries.clone(), Viewer::Tool(person.tool.clone()));
    let found = match reconcile::reconcile(State(desk), viewer, body_of(&asked)).await {
        Ok(Json(found)) => found,
        // An error of the platform or the API is shown here; our own mistakes have a page.
        Err(problem) if problem.status != StatusCode::INTERNAL_SERVER_ERROR => {
            return portal.refused_in_english(person, &back, &problem.description);
        }
        Err(problem) => return Err(problem.into()),
    };
    let number = |people: &[String]| people.len().to_string();
    let told = if repair {
        let entry = person.entry(AuditAction::DeliveriesRepaired, id);
        let entry = entry.after(json!({"repaired": found.repaired.len()}));
        portal.audit.write(&portal.db, entry).await?;
        texts::REPAIRED.with("repaired", number(&found.repaired))
    } else {
        texts::COMPARED.with("missing", number(&found.missing))
    };
    let told = told
        .with("same", found.same.to_string())
        .with("different", number(&found.different))
        .with("overridden", number(&found.overridden));
    portal.done(person, &back, told)
}
