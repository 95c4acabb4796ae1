//! Connections: TLS, HTTP/1.1 and HTTP/2, and the addresses that real clients send.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::Uri;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// A TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The head of a request, and the wait for the next one.
const HEAD: Duration = Duration::from_secs(30);

/// How every connection is served.
pub(super) struct Connections {
    pub(super) router: Router,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) open: GracefulShutdown,
}

impl Connections {
    pub(super) fn serve(&self, stream: TcpStream, from: SocketAddr, place: OwnedSemaphorePermit) {
        // Answers are small: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let (router, tls, watcher) = (self.router.clone(), self.tls.clone(), self.open.watcher());
        tokio::spawn(async move {
            let _place = place;
            let Some(acceptor) = tls else {
                return talk(stream, router, from, watcher).await;
            };
            match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => talk(stream, router, from, watcher).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        });
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    router: Router,
    from: SocketAddr,
    watcher: Watcher,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = tidy_path(request.map(Body::new));
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().oneshot(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new());
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Real clients send `//api/idtoken` and `/lti/launch/?x=1` (ltiaas-api.md §2): slashes in front are one, one at the
/// end is none. Slashes in between stay: a line item's id may hold two.
fn tidy_path(mut request: Request) -> Request {
    let path = request.uri().path();
    if !path.starts_with("//") && (path.len() == 1 || !path.ends_with('/')) {
        return request;
    }
    let tidy = format!("/{}", path.trim_start_matches('/').trim_end_matches('/'));
    let tidy = match request.uri().query() {
        Some(query) => format!("{tidy}?{query}"),
        None => tidy,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = tidy.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn slashes_around_a_path_are_tidied_and_those_in_it_stay() {
        for (path, tidy) in [
            ("/", "/"),
            ("/lti/launch", "/lti/launch"),
            ("//api/idtoken", "/api/idtoken"),
            ("/lti/launch/?x=1", "/lti/launch?x=1"),
            ("///a//b//", "/a//b"),
            ("//", "/"),
        ] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            assert_eq!(*tidy_path(request).uri(), *tidy, "{path}");
        }
    }
}
