//! Who sent a request, and what a response means to them.

use std::sync::Arc;

use ::studyreel::Dialect;
use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use super::router::of_router;
use crate::directory::tools::{Tool, host_of};
use crate::kit::media_type;
use crate::studyreel::StudyReelRefusal;
use crate::traces::Kind;
use crate::web::language::Language;
use crate::web::problem::Problem;

/// Who sent a request, and for what.
pub(super) struct Requester {
    /// The route instead of the path, which may contain a secret, such as an invitation's code.
    pub(super) route: Option<MatchedPath>,
    /// What a request at this address attempts, if it leaves a trace, and the host.
    pub(super) attempt: Option<(Kind, String)>,
    pub(super) recipient: Recipient,
}

pub(super) enum Recipient {
    /// A program at an address for programs.
    Api,
    /// A program elsewhere.
    Program,
    /// A person, with the language of their browser and the tool of the host.
    Person(Language, Option<Arc<Tool>>),
    /// A platform that posts launches of this dialect.
    Platform(&'static Dialect),
}

/// Why a request got no response.
pub(super) enum BrokenRequest {
    /// The handler panicked with this message.
    Panicked(String),
    /// It took too long.
    Late,
}

const LATE: &str = "the request took too long and was given up";

impl Requester {
    pub(super) fn new(recipient: Recipient, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let kind = match recipient {
            Recipient::Platform(_) => Some(Kind::StudyReel),
            _ => route.as_ref().and_then(|route| kind_of(route.as_str())),
        };
        let host = || host_of(request.uri(), request.headers()).to_owned();
        Self {
            attempt: kind.map(|kind| (kind, host())),
            route,
            recipient,
        }
    }
}

impl Recipient {
    /// The problem that a response stands for, together with the response; otherwise just the
    /// response.
    pub(super) fn problem_of(
        &self,
        answer: Result<Response, BrokenRequest>,
    ) -> Result<Response, Box<(Arc<Problem>, Response)>> {
        let mut response = match answer {
            Ok(response) => response,
            Err(broken) => return Err(Box::new((self.broken(broken).into(), Response::default()))),
        };
        if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
            return Err(Box::new((problem, response)));
        }
        let (status, headers) = (response.status(), response.headers());
        // When axum refuses a body, the response is plain text; its other responses have no body.
        let is_bare =
            !headers.contains_key(CONTENT_TYPE) || media_type::is(headers, media_type::PLAIN);
        if is_bare && (status.is_client_error() || status.is_server_error()) {
            let problem = match self {
                Self::Platform(_) => StudyReelRefusal::of_router(status).into(),
                _ => of_router(status),
            };
            return Err(Box::new((problem.into(), response)));
        }
        Ok(response)
    }

    fn broken(&self, broken: BrokenRequest) -> Problem {
        match (self, broken) {
            (Self::Platform(_), BrokenRequest::Panicked(words)) => {
                StudyReelRefusal::Internal(words).into()
            }
            (Self::Platform(_), BrokenRequest::Late) => {
                StudyReelRefusal::Unavailable(LATE.into()).into()
            }
            (_, BrokenRequest::Panicked(words)) => Problem::internal(words),
            (_, BrokenRequest::Late) => Problem::unavailable().caused_by(LATE),
        }
    }
}

/// What a request at this address attempts: its failures leave a trace even if its handler was
/// never reached.
fn kind_of(route: &str) -> Option<Kind> {
    Some(match route {
        "/lti/login" | "/login" | "/lti/login/{platform}" | "/lti/login/go" => Kind::Login,
        "/lti/launch" | "/" | "/lti/legacy/launch" | "/lti/launch/verify" => Kind::Launch,
        "/lti/register" | "/register" | "/lti/register/{invite}" | "/lti/register/confirm" => {
            Kind::Registration
        }
        _ => return None,
    })
}
