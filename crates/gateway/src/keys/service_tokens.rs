//! Access tokens for a platform's services (lti.md F.1).

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use lti::registration::CloudVendor;
use lti::service_token::{AssertionClaims, TokenAnswer, TokenError, audience, request};
use store::platforms::PlatformRow;
use url::Url;

use crate::keys::ours::OurKeys;
use crate::keys::pair::KeyError;
use crate::keys::signer::Signer;
use crate::kit::cache::Cache;
use crate::kit::clock::{Clock, Random};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};

/// The largest token answer, in bytes.
const ANSWER_BYTES: usize = 64 * 1024;
/// The most tokens to cache: 10,000 busy platforms with one for each scope that is requested
/// separately. Each takes a kilobyte or two.
const MOST_TOKENS: usize = 50_000;
/// How long to cache a token, whatever it says about itself.
const LIFE: Duration = Duration::from_secs(3600);
/// How long before its expiry a token is no longer used, in seconds.
const MARGIN_SECONDS: i64 = 60;
/// How long to cache a token that grants less than was requested, in seconds. A long queue must not
/// request one each time, and what the platform's administrator allows meanwhile must take effect
/// soon.
const TOO_LITTLE_SECONDS: i64 = 60;
/// A token younger than this is assumed to be valid unless the platform mentions it.
const YOUNG: Duration = Duration::from_secs(60);

/// A token that may be used.
#[derive(Clone)]
pub struct GivenToken {
    /// The platform's answer.
    pub answer: TokenAnswer,
    /// Whether it was issued for an earlier request: the platform may have forgotten it since.
    pub was_kept: bool,
    /// Whether it was issued less than a minute ago.
    pub is_young: bool,
}

/// Why a platform issued no token.
#[derive(Debug, thiserror::Error)]
pub enum ServiceTokenError {
    /// The token endpoint is not an address.
    #[error("the platform's token endpoint is no address")]
    Endpoint,
    /// The assertion could not be signed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There was no answer.
    #[error("the platform's token endpoint gave no answer: {0}")]
    Send(#[from] OutboundError),
    /// The platform refused.
    #[error("the platform's token endpoint refused with status {}", .0.status)]
    Refused(Box<Answer>),
    /// The answer is unusable.
    #[error(transparent)]
    Answer(#[from] TokenError),
    /// The service is stopping.
    #[error("the request for a token was given up")]
    GivenUp,
}

/// Asks platforms for access tokens, and keeps them in memory under all that was asked with: when a
/// platform's key, client id, token endpoint or audience changes, the tokens asked for before are
/// no longer used, on every replica within a second (lti.md F-04, G-07). Cloning it is cheap.
#[derive(Clone)]
pub struct ServiceTokens {
    our_keys: OurKeys,
    clock: Clock,
    random: Random,
    outbound: Outbound,
    kept: Arc<Cache<TokenFor, TokenFetch>>,
}

/// The parameters of a token request.
#[derive(Clone, PartialEq, Eq, Hash)]
struct TokenFor {
    platform_id: String,
    kid: String,
    client_id: String,
    endpoint: String,
    authorization_server: Option<String>,
    /// Sorted, separated by spaces.
    scopes: String,
}

/// A token, or the request for it: callers that arrive meanwhile wait for the same one.
type TokenFetch = Shared<BoxFuture<'static, Result<Arc<Token>, Arc<ServiceTokenError>>>>;

struct Token {
    answer: TokenAnswer,
    /// By the clock's uptime.
    asked_at: Duration,
    /// By the clock's uptime.
    good_until: Duration,
}

impl ServiceTokens {
    /// An empty cache; `our_keys` signs the requests.
    pub fn new(our_keys: OurKeys, clock: Clock, random: Random, outbound: Outbound) -> Self {
        Self {
            our_keys,
            clock,
            random,
            outbound,
            kept: Arc::new(Cache::new(MOST_TOKENS).living(|_| LIFE)),
        }
    }

    /// A token with these scopes, separated by spaces: from the cache, or a new one. Requests for
    /// the same token share one fetch.
    ///
    /// # Errors
    /// See [`ServiceTokenError`].
    pub async fn get(
        &self,
        platform: &PlatformRow,
        scope: &str,
    ) -> Result<GivenToken, Arc<ServiceTokenError>> {
        let mut scopes: Vec<&str> = scope.split_ascii_whitespace().collect();
        scopes.sort_unstable();
        let asked_with = |kid: String| TokenFor {
            platform_id: platform.id.clone(),
            kid,
            client_id: platform.client_id.clone(),
            endpoint: platform.token_endpoint.clone(),
            authorization_server: platform.authorization_server.clone(),
            scopes: scopes.join(" "),
        };
        // Mostly there is one, and the store need not be asked which key signs.
        if let Some(kid) = self.our_keys.recent_kid(&platform.id)
            && let Some(token) = self.at_hand(&asked_with(kid))
        {
            return Ok(self.given(&token, true));
        }
        let signer = self.our_keys.signer(&platform.id).await;
        let signer = signer.map_err(|error| Arc::new(error.into()))?;
        let asked = asked_with(signer.kid.clone());
        let was_kept = self.at_hand(&asked).is_some();
        let fetch = || self.start(platform.clone(), signer, asked.scopes.clone());
        let token = self.kept.get_or_insert_with(asked.clone(), fetch).await;
        if token.is_err() {
            self.kept.forget(&asked);
        }
        let token = token?;
        Ok(self.given(&token, was_kept))
    }

    fn given(&self, token: &Token, was_kept: bool) -> GivenToken {
        GivenToken {
            answer: token.answer.clone(),
            was_kept,
            is_young: self.clock.uptime() < token.asked_at + YOUNG,
        }
    }

    /// A token that can be used; one that is too old goes.
    fn at_hand(&self, asked: &TokenFor) -> Option<Arc<Token>> {
        let known = self.kept.get(asked);
        match known.as_ref().and_then(Shared::peek) {
            Some(Ok(known)) if self.clock.uptime() < known.good_until => Some(known.clone()),
            Some(Ok(_)) => {
                self.kept.forget(asked);
                None
            }
            // It is on its way, or failed.
            _ => None,
        }
    }

    /// Removes outdated tokens from memory.
    pub fn tidy(&self) {
        self.kept.tidy();
    }

    /// Starts the request. It completes even if every waiting caller disconnects.
    fn start(&self, platform: PlatformRow, signer: Signer, scope: String) -> TokenFetch {
        let room = self.clone();
        let asking = tokio::spawn(async move {
            // The platform may start counting the lifetime as soon as it is asked.
            let asked = room.clock.uptime();
            let answer = room.fetch(&platform, &signer, &scope).await?;
            let good_for = match grants(&answer, &scope) {
                true => answer.life_seconds.saturating_sub(MARGIN_SECONDS),
                false => answer.life_seconds.min(TOO_LITTLE_SECONDS),
            };
            let good_for = Duration::from_secs(u64::try_from(good_for).unwrap_or(0));
            Ok(Arc::new(Token {
                asked_at: asked,
                good_until: asked + good_for,
                answer,
            }))
        });
        let answer = async { asking.await.unwrap_or(Err(ServiceTokenError::GivenUp)) };
        answer.map(|token| token.map_err(Arc::new)).boxed().shared()
    }

    /// A service of this platform refused this token: it is no longer handed out (F-05). If it was
    /// replaced meanwhile, the replacement stays.
    pub fn refused(&self, platform_id: &str, token: &str) {
        self.kept.forget_where(|asked, fetch| {
            asked.platform_id == platform_id
                && matches!(fetch.peek(), Some(Ok(kept)) if kept.answer.access_token == token)
        });
    }

    /// Asks for a token now, whatever is in the cache, and doesn't keep it: to see whether the
    /// platform gives one.
    ///
    /// # Errors
    /// See [`ServiceTokenError`].
    pub(crate) async fn try_out(
        &self,
        platform: &PlatformRow,
        scope: &str,
    ) -> Result<(), ServiceTokenError> {
        let signer = self.our_keys.signer(&platform.id).await?;
        self.fetch(platform, &signer, scope).await.map(drop)
    }

    async fn fetch(
        &self,
        platform: &PlatformRow,
        signer: &Signer,
        scope: &str,
    ) -> Result<TokenAnswer, ServiceTokenError> {
        let endpoint =
            Url::parse(&platform.token_endpoint).map_err(|_| ServiceTokenError::Endpoint)?;
        let server = platform.authorization_server.as_deref();
        let audience = audience(&platform.token_endpoint, server);
        let (id, now) = (self.random.token(), self.clock.now_seconds());
        let claims = AssertionClaims::new(&platform.client_id, audience, &id, now);
        let assertion = signer.sign(&claims)?;
        let to = Request {
            purpose: Purpose::Service,
            source: service_source(platform),
            url: &endpoint,
            accept: JSON,
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let form = request(&assertion, scope);
        let answer = self.outbound.post_form(to, &form).await?;
        if answer.status != 200 {
            return Err(ServiceTokenError::Refused(Box::new(answer)));
        }
        Ok(TokenAnswer::parse(&answer.body)?)
    }
}

/// The source of requests to a platform's services and token endpoint. There is none if its issuer
/// is one of many schools: the row may stand for all of them, and each has a host of its own, which
/// no stranger chose, so the limit per host is enough (decision 0527).
pub(crate) fn service_source(platform: &PlatformRow) -> Option<&str> {
    let issuer = &platform.issuer;
    let is_of_many =
        CloudVendor::shares_client_ids(issuer) || CloudVendor::of_issuer(issuer).is_some();
    (!is_of_many).then_some(&*platform.id)
}

/// Whether a token grants everything that was requested, as far as the platform says (F-03).
fn grants(answer: &TokenAnswer, scopes: &str) -> bool {
    let granted = answer.scopes.as_deref();
    granted.is_none_or(|granted| {
        let mut asked = scopes.split_ascii_whitespace();
        asked.all(|scope| granted.iter().any(|one| one == scope))
    })
}
