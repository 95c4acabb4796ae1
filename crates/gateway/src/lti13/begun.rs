//! A login that was begun here: what every answer of a platform has to belong to.

use std::sync::Arc;

use axum::http::HeaderMap;

use super::cookies;
use super::refusal::LaunchRefusal;
use super::room::Lti13;
use super::state::{Around, LoginState};
use crate::directory::platforms::Platform;
use crate::traces::{Binding, Recorder, Step};
use crate::web::problem::Problem;

/// A login that we began and that isn't over yet. In which browser is still open.
pub(super) struct Begun {
    /// What the login left with its browser.
    pub(super) state: LoginState,
    /// The platform it was begun with, active or not.
    pub(super) platform: Arc<Platform>,
}

impl Begun {
    /// The login that a state was sealed for.
    ///
    /// # Errors
    /// The state isn't ours or its time is over, the platform is gone, or the store failed.
    pub(super) async fn open(
        room: &Lti13,
        sealed: &str,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        let state = LoginState::unseal(&room.states, sealed).map_err(LaunchRefusal::from)?;
        trace.facts.login = Some(state.login());
        trace.facts.unlisted_origin = state.around.unlisted().cloned();
        trace.is_framed_by_platform = state.around == Around::Listed;
        trace.done(Step::StateOpened);
        let platform = room.platforms.by_id(&state.platform_id).await?;
        trace.platform.clone_from(&platform);
        let now = room.clock.now_seconds();
        state.check_time(now).map_err(LaunchRefusal::from)?;
        let platform = platform.ok_or(LaunchRefusal::PlatformGone)?;
        trace.done(Step::PlatformFound);
        Ok(Self { state, platform })
    }
}

/// The cookie that shows this browser to be that of a login, if it sent one.
pub(super) fn cookie(room: &Lti13, state: &LoginState, headers: &HeaderMap) -> Option<Binding> {
    let developer_mode = room.public_url.is_developer_mode();
    cookies::found(headers, &state.login_id, &state.binding, developer_mode)
}
