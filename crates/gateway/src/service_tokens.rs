//! Access tokens for a platform's services (lti.md F.1).

use lti::service_token::{AssertionClaims, TokenAnswer, TokenError, request};
use url::Url;

use crate::app::App;
use crate::outbound::{OutboundError, Purpose, Request};
use crate::signing_keys::{self, KeyError};
use crate::store::platforms::Platform;

/// Bytes of a token answer at most.
const LIMIT: usize = 64 * 1024;

/// Why a platform gave no token.
#[derive(Debug, thiserror::Error)]
pub enum ServiceTokenError {
    /// The token endpoint is no address.
    #[error("the platform's token endpoint is no address")]
    Endpoint,
    /// The assertion could not be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No answer.
    #[error("the platform's token endpoint gave no answer: {0}")]
    Send(#[from] OutboundError),
    /// A refusal.
    #[error("the platform's token endpoint refused with status {0}")]
    Refused(u16),
    /// An answer that can't be used.
    #[error(transparent)]
    Answer(#[from] TokenError),
}

/// Asks a platform for a token with these scopes, separated by blanks.
///
/// # Errors
/// See [`ServiceTokenError`].
pub async fn fetch(
    app: &App,
    platform: &Platform,
    scope: &str,
) -> Result<TokenAnswer, ServiceTokenError> {
    let endpoint = Url::parse(&platform.token_endpoint).map_err(|_| ServiceTokenError::Endpoint)?;
    let audience = platform
        .authorization_server
        .as_deref()
        .unwrap_or(&platform.token_endpoint);
    let id = app.random.token();
    let claims = AssertionClaims::new(&platform.client_id, audience, &id, app.clock.now_seconds());
    let assertion = signing_keys::sign(app, &platform.id, &claims).await?;
    let to = Request {
        purpose: Purpose::Service,
        url: &endpoint,
        accept: "application/json",
        bearer: None,
        limit: LIMIT,
    };
    let answer = app
        .outbound
        .post_form(to, &request(&assertion, scope))
        .await?;
    if answer.status != 200 {
        return Err(ServiceTokenError::Refused(answer.status));
    }
    Ok(TokenAnswer::parse(&answer.body)?)
}
