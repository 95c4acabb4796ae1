//! The one shape of errors for programs, LTIAAS's (ltiaas-api.md §3).

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Problem;
use super::wrong_member::WrongMember;

/// Every error of the API.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorAnswer<'a> {
    /// The HTTP status.
    status: u16,
    /// The HTTP reason phrase.
    error: &'static str,
    details: ErrorDetails<'a>,
}

/// What went wrong. Some errors have more members: `externalError`, `externalUrl` and `bodyReceived` tell of a platform
/// that failed or refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorDetails<'a> {
    /// Stable code for programs.
    message: &'static str,
    /// What is wrong and what to do, for people.
    description: &'a str,
    /// The reference under which the log and the traces know it.
    correlation_id: &'a str,
    /// Each member of the body that is wrong, if the error is about the body's members.
    #[serde(skip_serializing_if = "<[WrongMember]>::is_empty")]
    #[schema(value_type = Vec<WrongMember>)]
    errors: &'a [WrongMember],
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

impl<'a> ErrorAnswer<'a> {
    /// A problem as it is written out under this reference.
    pub(crate) fn new(problem: &'a Problem, reference: &'a str) -> Self {
        Self {
            status: problem.status.as_u16(),
            error: problem.status.canonical_reason().unwrap_or("Error"),
            details: ErrorDetails {
                message: problem.code,
                description: &problem.description,
                correlation_id: reference,
                errors: problem.wrong_members(),
                more: &problem.details,
            },
        }
    }
}
