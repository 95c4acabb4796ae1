//! The events there are, and what is told of each: ids for everyone who hears of it, and facts for whoever asks. Nothing
//! personal is in either.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::StoreError;
use store::platforms::PlatformRow;
use utoipa::ToSchema;

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:tt;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum EventType {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl EventType {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// As it is stored and shown.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// The type of this name.
            pub(crate) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }
        }
    };
}

types! {
    /// A platform registered, or was added by hand.
    PlatformRegistered = "platform.registered";
    /// A platform registered, and waits to be activated.
    PlatformPending = "platform.pending";
    /// A platform was activated.
    PlatformActivated = "platform.activated";
    /// A platform was deactivated.
    PlatformDeactivated = "platform.deactivated";
    /// A launch came from a deployment that waits to be let in.
    DeploymentPending = "deployment.pending";
    /// A launch was refused. Of many alike, only the first in a minute is told.
    LaunchRefused = "launch.refused";
    /// Content that was chosen with a handle has arrived in its course.
    DeeplinkPlaced = "deeplink.placed";
    /// A platform took a score.
    GradeDelivered = "grade.delivered";
    /// A score is not delivered: the platform refused it, or took it at no attempt for too long.
    GradeRefused = "grade.refused";
    /// A score waits for somebody, such as for a student to be enrolled.
    GradeHeld = "grade.held";
    /// A score was sent, and no answer came. It is looked up, and sent again if need be.
    GradeUnknown = "grade.unknown";
    /// Somebody else graded at the platform, and that grade stays.
    GradeOverridden = "grade.overridden";
    /// Scores for a platform have waited for 15 minutes.
    DeliveriesStalled = "deliveries.stalled";
    /// A platform gave no useful answer to five scores in a row.
    PlatformGradesFailing = "platform.grades_failing";
    /// A line item is gone that a score was to go to.
    LineItemGone = "lineitem.gone";
    /// The roster of a course was taken, and had changed.
    RosterChanged = "roster.changed";
    /// A student came for the first time, and has an account.
    StudentProvisioned = "student.provisioned";
    /// An API key was made.
    ApiKeyCreated = "api_key.created";
    /// We stopped sending to a webhook.
    WebhookDisabled = "webhook.disabled";
}

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

/// What is told of an event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct EventData {
    /// What it is about: webhooks carry this.
    ids: Map<String, Value>,
    /// More about it, for whoever reads the event.
    facts: Map<String, Value>,
}

impl EventData {
    fn new(ids: Value, facts: Value) -> Self {
        let members = |value| match value {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let mut data = Self {
            ids: members(ids),
            facts: members(facts),
        };
        // Absent values are left out.
        data.ids.retain(|_, value| !value.is_null());
        data.facts.retain(|_, value| !value.is_null());
        data
    }

    /// As it is stored.
    ///
    /// # Errors
    /// It isn't what we wrote.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Corrupt(format!("an event: {error}")))
    }

    /// What a webhook carries.
    pub(crate) fn into_ids(self) -> Map<String, Value> {
        self.ids
    }

    /// Everything.
    pub(crate) fn into_whole(self) -> Map<String, Value> {
        let mut whole = self.ids;
        whole.extend(self.facts);
        whole
    }
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

    /// What is told of it.
    pub(crate) fn data(&self) -> EventData {
        match self {
            Self::PlatformRegistered(platform) | Self::PlatformPending(platform) => EventData::new(
                json!({"platformId": platform.id}),
                json!({
                    "issuer": platform.issuer, "clientId": platform.client_id, "name": platform.name,
                    "active": platform.active,
                }),
            ),
            Self::PlatformSwitched { platform_id, .. } => {
                EventData::new(json!({"platformId": platform_id}), json!({}))
            }
            Self::DeploymentPending {
                platform_id,
                deployment_id,
            } => EventData::new(
                json!({"platformId": platform_id, "deploymentId": deployment_id}),
                json!({}),
            ),
            Self::LaunchRefused(refused) => EventData::new(
                json!({"traceId": refused.trace_id, "platformId": refused.platform_id}),
                json!({
                    "kind": refused.kind, "reason": refused.reason, "deploymentId": refused.deployment_id,
                }),
            ),
            Self::DeeplinkPlaced(placed) => EventData::new(
                json!({
                    "platformId": placed.platform_id, "deploymentId": placed.deployment_id,
                    "contextId": placed.context_id, "handle": placed.handle,
                }),
                json!({"resourceLinkId": placed.resource_link_id, "lineItemId": placed.line_item_id}),
            ),
            Self::Grade(grade) => EventData::new(
                json!({
                    "deliveryId": grade.delivery_id, "platformId": grade.platform_id,
                    "deploymentId": grade.deployment_id, "contextId": grade.context_id,
                }),
                json!({"state": grade.state, "reason": grade.reason}),
            ),
            Self::DeliveriesStalled {
                platform_id,
                oldest_seconds,
            } => EventData::new(
                json!({"platformId": platform_id}),
                json!({"oldestSeconds": oldest_seconds}),
            ),
            Self::PlatformGradesFailing {
                platform_id,
                failures,
            } => EventData::new(
                json!({"platformId": platform_id}),
                json!({"failures": failures}),
            ),
            Self::RosterChanged(change) => EventData::new(
                json!({
                    "platformId": change.platform_id, "deploymentId": change.deployment_id,
                    "contextId": change.context_id,
                }),
                json!({"added": change.added, "changed": change.changed, "removed": change.removed}),
            ),
            Self::StudentProvisioned { student_id, issuer } => {
                EventData::new(json!({"studentId": student_id}), json!({"issuer": issuer}))
            }
            Self::ApiKeyCreated { api_key_id, scope } => {
                EventData::new(json!({"apiKeyId": api_key_id}), json!({"scope": scope}))
            }
            Self::WebhookDisabled { webhook_id, reason } => {
                EventData::new(json!({"webhookId": webhook_id}), json!({"reason": reason}))
            }
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

    #[test]
    fn types_are_found_by_their_names() {
        for kind in EventType::ALL {
            assert_eq!(EventType::named(kind.as_str()), Some(*kind));
            let json = serde_json::to_value(kind).unwrap();
            assert_eq!(json, kind.as_str());
        }
        assert_eq!(EventType::named("platform"), None);
    }
}
