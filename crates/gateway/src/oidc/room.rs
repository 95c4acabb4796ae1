//! The provider, as the portal uses it.

use std::sync::Arc;
use std::time::Duration;

use lti::id_token::{Expected, Refusal, UnverifiedToken};
use lti::key::Algorithm;
use tokio::sync::Mutex;
use url::Url;

use super::claims::ProviderPerson;
use super::discovery::ProviderDocument;
use super::error::OidcError;
use super::exchange::CodeExchange;
use super::request::SignInRequest;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::Clock;
use crate::kit::outbound::Outbound;
use crate::settings::oidc::OidcSettings;

/// The key set is cached under this name next to those of platforms; no platform's id looks like
/// it.
const WHOSE_KEYS: &str = "identity provider";
/// How long its document is used before it is fetched again.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// How long to wait after a failed fetch before the next.
const PAUSE: Duration = Duration::from_secs(5);
/// Accepted token signatures: every asymmetric algorithm that we can verify.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// The provider. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Oidc(Arc<OidcInner>);

struct OidcInner {
    settings: OidcSettings,
    outbound: Outbound,
    keys: PlatformKeys,
    clock: Clock,
    kept: Mutex<Option<FetchedDocument>>,
}

/// The result of a fetch, and until when to use it, in the clock's uptime.
struct FetchedDocument {
    until: Duration,
    found: Result<Arc<ProviderDocument>, OidcError>,
}

/// What a browser brought back, and the secrets of its sign-in.
pub(crate) struct ProviderAnswer<'a> {
    pub(crate) code: &'a str,
    /// The answer's `iss`, if it has one.
    pub(crate) issuer: Option<&'a str>,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) nonce: &'a str,
    /// The key for counting requests of the browser's address: only two answers of one address are
    /// checked at a time.
    pub(crate) source: &'a str,
}

impl Oidc {
    /// Doesn't contact the provider before the first sign-in.
    pub(crate) fn new(
        settings: OidcSettings,
        outbound: Outbound,
        keys: PlatformKeys,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(OidcInner {
            settings,
            outbound,
            keys,
            clock,
            kept: Mutex::default(),
        }))
    }

    pub(crate) fn settings(&self) -> &OidcSettings {
        &self.0.settings
    }

    /// The provider's metadata. Concurrent callers share one fetch.
    async fn document(&self) -> Result<Arc<ProviderDocument>, OidcError> {
        let room = &*self.0;
        let mut kept = room.kept.lock().await;
        let now = room.clock.uptime();
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.until) {
            return kept.found.clone();
        }
        let found = ProviderDocument::fetch(&room.outbound, &room.settings.issuer).await;
        let found = found.map(Arc::new);
        let life = if found.is_ok() { FRESH } else { PAUSE };
        *kept = Some(FetchedDocument {
            until: room.clock.uptime() + life,
            found: found.clone(),
        });
        found
    }

    /// Where to send the browser to sign in.
    ///
    /// # Errors
    /// The provider's metadata can't be had.
    pub(crate) async fn address(&self, request: &SignInRequest<'_>) -> Result<Url, OidcError> {
        let document = self.document().await?;
        Ok(request.address(&document, self.settings()))
    }

    /// The person who signed in.
    ///
    /// # Errors
    /// The provider returns no token, or an invalid one.
    pub(crate) async fn person(
        &self,
        answer: &ProviderAnswer<'_>,
    ) -> Result<ProviderPerson, OidcError> {
        let room = &*self.0;
        let document = self.document().await?;
        // Another provider's code must not be sent to this one (RFC 9207 §2.4).
        let is_ours = match answer.issuer {
            Some(issuer) => issuer == room.settings.issuer,
            None => !document.names_itself(),
        };
        if !is_ours {
            return Err(Refusal::IssuerMismatch.into());
        }
        let exchange = CodeExchange {
            code: answer.code,
            redirect_uri: answer.redirect_uri,
            verifier: answer.verifier,
            source: answer.source,
        };
        let token = exchange
            .id_token(&room.outbound, &document, &room.settings)
            .await?;
        let token = UnverifiedToken::parse(&token, ALGORITHMS)?;
        let key = room
            .keys
            .find_at(WHOSE_KEYS, document.jwks_uri.as_str(), token.kid())
            .await?;
        let signed = token.verify(key.get()?)?;
        let (issuer, client_id) = (&room.settings.issuer, &room.settings.client_id);
        let expected = Expected::new(issuer, client_id, answer.nonce, &[]);
        signed.check_sign_in(&expected, room.clock.now_seconds())?;
        ProviderPerson::read(signed.payload(), &room.settings)
    }
}
