//! The common format of errors for programs, taken from LTIAAS (ltiaas-api.md §3).

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::Problem;
use super::wrong_member::WrongMember;

/// The format of all API errors.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorAnswer<'a> {
    /// The HTTP status.
    status: u16,
    /// The HTTP reason phrase.
    error: &'static str,
    details: ErrorDetails<'a>,
}

/// What went wrong. Some errors have more members: `externalError`, `externalUrl` and
/// `bodyReceived` describe a platform that failed or refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorDetails<'a> {
    /// Stable code for programs.
    message: &'static str,
    /// What is wrong and what to do, for people.
    description: &'a str,
    /// The reference of the error in the log and the traces.
    correlation_id: &'a str,
    /// Each invalid member, if the error is about members of the body.
    #[serde(skip_serializing_if = "<[WrongMember]>::is_empty")]
    #[schema(value_type = Vec<WrongMember>)]
    errors: &'a [WrongMember],
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

impl<'a> ErrorAnswer<'a> {
    /// A problem with this reference, in this format.
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
