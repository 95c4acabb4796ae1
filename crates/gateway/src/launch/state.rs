//! `state`: what a login must remember until the platform answers, sealed and carried by the browser, so that a login
//! writes nothing and any replica can finish it (design.md §3.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::app::App;

const PURPOSE: &str = "state";

/// One login under way.
#[derive(Debug, Serialize, Deserialize)]
pub struct State {
    /// The platform it was begun with; the token is checked against this one (lti.md B-11).
    #[serde(rename = "p")]
    pub platform_id: String,
    /// Nonce that the token must carry.
    #[serde(rename = "n")]
    pub nonce: String,
    /// Where the person wants to go, as the platform said at login.
    #[serde(rename = "t")]
    pub target_link_uri: String,
    /// Deployment, where the platform named it at login.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub deployment_id: Option<String>,
    /// Names the cookies.
    #[serde(rename = "i")]
    pub login_id: String,
    /// What the cookies must hold.
    #[serde(rename = "b")]
    pub binding: String,
    /// End of its life, in seconds since 1970.
    #[serde(rename = "e")]
    pub expires: i64,
}

/// Why a `state` is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateRefusal {
    /// Not sealed by us.
    #[error("the state was not given out by this installation, or was altered")]
    Unknown,
    /// Older than ten minutes.
    #[error("the login took longer than ten minutes")]
    Expired,
}

impl State {
    /// As it goes into the authentication request.
    ///
    /// # Errors
    /// It can't be written; nothing a caller can do.
    pub fn seal(&self, app: &App) -> Result<String, serde_json::Error> {
        Ok(URL_SAFE_NO_PAD.encode(app.states.seal(PURPOSE, &serde_json::to_vec(self)?)))
    }

    /// Reads what came back.
    ///
    /// # Errors
    /// It isn't ours or its time is over.
    pub fn open(app: &App, text: &str) -> Result<Self, StateRefusal> {
        let sealed = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| StateRefusal::Unknown)?;
        let plain = app
            .states
            .open(PURPOSE, &sealed)
            .map_err(|_| StateRefusal::Unknown)?;
        let state: Self = serde_json::from_slice(&plain).map_err(|_| StateRefusal::Unknown)?;
        if app.clock.now_seconds() > state.expires {
            Err(StateRefusal::Expired)
        } else {
            Ok(state)
        }
    }
}
