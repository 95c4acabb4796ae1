//! Why a delivery is held, or ended without being delivered, and what can be done about it. Codes are stable.

use store::deliveries::HeldPart;

use crate::jobs::GAVE_UP;
use crate::web::texts::{Text, portal_deliveries as texts};

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:expr, $words:expr, $advice:literal;)+) => {
        /// Why a delivery is held, or ended without being delivered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum DeliveryReason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl DeliveryReason {
            /// Every reason.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// Its code, as stored and shown.
            pub(crate) const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// A short description for people. A code without a row was written by a newer version.
            pub(crate) fn words(code: &str) -> Text {
                match Self::named(code) {
                    $(Some(Self::$name) => $words,)+
                    None => texts::R_OTHER,
                }
            }

            /// What can be done about it.
            pub(crate) const fn advice(self) -> &'static str {
                match self {
                    $(Self::$name => $advice,)+
                }
            }
        }
    };
}

reasons! {
    /// The platform's course has ended.
    CourseConcluded = "COURSE_CONCLUDED", texts::R_COURSE_CONCLUDED,
        "The course has concluded, so the platform takes no grades. Ask the teacher to extend it, then retry.";
    /// The student has no attempts left.
    AttemptsExhausted = "ATTEMPTS_EXHAUSTED", texts::R_ATTEMPTS_EXHAUSTED,
        "The assignment allows no further attempt. Ask the teacher to allow one, then retry.";
    /// The student is not, or not yet, in the course.
    NotEnrolled = "NOT_ENROLLED", texts::R_NOT_ENROLLED,
        "The student is not enrolled in the course, or not yet. It is tried again as rosters are synced.";
    /// The column accepts no grades.
    NotGradeable = "NOT_GRADEABLE", texts::R_NOT_GRADEABLE,
        "The assignment can't be graded as it is: it may be unpublished, or the grade locked. Ask the teacher, then retry.";
    /// The platform doesn't know the person.
    UserUnknown = "USER_UNKNOWN", texts::R_USER_UNKNOWN,
        "The platform doesn't know this user. Check that the score has the user.id of a launch from this platform.";
    /// The line item is gone.
    LineItemGone = "LINE_ITEM_GONE", texts::R_LINE_ITEM_GONE,
        "The line item was deleted at the platform. Retry once it is back, or cancel.";
    /// The score is higher than the platform accepts.
    ScoreOutOfRange = "SCORE_OUT_OF_RANGE", texts::R_SCORE_OUT_OF_RANGE,
        "The score is above its maximum, which this platform doesn't take. Send a score within it.";
    /// The platform has a newer score.
    OlderThanStored = "OLDER_THAN_STORED", texts::R_OLDER_THAN_STORED,
        "The platform has a grade that is newer than this score. Send the score with a newer timestamp if it counts.";
    /// The platform doesn't allow it.
    ScopeMissing = "SCOPE_MISSING", texts::R_SCOPE_MISSING,
        "The platform doesn't let the tool write grades here. Its administrator must allow the scope, then retry.";
    /// The tool has disabled grades.
    ToolDisabled = "TOOL_DISABLED", texts::R_TOOL_DISABLED,
        "The tool's settings have assignments and grades switched off. Switch them on, then retry.";
    /// The platform is not active.
    PlatformInactive = HeldPart::PLATFORM_INACTIVE, texts::R_PLATFORM_INACTIVE,
        "The platform is not active. Deliveries go on when it is activated.";
    /// The deployment is not active.
    DeploymentInactive = HeldPart::DEPLOYMENT_INACTIVE, texts::R_DEPLOYMENT_INACTIVE,
        "The deployment is not active. Deliveries go on when it is activated.";
    /// The service key that brought the score was revoked.
    ServiceKeyRevoked = HeldPart::SERVICE_KEY_REVOKED, texts::R_SERVICE_KEY_REVOKED,
        "The service key that brought this score was revoked. Deliveries go on within an hour of the next use of a newer key.";
    /// Someone else has graded.
    OverriddenByTeacher = "OVERRIDDEN_BY_TEACHER", texts::R_OVERRIDDEN,
        "Someone graded at the platform, and that grade stays. Set grades.teacherWins to false to overwrite such grades.";
    /// It arrived, and someone else graded afterwards.
    OverriddenSince = "OVERRIDDEN_SINCE", texts::R_OVERRIDDEN,
        "The score was sent, and the platform shows another grade now: someone graded there, and that grade stays.";
    /// Work that was to be graded by hand has been graded.
    AlreadyGraded = "ALREADY_GRADED", texts::R_ALREADY_GRADED,
        "Nothing to do: the work that was to be graded by hand is graded.";
    /// Only a higher score was to be sent.
    NotHigher = "NOT_HIGHER", texts::R_NOT_HIGHER,
        "Nothing to do: the platform has as high a score already.";
    /// A newer score of the student was delivered, or is waiting behind it.
    NewerScore = "NEWER_SCORE", texts::R_NEWER_SCORE,
        "Nothing to do: a newer score of this student and line item takes its place.";
    /// More than one line item has the handle.
    AmbiguousLineItem = "AMBIGUOUS_LINE_ITEM", texts::R_AMBIGUOUS_LINE_ITEM,
        "More than one line item has this handle, or another one has its label. Choose one: PUT /api/lineitems/{id}/handle, then \
         retry.";
    /// Its time limit was reached.
    GaveUp = GAVE_UP, texts::R_GAVE_UP,
        "The platform took the score at no attempt. When it works again, retry.";
    /// The platform was too busy, for too long.
    Throttled = "THROTTLED", texts::R_THROTTLED,
        "The platform asked to wait again and again, until the score was given up. Ask its administrator about rate limits, then \
         retry.";
    /// Its data can't be read any more.
    NotReadable = "NOT_READABLE", texts::R_NOT_READABLE,
        "What is stored of this delivery can't be read. Send the score again.";
    /// Anything else the platform said.
    Other = "OTHER", texts::R_OTHER,
        "The platform refused the score. What it said is with the last attempt.";
}

impl DeliveryReason {
    /// Stops that an operator causes and lifts, unlike the platform's reasons.
    const STOPS: [Self; 3] = [
        Self::PlatformInactive,
        Self::DeploymentInactive,
        Self::ServiceKeyRevoked,
    ];

    /// Whether it is an operator's stop.
    pub(crate) fn is_stop(self) -> bool {
        Self::STOPS.contains(&self)
    }

    /// The reason with this code, as stored.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn each_reason_has_words_of_its_own() {
        let words = |code| DeliveryReason::words(code).to(Language::English);
        for reason in DeliveryReason::ALL {
            let is_other = words(reason.code()) == words("WHATEVER");
            assert_eq!(is_other, *reason == DeliveryReason::Other, "{reason:?}");
        }
    }

    #[test]
    fn each_reason_has_a_code_and_advice() {
        for reason in DeliveryReason::ALL {
            assert!(reason.advice().ends_with('.'), "{reason:?}");
            assert_eq!(DeliveryReason::named(reason.code()), Some(*reason));
        }
        assert_eq!(DeliveryReason::named("WHATEVER"), None);
    }

    #[test]
    fn each_reason_is_on_the_page_about_grades() {
        let page = include_str!("../../../../../../docs/grades.md");
        for reason in DeliveryReason::ALL {
            let code = format!("`{}`", reason.code());
            assert!(page.contains(&code), "{reason:?}");
        }
    }
}
