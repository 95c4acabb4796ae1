//! A login in a frame looks whether its cookies come back before it goes on to the platform.
//!
//! Where they don't, the launch could not be tied to this browser, and most platforms let a login be finished only once:
//! by then it would be too late for a window of its own. Asked before, the window begins the same login anew and
//! succeeds (lti.md C-50). It costs one more redirect, in frames only.

use axum::extract::{RawQuery, State as AxumState};
use axum::http::header::{ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use url::Url;

use super::{cookies, finish};
use crate::app::App;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::lti13::login::authentication_request;
use crate::lti13::refusal::{LaunchRefusal, offering, unknown_browser};
use crate::lti13::state::{Around, Hints, StateRefusal};
use crate::traces::Binding;
use crate::traces::{Kind, Recorder, Step};
use crate::web::form;
use crate::web::problem::Problem;
use crate::web::redirect;

/// Longest origin that is kept, in characters: a host name has 253 at most.
const MAX_ORIGIN: usize = 300;

/// What the browser says about where the answer will be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a page of somebody else.
    Frame,
    /// In a window or tab of its own.
    Window,
    /// An old browser, or a program.
    Unknown,
}

impl Place {
    /// By `Sec-Fetch-Dest`, which pages can't forge.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("sec-fetch-dest").map(HeaderValue::as_bytes) {
            Some(b"iframe" | b"frame" | b"embed" | b"object") => Self::Frame,
            Some(b"document") => Self::Window,
            _ => Self::Unknown,
        }
    }

    /// The page around this one. In one that our policy doesn't name a browser would show a broken frame; the way by
    /// cookies shows no page of ours.
    pub(super) fn around(self, platform: &Platform, headers: &HeaderMap) -> Around {
        let from = match self {
            Self::Window => None,
            Self::Frame | Self::Unknown => page_before(headers),
        };
        match from {
            None => Around::Unknown,
            Some(from) if FrameOrigins::of(platform).cover(&from) => Around::Listed,
            // It travels in `state`; a header may hold anything.
            Some(from) => Around::Unlisted(from.chars().take(MAX_ORIGIN).collect()),
        }
    }
}

/// The origin of the page that sent the browser here, where the browser tells.
fn page_before(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let url = text(ORIGIN)
        .filter(|origin| *origin != "null")
        .or_else(|| text(REFERER))?;
    Url::parse(url)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}

/// Where a login in a frame goes first.
pub(super) fn address(app: &App, sealed: &str, hints: &Hints) -> Result<Url, Problem> {
    let mut url =
        Url::parse(&app.config.public_url.join("/lti/login/go")).map_err(Problem::internal)?;
    url.query_pairs_mut()
        .append_pair("state", sealed)
        .append_pair("login_hint", &hints.login)
        .extend_pairs(hints.message.iter().map(|hint| ("lti_message_hint", hint)));
    Ok(url)
}

/// `GET /lti/login/go`: on to the platform where a cookie of the login came back, else the offer of a window.
pub async fn go(
    AxumState(app): AxumState<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut trace = Recorder::new(Kind::Login, &app.clock, &headers);
    let on = look(&app, &query.unwrap_or_default(), &headers, &mut trace).await;
    trace.close(on)
}

async fn look(
    app: &App,
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
    let (mut state, platform) = finish::begun(app, &sealed, trace).await?;
    let developer_mode = app.config.public_url.is_developer_mode();
    let cookie = cookies::found(headers, &state.login_id, &state.binding, developer_mode);
    trace.facts.binding = cookie.or(Some(Binding::None));
    if cookie.is_none() {
        state.hints = Some(hints);
        let again = state.login_again(&platform);
        return Err(match LaunchRefusal::frame_origin(&state) {
            Some(refusal) => unknown_browser(refusal, again),
            None => offering(LaunchRefusal::NoCookiesInFrame, again),
        });
    }
    redirect::found(&authentication_request(
        app, &platform, &state, &sealed, &hints,
    )?)
}
