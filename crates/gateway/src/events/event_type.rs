//! The types of events that webhooks subscribe to, and the members of each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::members::{
    ApiKeyMade, ContentPlaced, DeploymentArrived, GradeEvent, LaunchRefused, PlatformEntered,
    PlatformSwitched, RosterChange, ScoresFail, ScoresWait, StudentCame, WebhookStopped,
};

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident($members:ident) = $text:tt;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum EventType {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        /// What happened, and what it is about. Webhook messages only carry those members of `data`
        /// that are ids.
        // Only for the OpenAPI document: an event is returned as some version stored it.
        #[derive(Serialize, ToSchema)]
        #[serde(tag = "type", content = "data")]
        #[expect(dead_code, reason = "the document needs its shape alone")]
        pub(crate) enum EventShape {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name($members),)+
        }

        impl EventType {
            /// All types.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// The name it is stored and shown under.
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
    PlatformRegistered(PlatformEntered) = "platform.registered";
    /// A platform registered and has to be activated.
    PlatformPending(PlatformEntered) = "platform.pending";
    /// A platform was activated.
    PlatformActivated(PlatformSwitched) = "platform.activated";
    /// A platform was deactivated.
    PlatformDeactivated(PlatformSwitched) = "platform.deactivated";
    /// A launch came from a deployment that has to be approved.
    DeploymentPending(DeploymentArrived) = "deployment.pending";
    /// A launch was refused. Of many similar ones, only the first in a minute becomes an event.
    LaunchRefused(LaunchRefused) = "launch.refused";
    /// Content that was chosen with a handle has appeared in its course.
    DeeplinkPlaced(ContentPlaced) = "deeplink.placed";
    /// A platform accepted a score.
    GradeDelivered(GradeEvent) = "grade.delivered";
    /// A score will not be delivered: the platform refused it, or attempts have failed for too
    /// long.
    GradeRefused(GradeEvent) = "grade.refused";
    /// A score waits for a person to act, for example to enrol the student.
    GradeHeld(GradeEvent) = "grade.held";
    /// A score was sent but not answered. We look it up, and send it again if necessary.
    GradeUnknown(GradeEvent) = "grade.unknown";
    /// A grade that someone entered at the platform stays, instead of our score.
    GradeOverridden(GradeEvent) = "grade.overridden";
    /// Scores for a platform have waited for 15 minutes.
    DeliveriesStalled(ScoresWait) = "deliveries.stalled";
    /// A platform gave no useful answer to five scores in a row.
    PlatformGradesFailing(ScoresFail) = "platform.grades_failing";
    /// The line item that a score was meant for is gone.
    LineItemGone(GradeEvent) = "lineitem.gone";
    /// The roster of a course was fetched and has changed.
    RosterChanged(RosterChange) = "roster.changed";
    /// A student came for the first time and got an account.
    StudentProvisioned(StudentCame) = "student.provisioned";
    /// An API key was created.
    ApiKeyCreated(ApiKeyMade) = "api_key.created";
    /// We stopped sending to a webhook.
    WebhookDisabled(WebhookStopped) = "webhook.disabled";
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::Value;
    use test_case::cases;

    use super::*;

    #[test]
    fn types_are_found_by_their_names() {
        for kind in EventType::ALL {
            assert_eq!(EventType::named(kind.as_str()), Some(*kind));
            let json = serde_json::to_value(kind).unwrap();
            assert_eq!(json, kind.as_str());
        }
        assert_eq!(EventType::named("platform"), None);
    }

    #[cases("WH-2")]
    #[test]
    fn each_type_is_documented_with_an_example() {
        let page = include_str!("../../../../docs/webhooks.md");
        let objects = page.lines().filter(|line| line.starts_with('{'));
        let examples: Vec<Value> = objects
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        for kind in EventType::ALL {
            let name = kind.as_str();
            assert!(page.contains(&format!("\n| `{name}` | ")), "{name}");
            let mut of_kind = examples.iter().filter(|event| event["type"] == name);
            let data = of_kind.next().and_then(|event| event["data"].as_object());
            assert!(data.is_some_and(|data| !data.is_empty()), "{name}");
        }
    }
}
