//! Why a score is not accepted.

use axum::http::StatusCode;
use store::StoreError;

use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// A status would remove a score.
pub(super) const WOULD_CLEAR: ApiRule = ApiRule::new(
    "WOULD_CLEAR_GRADE",
    StatusCode::CONFLICT,
    "The platform has a score for this student, and a status without one would take it away. Send scoreGiven with \
     gradingProgress FullyGraded, or clear: true if that is meant.",
);
/// Someone else graded, and that grade stays.
pub(super) const OVERRIDDEN: ApiRule = ApiRule::new(
    "OVERRIDDEN_BY_TEACHER",
    StatusCode::CONFLICT,
    "The gradebook has a grade for this student that was not sent from here, so the score was not sent: a teacher's grade \
     stays, unless the setting grades.teacherWins is off.",
);
/// The platform doesn't accept a score that high.
pub(super) const OUT_OF_RANGE: ApiRule = ApiRule::new(
    "SCORE_OUT_OF_RANGE",
    StatusCode::BAD_REQUEST,
    "scoreGiven is above scoreMaximum, which this platform doesn't take.",
);
/// It isn't known what the platform has, so anything that is sent might do harm.
const LAST_NOT_READABLE: ApiRule = ApiRule::new(
    "LAST_SCORE_NOT_READABLE",
    StatusCode::CONFLICT,
    "The record of what was last delivered for this student and line item is damaged, or was sealed with a secret key \
     that is gone, so a score might undo what the platform has. Give Hallpass the former secret key again, or erase the \
     student's deliveries at this platform (DELETE /api/deliveries), which removes the record, and send the score once \
     grades.teacherWins is off.",
);
const NO_SPACE: ApiRule = ApiRule::new(
    "NO_SPACE",
    StatusCode::INSUFFICIENT_STORAGE,
    "There is no room to store the score, so it was not taken. What was taken before is kept.",
);

/// Why the record of a lane's last delivery is not known.
pub(super) enum LastError {
    Store(StoreError),
    /// It can't be opened or read.
    NotReadable(StoreError),
}

impl From<StoreError> for LastError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<LastError> for StoreError {
    fn from(error: LastError) -> Self {
        match error {
            LastError::Store(error) | LastError::NotReadable(error) => error,
        }
    }
}

impl From<LastError> for Problem {
    fn from(error: LastError) -> Self {
        match error {
            LastError::Store(error) => error.into(),
            LastError::NotReadable(error) => LAST_NOT_READABLE.problem().caused_by(error),
        }
    }
}

/// Why a score was not accepted.
pub(super) enum NotAccepted {
    Store(StoreError),
    Rule(Problem),
}

impl From<ApiRule> for NotAccepted {
    fn from(rule: ApiRule) -> Self {
        Self::Rule(rule.problem())
    }
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<LastError> for NotAccepted {
    fn from(error: LastError) -> Self {
        match error {
            LastError::Store(error) => Self::Store(error),
            unread @ LastError::NotReadable(_) => Self::Rule(unread.into()),
        }
    }
}

impl From<NotAccepted> for Problem {
    fn from(not: NotAccepted) -> Self {
        match not {
            NotAccepted::Rule(problem) => problem,
            NotAccepted::Store(error @ StoreError::Disk(_)) => NO_SPACE.problem().caused_by(error),
            NotAccepted::Store(error) => error.into(),
        }
    }
}
