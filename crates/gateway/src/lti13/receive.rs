//! The launch address: checks what the platform posts back, in the order of lti.md §B.2, stores it
//! with one INSERT, and hands it over.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lti::login::{LaunchForm, PlatformError};
use url::form_urlencoded;

use super::accepted::Accepted;
use super::astray::is_anothers;
use super::begun::{self, Begun};
use super::bound::Bound;
use super::cookies;
use super::form::{Form, Posted};
use super::nonce;
use super::once_more;
use super::refusal::{LaunchRefusal, at_our_addresses, leading_back, no_launch, offering};
use super::room::Lti13;
use super::shown_in::ShownIn;
use super::signed::Signed;
use super::stored::Stored;
use super::surroundings::Surroundings;
use crate::traces::{Binding, Kind, Recorder, Step};
use crate::web::problem::Problem;

/// `GET /lti/launch`: a person typed the address, a platform checks that it works, or it sends its
/// error this way.
pub(crate) async fn visit(
    State(room): State<Arc<Lti13>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or("").as_bytes());
    let mut trace = Recorder::new(Kind::Launch, &room.clock, &headers);
    let refused = match LaunchForm::from_pairs(pairs) {
        Ok(LaunchForm::Error { error, state }) => {
            trace.done(Step::FormRead);
            let no = platform_said_no(&room, &headers, error, &state, &mut trace).await;
            return trace.close(no);
        }
        Ok(LaunchForm::Token { .. }) => LaunchRefusal::ByGet,
        Err(error) if is_anothers(error) => LaunchRefusal::Form(error),
        Err(_) => return no_launch(&headers).into_response(),
    };
    let refused = at_our_addresses(refused, &room.public_url);
    trace.close(Err::<Response, _>(refused))
}

/// Receives a launch.
///
/// The platform makes the browser post it. The root address accepts launches, too.
#[utoipa::path(
    post, path = "/lti/launch", tag = "Platform: LTI", operation_id = "launch",
    request_body(content = Form, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A page that asks the platform's window for what a cookie would have told.", content_type = "text/html", body = String),
        (status = 303, description = "On to the application, with `ltik` in the address."),
        (status = "4XX", description = "The launch is refused: a page for people, or an error for programs."),
    ),
)]
pub(crate) async fn receive(
    State(room): State<Arc<Lti13>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Launch, &room.clock, &headers);
    let query = query.unwrap_or_default();
    let passed = pass(&room, &headers, &query, &body, &mut trace).await;
    trace.close(passed)
}

/// Form, Begun, Bound, Signed, Accepted, Stored: every launch must pass through each of them.
async fn pass(
    room: &Lti13,
    headers: &HeaderMap,
    query: &str,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let posted = Posted::read(headers, body)
        .map_err(|refused| at_our_addresses(refused, &room.public_url))?;
    trace.done(Step::FormRead);
    let form = match posted {
        Posted::Launch(form) => form,
        Posted::Error(error, state) => {
            return platform_said_no(room, headers, error, &state, trace).await;
        }
    };
    let begun = Begun::open(room, &form.state, trace).await?;
    if once_more::may_help(room, &begun, headers, query) {
        return Ok(once_more::page(room, &begun, &form, headers));
    }
    let bound = Bound::new(room, begun, form, headers, trace).await?;
    let token = bound.token()?;
    let signed = Signed::new(room, &bound, &token, trace).await?;
    let (names, payload) = (signed.token.claim_names(), signed.token.payload());
    let stored = match Accepted::new(room, signed, trace).await {
        Ok(accepted) => Stored::new(room, accepted, trace).await,
        Err(refused) => Err(refused),
    };
    match stored {
        Ok(stored) => stored.answer(room, headers),
        Err(refused) => {
            trace.payload(names, payload, &bound.tool);
            Err(refuse(room, &bound, payload, refused).await?)
        }
    }
}

/// Refuses a launch that the platform signed, in its language and with a way back.
async fn refuse(
    room: &Lti13,
    bound: &Bound,
    payload: &str,
    refused: Problem,
) -> Result<Problem, Problem> {
    // The signature was valid, so this nonce has had its one use (B-10). If the error was ours, the
    // form can be sent again once it is fixed.
    if !refused.status.is_server_error() {
        nonce::spend(room, &bound.platform, &bound.state).await?;
    }
    let around = Surroundings::of(payload);
    let refused = refused.spoken_in(around.language());
    Ok(leading_back(refused, around.way_back(&bound.platform)))
}

/// The platform's own error: the login is over, and signing in there may work in a new window, if
/// this isn't one.
async fn platform_said_no(
    room: &Lti13,
    headers: &HeaderMap,
    error: PlatformError,
    state: &str,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let begun = Begun::open(room, state, trace).await?;
    let cookie = begun::cookie(room, &begun.state, headers);
    trace.facts.binding = cookie.or(Some(Binding::None));
    let Begun { state, platform } = begun;
    let mut ended = HeaderMap::new();
    // Only the browser that started the login may end it.
    if cookie.is_some() {
        match room.unsigned.admit(&platform.id, room.clock.uptime()) {
            true => nonce::spend(room, &platform, &state).await?,
            // Without its cookie, the login can't succeed either.
            false => cookies::clear(&mut ended, headers, &state.login_id),
        }
    }
    let is_window = ShownIn::of_login(&state, headers) == ShownIn::Window;
    let mut refused: Problem = match error.code.suggests_new_window() {
        true if is_window => LaunchRefusal::NotSignedIn(error).into(),
        true => {
            let again = state.login_again(&platform);
            offering(LaunchRefusal::Platform(error), again)
        }
        false => LaunchRefusal::Platform(error).into(),
    };
    refused.cookies = (!ended.is_empty()).then(|| Box::new(ended));
    Err(refused)
}
