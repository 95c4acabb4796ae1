//! What a failed request means for a delivery, and the history entry about it.

use super::rules::known::is_locked;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::{self, ScoreVerdict};
use crate::jobs::AttemptNote;
use crate::keys::service_tokens::ServiceTokenError;
use crate::kit::outbound::OutboundError;
use crate::services::platform_failure::CallFailure;
use crate::services::platform_words::names_scope;

/// What a failure means.
pub(super) struct JudgedFailure {
    pub verdict: ScoreVerdict,
    pub note: AttemptNote,
    /// Whether our own limit was reached, so that nothing was tried.
    pub is_ours: bool,
}

/// What a failure to send a score means.
pub(super) fn judged_score(vendor: Vendor, failure: &CallFailure) -> JudgedFailure {
    match failure {
        CallFailure::Refused(refused) if is_locked(vendor, refused.status, &refused.body) => {
            let verdict = ScoreVerdict::Refused(DeliveryReason::NotGradeable);
            JudgedFailure {
                verdict,
                note: note(failure, verdict),
                is_ours: false,
            }
        }
        _ => judged(vendor, failure),
    }
}

/// What it means.
pub(super) fn judged(vendor: Vendor, failure: &CallFailure) -> JudgedFailure {
    let (verdict, is_ours) = match failure {
        CallFailure::NoToken(error) => of_token(vendor, error),
        CallFailure::NotGranted => (ScoreVerdict::Refused(DeliveryReason::ScopeMissing), false),
        CallFailure::NotReached(OutboundError::Busy) | CallFailure::TooLate => {
            (ScoreVerdict::NotTaken, true)
        }
        CallFailure::TokenTooLate => (ScoreVerdict::NotTaken, false),
        CallFailure::NotReached(error) if error.changed_nothing() => {
            (ScoreVerdict::NotTaken, false)
        }
        CallFailure::NotReached(_) | CallFailure::Unreadable(_) => (ScoreVerdict::Unknown, false),
        CallFailure::Refused(refused) => {
            let verdict =
                verdict::of_error(vendor, refused.status, &refused.headers, &refused.body);
            (verdict, false)
        }
    };
    JudgedFailure {
        verdict,
        note: note(failure, verdict),
        is_ours,
    }
}

/// Without a token, nothing was sent.
fn of_token(vendor: Vendor, error: &ServiceTokenError) -> (ScoreVerdict, bool) {
    match error {
        ServiceTokenError::Send(OutboundError::Busy) | ServiceTokenError::GivenUp => {
            (ScoreVerdict::NotTaken, true)
        }
        ServiceTokenError::Refused(answer) => {
            let (headers, body) = (&answer.headers, &answer.body);
            let verdict = match verdict::of_error(vendor, answer.status, headers, body) {
                throttled @ ScoreVerdict::Throttled(_) => throttled,
                _ if names_scope(body) => ScoreVerdict::Refused(DeliveryReason::ScopeMissing),
                _ => ScoreVerdict::NotTaken,
            };
            (verdict, false)
        }
        _ => (ScoreVerdict::NotTaken, false),
    }
}

fn note(failure: &CallFailure, verdict: ScoreVerdict) -> AttemptNote {
    let words = |body: &[u8]| Some(String::from_utf8_lossy(body).into_owned());
    let (status, said) = match failure {
        CallFailure::NoToken(error) => match &**error {
            ServiceTokenError::Refused(answer) => (Some(answer.status), words(&answer.body)),
            error => (None, Some(error.to_string())),
        },
        CallFailure::NotGranted => (
            None,
            Some("the access token was granted without the scope for scores".to_owned()),
        ),
        CallFailure::TooLate => (None, None),
        CallFailure::TokenTooLate => (
            None,
            Some("the access token was refused, and another one came too late".to_owned()),
        ),
        CallFailure::NotReached(error) => (None, Some(error.to_string())),
        CallFailure::Refused(refused) => (Some(refused.status), words(&refused.body)),
        CallFailure::Unreadable(body) => (Some(200), words(body)),
    };
    AttemptNote {
        status,
        outcome: outcome(failure, verdict),
        host: None,
        said: said.filter(|said| !said.trim().is_empty()),
    }
}

fn outcome(failure: &CallFailure, verdict: ScoreVerdict) -> &'static str {
    match (verdict, failure) {
        (ScoreVerdict::Throttled(_), _) => "throttled",
        (ScoreVerdict::Refused(_), _) => "refused",
        (_, CallFailure::NoToken(_)) => "no token",
        (ScoreVerdict::NotTaken, _) => "not taken",
        (ScoreVerdict::Unknown, CallFailure::NotReached(_)) => "no answer",
        (ScoreVerdict::Unknown, _) => "failed",
    }
}
