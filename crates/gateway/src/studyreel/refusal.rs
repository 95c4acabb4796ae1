//! Why a StudyReel launch is refused: one variant per rule, with the sentence that the platform and
//! our operator read. Everything else about a rule is in its row (`refusal_rows`).

use axum::http::StatusCode;
use store::{StoreError, students};
use studyreel::{PayloadRefusal, RefusalCode};

use crate::web::problem::{A_MOMENT, Problem};

const UNLISTED: &str = "the sender's address is not in studyreel.sources";

/// A refused launch.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StudyReelRefusal {
    /// There is nothing at this address. An address without the right capability looks the same.
    #[error("There is nothing at this address; check the launch URL.")]
    Nowhere,
    /// The plain address of a tool that accepts launches at the unguessable one only; looks the
    /// same too.
    #[error("There is nothing at this address; check the launch URL.")]
    CapabilityMissing,
    /// The method is not POST.
    #[error("Send the launch by POST.")]
    NotPosted,
    /// The body is not declared as JSON.
    #[error("Send the launch with Content-Type: application/json.")]
    UnsupportedMediaType,
    /// The body is larger than a launch may be.
    #[error("The body is too large; a launch has at most 64 KiB.")]
    TooLarge,
    /// The body took too long to arrive.
    #[error("The body did not arrive in time; launch again.")]
    TooSlow,
    /// Only part of the body arrived.
    #[error("The body is not valid JSON; send one JSON object.")]
    BrokenOff(axum::Error),
    /// A required proof is missing or wrong. The log says which; the answer deliberately doesn't.
    #[error("The launch could not be authenticated.")]
    Unproven(Option<String>),
    /// `studyreel.sources` doesn't have the sender's address. The answer is that of a missing
    /// proof.
    #[error("The launch could not be authenticated.")]
    SourceUnlisted {
        /// Whether the address is of this machine or a private network.
        is_inside: bool,
    },
    /// The body is wrong; the code says how. For the log, also what it claimed, if an operator
    /// needs that to allow the launch.
    #[error("{1}")]
    Payload(RefusalCode, PayloadRefusal, Option<String>),
    /// The tool has no address to send the student to, so no link is made that would be used up for
    /// nothing.
    #[error("The app has no address for students yet; ask its operator to set it.")]
    NotSetUp,
    /// Too many launches in a short time: what was counted, and the seconds to wait.
    #[error("Too many launches; try again shortly.")]
    RateLimited(String, u32),
    /// `nonce` or `jti` was seen before.
    #[error("This launch was already used; launch again.")]
    Replayed,
    /// The student was disabled.
    #[error("This student's account is disabled.")]
    AccountDisabled,
    /// The student was erased.
    #[error("This student's account was erased.")]
    AccountErased,
    /// Our fault; nothing was created.
    #[error("The launch failed on our side; try again.")]
    Internal(String),
    /// The same launch may work in a moment; nothing was created.
    #[error("The service is not available at the moment; try again shortly.")]
    Unavailable(String),
}

impl StudyReelRefusal {
    /// A student's status doesn't let them in; none if their data is gone.
    pub(super) fn of_status(status: Option<&str>) -> Self {
        match status {
            Some(students::DISABLED) => Self::AccountDisabled,
            _ => Self::AccountErased,
        }
    }

    /// Our fault, with its cause.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Refusals that the router expresses by status alone.
    pub(crate) fn of_router(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::Nowhere,
            StatusCode::METHOD_NOT_ALLOWED => Self::NotPosted,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            status if status.is_server_error() => Self::internal(status),
            _ => PayloadRefusal::NotJson.into(),
        }
    }

    /// Details for the log that the answer leaves out.
    fn note(&self) -> Option<String> {
        match self {
            Self::CapabilityMissing => Some(
                "only the launch URL with the capability works (studyreel.requireCapability)"
                    .into(),
            ),
            Self::BrokenOff(error) => Some(format!("the body broke off: {error}")),
            Self::Unproven(which) => which.clone(),
            Self::SourceUnlisted { is_inside: false } => Some(UNLISTED.into()),
            Self::SourceUnlisted { is_inside: true } => Some(format!(
                "{UNLISTED}; it is a private one, perhaps of a proxy that trusted_proxies lacks"
            )),
            Self::Payload(_, refusal, claimed) => claimed.clone().or_else(|| off_by(*refusal)),
            Self::RateLimited(of_what, _) => Some(format!("the limit per {of_what}")),
            Self::Internal(cause) | Self::Unavailable(cause) => Some(cause.clone()),
            _ => None,
        }
    }

    /// After how many seconds the sender may try again.
    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited(_, seconds) => Some(*seconds),
            Self::Unavailable(_) => Some(A_MOMENT),
            _ => None,
        }
    }
}

/// How far off a launch's time is: a round number of hours suggests a wrong time zone.
fn off_by(refusal: PayloadRefusal) -> Option<String> {
    match refusal {
        PayloadRefusal::Expired { seconds_ago } => Some(format!("expired {seconds_ago} s ago")),
        PayloadRefusal::IssuedInFuture { seconds_ahead } => {
            Some(format!("issued {seconds_ahead} s ahead"))
        }
        PayloadRefusal::TooOld { seconds_old } => Some(format!("issued {seconds_old} s ago")),
        _ => None,
    }
}

impl From<PayloadRefusal> for StudyReelRefusal {
    fn from(refusal: PayloadRefusal) -> Self {
        Self::Payload(refusal.code(), refusal, None)
    }
}

impl From<StoreError> for StudyReelRefusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) | StoreError::RowCount(_) => Self::internal(error),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<StudyReelRefusal> for Problem {
    fn from(refusal: StudyReelRefusal) -> Self {
        let mut problem = refusal.rule().broken(refusal.to_string());
        problem.retry_after = refusal.retry_after();
        match refusal.note() {
            Some(note) => problem.noting(&note),
            None => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(refusal: impl Into<StudyReelRefusal>) -> Problem {
        refusal.into().into()
    }

    #[test]
    fn a_note_is_for_the_operator_alone() {
        let expired = problem(PayloadRefusal::Expired { seconds_ago: 7200 });
        assert_eq!((expired.status.as_u16(), expired.code), (401, "expired"));
        assert!(!expired.description.contains("7200"), "{expired:?}");
        let why = expired.reason.map(|reason| reason.text);
        assert!(why.is_some_and(|why| why.ends_with("(expired 7200 s ago)")));
        assert_eq!(expired.cause, None);
    }

    #[test]
    fn what_is_our_fault_has_a_cause_and_what_passes_a_time() {
        let ours = problem(StudyReelRefusal::internal("disk"));
        assert_eq!((ours.status.as_u16(), ours.code), (500, "internal"));
        assert_eq!(ours.cause.as_deref(), Some("disk"));
        assert_eq!(ours.retry_after, None);
        let late = problem(StudyReelRefusal::Unavailable("late".into()));
        assert_eq!(late.retry_after, Some(5));
        let many = problem(StudyReelRefusal::RateLimited("source".into(), 9));
        assert_eq!(many.retry_after, Some(9));
    }

    #[test]
    fn the_router_speaks_the_dialect_too() {
        for (status, code) in [
            (404, "not_found"),
            (405, "method_not_allowed"),
            (413, "too_large"),
            (415, "unsupported_media_type"),
            (400, "malformed_json"),
            (500, "internal"),
        ] {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            let problem = problem(StudyReelRefusal::of_router(status));
            assert_eq!((problem.status, problem.code), (status, code));
        }
    }
}
