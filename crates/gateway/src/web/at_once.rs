//! Limits the simultaneous requests from one network address, over HTTP/2 or through a proxy.
//!
//! Connections are limited (`server/slots.rs`), and on HTTP/1 each has one request at a time. But
//! an HTTP/2 connection has many, and a proxy's connections, which have no limit, can carry
//! everyone's. So the memory held by requests (headers, a body, an answer waiting to be read) is
//! limited per address here, even if the client has hung up (decisions 0157, 0371 and 0457).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::extract::{ConnectInfo, Request};
use axum::http::Version;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use futures_util::future::{BoxFuture, Either, ready};
use futures_util::{FutureExt, TryFutureExt};
use tower::{Layer, Service};

use super::client::{Clients, Source};
use super::problem::{Problem, TOO_MANY};
use super::rule::{Rule, rows};
use super::watched::until_its_end;

/// The limit for one address: 16 KiB of headers and 64 KiB of a body for each request.
const MOST_OF_ADDRESS: usize = 1_024;
/// An address may use at most this part of the server's connections.
const SHARE: usize = 4;
/// The part of its limit that an address has while much is arriving: it still answers thousands of
/// requests a second.
const CROWDED_SHARE: usize = 16;

rows! {
    /// The rules of this limit.
    pub(crate) const RULES: [Rule];

    const AT_ONCE = Rule {
        code: "LIMIT_AT_ONCE",
        ..TOO_MANY
    };
}

/// Marks a request that came over a proxy's HTTP/2 connection while much of the memory for arriving
/// requests is used. If all of it is, connections are closed with the requests of all their
/// clients, so each client may have fewer (decision 0457).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowded;

/// Requests in progress, by source. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct AtOnce(Arc<AtOnceInner>);

struct AtOnceInner {
    most: usize,
    clients: Clients,
    has_key: Box<dyn Fn(&Parts) -> bool + Send + Sync>,
    sources: Mutex<HashMap<Source, usize>>,
}

/// A request in progress, until dropped.
struct CountedRequest {
    all: AtOnce,
    source: Source,
}

impl AtOnce {
    /// For a server with this many connections. A request that `has_key` is no stranger's, and
    /// never counts as [`Crowded`].
    pub(crate) fn new(
        connections: usize,
        clients: Clients,
        has_key: impl Fn(&Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(AtOnceInner {
            most: connections.div_ceil(SHARE).clamp(1, MOST_OF_ADDRESS),
            clients,
            has_key: Box::new(has_key),
            sources: Mutex::default(),
        }))
    }

    /// Whether a request may share its connection with others, so that it has to be counted.
    fn counts(&self, request: &Request) -> bool {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        request.version() == Version::HTTP_2
            || peer.is_some_and(|peer| self.0.clients.is_proxy(peer.0.ip()))
    }

    /// How many requests a source may have in progress.
    fn most(&self, is_crowded: bool) -> usize {
        match is_crowded {
            true => self.0.most.div_ceil(CROWDED_SHARE),
            false => self.0.most,
        }
    }

    /// Counts one more request; `None` if the source has this many already.
    fn begin(&self, source: Source, most: usize) -> Option<CountedRequest> {
        let mut sources = self.sources();
        let number = sources.entry(source).or_default();
        if *number >= most {
            return None;
        }
        *number += 1;
        drop(sources);
        Some(CountedRequest {
            all: self.clone(),
            source,
        })
    }

    /// Counts a request, unless it could be anyone's.
    ///
    /// # Errors
    /// 429 if its source has reached its limit.
    fn admit(&self, head: &Parts) -> Result<Option<CountedRequest>, Problem> {
        let clients = &self.0.clients;
        let address = clients.address_of(head);
        // If a proxy names no client, the request is its own, or could be anyone's.
        if clients.is_proxy(address) {
            return Ok(None);
        }
        let is_crowded = head.extensions.get::<Crowded>().is_some();
        let most = self.most(is_crowded && !(self.0.has_key)(head));
        let counted = self.begin(Source::of_address(address), most);
        counted.map(Some).ok_or_else(|| {
            let problem = AT_ONCE.broken(format!("{most} requests of one address are under way"));
            problem.retry_after(1)
        })
    }

    fn sources(&self) -> MutexGuard<'_, HashMap<Source, usize>> {
        self.0
            .sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for CountedRequest {
    fn drop(&mut self) {
        let mut sources = self.all.sources();
        if let Some(number) = sources.get_mut(&self.source) {
            *number -= 1;
            if *number == 0 {
                sources.remove(&self.source);
            }
        }
    }
}

/// Limits the requests that [`counts`](AtOnce::counts) is true of; the others go past. They are
/// refused with 429 if their source has reached its limit.
impl<S> Layer<S> for AtOnce {
    type Service = LimitedAtOnce<S>;

    fn layer(&self, inside: S) -> Self::Service {
        let at_once = self.clone();
        LimitedAtOnce { at_once, inside }
    }
}

/// What the limit makes of a service.
#[derive(Clone)]
pub(crate) struct LimitedAtOnce<S> {
    at_once: AtOnce,
    inside: S,
}

impl<S> Service<Request> for LimitedAtOnce<S>
where
    S: Service<Request, Response = Response>,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inside.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if !self.at_once.counts(&request) {
            return Either::Left(self.inside.call(request));
        }
        let (head, body) = request.into_parts();
        let admitted = self.at_once.admit(&head);
        let request = Request::from_parts(head, body);
        match admitted {
            Ok(None) => Either::Left(self.inside.call(request)),
            Ok(Some(counted)) => {
                let answer = self.inside.call(request);
                let counted =
                    |response: Response| response.map(|body| until_its_end(body, counted));
                Either::Right(answer.map_ok(counted).boxed())
            }
            Err(refused) => Either::Right(ready(Ok(refused.into_response())).boxed()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::settings::proxies::{ForwardedHeader, TrustedProxies};

    #[test]
    fn a_source_has_its_share_until_its_requests_end() {
        let clients = Clients::behind(TrustedProxies::default(), ForwardedHeader::default());
        let at_once = AtOnce::new(8, clients.clone(), |_| false);
        let [one, other] = [1, 2].map(|last| Source::of_address([192, 0, 2, last].into()));
        let begin = |source| at_once.begin(source, at_once.most(false));
        let first = begin(one).unwrap();
        let second = begin(one).unwrap();
        assert!(begin(one).is_none());
        let theirs = begin(other).unwrap();
        drop(first);
        let third = begin(one).unwrap();
        assert!(begin(one).is_none());
        assert!(at_once.begin(other, at_once.most(true)).is_none());
        drop((second, third, theirs));
        assert!(at_once.sources().is_empty());
        let usual = AtOnce::new(20_000, clients.clone(), |_| false);
        assert_eq!([usual.most(false), usual.most(true)], [MOST_OF_ADDRESS, 64]);
        let least = AtOnce::new(0, clients, |_| false);
        assert_eq!([least.most(false), least.most(true)], [1, 1]);
    }
}
