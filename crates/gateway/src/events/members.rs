//! The members of each event, as stored, returned and documented. None of them is personal.

use serde::Serialize;
use store::deliveries::DeliveryState;
use store::platforms::PlatformRow;
use utoipa::ToSchema;

/// What an event tells besides its type, id and time.
pub(super) trait EventMembers: Serialize {
    /// The members that say what the event is about. Webhooks carry only these.
    const IDS: &'static [&'static str];
}

/// A platform that was registered or added.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformEntered {
    pub(super) platform_id: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// Its name, for people.
    pub(super) name: String,
    /// Whether launches from it are accepted.
    pub(super) active: bool,
}

impl EventMembers for PlatformEntered {
    const IDS: &'static [&'static str] = &["platformId"];
}

impl From<&PlatformRow> for PlatformEntered {
    fn from(row: &PlatformRow) -> Self {
        Self {
            platform_id: row.id.clone(),
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone(),
            name: row.name.clone(),
            active: row.active,
        }
    }
}

/// A platform that was activated or deactivated.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformSwitched {
    pub(super) platform_id: String,
}

impl EventMembers for PlatformSwitched {
    const IDS: &'static [&'static str] = &["platformId"];
}

/// A deployment that has to be approved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeploymentArrived {
    pub(super) platform_id: String,
    pub(super) deployment_id: String,
}

impl EventMembers for DeploymentArrived {
    const IDS: &'static [&'static str] = &["platformId", "deploymentId"];
}

/// A launch that was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LaunchRefused {
    /// The reference shown on the page, which also finds the trace.
    pub(crate) trace_id: String,
    /// What was attempted, in the words of traces: `launch` or `studyreel`.
    pub(crate) kind: &'static str,
    /// The code of the rule.
    pub(crate) reason: &'static str,
    /// The platform, if it is known.
    pub(crate) platform_id: Option<String>,
    /// The deployment, if it is known.
    pub(crate) deployment_id: Option<String>,
}

impl EventMembers for LaunchRefused {
    const IDS: &'static [&'static str] = &["traceId", "platformId"];
}

/// Content that has appeared in its course.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentPlaced {
    /// The platform of the course.
    pub(crate) platform_id: String,
    /// The deployment of the course.
    pub(crate) deployment_id: String,
    /// The platform's id for the course.
    pub(crate) context_id: Option<String>,
    /// The application's name for the content.
    pub(crate) handle: String,
    /// The link that launched with it, if that is how we noticed.
    pub(crate) resource_link_id: Option<String>,
    /// Its line item, if we saw one.
    pub(crate) line_item_id: Option<String>,
}

impl EventMembers for ContentPlaced {
    const IDS: &'static [&'static str] = &["platformId", "deploymentId", "contextId", "handle"];
}

/// What became of a score.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GradeEvent {
    /// The delivery.
    pub(crate) delivery_id: String,
    /// The platform of the course.
    pub(crate) platform_id: String,
    /// The deployment of the course.
    pub(crate) deployment_id: String,
    /// The platform's id for the course.
    pub(crate) context_id: Option<String>,
    /// The delivery's state.
    #[schema(value_type = String)]
    pub(crate) state: DeliveryState,
    /// Why it is in this state.
    pub(crate) reason: Option<&'static str>,
}

impl EventMembers for GradeEvent {
    const IDS: &'static [&'static str] = &["deliveryId", "platformId", "deploymentId", "contextId"];
}

/// A platform with waiting scores.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScoresWait {
    pub(super) platform_id: String,
    /// How long the oldest has waited.
    pub(super) oldest_seconds: i64,
}

impl EventMembers for ScoresWait {
    const IDS: &'static [&'static str] = &["platformId"];
}

/// A platform that doesn't answer scores usefully.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScoresFail {
    pub(super) platform_id: String,
    /// How many scores in a row.
    pub(super) failures: i64,
}

impl EventMembers for ScoresFail {
    const IDS: &'static [&'static str] = &["platformId"];
}

/// How a roster changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChange {
    /// The platform of the course.
    pub(crate) platform_id: String,
    /// The deployment of the course.
    pub(crate) deployment_id: String,
    /// The platform's id for the course.
    pub(crate) context_id: Option<String>,
    /// Members who came.
    pub(crate) added: usize,
    /// Members who changed.
    pub(crate) changed: usize,
    /// Members who left.
    pub(crate) removed: usize,
}

impl EventMembers for RosterChange {
    const IDS: &'static [&'static str] = &["platformId", "deploymentId", "contextId"];
}

/// A student who came for the first time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StudentCame {
    pub(super) student_id: String,
    /// Who sent them.
    pub(super) issuer: String,
}

impl EventMembers for StudentCame {
    const IDS: &'static [&'static str] = &["studentId"];
}

/// An API key that was created.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyMade {
    pub(super) api_key_id: String,
    /// What it may be used for.
    pub(super) scope: String,
}

impl EventMembers for ApiKeyMade {
    const IDS: &'static [&'static str] = &["apiKeyId"];
}

/// A webhook that we stopped sending to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookStopped {
    pub(super) webhook_id: String,
    /// Stable code of the reason.
    pub(super) reason: &'static str,
}

impl EventMembers for WebhookStopped {
    const IDS: &'static [&'static str] = &["webhookId"];
}
