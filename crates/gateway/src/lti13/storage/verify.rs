//! Checks what the platform's window returned, or why it returned nothing. The server compares; the
//! page is not trusted.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::kept_value;
use super::waiting::ParkedLaunch;
use crate::directory::platforms::Platform;
use crate::launch::handoff;
use crate::lti13::cookies;
use crate::lti13::refusal::{LaunchRefusal, Unanswered, unknown_browser};
use crate::lti13::room::Lti13;
use crate::lti13::shown_in::ShownIn;
use crate::lti13::state::{Around, LoginState, StateRefusal};
use crate::traces::{Binding, Kind, Recorder, Step};
use crate::web::problem::Problem;
use crate::web::redirect::Onward;
use crate::web::{form, page};

/// `POST /lti/launch/verify`.
pub(crate) async fn verify(
    State(room): State<Arc<Lti13>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Launch, &room.clock, &headers);
    trace.facts.binding = Some(Binding::Storage);
    let compared = compare(&room, &headers, &body, &mut trace).await;
    match compared {
        // The page posts it again as a form; that answer is the one that people see and that leaves
        // a trace.
        Err(refused) if asked_by_script(&body) && !refused.status.is_server_error() => {
            Json(VerifyAnswer { location: None }).into_response()
        }
        compared => trace.close(compared),
    }
}

/// Whether the page's script asks where to go, rather than going there with the answer.
fn asked_by_script(body: &[u8]) -> bool {
    form::field(body, "by_script").is_some()
}

/// The answer to the page's script.
#[derive(Serialize)]
struct VerifyAnswer<'a> {
    /// Where the launch goes, unless it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

async fn compare(
    room: &Lti13,
    headers: &HeaderMap,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let token = form::field(body, "verify_token");
    let token = token.ok_or(LaunchRefusal::State(StateRefusal::Unknown))?;
    let waiting = ParkedLaunch::unseal(&room.states, &token)?;
    let state = &waiting.state;
    trace.done(Step::FormRead);
    trace.facts.launch_id = Some(waiting.launch_id.clone());
    trace.facts.login = Some(state.login());
    trace.is_framed_by_platform = state.around == Around::Listed;
    // The waiting launch has already been verified.
    trace.is_signed = true;
    let platform = room.platforms.by_id(&state.platform_id).await?;
    trace.platform.clone_from(&platform);
    let spoken = |problem: Problem| problem.spoken_in(Some(waiting.language));
    let platform = platform.ok_or_else(|| spoken(LaunchRefusal::PlatformGone.into()))?;
    check(room, &waiting, &platform, headers, body).map_err(spoken)?;
    let tool = room.tools.by_id(&platform.tool_id);
    let tool = tool.ok_or_else(|| spoken(LaunchRefusal::PlatformGone.into()))?;
    let to = waiting.destination();
    handoff::address(&tool, to)?;
    trace.done(Step::BrowserKnown);
    if !room.launches.release(&waiting.launch_id).await? {
        return Err(spoken(LaunchRefusal::Replayed.into()));
    }
    // If launches are kept for only a minute, this one may have expired while it waited.
    let launch = room.launches.load(&waiting.launch_id).await?;
    let launch = launch.ok_or(LaunchRefusal::State(StateRefusal::Expired))?;
    room.count(&platform, &launch);
    let target = Some(&waiting.target);
    let location = handoff::location(&room.ltiks, &tool, &launch.id, to, target)?;
    let mut answer = if asked_by_script(body) {
        let location = Some(location.as_str());
        Json(VerifyAnswer { location }).into_response()
    } else {
        let onward = Onward {
            random: &room.random,
            language: waiting.language,
            tool: tool.face_in(waiting.language),
        };
        onward.see_other(&location)?
    };
    cookies::clear(answer.headers_mut(), headers, &state.login_id);
    Ok(answer)
}

/// Checks that the platform's window returned this browser's value, in time, to our own page.
fn check(
    room: &Lti13,
    waiting: &ParkedLaunch<LoginState>,
    platform: &Platform,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(), Problem> {
    let field = |name| form::field(body, name);
    let no_help = |unanswered| match ShownIn::of(headers) {
        ShownIn::Window => LaunchRefusal::NoCookiesInWindow(Some(unanswered)).into(),
        ShownIn::Frame | ShownIn::Unknown => {
            let again = waiting.state.login_once_more(platform);
            unknown_browser(LaunchRefusal::Storage(unanswered), again)
        }
    };
    if let Some(unanswered) = field("why").and_then(|why| Unanswered::from_name(&why)) {
        return Err(no_help(unanswered));
    }
    // An attacker knows both fields of their own launch and could make a victim's browser send them
    // (C-06).
    let public_url = room.tools.address_of(&platform.tool_id, &room.public_url);
    if !page::posted_by_us(headers, &public_url) {
        return Err(LaunchRefusal::OtherPage.into());
    }
    if room.clock.now_seconds() > waiting.expires {
        return Err(LaunchRefusal::StorageLate.into());
    }
    let value = field("value").unwrap_or_default();
    let kept = kept_value(&waiting.state);
    aws_lc_rs::constant_time::verify_slices_are_equal(value.as_bytes(), kept.as_bytes())
        .map_err(|_| no_help(Unanswered::OtherValue))
}
