//! A refusal of the API as one row (docs/decisions/0380-every-code-of-the-api-is-a-row.md). Only
//! programs read it; refusals that people may see too are a [`Rule`](super::rule::Rule).

use axum::http::StatusCode;

/// One row: a code, its status and its sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApiRule {
    /// Stable code for programs.
    pub code: &'static str,
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// What is wrong and what to do, unless the place that refuses knows more.
    pub says: &'static str,
    /// After how many seconds to try again, if that helps.
    pub retry_after: Option<u32>,
}

impl ApiRule {
    pub(crate) const fn new(code: &'static str, status: StatusCode, says: &'static str) -> Self {
        Self {
            code,
            status,
            says,
            retry_after: None,
        }
    }

    /// Sets after how many seconds to try again.
    #[must_use]
    pub(crate) const fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }
}
