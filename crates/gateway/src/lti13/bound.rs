//! A launch whose browser is that of the login, or has to prove it before anyone can read the
//! launch (lti.md C.1, C.2).

use std::sync::Arc;

use axum::http::HeaderMap;
use lti::id_token::UnverifiedToken;

use super::begun::{self, Begun};
use super::form::Form;
use super::nonce::nonce;
use super::refusal::{LaunchRefusal, unknown_browser};
use super::room::Lti13;
use super::rules::Rules;
use super::shown_in::ShownIn;
use super::state::LoginState;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::launch::Release;
use crate::traces::{Binding, Recorder, Step};
use crate::web::problem::Problem;

/// A launch that belongs to a login of this browser. Its token has not been read yet.
pub(super) struct Bound {
    /// The state that the login left with its browser.
    pub(super) state: LoginState,
    /// The platform of the login, active or not.
    pub(super) platform: Arc<Platform>,
    pub(super) tool: Arc<Tool>,
    /// At once if a cookie came back; later if the platform's window has to be asked.
    pub(super) release: Release,
    id_token: String,
}

impl Bound {
    /// Checks that the browser is that of the login.
    ///
    /// # Errors
    /// It seems to be another browser, or the store failed.
    pub(super) async fn new(
        room: &Lti13,
        begun: Begun,
        form: Form,
        headers: &HeaderMap,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        let cookie = begun::cookie(room, &begun.state, headers);
        let release = if cookie.is_some() {
            trace.facts.binding = cookie;
            trace.done(Step::BrowserKnown);
            Release::Now
        } else if storage_may_help(&begun.state, form.storage_target.as_deref()) {
            trace.facts.binding = Some(Binding::Storage);
            Release::Later
        } else {
            trace.facts.binding = Some(Binding::None);
            return Err(other_browser(room, &begun, headers).await?);
        };
        let tool = room.tools.by_id(&begun.platform.tool_id);
        // What belonged to a removed tool is deleted within minutes.
        let tool = tool.ok_or(LaunchRefusal::PlatformGone)?;
        Ok(Self {
            state: begun.state,
            platform: begun.platform,
            tool,
            release,
            id_token: form.id_token,
        })
    }

    /// The token, parsed as far as possible before its signature is verified.
    ///
    /// # Errors
    /// It is too long for the tool's rules, or not an acceptable token.
    pub(super) fn token(&self) -> Result<UnverifiedToken<'_>, LaunchRefusal> {
        let rules = self.rules();
        let (algorithms, most) = (rules.algorithms(), rules.max_token_bytes());
        Ok(UnverifiedToken::parse_within(
            &self.id_token,
            &algorithms,
            most,
        )?)
    }

    /// The rules for checking the launch.
    pub(super) fn rules(&self) -> Rules<'_> {
        Rules::new(&self.tool.settings.launch, &self.platform)
    }
}

/// Whether the platform offered storage at login, and doesn't name a different frame now (C-22).
fn storage_may_help(state: &LoginState, named_now: Option<&str>) -> bool {
    let offered = state.storage();
    offered.is_some() && named_now.is_none_or(|name| Some(name) == offered)
}

/// The refusal for a browser that sent none of the login's cookies.
async fn other_browser(
    room: &Lti13,
    begun: &Begun,
    headers: &HeaderMap,
) -> Result<Problem, Problem> {
    let Begun { state, platform } = begun;
    // A repeated form submission lacks them, too, because they were removed on first use.
    if room.launches.is_spent(&nonce(platform, state)).await? {
        return Ok(LaunchRefusal::Replayed.into());
    }
    // If cookies fail in a top-level window, another window won't help.
    if ShownIn::of_login(state, headers) == ShownIn::Window {
        return Ok(LaunchRefusal::NoCookiesInWindow(None).into());
    }
    let refusal = LaunchRefusal::frame_origin(state).unwrap_or(LaunchRefusal::OtherBrowser);
    Ok(unknown_browser(refusal, state.login_once_more(platform)))
}
