//! A login in a frame checks that its cookies come back before it continues to the platform.
//!
//! If they don't, the launch could not be tied to this browser, and because most platforms let a
//! login be completed only once, it would then be too late to offer a new window. Checking first,
//! the new window starts the same login again and succeeds (lti.md C-50). The price is one more
//! redirect, only in frames.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use url::Url;

use super::authentication;
use super::begun::{self, Begun};
use super::refusal::{LaunchRefusal, offering, unknown_browser};
use super::room::Lti13;
use super::shown_in::ShownIn;
use super::state::{Hints, LoginState, StateRefusal};
use crate::settings::public_url::PublicUrl;
use crate::traces::{Binding, Kind, Recorder, Step};
use crate::web::form;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect::Onward;

/// Where a login in a frame is redirected first.
pub(super) fn address(public_url: &PublicUrl, sealed: &str, hints: &Hints) -> Result<Url, Problem> {
    let mut url = Url::parse(&public_url.join("/lti/login/go")).map_err(Problem::internal)?;
    url.query_pairs_mut()
        .append_pair("state", sealed)
        .append_pair("login_hint", &hints.login)
        .extend_pairs(hints.message.iter().map(|hint| ("lti_message_hint", hint)));
    Ok(url)
}

/// `GET /lti/login/go`: redirects to the platform if a cookie of the login came back, otherwise
/// offers a window. With `look`, only reports whether one came back: one of our pages asks this
/// while it waits for the platform's window.
pub(crate) async fn go(
    State(room): State<Arc<Lti13>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    if form::field(query.as_bytes(), "look").is_some() {
        return look(&room, &query, &headers).into_response();
    }
    let mut trace = Recorder::new(Kind::Login, &room.clock, &headers);
    let on = leave(&room, &query, &headers, &mut trace).await;
    trace.close(on)
}

/// What our page learns about the browser's cookies.
#[derive(Serialize)]
struct CookieLook {
    /// Whether one of the login's cookies came back.
    cookies: bool,
}

/// Nothing is decided here, so nothing is refused and there is no trace.
fn look(room: &Lti13, query: &str, headers: &HeaderMap) -> Json<CookieLook> {
    let sealed = form::field(query.as_bytes(), "state");
    let state = sealed.and_then(|sealed| LoginState::unseal(&room.states, &sealed).ok());
    let found = state.and_then(|state| begun::cookie(room, &state, headers));
    Json(CookieLook {
        cookies: found.is_some(),
    })
}

async fn leave(
    room: &Lti13,
    query: &str,
    headers: &HeaderMap,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let field = |name| form::field(query.as_bytes(), name);
    let unknown = || LaunchRefusal::State(StateRefusal::Unknown);
    let sealed = field("state").ok_or_else(unknown)?;
    let hints = Hints {
        login: field("login_hint").ok_or_else(unknown)?,
        message: field("lti_message_hint"),
    };
    trace.done(Step::FormRead);
    let begun = Begun::open(room, &sealed, trace).await?;
    let cookie = begun::cookie(room, &begun.state, headers);
    trace.facts.binding = cookie.or(Some(Binding::None));
    let Begun {
        mut state,
        platform,
    } = begun;
    if cookie.is_none() {
        // Another window would end here again. A frame's address opened in a new tab is not such a
        // window: the tab has none of the frame's cookies, but may get its own.
        if state.offered && ShownIn::of_login(&state, headers) == ShownIn::Window {
            return Err(LaunchRefusal::NoCookiesInWindow(None).into());
        }
        state.hints = Some(hints);
        let again = state.login_again(&platform);
        return Err(match LaunchRefusal::frame_origin(&state) {
            Some(refusal) => unknown_browser(refusal, again),
            None => offering(no_cookies(&state), again),
        });
    }
    let tool = room.tools.by_id(&platform.tool_id);
    let public_url = room.tools.address_of(&platform.tool_id, &room.public_url);
    let request = authentication::request(&public_url, &platform, &state, &sealed, &hints);
    let language = Language::accepted(headers);
    let onward = Onward {
        random: &room.random,
        language,
        tool: tool
            .as_deref()
            .map(|tool| tool.face_in(language))
            .unwrap_or_default(),
    };
    onward.found(&request?)
}

fn no_cookies(state: &LoginState) -> LaunchRefusal {
    LaunchRefusal::NoCookiesInFrame {
        storage_offered: state.storage_target.is_some(),
    }
}
