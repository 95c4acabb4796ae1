//! The types of events, as webhooks subscribe to them, and which members each has.

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

        /// What happened, and what it is about. Messages to webhooks carry of `data` the members that are ids.
        // For the document alone: an event is answered as it was stored, by whichever version.
        #[derive(Serialize, ToSchema)]
        #[serde(tag = "type", content = "data")]
        #[expect(dead_code, reason = "the document needs its shape alone")]
        pub(crate) enum EventShape {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name($members),)+
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
    PlatformRegistered(PlatformEntered) = "platform.registered";
    /// A platform registered, and waits to be activated.
    PlatformPending(PlatformEntered) = "platform.pending";
    /// A platform was activated.
    PlatformActivated(PlatformSwitched) = "platform.activated";
    /// A platform was deactivated.
    PlatformDeactivated(PlatformSwitched) = "platform.deactivated";
    /// A launch came from a deployment that waits to be let in.
    DeploymentPending(DeploymentArrived) = "deployment.pending";
    /// A launch was refused. Of many alike, only the first in a minute is an event.
    LaunchRefused(LaunchRefused) = "launch.refused";
    /// Content that was chosen with a handle has arrived in its course.
    DeeplinkPlaced(ContentPlaced) = "deeplink.placed";
    /// A platform took a score.
    GradeDelivered(GradeEvent) = "grade.delivered";
    /// A score will not be delivered: the platform refused it, or attempts have failed for too long.
    GradeRefused(GradeEvent) = "grade.refused";
    /// A score waits for something that a person has to do, such as enrolling the student.
    GradeHeld(GradeEvent) = "grade.held";
    /// A score was sent, and no answer came. It is looked up, and sent again if need be.
    GradeUnknown(GradeEvent) = "grade.unknown";
    /// Someone graded at the platform instead, and that grade stays.
    GradeOverridden(GradeEvent) = "grade.overridden";
    /// Scores for a platform have waited for 15 minutes.
    DeliveriesStalled(ScoresWait) = "deliveries.stalled";
    /// A platform gave no useful answer to five scores in a row.
    PlatformGradesFailing(ScoresFail) = "platform.grades_failing";
    /// A line item is gone that a score was to go to.
    LineItemGone(GradeEvent) = "lineitem.gone";
    /// The roster of a course was taken, and had changed.
    RosterChanged(RosterChange) = "roster.changed";
    /// A student came for the first time, and has an account.
    StudentProvisioned(StudentCame) = "student.provisioned";
    /// An API key was made.
    ApiKeyCreated(ApiKeyMade) = "api_key.created";
    /// We stopped sending to a webhook.
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
