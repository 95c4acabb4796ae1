//! States and reasons of deliveries in words.

use store::deliveries::DeliveryState;

use crate::portal::frame::PortalFrame;
use crate::services::deliveries::Delivery;
use crate::web::texts::{Text, portal_deliveries as texts};

/// A state: a kind of `status`, and in words.
pub(super) fn state_of(state: DeliveryState) -> (&'static str, Text) {
    match state {
        DeliveryState::Queued => ("wait", texts::QUEUED),
        DeliveryState::Sending => ("wait", texts::SENDING),
        DeliveryState::Held => ("warn", texts::HELD),
        DeliveryState::Unknown => ("warn", texts::UNKNOWN),
        DeliveryState::Delivered => ("ok", texts::DELIVERED),
        DeliveryState::Refused => ("bad", texts::REFUSED),
        DeliveryState::Superseded => ("off", texts::SUPERSEDED),
        DeliveryState::Cancelled => ("off", texts::CANCELLED),
        DeliveryState::Expired => ("bad", texts::EXPIRED),
    }
}

/// A reason.
pub(super) fn reason_of(code: &str) -> Text {
    match code {
        "COURSE_CONCLUDED" => texts::R_COURSE_CONCLUDED,
        "ATTEMPTS_EXHAUSTED" => texts::R_ATTEMPTS_EXHAUSTED,
        "NOT_ENROLLED" => texts::R_NOT_ENROLLED,
        "NOT_GRADEABLE" => texts::R_NOT_GRADEABLE,
        "USER_UNKNOWN" => texts::R_USER_UNKNOWN,
        "LINE_ITEM_GONE" => texts::R_LINE_ITEM_GONE,
        "SCORE_OUT_OF_RANGE" => texts::R_SCORE_OUT_OF_RANGE,
        "OLDER_THAN_STORED" => texts::R_OLDER_THAN_STORED,
        "SCOPE_MISSING" => texts::R_SCOPE_MISSING,
        "TOOL_DISABLED" => texts::R_TOOL_DISABLED,
        "PLATFORM_INACTIVE" => texts::R_PLATFORM_INACTIVE,
        "DEPLOYMENT_INACTIVE" => texts::R_DEPLOYMENT_INACTIVE,
        "SERVICE_KEY_REVOKED" => texts::R_SERVICE_KEY_REVOKED,
        "OVERRIDDEN_BY_TEACHER" | "OVERRIDDEN_SINCE" => texts::R_OVERRIDDEN,
        "ALREADY_GRADED" => texts::R_ALREADY_GRADED,
        "NOT_HIGHER" => texts::R_NOT_HIGHER,
        "NEWER_SCORE" => texts::R_NEWER_SCORE,
        "AMBIGUOUS_LINE_ITEM" => texts::R_AMBIGUOUS_LINE_ITEM,
        "GAVE_UP" => texts::R_GAVE_UP,
        "THROTTLED" => texts::R_THROTTLED,
        "NOT_READABLE" => texts::R_NOT_READABLE,
        _ => texts::R_OTHER,
    }
}

/// The score in a few words.
pub(super) fn score_of(delivery: &Delivery, frame: &PortalFrame) -> String {
    let score = &delivery.score;
    match (score.score_given, score.score_maximum) {
        (Some(given), Some(maximum)) => frame.phrase(
            texts::OF_GRADE
                .with("given", given.to_string())
                .with("maximum", maximum.to_string()),
        ),
        (Some(given), None) => given.to_string(),
        (None, _) => frame.say(texts::NO_GRADE).to_owned(),
    }
}

/// Whether it may be tried now.
pub(super) fn may_retry(state: DeliveryState) -> bool {
    !matches!(
        state,
        DeliveryState::Sending | DeliveryState::Delivered | DeliveryState::Superseded
    )
}

/// Whether it may be given up.
pub(super) fn may_cancel(state: DeliveryState) -> bool {
    matches!(
        state,
        DeliveryState::Queued | DeliveryState::Held | DeliveryState::Unknown
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::deliveries::DeliveryReason;
    use crate::web::language::Language;

    #[test]
    fn each_reason_has_words_of_its_own() {
        let other = reason_of("WHATEVER").to(Language::English);
        for reason in DeliveryReason::ALL {
            let is_other = reason_of(reason.code()).to(Language::English) == other;
            assert_eq!(is_other, *reason == DeliveryReason::Other, "{reason:?}");
        }
    }

    #[test]
    fn what_has_ended_is_not_given_up() {
        for state in [
            DeliveryState::Delivered,
            DeliveryState::Refused,
            DeliveryState::Superseded,
            DeliveryState::Cancelled,
            DeliveryState::Expired,
        ] {
            assert!(!may_cancel(state), "{state}");
        }
        assert!(
            may_retry(DeliveryState::Refused)
                && may_retry(DeliveryState::Held)
                && !may_retry(DeliveryState::Delivered)
        );
    }
}
