//! The answer to a login: seals the state, sets the cookies, and redirects the browser to the
//! platform.

use axum::http::HeaderMap;
use axum::response::Response;
use lti::login::LoginRequest;
use url::Url;

use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::lti13::cookies::{self, LOGIN_SECONDS};
use crate::lti13::room::Lti13;
use crate::lti13::shown_in::ShownIn;
use crate::lti13::state::{Hints, LoginState, LoginTarget};
use crate::lti13::storage::{self, StoragePage};
use crate::lti13::{authentication, onward};
use crate::traces::LoginMark;
use crate::web::language::{Language, wants_page};
use crate::web::problem::Problem;
use crate::web::redirect::Onward;

/// The longest authentication request that contains the hints twice, in bytes: common servers
/// accept request lines of 8 KiB.
const MAX_REQUEST: usize = 6 * 1024;

/// A login whose platform was found.
pub(super) struct OutgoingLogin<'a> {
    pub(super) room: &'a Lti13,
    pub(super) tool: &'a Tool,
    pub(super) platform: &'a Platform,
    pub(super) headers: &'a HeaderMap,
    /// Whether it started in the window that one of our pages offered.
    pub(super) offered: bool,
}

impl OutgoingLogin<'_> {
    /// Redirects to the platform: through a check of the cookies if it may be in a frame, and
    /// through one of our pages if the platform offers storage.
    pub(super) fn answer(
        &self,
        request: LoginRequest,
        mark: LoginMark,
    ) -> Result<Response, Problem> {
        let (room, headers) = (self.room, self.headers);
        let shown_in = ShownIn::of(headers);
        let (mut state, hints) = self.state(request, shown_in, mark);
        let (sealed, to_platform) = self.sealed(&mut state, &hints)?;
        let may_be_framed = match shown_in {
            ShownIn::Frame => true,
            ShownIn::Window => false,
            // Safari before 16.4 doesn't say.
            ShownIn::Unknown => wants_page(headers),
        };
        let checked = may_be_framed
            .then(|| onward::address(&self.tool.address(&room.public_url), &sealed, &hints))
            .transpose()?;
        state.hints = Some(hints);
        let language = Language::accepted(headers);
        let mut answer = if state.storage().is_some() {
            let page = StoragePage {
                room,
                tool: self.tool,
                platform: self.platform,
                state: &state,
                language,
            };
            page.put(&to_platform, checked.as_ref())
        } else {
            let onward = Onward {
                random: &room.random,
                language,
                tool: self.tool.face_in(language),
            };
            onward.found(checked.as_ref().unwrap_or(&to_platform))?
        };
        let developer_mode = room.public_url.is_developer_mode();
        let (id, binding) = (&state.login_id, &state.binding);
        cookies::set(answer.headers_mut(), headers, id, binding, developer_mode);
        Ok(answer)
    }

    fn state(
        &self,
        request: LoginRequest,
        shown_in: ShownIn,
        mark: LoginMark,
    ) -> (LoginState, Hints) {
        let now_ms = self.room.clock.now_ms();
        let ([nonce, binding], random) = self.room.random.two_tokens();
        let state = LoginState {
            platform_id: self.platform.id.clone(),
            nonce,
            target: LoginTarget::new(request.target_link_uri),
            deployment_id: request.deployment_id,
            storage_target: request
                .storage_target
                .filter(|name| storage::is_usable(name)),
            around: shown_in.around(self.platform, self.headers),
            hints: None,
            offered: self.offered,
            login_id: cookies::new_login_id(now_ms, random),
            binding,
            expires: now_ms / 1000 + LOGIN_SECONDS,
            mark,
        };
        let hints = Hints {
            login: request.login_hint,
            message: request.lti_message_hint,
        };
        (state, hints)
    }

    /// The sealed state and the authentication request that contains it. The state includes the
    /// hints, which a login in a new window needs, unless they would make the address longer than
    /// the platform's server may accept.
    fn sealed(&self, state: &mut LoginState, hints: &Hints) -> Result<(String, Url), Problem> {
        state.hints = Some(hints.clone());
        let (sealed, request) = self.request(state, hints)?;
        if request.as_str().len() <= MAX_REQUEST {
            return Ok((sealed, request));
        }
        state.hints = None;
        self.request(state, hints)
    }

    fn request(&self, state: &LoginState, hints: &Hints) -> Result<(String, Url), Problem> {
        let sealed = state.seal(&self.room.states).map_err(Problem::internal)?;
        let public_url = self.tool.address(&self.room.public_url);
        let url = authentication::request(&public_url, self.platform, state, &sealed, hints)?;
        Ok((sealed, url))
    }
}
