//! States of deliveries in words.

use crate::portal::frame::PortalFrame;
use crate::services::deliveries::Delivery;
use crate::web::texts::{Text, portal_deliveries as texts};

/// A state: a kind of `status`, and in words.
pub(super) fn state_of(state: &str) -> (&'static str, Text) {
    match state {
        "queued" => ("wait", texts::QUEUED),
        "sending" => ("wait", texts::SENDING),
        "held" => ("warn", texts::HELD),
        "unknown" => ("warn", texts::UNKNOWN),
        "delivered" => ("ok", texts::DELIVERED),
        "refused" => ("bad", texts::REFUSED),
        "superseded" => ("off", texts::SUPERSEDED),
        "cancelled" => ("off", texts::CANCELLED),
        _ => ("bad", texts::EXPIRED),
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
pub(super) fn may_retry(state: &str) -> bool {
    !matches!(state, "sending" | "delivered" | "superseded")
}

/// Whether it may be given up.
pub(super) fn may_cancel(state: &str) -> bool {
    matches!(state, "queued" | "held" | "unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_not_given_up() {
        for state in ["delivered", "refused", "superseded", "cancelled", "expired"] {
            assert!(!may_cancel(state), "{state}");
        }
        assert!(may_retry("refused") && may_retry("held") && !may_retry("delivered"));
    }
}
