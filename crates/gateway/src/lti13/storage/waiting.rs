//! A launch waiting for the platform's window, as our page carries it: sealed, so that it comes
//! back unchanged.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::kit::seal::Sealer;
use crate::launch::handoff::Destination;
use crate::lti13::refusal::LaunchRefusal;
use crate::lti13::state::{LoginState, StateRefusal};
use crate::web::language::Language;
use crate::web::problem::Problem;

const PURPOSE: &str = "verify";

/// A launch that is stored but can't be read yet.
#[derive(Serialize, Deserialize)]
pub(super) struct ParkedLaunch<S> {
    pub(super) launch_id: String,
    /// The state of its login.
    pub(super) state: S,
    pub(super) target: Url,
    pub(super) deep_linking: bool,
    /// Until when an answer is accepted, in seconds since 1970.
    pub(super) expires: i64,
    /// The page's language.
    pub(super) language: Language,
}

impl ParkedLaunch<&LoginState> {
    pub(super) fn seal(&self, states: &Sealer) -> Result<String, serde_json::Error> {
        let plain = serde_json::to_vec(self)?;
        Ok(URL_SAFE_NO_PAD.encode(states.seal(PURPOSE, &plain)))
    }
}

impl ParkedLaunch<LoginState> {
    pub(super) fn unseal(states: &Sealer, token: &str) -> Result<Self, Problem> {
        let unknown = || LaunchRefusal::State(StateRefusal::Unknown);
        let sealed = URL_SAFE_NO_PAD.decode(token).map_err(|_| unknown())?;
        let plain = states.open(PURPOSE, &sealed).map_err(|_| unknown())?;
        serde_json::from_slice(&plain).map_err(Problem::internal)
    }

    pub(super) fn destination(&self) -> Destination<'static> {
        if self.deep_linking {
            Destination::DeepLinking
        } else {
            Destination::Launch
        }
    }
}
