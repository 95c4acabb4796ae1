//! A login that was started here: every answer from a platform must belong to one.

use std::sync::Arc;

use axum::http::HeaderMap;

use super::cookies;
use super::refusal::LaunchRefusal;
use super::room::Lti13;
use super::state::{Around, LoginState};
use crate::directory::platforms::Platform;
use crate::traces::{Binding, Recorder, Step};
use crate::web::problem::Problem;

/// A login that we started and that has not expired. Whether this is its browser is not known yet.
pub(super) struct Begun {
    /// The state that the login left with its browser.
    pub(super) state: LoginState,
    /// The platform of the login, active or not.
    pub(super) platform: Arc<Platform>,
}

impl Begun {
    /// The login that a state belongs to.
    ///
    /// # Errors
    /// The state isn't ours or has expired, the platform is gone, or the store failed.
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

/// The cookie that identifies this browser as that of a login, if it sent one.
pub(super) fn cookie(room: &Lti13, state: &LoginState, headers: &HeaderMap) -> Option<Binding> {
    let developer_mode = room.public_url.is_developer_mode();
    cookies::found(headers, &state.login_id, &state.binding, developer_mode)
}
