//! Logins and launches at one of our addresses that accepts neither. Administrators mix addresses
//! up, and the registration address is the one they see first
//! (docs/decisions/0256-what-comes-to-a-wrong-address-is-named.md).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lti::Fault;
use lti::login::{LaunchForm, LoginError};
use url::form_urlencoded;

use super::form::Posted;
use super::refusal::{LaunchRefusal, at_our_addresses};
use super::room::Lti13;
use crate::traces::{Kind, Recorder};

/// `POST` to an address for registering.
pub(crate) async fn posted(
    State(room): State<Arc<Lti13>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match Posted::read(&headers, &body) {
        Ok(_) => refused(&room, &headers, LoginError::LaunchElsewhere),
        Err(LaunchRefusal::Form(error)) if is_anothers(error) => refused(&room, &headers, error),
        Err(_) => (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET")]).into_response(),
    }
}

/// `GET` of a registration address with the parameters of a login or an old launch.
pub(crate) async fn visited(
    State(room): State<Arc<Lti13>>,
    request: Request,
    next: Next,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let read = LaunchForm::from_pairs(form_urlencoded::parse(query.as_bytes()));
    match read {
        Err(error) if request.method() == Method::GET && is_anothers(error) => {
            refused(&room, request.headers(), error)
        }
        _ => next.run(request).await,
    }
}

/// Whether a request is valid, but not at this address, or no longer.
pub(super) fn is_anothers(error: LoginError) -> bool {
    matches!(error.fault(), Fault::OldVersion | Fault::Address)
}

fn refused(room: &Lti13, headers: &HeaderMap, error: LoginError) -> Response {
    let trace = Recorder::new(Kind::Launch, &room.clock, headers);
    let refused = at_our_addresses(LaunchRefusal::Form(error), &room.public_url);
    trace.close(Err::<Response, _>(refused))
}
