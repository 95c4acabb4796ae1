//! Why a score is not accepted.

use axum::http::StatusCode;
use store::StoreError;

use crate::web::problem::Problem;

/// Why a score was not accepted.
pub(super) enum NotAccepted {
    Store(StoreError),
    Rule(Problem),
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotAccepted> for Problem {
    fn from(not: NotAccepted) -> Self {
        match not {
            NotAccepted::Rule(problem) => problem,
            NotAccepted::Store(error @ StoreError::Disk(_)) => no_space().caused_by(error),
            NotAccepted::Store(error) => error.into(),
        }
    }
}

/// 409: a status would remove a score.
pub(super) fn would_clear() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "WOULD_CLEAR_GRADE",
        "The platform has a score for this student, and a status without one would take it away. Send scoreGiven with \
         gradingProgress FullyGraded, or clear: true if that is meant.",
    )
}

/// 400: the platform doesn't accept a score that high.
pub(super) fn out_of_range() -> Problem {
    Problem::bad_request(
        "SCORE_OUT_OF_RANGE",
        "scoreGiven is above scoreMaximum, which this platform doesn't take.",
    )
}

/// 507.
fn no_space() -> Problem {
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "NO_SPACE",
        "There is no room to store the score, so it was not taken. What was taken before is kept.",
    )
}
