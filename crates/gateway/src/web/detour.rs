//! A layer that only some requests take.
//!
//! On its way to the handler a request copies every layer, each together with everything inside it,
//! so layers that would only pass it on cost more than they look like. Behind this fork it copies
//! only what it goes through.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use futures_util::future::Either;
use tower::util::Oneshot;
use tower::{Layer, Service, ServiceExt};

/// Wraps a layer, so that the other requests go past it.
#[derive(Clone)]
pub(crate) struct Detour<P, L> {
    is_taken: P,
    layer: L,
}

impl<P: Fn(&Request) -> bool, L> Detour<P, L> {
    /// The layer is for requests of which this is true.
    pub(crate) fn when(is_taken: P, layer: L) -> Self {
        Self { is_taken, layer }
    }
}

impl<P: Clone, L: Layer<S>, S: Clone> Layer<S> for Detour<P, L> {
    type Service = Fork<P, S, L::Service>;

    fn layer(&self, straight: S) -> Self::Service {
        Fork(Arc::new(Ways {
            is_detour: self.is_taken.clone(),
            detour: self.layer.layer(straight.clone()),
            straight,
        }))
    }
}

/// What a [`Detour`] makes of a service. Cloning it is cheap.
pub(crate) struct Fork<P, S, D>(Arc<Ways<P, S, D>>);

struct Ways<P, S, D> {
    is_detour: P,
    straight: S,
    detour: D,
}

impl<P, S, D> Clone for Fork<P, S, D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P, S, D> Service<Request> for Fork<P, S, D>
where
    P: Fn(&Request) -> bool,
    S: Service<Request> + Clone,
    D: Service<Request, Response = S::Response, Error = S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<Oneshot<S, Request>, Oneshot<D, Request>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // The way that is taken is asked when it is.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let ways = &*self.0;
        match (ways.is_detour)(&request) {
            true => Either::Right(ways.detour.clone().oneshot(request)),
            false => Either::Left(ways.straight.clone().oneshot(request)),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Method, StatusCode};
    use axum::middleware::{Next, from_fn};
    use axum::response::Response;
    use axum::routing::get;

    use super::*;

    async fn answer() -> &'static str {
        "answered"
    }

    async fn around(request: Request, next: Next) -> Response {
        let mut response = next.run(request).await;
        *response.status_mut() = StatusCode::ACCEPTED;
        response
    }

    async fn refuse(request: Request, next: Next) -> Result<Response, StatusCode> {
        match request.uri().query() {
            Some("refused") => Err(StatusCode::FORBIDDEN),
            _ => Ok(next.run(request).await),
        }
    }

    #[tokio::test]
    async fn a_layer_is_taken_by_those_it_is_for() {
        let is_post = |request: &Request| request.method() == Method::POST;
        let layers = (from_fn(around), from_fn(refuse));
        let router: Router = Router::new()
            .route("/", get(answer).post(answer))
            .layer(Detour::when(is_post, layers));
        for (method, address, status) in [
            (Method::GET, "/", 200),
            (Method::GET, "/?refused", 200),
            (Method::HEAD, "/", 200),
            (Method::POST, "/", 202),
            // The first layer is the outermost.
            (Method::POST, "/?refused", 202),
            (Method::DELETE, "/", 405),
        ] {
            let request = Request::builder().method(&method).uri(address);
            let request = request.body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), status, "{method} {address}");
        }
    }
}
