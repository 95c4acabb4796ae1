//! All events. `members.rs` defines the content of each.

use store::platforms::PlatformRow;

use super::data::EventData;
use super::event_type::EventType;
use super::members::{
    ApiKeyMade, ContentPlaced, DeploymentArrived, GradeEvent, LaunchRefused, PlatformEntered,
    PlatformSwitched, RosterChange, ScoresFail, ScoresWait, StudentCame, WebhookStopped,
};

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
    /// Any of the types about a score.
    Grade(EventType, Box<GradeEvent>),
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

impl Event {
    pub(crate) fn event_type(&self) -> EventType {
        match self {
            Self::PlatformRegistered(_) => EventType::PlatformRegistered,
            Self::PlatformPending(_) => EventType::PlatformPending,
            Self::PlatformSwitched { active: true, .. } => EventType::PlatformActivated,
            Self::PlatformSwitched { active: false, .. } => EventType::PlatformDeactivated,
            Self::DeploymentPending { .. } => EventType::DeploymentPending,
            Self::LaunchRefused(_) => EventType::LaunchRefused,
            Self::DeeplinkPlaced(_) => EventType::DeeplinkPlaced,
            Self::Grade(kind, _) => *kind,
            Self::DeliveriesStalled { .. } => EventType::DeliveriesStalled,
            Self::PlatformGradesFailing { .. } => EventType::PlatformGradesFailing,
            Self::RosterChanged(_) => EventType::RosterChanged,
            Self::StudentProvisioned { .. } => EventType::StudentProvisioned,
            Self::ApiKeyCreated { .. } => EventType::ApiKeyCreated,
            Self::WebhookDisabled { .. } => EventType::WebhookDisabled,
        }
    }

    /// The members in their stored form.
    ///
    /// # Errors
    /// They can't be written as JSON.
    pub(crate) fn data(&self) -> serde_json::Result<EventData> {
        match self {
            Self::PlatformRegistered(row) | Self::PlatformPending(row) => {
                EventData::of(&PlatformEntered::from(&**row))
            }
            Self::PlatformSwitched { platform_id, .. } => EventData::of(&PlatformSwitched {
                platform_id: platform_id.clone(),
            }),
            Self::DeploymentPending {
                platform_id,
                deployment_id,
            } => EventData::of(&DeploymentArrived {
                platform_id: platform_id.clone(),
                deployment_id: deployment_id.clone(),
            }),
            Self::LaunchRefused(refused) => EventData::of(refused),
            Self::DeeplinkPlaced(placed) => EventData::of(placed),
            Self::Grade(_, grade) => EventData::of(&**grade),
            Self::DeliveriesStalled {
                platform_id,
                oldest_seconds,
            } => EventData::of(&ScoresWait {
                platform_id: platform_id.clone(),
                oldest_seconds: *oldest_seconds,
            }),
            Self::PlatformGradesFailing {
                platform_id,
                failures,
            } => EventData::of(&ScoresFail {
                platform_id: platform_id.clone(),
                failures: *failures,
            }),
            Self::RosterChanged(change) => EventData::of(change),
            Self::StudentProvisioned { student_id, issuer } => EventData::of(&StudentCame {
                student_id: student_id.clone(),
                issuer: issuer.clone(),
            }),
            Self::ApiKeyCreated { api_key_id, scope } => EventData::of(&ApiKeyMade {
                api_key_id: api_key_id.clone(),
                scope: scope.clone(),
            }),
            Self::WebhookDisabled { webhook_id, reason } => EventData::of(&WebhookStopped {
                webhook_id: webhook_id.clone(),
                reason,
            }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::{Value, json};

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
        let stored = serde_json::to_string(&event.data().unwrap()).unwrap();
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
