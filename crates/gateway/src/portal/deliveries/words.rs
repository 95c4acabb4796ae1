//! States of deliveries in words.

use store::deliveries::DeliveryState;

use crate::portal::frame::PortalFrame;
use crate::services::deliveries::{AttemptCause, Delivery, cause_in};
use crate::web::texts::{Text, portal_deliveries as texts};

/// A state: the kind of `status` element, and words.
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

/// A delivery's state. One that is tried again after a failure looks like it.
pub(super) fn progress_of(delivery: &Delivery) -> (&'static str, Text) {
    match delivery.state {
        DeliveryState::Queued if cause_of(delivery).is_some() => ("warn", texts::FAILED_SO_FAR),
        state => state_of(state),
    }
}

/// Why the last attempt failed.
pub(super) fn cause_of(delivery: &Delivery) -> Option<AttemptCause> {
    cause_in(delivery.state, &delivery.attempts)
}

/// The score in a few words.
pub(super) fn score_of(delivery: &Delivery, frame: &PortalFrame) -> String {
    let score = &delivery.score;
    let decimal = |number| frame.language.decimal(number);
    match (score.score_given, score.score_maximum) {
        (Some(given), Some(maximum)) => frame.phrase(
            texts::OF_GRADE
                .with("given", decimal(given.to_string()))
                .with("maximum", decimal(maximum.to_string())),
        ),
        (Some(given), None) => decimal(given.to_string()),
        (None, _) => frame.say(texts::NO_GRADE).to_owned(),
    }
}

/// Whether it can be retried.
pub(super) fn may_retry(state: DeliveryState) -> bool {
    !matches!(
        state,
        DeliveryState::Sending | DeliveryState::Delivered | DeliveryState::Superseded
    )
}

/// Whether it can be cancelled.
pub(super) fn may_cancel(state: DeliveryState) -> bool {
    matches!(
        state,
        DeliveryState::Queued | DeliveryState::Held | DeliveryState::Unknown
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
