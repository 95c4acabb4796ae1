//! Access tokens for a platform's services (lti.md F.1).

use std::sync::Arc;
use std::time::Duration;

use lti::service_token::{AssertionClaims, TokenAnswer, TokenError, request};
use moka::future::Cache;
use url::Url;

use crate::app::App;
use crate::keys::ours::{KeyError, Signer};
use crate::kit::outbound::{OutboundError, Purpose, Request};
use store::platforms::PlatformRow;

/// Bytes of a token answer at most.
const LIMIT: usize = 64 * 1024;
/// How long before its end a token is used no more, in seconds.
const MARGIN_SECONDS: i64 = 60;

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

/// Tokens at hand, in memory only. They stand under the id of the key that signed for them: when a platform's key is
/// changed, the tokens asked for with the old one are used no more, on every replica (lti.md F-04, G-07).
pub struct ServiceTokens(Cache<Asked, Arc<Token>>);

/// Platform, key id and scopes.
type Asked = (String, String, String);

struct Token {
    answer: TokenAnswer,
    /// Milliseconds since 1970.
    good_until: i64,
}

impl Default for ServiceTokens {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(10_000)
                .time_to_live(Duration::from_secs(3600))
                .build(),
        )
    }
}

impl ServiceTokens {
    /// Looks at a service's answer: where it refused a token, none at hand is trusted any longer (F-05).
    pub fn after(&self, status: u16) {
        if status == 401 {
            self.0.invalidate_all();
        }
    }
}

/// A token with these scopes, separated by blanks: one that is at hand, else a new one. Several who want the same one
/// wait for one request.
///
/// # Errors
/// See [`ServiceTokenError`].
pub async fn get(
    app: &App,
    platform: &PlatformRow,
    scope: &str,
) -> Result<TokenAnswer, Arc<ServiceTokenError>> {
    let mut scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
    scopes.sort_unstable();
    let signer = Signer::of(app, &platform.id).await;
    let signer = signer.map_err(|error| Arc::new(error.into()))?;
    let asked = (platform.id.clone(), signer.kid.clone(), scopes.join(" "));
    let tokens = &app.service_tokens.0;
    if let Some(known) = tokens.get(&asked).await {
        if app.clock.now_ms() < known.good_until {
            return Ok(known.answer.clone());
        }
        tokens.invalidate(&asked).await;
    }
    let fresh = tokens.try_get_with(asked.clone(), async {
        let answer = fetch(app, platform, &signer, &asked.2).await?;
        let good_for = answer.life_seconds.saturating_sub(MARGIN_SECONDS);
        Ok(Arc::new(Token {
            good_until: app.clock.now_ms() + good_for.saturating_mul(1000),
            answer,
        }))
    });
    Ok(fresh.await?.answer.clone())
}

async fn fetch(
    app: &App,
    platform: &PlatformRow,
    signer: &Signer,
    scope: &str,
) -> Result<TokenAnswer, ServiceTokenError> {
    let endpoint = Url::parse(&platform.token_endpoint).map_err(|_| ServiceTokenError::Endpoint)?;
    let audience = platform
        .authorization_server
        .as_deref()
        .unwrap_or(&platform.token_endpoint);
    let id = app.random.token();
    let claims = AssertionClaims::new(&platform.client_id, audience, &id, app.clock.now_seconds());
    let assertion = signer.sign(app, &claims)?;
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
