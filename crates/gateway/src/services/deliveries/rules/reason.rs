//! Why a delivery is held, or ended without being delivered, and what can be done about it. Codes
//! are stable.

use store::deliveries::HeldPart;

use crate::jobs::GAVE_UP;
use crate::web::texts::{Text, delivery_advice as advice, portal_deliveries as texts};

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:expr, $words:expr, $advice:expr;)+) => {
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
            pub(crate) const fn advice(self) -> Text {
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
        advice::COURSE_CONCLUDED;
    /// The student has no attempts left.
    AttemptsExhausted = "ATTEMPTS_EXHAUSTED", texts::R_ATTEMPTS_EXHAUSTED,
        advice::ATTEMPTS_EXHAUSTED;
    /// The student is not, or not yet, in the course.
    NotEnrolled = "NOT_ENROLLED", texts::R_NOT_ENROLLED,
        advice::NOT_ENROLLED;
    /// The column accepts no grades.
    NotGradeable = "NOT_GRADEABLE", texts::R_NOT_GRADEABLE,
        advice::NOT_GRADEABLE;
    /// The platform doesn't know the person.
    UserUnknown = "USER_UNKNOWN", texts::R_USER_UNKNOWN,
        advice::USER_UNKNOWN;
    /// The line item is gone.
    LineItemGone = "LINE_ITEM_GONE", texts::R_LINE_ITEM_GONE,
        advice::LINE_ITEM_GONE;
    /// The score is higher than the platform accepts.
    ScoreOutOfRange = "SCORE_OUT_OF_RANGE", texts::R_SCORE_OUT_OF_RANGE,
        advice::SCORE_OUT_OF_RANGE;
    /// The platform has a newer score.
    OlderThanStored = "OLDER_THAN_STORED", texts::R_OLDER_THAN_STORED,
        advice::OLDER_THAN_STORED;
    /// The platform doesn't allow it.
    ScopeMissing = "SCOPE_MISSING", texts::R_SCOPE_MISSING,
        advice::SCOPE_MISSING;
    /// The tool has disabled grades.
    ToolDisabled = "TOOL_DISABLED", texts::R_TOOL_DISABLED,
        advice::TOOL_DISABLED;
    /// The platform is not active.
    PlatformInactive = HeldPart::PLATFORM_INACTIVE, texts::R_PLATFORM_INACTIVE,
        advice::PLATFORM_INACTIVE;
    /// The deployment is not active.
    DeploymentInactive = HeldPart::DEPLOYMENT_INACTIVE, texts::R_DEPLOYMENT_INACTIVE,
        advice::DEPLOYMENT_INACTIVE;
    /// The service key that brought the score was revoked.
    ServiceKeyRevoked = HeldPart::SERVICE_KEY_REVOKED, texts::R_SERVICE_KEY_REVOKED,
        advice::SERVICE_KEY_REVOKED;
    /// Someone else has graded.
    OverriddenByTeacher = "OVERRIDDEN_BY_TEACHER", texts::R_OVERRIDDEN,
        advice::OVERRIDDEN_BY_TEACHER;
    /// It arrived, and someone else graded afterwards.
    OverriddenSince = "OVERRIDDEN_SINCE", texts::R_OVERRIDDEN,
        advice::OVERRIDDEN_SINCE;
    /// Work that was to be graded by hand has been graded.
    AlreadyGraded = "ALREADY_GRADED", texts::R_ALREADY_GRADED,
        advice::ALREADY_GRADED;
    /// Only a higher score was to be sent.
    NotHigher = "NOT_HIGHER", texts::R_NOT_HIGHER,
        advice::NOT_HIGHER;
    /// A newer score of the student was delivered, or is waiting behind it.
    NewerScore = "NEWER_SCORE", texts::R_NEWER_SCORE,
        advice::NEWER_SCORE;
    /// More than one line item has the handle.
    AmbiguousLineItem = "AMBIGUOUS_LINE_ITEM", texts::R_AMBIGUOUS_LINE_ITEM,
        advice::AMBIGUOUS_LINE_ITEM;
    /// Its time limit was reached.
    GaveUp = GAVE_UP, texts::R_GAVE_UP,
        advice::GAVE_UP;
    /// The platform was too busy, for too long.
    Throttled = "THROTTLED", texts::R_THROTTLED,
        advice::THROTTLED;
    /// Its data can't be read any more.
    NotReadable = "NOT_READABLE", texts::R_NOT_READABLE,
        advice::NOT_READABLE;
    /// Anything else the platform said.
    Other = "OTHER", texts::R_OTHER,
        advice::OTHER;
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
            let advice = reason.advice().to(Language::English);
            assert!(advice.ends_with('.'), "{reason:?}");
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
