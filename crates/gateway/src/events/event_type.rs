//! The types of events that webhooks can subscribe to, and the members of each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::members::{
    ApiKeyMade, ContentPlaced, DeploymentArrived, GradeEvent, LaunchRefused, PlatformEntered,
    PlatformSwitched, RosterChange, ScoresFail, ScoresWait, StudentCame, WebhookStopped,
};

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident($members:ident) = $text:tt;)+) => {
        /// The type of an event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub(crate) enum EventType {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        /// What happened, and what it is about. Messages to webhooks contain only those members of `data` that are ids.
        // Only for the API description: an event is returned as it was stored, whichever version stored it.
        #[derive(Serialize, ToSchema)]
        #[serde(tag = "type", content = "data")]
        #[expect(dead_code, reason = "the document needs its shape alone")]
        pub(crate) enum EventShape {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name($members),)+
        }

        impl EventType {
            /// All types.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// The name as stored and shown.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// The type with this name.
            pub(crate) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }
        }
    };
}

types! {
    /// A platform registered, or was added manually.
    PlatformRegistered(PlatformEntered) = "platform.registered";
    /// A platform registered, and is waiting to be activated.
    PlatformPending(PlatformEntered) = "platform.pending";
    /// A platform was activated.
    PlatformActivated(PlatformSwitched) = "platform.activated";
    /// A platform was deactivated.
    PlatformDeactivated(PlatformSwitched) = "platform.deactivated";
    /// A launch came from a deployment that is waiting for activation.
    DeploymentPending(DeploymentArrived) = "deployment.pending";
    /// A launch was refused. Of several similar refusals in a minute, only the first is an event.
    LaunchRefused(LaunchRefused) = "launch.refused";
    /// Content that was selected with a handle has been added to its course.
    DeeplinkPlaced(ContentPlaced) = "deeplink.placed";
    /// A platform accepted a score.
    GradeDelivered(GradeEvent) = "grade.delivered";
    /// A score will not be delivered: the platform refused it, or attempts have failed for too long.
    GradeRefused(GradeEvent) = "grade.refused";
    /// A score is waiting for something that a person has to do, such as enrolling the student.
    GradeHeld(GradeEvent) = "grade.held";
    /// A score was sent, but there was no answer. It is looked up, and sent again if necessary.
    GradeUnknown(GradeEvent) = "grade.unknown";
    /// Someone changed the grade at the platform, and that grade stays.
    GradeOverridden(GradeEvent) = "grade.overridden";
    /// Scores for a platform have been waiting for 15 minutes.
    DeliveriesStalled(ScoresWait) = "deliveries.stalled";
    /// A platform gave no useful answer to five scores in a row.
    PlatformGradesFailing(ScoresFail) = "platform.grades_failing";
    /// The line item that a score was to be sent to no longer exists.
    LineItemGone(GradeEvent) = "lineitem.gone";
    /// The roster of a course was read, and had changed.
    RosterChanged(RosterChange) = "roster.changed";
    /// A student launched for the first time, and has an account.
    StudentProvisioned(StudentCame) = "student.provisioned";
    /// An API key was created.
    ApiKeyCreated(ApiKeyMade) = "api_key.created";
    /// We disabled a webhook.
    WebhookDisabled(WebhookStopped) = "webhook.disabled";
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
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
}
