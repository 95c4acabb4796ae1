//! What each event says, member by member: as it is stored, answered and documented. Nothing personal is in any of it.

use serde::Serialize;
use store::deliveries::DeliveryState;
use store::platforms::PlatformRow;
use utoipa::ToSchema;

/// The members of an event.
pub(super) trait EventMembers: Serialize {
    /// Those that say what it is about: webhooks carry them and nothing else.
    const IDS: &'static [&'static str];
}

/// A platform that was entered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformEntered {
    pub(super) platform_id: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// For people.
    pub(super) name: String,
    /// Whether launches from it are taken.
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

/// A deployment that waits to be let in.
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
    /// The reference of the page and of its trace.
    pub(crate) trace_id: String,
    /// What was attempted, as traces name it: `launch` or `studyreel`.
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

/// Content that has arrived in its course.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentPlaced {
    /// The platform of the course.
    pub(crate) platform_id: String,
    /// The deployment of the course.
    pub(crate) deployment_id: String,
    /// The platform's id for the course.
    pub(crate) context_id: Option<String>,
    /// The application's own name for the content.
    pub(crate) handle: String,
    /// The link that launched with it, if that was how it was seen.
    pub(crate) resource_link_id: Option<String>,
    /// Its line item, if it was seen.
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

/// A platform whose scores wait.
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

/// A platform that gives no useful answers to scores.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScoresFail {
    pub(super) platform_id: String,
    /// How many in a row.
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

/// An API key that was made.
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

/// A webhook that nothing is sent to any more.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookStopped {
    pub(super) webhook_id: String,
    /// Stable code of why.
    pub(super) reason: &'static str,
}

impl EventMembers for WebhookStopped {
    const IDS: &'static [&'static str] = &["webhookId"];
}
