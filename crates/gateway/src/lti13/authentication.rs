//! The authentication request: what a login asks the platform for (lti.md A.3).

use lti::login::AuthenticationRequest;
use url::Url;

use super::state::{Hints, LoginState};
use crate::directory::platforms::Platform;
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// The address at the platform. `sealed` is the state as sent.
pub(super) fn request(
    public_url: &PublicUrl,
    platform: &Platform,
    state: &LoginState,
    sealed: &str,
    hints: &Hints,
) -> Result<Url, Problem> {
    let endpoint = Url::parse(&platform.authorization_endpoint).map_err(Problem::internal)?;
    let request = AuthenticationRequest {
        client_id: &platform.client_id,
        redirect_uri: &public_url.join("/lti/launch"),
        login_hint: &hints.login,
        lti_message_hint: hints.message.as_deref(),
        state: sealed,
        nonce: &state.nonce,
    };
    Ok(request.url(&endpoint))
}
