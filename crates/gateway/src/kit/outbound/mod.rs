//! The only HTTP client of the service: it fetches every URL that comes from outside, under one
//! policy (lti.md I.1).
//!
//! No redirects, no proxy from the environment, only https to public addresses unless the operator
//! permits more, a deadline for the whole exchange, and bodies counted while they stream.

mod address;
mod arriving;
mod error;
mod late;
mod resolver;
mod slots;
mod slow;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use reqwest::{Client, Method};
use url::{Url, form_urlencoded};

pub use address::{AllowList, BlockedAddress};
pub use arriving::{ArrivingAnswer, Pieces};
pub use error::OutboundError;
use error::failed;
pub use late::QUICK_SERVICES;
use late::{OccupiedSlot, SlotWatch};
use resolver::{LOOK_UP, Resolver};
pub use slots::{ExchangeSlot, Purpose, QUICK_KEYS};
use slots::{ExchangeSlots, SlotRequest, WHOLE};

use crate::kit::media_type::{self, FORM, JSON};

/// Canvas refuses requests without it.
const USER_AGENT: &str = concat!("Hallpass/", env!("CARGO_PKG_VERSION"));
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer that is read as it arrives may take, unless a test sets another limit.
pub const ARRIVING: Duration = Duration::from_secs(60);

/// A body and its media type.
pub type Body = (&'static str, Vec<u8>);

/// The client and its policy. Cloning it is cheap.
#[derive(Clone)]
pub struct Outbound {
    policy: Arc<RwLock<Policy>>,
    slots: Arc<ExchangeSlots>,
    arriving: Duration,
    quick_keys: Duration,
    quick_services: Duration,
}

/// An allow-list, and the client whose connections were opened under it.
struct Policy {
    client: Client,
    allowed: Arc<AllowList>,
}

/// An answer, read completely.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The body, within the requested limit.
    pub body: Vec<u8>,
}

impl Answer {
    /// The media type without its parameters, in lower case; empty if there is none.
    pub fn media_type(&self) -> String {
        let declared = media_type::of(&self.headers);
        declared.unwrap_or("").to_ascii_lowercase()
    }
}

/// One request to another server.
pub struct Request<'a> {
    /// Its purpose, which decides which slots it uses.
    pub purpose: Purpose,
    /// Whose requests share a limit: the client that caused it, if anyone may, or the platform
    /// whose service it is, if it is one school's.
    pub source: Option<&'a str>,
    /// The URL to request.
    pub url: &'a Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// The token for `Authorization: Bearer …`, if any.
    pub bearer: Option<&'a str>,
    /// How many bytes of the body to read at most.
    pub limit: usize,
}

impl Outbound {
    /// Makes the client.
    ///
    /// # Errors
    /// The system's certificates can't be loaded.
    pub fn new(allowed: AllowList) -> Result<Self, reqwest::Error> {
        Ok(Self {
            policy: Arc::new(RwLock::new(Policy::new(allowed)?)),
            slots: Arc::default(),
            arriving: ARRIVING,
            quick_keys: QUICK_KEYS,
            quick_services: QUICK_SERVICES,
        })
    }

    /// Sets the time for answers that are read as they arrive.
    #[must_use]
    pub fn arriving_within(self, arriving: Duration) -> Self {
        Self { arriving, ..self }
    }

    /// Sets the time for key sets that are not known to be slow.
    #[must_use]
    pub fn quick_keys_within(self, quick_keys: Duration) -> Self {
        Self { quick_keys, ..self }
    }

    /// Sets the time for exchanges with services before they count as slow.
    #[must_use]
    pub fn quick_services_within(self, quick_services: Duration) -> Self {
        Self {
            quick_services,
            ..self
        }
    }

    /// How long an exchange may take, from connecting to the end of the answer. Waiting for a slot
    /// comes before it.
    pub fn whole(&self, purpose: Purpose) -> Duration {
        match purpose {
            Purpose::Keys => self.quick_keys.min(WHOLE),
            _ => WHOLE,
        }
    }

    /// Replaces the allow-list for new requests and connections.
    ///
    /// # Errors
    /// The system's certificates can't be loaded; the old list stays.
    pub fn allow(&self, allowed: AllowList) -> Result<(), reqwest::Error> {
        let policy = Policy::new(allowed)?;
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = policy;
        Ok(())
    }

    fn policy(&self) -> RwLockReadGuard<'_, Policy> {
        self.policy.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the policy permits this URL at all, before its name is resolved.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn permits(&self, url: &Url) -> Result<(), BlockedAddress> {
        address::check(url, &self.policy().allowed)
    }

    /// Sends a GET request.
    ///
    /// # Errors
    /// See [`OutboundError`]. An answer with a status of 400 or more is not an error here.
    pub async fn get(&self, request: Request<'_>) -> Result<Answer, OutboundError> {
        self.send(Method::GET, request, HeaderMap::new(), None)
            .await
    }

    /// The same in the slot taken for this request.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn get_in(
        &self,
        slot: ExchangeSlot,
        request: Request<'_>,
    ) -> Result<Answer, OutboundError> {
        self.exchange(slot, Method::GET, request, HeaderMap::new(), None)
            .await
    }

    /// Sends a JSON document with POST and additional headers.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_json(
        &self,
        request: Request<'_>,
        body: Vec<u8>,
        headers: HeaderMap,
    ) -> Result<Answer, OutboundError> {
        self.send(Method::POST, request, headers, Some((JSON, body)))
            .await
    }

    /// Sends a JSON document with PUT.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn put_json(
        &self,
        request: Request<'_>,
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        self.send(Method::PUT, request, HeaderMap::new(), Some((JSON, body)))
            .await
    }

    /// Sends a form with POST.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_form(
        &self,
        request: Request<'_>,
        fields: &[(&str, &str)],
    ) -> Result<Answer, OutboundError> {
        self.post_form_with(request, fields, HeaderMap::new()).await
    }

    /// The same with additional headers.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_form_with(
        &self,
        request: Request<'_>,
        fields: &[(&str, &str)],
        headers: HeaderMap,
    ) -> Result<Answer, OutboundError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let body = Some((FORM, form.into_bytes()));
        self.send(Method::POST, request, headers, body).await
    }

    /// A slot for a request that is sent later, for callers who have to prepare something in
    /// between.
    ///
    /// # Errors
    /// [`OutboundError::Blocked`], or [`OutboundError::Busy`] if none is free within a few seconds.
    pub async fn slot(
        &self,
        method: &Method,
        request: &Request<'_>,
    ) -> Result<ExchangeSlot, OutboundError> {
        self.permits(request.url)?;
        let (name, port) = (request.url.host_str(), request.url.port_or_known_default());
        let host = format!("{}:{}", name.unwrap_or_default(), port.unwrap_or_default());
        let wanted = SlotRequest {
            purpose: request.purpose,
            host: &host,
            source: request.source,
            is_read: is_read(method),
        };
        let slot = self.slots.take_for(wanted, request.purpose.patience());
        slot.await.ok_or(OutboundError::Busy)
    }

    /// Sends a JSON document with POST, in the slot taken for this request.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_json_in(
        &self,
        slot: ExchangeSlot,
        request: Request<'_>,
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        let body = Some((JSON, body));
        self.exchange(slot, Method::POST, request, HeaderMap::new(), body)
            .await
    }

    /// Sends a request with additional headers, whose answer is read as it arrives. It must start
    /// within the usual time, each piece must follow within the same time after the one before, and
    /// the whole must arrive within a minute. The size limit applies as usual.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn open_with(
        &self,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<ArrivingAnswer, OutboundError> {
        let slot = self.slot(&method, &request).await?;
        self.open_in(slot, method, request, headers, body).await
    }

    /// The same, in the slot taken for this request.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn open_in(
        &self,
        slot: ExchangeSlot,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<ArrivingAnswer, OutboundError> {
        let mut slot = self.occupied(slot, &method, &request);
        let built = self
            .built(method, &request, headers, body)
            .timeout(self.arriving);
        let sending = LOOK_UP.scope(slot.look_up(), built.send());
        let sending = tokio::time::timeout(self.whole(request.purpose), sending);
        let response = slot.during(sending).await?;
        let response = response
            .map_err(|_| OutboundError::TimedOut)?
            .map_err(failed)?;
        Ok(ArrivingAnswer::new(
            response,
            request.limit,
            self.arriving,
            slot,
        ))
    }

    async fn send(
        &self,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<Answer, OutboundError> {
        let slot = self.slot(&method, &request).await?;
        self.exchange(slot, method, request, headers, body).await
    }

    async fn exchange(
        &self,
        slot: ExchangeSlot,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<Answer, OutboundError> {
        let mut slot = self.occupied(slot, &method, &request);
        let whole = self.whole(request.purpose);
        let built = self.built(method, &request, headers, body);
        let reading = LOOK_UP.scope(slot.look_up(), read(built, request.limit));
        // The deadline includes reading the body, so that it also stops slow drips.
        let answer = slot.during(tokio::time::timeout(whole, reading)).await;
        drop(slot);
        answer?.map_err(|_| OutboundError::TimedOut)?
    }

    fn occupied(&self, slot: ExchangeSlot, method: &Method, request: &Request<'_>) -> OccupiedSlot {
        let watch = SlotWatch {
            slots: self.slots.clone(),
            purpose: request.purpose,
            source: request.source.map(str::to_owned),
            left: self.quick_services,
            is_read: is_read(method),
        };
        OccupiedSlot::new(slot, watch)
    }

    fn built(
        &self,
        method: Method,
        request: &Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> reqwest::RequestBuilder {
        let client = self.policy().client.clone();
        let mut built = client
            .request(method, request.url.clone())
            .headers(headers)
            .header(ACCEPT, request.accept)
            .header(ACCEPT_ENCODING, "identity");
        if let Some(bearer) = request
            .bearer
            .and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok())
        {
            built = built.header(AUTHORIZATION, bearer);
        }
        if let Some((kind, body)) = body {
            built = built.header(CONTENT_TYPE, kind).body(body);
        }
        built
    }
}

impl Policy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one HTTP client of the service"
    )]
    fn new(allowed: AllowList) -> Result<Self, reqwest::Error> {
        let allowed = Arc::new(allowed);
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .pool_max_idle_per_host(4)
            .http1_only()
            .dns_resolver(Arc::new(Resolver::new(allowed.clone())))
            .build()?;
        Ok(Self { client, allowed })
    }
}

/// Whether a request changes nothing at the other side, so that it may be broken off.
fn is_read(method: &Method) -> bool {
    *method == Method::GET
}

async fn read(request: reqwest::RequestBuilder, limit: usize) -> Result<Answer, OutboundError> {
    let mut response = request.send().await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > limit {
            return Err(OutboundError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body,
    })
}
