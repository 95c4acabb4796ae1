//! A delivery as the API shows it (grades.md §4).

use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;
use store::deliveries::{DeliveryRow, DeliveryState};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::Deliveries;
use super::details::{DeliveryTarget, open_body, open_details};
use super::identities::attempts_identity;
use super::rules::cause::AttemptCause;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use crate::jobs::{JobAttempt, attempts};
use crate::kit::clock::iso;
use crate::web::language::Language;
use crate::web::texts::delivery_advice;

/// A score on its way to a platform.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    pub(crate) id: String,
    /// Always `score`.
    kind: &'static str,
    #[schema(schema_with = states)]
    pub(crate) state: DeliveryState,
    /// Why it is held, or ended without being delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// Id of the platform.
    pub(crate) platform: String,
    pub(crate) deployment: String,
    /// Id of the course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<String>,
    /// Id of the line item; absent until it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line_item: Option<String>,
    /// The person the score is for.
    pub(crate) user: String,
    pub(crate) score: DeliveryScore,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    /// Up to 30, the latest ones.
    pub(crate) attempts: Vec<JobAttempt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) next_attempt_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) delivered_at: Option<String>,
    /// Id of the newer delivery that replaced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<String>,
    /// Not sent, because the platform already had this score.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) deduplicated: bool,
    /// More about it, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// Why the last attempt failed, unless a reason says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<&'static str>,
    /// What can be done about the reason, or the cause; or why a delivered score is not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<&'static str>,
    /// Whether the platform has the score, but shows it as if nothing was graded (GR-30).
    #[serde(skip)]
    pub(crate) looks_ungraded: bool,
}

impl Delivery {
    /// With advice about a score that this product takes and doesn't show.
    fn at(self, vendor: Vendor) -> Self {
        if !self.is_plain_zero() || !vendor.hides_zero() {
            return self;
        }
        Self {
            advice: Some(delivery_advice::LOOKS_UNGRADED.to(Language::English)),
            looks_ungraded: true,
            ..self
        }
    }

    /// Whether it is a delivered 0 with nothing else to say about it.
    fn is_plain_zero(&self) -> bool {
        self.state == DeliveryState::Delivered
            && self.advice.is_none()
            && self.score.score_given == Some(0.0)
    }
}

/// Why the last attempt failed, if it is tried again or was tried for too long. Other states have a
/// reason, or need none.
pub(crate) fn cause_in(state: DeliveryState, attempts: &[JobAttempt]) -> Option<AttemptCause> {
    match state {
        DeliveryState::Queued
        | DeliveryState::Sending
        | DeliveryState::Unknown
        | DeliveryState::Expired => AttemptCause::of_last(attempts),
        DeliveryState::Held
        | DeliveryState::Delivered
        | DeliveryState::Refused
        | DeliveryState::Superseded
        | DeliveryState::Cancelled => None,
    }
}

/// The score to deliver.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryScore {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) score_given: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) score_maximum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activity_progress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grading_progress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) timestamp: Option<String>,
}

/// The states as a schema.
fn states() -> Object {
    let says = "`queued`, `sending`, `held` (it waits for something that a person has to do) or `unknown` (it was sent, \
                and no answer came); in the end `delivered`, `refused`, `superseded`, `cancelled` or `expired` (it was \
                tried for too long).";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(says))
        .enum_values(Some(DeliveryState::ALL.iter().map(|one| one.as_str())))
        .build()
}

impl DeliveryScore {
    fn of(members: &Map<String, Value>) -> Self {
        let number = |name: &str| members.get(name).and_then(Value::as_f64);
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        Self {
            score_given: number("scoreGiven"),
            score_maximum: number("scoreMaximum"),
            activity_progress: text("activityProgress"),
            grading_progress: text("gradingProgress"),
            timestamp: text("timestamp"),
        }
    }
}

impl Deliveries {
    /// A delivery as the API shows it. What can't be opened is left out, so that one damaged row
    /// hides no others, and its own reason is seen; then the person is empty.
    pub(crate) fn shown(&self, row: DeliveryRow) -> Delivery {
        let details = open_details(&self.rows, &row).ok();
        let body = open_body(&self.rows, &row).ok().flatten();
        let identity = attempts_identity(&row.id);
        let attempts = attempts(&self.rows, &identity, row.attempts_sealed.as_deref());
        let attempts = attempts.unwrap_or_default();
        let cause = cause_in(row.state, &attempts);
        let target = details.as_ref().map(|details| &details.target);
        let line_item = match (&body, target) {
            (Some(body), _) => Some(body.line_item.clone()),
            (None, Some(DeliveryTarget::LineItem(url))) => Some(url.clone()),
            (None, _) => None,
        };
        let accepted = details.as_ref().map(|details| &details.score);
        let score = body.as_ref().map(|body| &body.score).or(accepted);
        let is_over = row.ended_at.is_some();
        let reason = row.reason.as_deref().and_then(DeliveryReason::named);
        let advice = reason.map(DeliveryReason::advice);
        let advice = advice.or_else(|| cause.map(AttemptCause::advice));
        Delivery {
            score: score.map(DeliveryScore::of).unwrap_or_default(),
            kind: "score",
            cause: cause.map(|cause| cause.words().to(Language::English)),
            advice: advice.map(|advice| advice.to(Language::English)),
            id: row.id,
            state: row.state,
            reason: row.reason,
            platform: row.platform_id,
            deployment: row.deployment_id,
            context: row.context_id,
            line_item,
            user: details.map(|details| details.user).unwrap_or_default(),
            created_at: iso(row.created_at),
            attempts,
            next_attempt_at: row.next_attempt_at.filter(|_| !is_over).map(iso),
            delivered_at: row.delivered_at.map(iso),
            superseded_by: row.superseded_by,
            deduplicated: row.deduplicated,
            note: row.note,
            looks_ungraded: false,
        }
    }

    /// The same at a platform that is this product.
    pub(super) fn shown_at(&self, row: DeliveryRow, vendor: Vendor) -> Delivery {
        self.shown(row).at(vendor)
    }

    /// The same at its platform, which is looked up only if the product matters.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn told(&self, row: DeliveryRow) -> Result<Delivery, StoreError> {
        let shown = self.shown(row);
        if !shown.is_plain_zero() {
            return Ok(shown);
        }
        let platform = self.platforms.by_id(&shown.platform).await?;
        Ok(match platform {
            Some(platform) => shown.at(Vendor::of(platform.family.as_deref(), &platform.issuer)),
            None => shown,
        })
    }
}
