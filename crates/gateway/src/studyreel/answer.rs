//! Refused launches: what the room says of one, and the answer in the dialect's shape (docs/spec/studyreel.md §6).

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::StoreError;
use studyreel::{Dialect, ErrorAnswer, Refusal};

use super::refusal::{NOT_POSTED, NOT_SET_UP, NOWHERE, Row, TOO_SLOW};
use crate::web::problem::{A_MOMENT, Problem};

/// A launch that was refused, or that we failed to take.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    retry_after: Option<u32>,
    /// For the log: a detail that the answer keeps to itself.
    note: String,
    /// For the log: the keyed hash of whom it was for.
    subject: String,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
            note: String::new(),
            subject: String::new(),
        }
    }

    /// Nothing here: an address without the right capability looks the same as none.
    pub(super) fn nowhere() -> Self {
        NOWHERE.into()
    }

    /// The body didn't arrive.
    pub(super) fn too_slow() -> Self {
        TOO_SLOW.into()
    }

    /// The tool has no address to send students to.
    pub(super) fn not_set_up() -> Self {
        NOT_SET_UP.into()
    }

    /// Too many; with the seconds to wait.
    pub(super) fn too_many(seconds: u32) -> Self {
        let mut refused = Self::from(Refusal::RateLimited);
        refused.retry_after = Some(seconds);
        refused
    }

    /// Our fault, with the cause for the log.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        let mut refused = Self::from(Refusal::Internal);
        refused.note = cause.to_string();
        refused
    }

    /// Adds whom the launch was for, as a keyed hash.
    pub(super) fn of_subject(mut self, hash: &[u8]) -> Self {
        self.subject = short(hash);
        self
    }

    /// Adds a detail for the log.
    pub(super) fn noting(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// What the router says by its status alone.
    pub(crate) fn of_router(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::nowhere(),
            StatusCode::METHOD_NOT_ALLOWED => NOT_POSTED.into(),
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge.into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::UnsupportedMediaType.into(),
            status if status.is_server_error() => Refusal::Internal.into(),
            _ => Refusal::NotJson.into(),
        }
    }

    /// The launch was given up, with the cause for the log.
    pub(crate) fn unavailable(cause: &str) -> Self {
        Self::from(Refusal::Unavailable).noting(cause.to_owned())
    }
}

/// Enough of a hash to find a student's attempts in the log.
pub(super) fn short(hash: &[u8]) -> String {
    hash.iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl From<Row> for Refused {
    fn from(row: Row) -> Self {
        Self::new(row.status, row.code, row.says)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut refused = Self::new(status, refusal.code(), refusal.to_string());
        refused.note = match refusal {
            // Hours in round figures mean a wrong time zone.
            Refusal::Expired { seconds_ago } => format!("expired {seconds_ago} s ago"),
            Refusal::IssuedInFuture { seconds_ahead } => format!("issued {seconds_ahead} s ahead"),
            Refusal::TooOld { seconds_old } => format!("issued {seconds_old} s ago"),
            _ => String::new(),
        };
        refused.retry_after = match refusal {
            Refusal::Unavailable => Some(A_MOMENT),
            _ => None,
        };
        refused
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        let refusal = match error {
            StoreError::Corrupt(_) | StoreError::RowCount(_) => Refusal::Internal,
            _ => Refusal::Unavailable,
        };
        Self::from(refusal).noting(error.to_string())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let Refused {
            status,
            code,
            message,
            retry_after,
            note,
            subject,
        } = refused;
        let is_ours = status.is_server_error();
        let why = if note.is_empty() || is_ours {
            message.to_string()
        } else {
            format!("{message} ({note})")
        };
        let mut problem = Self::new(status, code, message).because(code, why);
        problem.retry_after = retry_after;
        problem.subject = Some(subject).filter(|subject| !subject.is_empty());
        if is_ours && !note.is_empty() {
            problem = problem.caused_by(note);
        }
        problem
    }
}

/// A problem as the dialect's platforms expect it.
pub(crate) fn write(problem: &Problem, dialect: &Dialect, request_id: String) -> Response {
    let answer = ErrorAnswer {
        message: problem.description.to_string(),
        code: problem.code.to_owned(),
        request_id,
    };
    Json(dialect.refuse(&answer)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(refused: Refused) -> Problem {
        refused.into()
    }

    #[test]
    fn a_note_is_for_the_operator_alone() {
        let expired = problem(Refusal::Expired { seconds_ago: 7200 }.into());
        assert_eq!((expired.status.as_u16(), expired.code), (401, "expired"));
        assert!(!expired.description.contains("7200"), "{expired:?}");
        let why = expired.reason.map(|reason| reason.text);
        assert!(why.is_some_and(|why| why.ends_with("(expired 7200 s ago)")));
        assert_eq!(expired.cause, None);
    }

    #[test]
    fn what_is_our_fault_has_a_cause_and_what_passes_a_time() {
        let ours = problem(Refused::internal("disk").of_subject(&[1, 2, 3, 4, 5, 6, 7]));
        assert_eq!((ours.status.as_u16(), ours.code), (500, "internal"));
        assert_eq!(ours.cause.as_deref(), Some("disk"));
        assert_eq!(ours.subject.as_deref(), Some("010203040506"));
        assert_eq!(problem(Refused::unavailable("late")).retry_after, Some(5));
        assert_eq!(problem(Refused::too_many(9)).retry_after, Some(9));
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
            let problem = problem(Refused::of_router(status));
            assert_eq!((problem.status, problem.code), (status, code));
        }
    }
}
