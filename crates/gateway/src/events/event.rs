//! The events there are, and what each says. Nothing personal is in any of it.

use serde_json::{Value, json};
use store::platforms::PlatformRow;

use super::data::EventData;
use super::event_type::EventType;

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    PlatformRegistered(Box<PlatformRow>),
    PlatformPending(Box<PlatformRow>),
    PlatformSwitched {
        platform_id: String,
        active: bool,
    },
    DeploymentPending {
        platform_id: String,
        deployment_id: String,
    },
    LaunchRefused(LaunchRefused),
    DeeplinkPlaced(ContentPlaced),
    Grade(Box<GradeEvent>),
    DeliveriesStalled {
        platform_id: String,
        oldest_seconds: i64,
    },
    PlatformGradesFailing {
        platform_id: String,
        failures: i64,
    },
    RosterChanged(RosterChange),
    StudentProvisioned {
        student_id: String,
        issuer: String,
    },
    ApiKeyCreated {
        api_key_id: String,
        scope: String,
    },
    WebhookDisabled {
        webhook_id: String,
        reason: &'static str,
    },
}

/// A launch that was refused.
#[derive(Clone, Debug)]
pub(crate) struct LaunchRefused {
    /// The reference of the page and of its trace.
    pub(crate) trace_id: String,
    /// `launch` or `studyreel`.
    pub(crate) kind: &'static str,
    /// The code of the rule.
    pub(crate) reason: &'static str,
    /// The platform, if it is known.
    pub(crate) platform_id: Option<String>,
    /// The deployment, if it is known.
    pub(crate) deployment_id: Option<String>,
}

/// Content that has arrived in its course.
#[derive(Clone, Debug)]
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

/// What became of a score.
#[derive(Clone, Debug)]
pub(crate) struct GradeEvent {
    /// One of those that are about a score.
    pub(crate) kind: EventType,
    /// The delivery.
    pub(crate) delivery_id: String,
    /// The platform of the course.
    pub(crate) platform_id: String,
    /// The deployment of the course.
    pub(crate) deployment_id: String,
    /// The platform's id for the course.
    pub(crate) context_id: Option<String>,
    /// The delivery's state.
    pub(crate) state: &'static str,
    /// Why it is in this state.
    pub(crate) reason: Option<&'static str>,
}

/// How a roster changed.
#[derive(Clone, Debug)]
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

impl Event {
    /// Its type.
    pub(crate) fn event_type(&self) -> EventType {
        match self {
            Self::PlatformRegistered(_) => EventType::PlatformRegistered,
            Self::PlatformPending(_) => EventType::PlatformPending,
            Self::PlatformSwitched { active: true, .. } => EventType::PlatformActivated,
            Self::PlatformSwitched { active: false, .. } => EventType::PlatformDeactivated,
            Self::DeploymentPending { .. } => EventType::DeploymentPending,
            Self::LaunchRefused(_) => EventType::LaunchRefused,
            Self::DeeplinkPlaced(_) => EventType::DeeplinkPlaced,
            Self::Grade(grade) => grade.kind,
            Self::DeliveriesStalled { .. } => EventType::DeliveriesStalled,
            Self::PlatformGradesFailing { .. } => EventType::PlatformGradesFailing,
            Self::RosterChanged(_) => EventType::RosterChanged,
            Self::StudentProvisioned { .. } => EventType::StudentProvisioned,
            Self::ApiKeyCreated { .. } => EventType::ApiKeyCreated,
            Self::WebhookDisabled { .. } => EventType::WebhookDisabled,
        }
    }

    /// Its members, as they are stored.
    pub(crate) fn data(&self) -> EventData {
        EventData::new(self.ids(), self.facts())
    }

    /// What it is about.
    fn ids(&self) -> Value {
        match self {
            Self::PlatformRegistered(platform) | Self::PlatformPending(platform) => {
                json!({"platformId": platform.id})
            }
            Self::PlatformSwitched { platform_id, .. }
            | Self::DeliveriesStalled { platform_id, .. }
            | Self::PlatformGradesFailing { platform_id, .. } => json!({"platformId": platform_id}),
            Self::DeploymentPending {
                platform_id,
                deployment_id,
            } => json!({"platformId": platform_id, "deploymentId": deployment_id}),
            Self::LaunchRefused(refused) => {
                json!({"traceId": refused.trace_id, "platformId": refused.platform_id})
            }
            Self::DeeplinkPlaced(placed) => json!({
                "platformId": placed.platform_id, "deploymentId": placed.deployment_id,
                "contextId": placed.context_id, "handle": placed.handle,
            }),
            Self::Grade(grade) => json!({
                "deliveryId": grade.delivery_id, "platformId": grade.platform_id,
                "deploymentId": grade.deployment_id, "contextId": grade.context_id,
            }),
            Self::RosterChanged(change) => json!({
                "platformId": change.platform_id, "deploymentId": change.deployment_id,
                "contextId": change.context_id,
            }),
            Self::StudentProvisioned { student_id, .. } => json!({"studentId": student_id}),
            Self::ApiKeyCreated { api_key_id, .. } => json!({"apiKeyId": api_key_id}),
            Self::WebhookDisabled { webhook_id, .. } => json!({"webhookId": webhook_id}),
        }
    }

    /// More about it.
    fn facts(&self) -> Value {
        match self {
            Self::PlatformRegistered(platform) | Self::PlatformPending(platform) => json!({
                "issuer": platform.issuer, "clientId": platform.client_id, "name": platform.name,
                "active": platform.active,
            }),
            Self::PlatformSwitched { .. } | Self::DeploymentPending { .. } => json!({}),
            Self::LaunchRefused(refused) => json!({
                "kind": refused.kind, "reason": refused.reason, "deploymentId": refused.deployment_id,
            }),
            Self::DeeplinkPlaced(placed) => json!({
                "resourceLinkId": placed.resource_link_id, "lineItemId": placed.line_item_id,
            }),
            Self::Grade(grade) => json!({"state": grade.state, "reason": grade.reason}),
            Self::DeliveriesStalled { oldest_seconds, .. } => {
                json!({"oldestSeconds": oldest_seconds})
            }
            Self::PlatformGradesFailing { failures, .. } => json!({"failures": failures}),
            Self::RosterChanged(change) => json!({
                "added": change.added, "changed": change.changed, "removed": change.removed,
            }),
            Self::StudentProvisioned { issuer, .. } => json!({"issuer": issuer}),
            Self::ApiKeyCreated { scope, .. } => json!({"scope": scope}),
            Self::WebhookDisabled { reason, .. } => json!({"reason": reason}),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_hears_ids_and_whoever_reads_gets_the_rest() {
        let event = Event::LaunchRefused(LaunchRefused {
            trace_id: "T".into(),
            kind: "launch",
            reason: "NONCE_SPENT",
            platform_id: Some("P".into()),
            deployment_id: None,
        });
        let stored = serde_json::to_string(&event.data()).unwrap();
        let read = || EventData::parse(&stored).unwrap();
        let ids = Value::Object(read().into_ids());
        assert_eq!(ids, json!({"traceId": "T", "platformId": "P"}));
        let whole = Value::Object(read().into_whole());
        let expected = json!({
            "traceId": "T", "platformId": "P", "kind": "launch", "reason": "NONCE_SPENT",
        });
        assert_eq!(whole, expected);
        assert!(EventData::parse("[]").is_err());
    }
}
