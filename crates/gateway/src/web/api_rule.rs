//! A refusal of the API that is used in more than one place, as one row
//! (docs/decisions/0364-a-code-is-written-in-one-place.md).

use axum::http::StatusCode;

/// One row: a code, its status and its sentence. Only programs see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiRule {
    /// Stable code for programs.
    pub code: &'static str,
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// What is wrong and what to do, unless the place that refuses knows more.
    pub says: &'static str,
}

impl ApiRule {
    pub(crate) const fn new(code: &'static str, status: StatusCode, says: &'static str) -> Self {
        Self { code, status, says }
    }
}
