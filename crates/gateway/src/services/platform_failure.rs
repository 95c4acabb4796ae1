//! Why a request to a platform's service failed, as facts. How this is reported to the application,
//! and whether to retry, is decided elsewhere.

use std::sync::Arc;

use axum::http::HeaderMap;

use super::call::Call;
use super::platform_problem::{PlatformProblem, external};
use crate::directory::platforms::Platform;
use crate::keys::service_tokens::ServiceTokenError;
use crate::kit::outbound::OutboundError;
use crate::launch::NOT_AVAILABLE;
use crate::web::problem::{OUTBOUND_BUSY, Problem};

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum CallFailure {
    /// The platform issued no access token, so nothing was sent.
    NoToken(Arc<ServiceTokenError>),
    /// It issued one without the required scope, so nothing was sent.
    NotGranted,
    /// It would have left too late ([`Call::by`]), so nothing was sent.
    TooLate,
    /// The platform refused the access token, and by the time there was another one, it was too
    /// late ([`Call::by`]).
    TokenTooLate,
    /// There was no answer, or only part of it.
    NotReached(OutboundError),
    /// The answer is an error.
    Refused(Box<RefusedCall>),
    /// The answer is not what the service should send.
    Unreadable(Vec<u8>),
}

/// An answer with an error.
#[derive(Debug)]
pub(crate) struct RefusedCall {
    pub status: u16,
    pub headers: HeaderMap,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

impl CallFailure {
    /// The error for the application.
    pub(crate) fn problem(&self, platform: &Platform, call: &Call<'_>) -> Problem {
        let problem = PlatformProblem::of(call);
        match self {
            Self::NoToken(error) => problem.no_token(&platform.token_endpoint, error),
            Self::NotGranted => {
                let refused = NOT_AVAILABLE.saying(
                    "The platform granted an access token without the scope that this needs: its administrator must allow it.",
                );
                external(refused, &platform.token_endpoint)
            }
            Self::TooLate | Self::TokenTooLate => OUTBOUND_BUSY.problem(),
            Self::NotReached(error) => problem.not_reached(error),
            Self::Refused(refused) => {
                problem.refused(refused.status, &refused.headers, &refused.body)
            }
            Self::Unreadable(body) => problem.unreadable(body),
        }
    }
}
