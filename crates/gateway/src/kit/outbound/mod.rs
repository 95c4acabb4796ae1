//! The only HTTP client of the service: every URL that comes from outside is fetched here, under one policy (lti.md I.1).
//!
//! No redirects, no proxy from the environment, https to public addresses only unless the operator lists more,
//! a deadline for the whole exchange, and bodies counted while they stream.

mod address;
mod arriving;
mod places;

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use reqwest::{Client, Method};
use url::{Url, form_urlencoded};

pub use address::{AllowList, Blocked};
pub use arriving::{Arriving, Pieces};
pub use places::{Place, Purpose};
use places::{Places, WHOLE};

use crate::kit::media_type::{self, FORM, JSON};
use crate::kit::text::without_code;

/// Canvas refuses requests without one.
const USER_AGENT: &str = concat!("Hallpass/", env!("CARGO_PKG_VERSION"));
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take that is read as it arrives, unless a test says otherwise.
pub const ARRIVING: Duration = Duration::from_secs(60);

/// A body and its media type.
pub type Body = (&'static str, Vec<u8>);

/// The client and its policy. Cloning it is cheap.
#[derive(Clone)]
pub struct Outbound {
    policy: Arc<RwLock<Policy>>,
    places: Arc<Places>,
    arriving: Duration,
}

/// An allow-list, and the client whose connections were opened under it.
struct Policy {
    client: Client,
    allowed: Arc<AllowList>,
}

/// What came back, read whole.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The body, within the limit asked for.
    pub body: Vec<u8>,
}

impl Answer {
    /// The media type without its parameters, in lower case; empty where there is none.
    pub fn media_type(&self) -> String {
        let declared = media_type::of(&self.headers);
        declared.unwrap_or("").to_ascii_lowercase()
    }
}

/// Why an exchange failed. None of these texts holds anything the other side sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OutboundError {
    /// The URL, or what its name resolves to, is not allowed.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// No answer within the time allowed.
    #[error("no complete answer came in time")]
    TimedOut,
    /// No connection: nothing was sent.
    #[error("the connection failed: {0}")]
    NotConnected(String),
    /// The connection broke.
    #[error("the connection failed: {0}")]
    Unreachable(String),
    /// The body went over the limit.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Too many exchanges at once: our own limit, and nothing was sent.
    #[error("too many requests to other servers are under way; try again in a moment")]
    Busy,
}

impl OutboundError {
    /// Whether the request certainly never left.
    pub const fn is_before_sending(&self) -> bool {
        matches!(self, Self::Blocked(_) | Self::NotConnected(_) | Self::Busy)
    }
}

/// One request to another server.
pub struct Request<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The client that caused it, if anyone may: two of its requests are under way at once, and no more.
    pub source: Option<&'a str>,
    /// Where to.
    pub url: &'a Url,
    /// `Accept` header.
    pub accept: &'static str,
    /// `Authorization: Bearer …`, where there is one.
    pub bearer: Option<&'a str>,
    /// How many bytes of body are read at most.
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
            places: Arc::default(),
            arriving: ARRIVING,
        })
    }

    /// With another time for answers that are read as they arrive.
    #[must_use]
    pub fn arriving_within(self, arriving: Duration) -> Self {
        Self { arriving, ..self }
    }

    /// Another allow-list applies from now on, to new requests and connections.
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

    /// Whether the policy lets this URL be fetched at all, before its name is resolved.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn permits(&self, url: &Url) -> Result<(), Blocked> {
        address::check(url, &self.policy().allowed)
    }

    /// Fetches with GET.
    ///
    /// # Errors
    /// See [`OutboundError`]. An answer with a status of 400 or more is not an error here.
    pub async fn get(&self, request: Request<'_>) -> Result<Answer, OutboundError> {
        self.send(Method::GET, request, HeaderMap::new(), None)
            .await
    }

    /// Sends a JSON document with POST.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_json(
        &self,
        request: Request<'_>,
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        self.post_json_with(request, body, HeaderMap::new()).await
    }

    /// The same with headers of its own.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_json_with(
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

    /// The same with headers of its own.
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

    /// A place for a request that is sent later, for anyone who has to prepare something in between.
    ///
    /// # Errors
    /// [`OutboundError::Blocked`], or [`OutboundError::Busy`] if there is none within a few seconds.
    pub async fn place(&self, request: &Request<'_>) -> Result<Place, OutboundError> {
        self.permits(request.url)?;
        let (purpose, source) = (request.purpose, request.source);
        let host = request.url.host_str().unwrap_or_default();
        let place = self.places.take(purpose, host, source, purpose.patience());
        place.await.ok_or(OutboundError::Busy)
    }

    /// Sends a JSON document with POST, in a place that was taken for this request.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn post_json_in(
        &self,
        place: Place,
        request: Request<'_>,
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        let body = Some((JSON, body));
        self.exchange(place, Method::POST, request, HeaderMap::new(), body)
            .await
    }

    /// Sends a request whose answer is read as it arrives: the beginning must come within the usual time, each piece
    /// after the one before as well, and the whole of it within a minute. The limit counts as everywhere.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn open(
        &self,
        method: Method,
        request: Request<'_>,
        body: Option<Body>,
    ) -> Result<Arriving, OutboundError> {
        self.open_with(method, request, HeaderMap::new(), body)
            .await
    }

    /// The same with headers of its own.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn open_with(
        &self,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<Arriving, OutboundError> {
        let place = self.place(&request).await?;
        let built = self
            .built(method, &request, headers, body)
            .timeout(self.arriving);
        let response = tokio::time::timeout(WHOLE, built.send()).await;
        let response = response
            .map_err(|_| OutboundError::TimedOut)?
            .map_err(failed)?;
        Ok(Arriving::new(response, request.limit, self.arriving, place))
    }

    async fn send(
        &self,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<Answer, OutboundError> {
        let place = self.place(&request).await?;
        self.exchange(place, method, request, headers, body).await
    }

    async fn exchange(
        &self,
        _place: Place,
        method: Method,
        request: Request<'_>,
        headers: HeaderMap,
        body: Option<Body>,
    ) -> Result<Answer, OutboundError> {
        let built = self.built(method, &request, headers, body);
        // The deadline covers slow drips too: the body is read within it.
        tokio::time::timeout(WHOLE, read(built, request.limit))
            .await
            .map_err(|_| OutboundError::TimedOut)?
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
            .dns_resolver(Arc::new(Resolver {
                allowed: allowed.clone(),
            }))
            .build()?;
        Ok(Self { client, allowed })
    }
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

fn failed(error: reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(blocked) = inner.downcast_ref::<Blocked>() {
            return OutboundError::Blocked(blocked.clone());
        }
        cause = inner.source();
    }
    let is_connecting = error.is_connect();
    // The innermost cause tells a name from a certificate; the URL, which may hold a secret, is not in it.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let cause = without_code(&cause.to_string());
    if is_connecting {
        OutboundError::NotConnected(cause)
    } else {
        OutboundError::Unreachable(cause)
    }
}

/// Resolves names and hands out only addresses that passed the policy, so the connection goes to a checked one.
struct Resolver {
    allowed: Arc<AllowList>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let checked = checked(found, name.as_str(), &allowed)?;
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name, if every one of them may be connected to: one that may not spoils the others, since the next
/// answer could be it alone. The connection goes to these addresses and asks no one again.
fn checked(
    found: Vec<SocketAddr>,
    name: &str,
    allowed: &AllowList,
) -> Result<Vec<SocketAddr>, Blocked> {
    let listed = allowed.has_name(name);
    let fits = |address: &SocketAddr| {
        listed || address::is_public(address.ip()) || allowed.has_address(address.ip())
    };
    if found.is_empty() || !found.iter().all(fits) {
        return Err(Blocked::NotPublic);
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    /// What a name resolves to under an allow-list; `None` where that is blocked.
    async fn resolve(name: &str, allowed: &str) -> Option<Vec<SocketAddr>> {
        let allowed = Arc::new(AllowList::parse(allowed).unwrap());
        match (Resolver { allowed }).resolve(name.parse().unwrap()).await {
            Ok(found) => Some(found.collect()),
            Err(error) => {
                assert_eq!(*error.downcast::<Blocked>().unwrap(), Blocked::NotPublic);
                None
            }
        }
    }

    #[cases("TC-228")]
    #[tokio::test]
    async fn a_name_that_leads_inside_is_blocked_unless_listed() {
        assert_eq!(resolve("localhost", "").await, None);
        assert_eq!(
            resolve("localhost", "lms.example.com,127.0.0.2").await,
            None
        );
        assert!(!resolve("localhost", "localhost").await.unwrap().is_empty());
        assert!(resolve("localhost", "127.0.0.0/8,::1").await.is_some());
    }

    #[tokio::test]
    async fn an_address_listed_with_a_port_opens_no_other_by_name() {
        assert_eq!(
            resolve("localhost", "127.0.0.1:8000,[::1]:8000").await,
            None
        );
        assert_eq!(resolve("localhost", "127.0.0.1:80,[::1]:443").await, None);
        // Names that are not listed are reached at 443 alone.
        assert!(
            resolve("localhost", "127.0.0.1:443,[::1]:443")
                .await
                .is_some()
        );
        let permits = |url: &str, allowed: &str| {
            let outbound = Outbound::new(AllowList::parse(allowed).unwrap()).unwrap();
            outbound.permits(&Url::parse(url).unwrap())
        };
        let listed = "10.0.0.5:8000,lms.example.edu:8443";
        for (url, permitted) in [
            ("http://10.0.0.5:8000/", Ok(())),
            ("https://10.0.0.5/", Err(Blocked::NotPublic)),
            ("https://10.0.0.5:8001/", Err(Blocked::Port)),
            ("https://lms.example.edu:8443/", Ok(())),
            ("https://lms.example.edu/", Err(Blocked::Port)),
            ("https://lms.example.edu:8000/", Err(Blocked::Port)),
            ("https://other.example.edu:8000/", Err(Blocked::Port)),
        ] {
            assert_eq!(permits(url, listed), permitted, "{url}");
        }
    }

    #[cases("TC-229", "TC-230")]
    #[test]
    fn one_inside_address_spoils_the_whole_answer() {
        let addresses = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter()
                .map(|ip| SocketAddr::new(ip.parse().unwrap(), 0))
                .collect()
        };
        let none = AllowList::default();
        let public = addresses(&["8.8.8.8", "2606:4700::1"]);
        assert_eq!(
            checked(public.clone(), "lms.example.edu", &none),
            Ok(public)
        );
        for mixed in [
            &["8.8.8.8", "10.0.0.1"][..],
            &["127.0.0.1", "8.8.8.8"],
            &["8.8.8.8", "::ffff:10.0.0.1"],
            &[],
        ] {
            assert_eq!(
                checked(addresses(mixed), "lms.example.edu", &none),
                Err(Blocked::NotPublic),
                "{mixed:?}"
            );
        }
        let listed = AllowList::parse("10.0.0.1").unwrap();
        assert!(
            checked(
                addresses(&["8.8.8.8", "10.0.0.1"]),
                "lms.example.edu",
                &listed
            )
            .is_ok()
        );
        assert!(
            checked(
                addresses(&["8.8.8.8", "10.0.0.2"]),
                "lms.example.edu",
                &listed
            )
            .is_err()
        );
    }
}
