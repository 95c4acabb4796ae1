//! `/api/students/:id`: which student a request is about.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::kit::id::is_id;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// No student of the tool has this id.
pub(crate) const NO_STUDENT: ApiRule = ApiRule::new(
    "STUDENT_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The tool has no such student.",
);

/// A well-formed student id. Any other can't belong to a student, so it never reaches the store.
pub(crate) struct StudentId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for StudentId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, room: &S) -> Result<Self, Problem> {
        let id = Path::<String>::from_request_parts(parts, room).await;
        let id = id.map_err(|_| NO_STUDENT.problem())?.0;
        let id = is_id(&id).then_some(Self(id));
        id.ok_or_else(|| NO_STUDENT.problem())
    }
}
