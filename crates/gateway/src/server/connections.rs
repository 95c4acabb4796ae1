//! Connections: TLS, HTTP/1.1 and HTTP/2, and how long each may be silent.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CACHE_CONTROL, CONNECTION, DATE, EXPECT, HOST, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::answering::{until_its_end, until_taken};
use super::arriving::HEAD_BYTES;
use super::counted::CountedStream;
use super::finishing::answered;
use super::frames::FramedStream;
use super::leftover::lend;
use super::linger::Linger;
use super::live::{Live, Phase, has_come};
use super::path;
use super::requests::Busy;
use super::slots::{ConnectionSlot, Silence};
use crate::kit::clock::Stopwatch;
use crate::web::at_once::Crowded;

/// The time limit for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection may take to close gracefully when it is over; and how long a new one may
/// take to send its first request if the server is stopping.
const GOODBYE: Duration = Duration::from_secs(1);
/// The same on HTTP/2 if it has to make room: everyone who connects waits meanwhile.
const FAREWELL: Duration = Duration::from_millis(10);
/// Parallel requests on an HTTP/2 connection: each may hold 16 KiB of headers.
const STREAMS: u32 = 32;
/// The same on a trusted proxy's connection, which carries many clients' requests. A proxy that has
/// not read our limit yet sends up to 100 at once, and can't repeat those with bodies if they are
/// refused (decision 0457).
const STREAMS_OF_PROXY: u32 = 256;
/// Unread bytes of a body, of all bodies of a connection, of those of a trusted proxy's, and of an
/// answer.
const STREAM_BYTES: u32 = 64 * 1024;
const CONNECTION_BYTES: u32 = 256 * 1024;
const CONNECTION_BYTES_OF_PROXY: u32 = 1024 * 1024;
const ANSWER_BYTES: usize = 64 * 1024;

/// The answer while requests that are still arriving take up too much memory. Nothing is made for
/// such a request, so it isn't rendered like others.
const NO_ROOM: &str = "Too many requests are arriving at once. Try again in a moment.\n";

/// How every connection is served.
#[derive(Clone)]
pub(super) struct Connections {
    pub(super) router: Router,
    pub(super) live: Arc<Live>,
    pub(super) phase: watch::Receiver<Phase>,
}

impl Connections {
    pub(super) fn serve(&self, stream: TcpStream, from: SocketAddr, slot: Arc<ConnectionSlot>) {
        // Answers are small: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let stream = CountedStream::new(stream, slot.clone());
        let connections = self.clone();
        tokio::spawn(async move {
            let Some(acceptor) = connections.live.acceptor() else {
                return connections.talk(stream, from, slot).await;
            };
            let mut phase = connections.phase.clone();
            let handshake = tokio::select! {
                ended = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)) => ended,
                () = slot.is_over(|| connections.silence()) => return,
                () = has_come(&mut phase, Phase::Draining) => return,
            };
            match handshake {
                Ok(Ok(stream)) => connections.talk(stream, from, slot).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        });
    }

    async fn talk(
        self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        from: SocketAddr,
        slot: Arc<ConnectionSlot>,
    ) {
        let begun = Stopwatch::start();
        let has_unread = Arc::new(AtomicBool::new(false));
        let stream = FramedStream::new(stream, slot.clone());
        let stream = Linger::new(stream, has_unread.clone(), slot.clone());
        let service = service_fn(|request: hyper::Request<Incoming>| {
            // Boxed, because the HTTP library keeps room for it while a connection waits for its
            // first request, and until the client has taken the answer.
            Box::pin(answer(
                slot.begin(),
                self.clone(),
                request,
                from,
                has_unread.clone(),
            ))
        });
        let builder = builder(self.live.ping, slot.is_of_proxy());
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut phase = self.phase.clone();
        tokio::select! {
            ended = connection.as_mut() => return report(ended),
            () = slot.is_over(|| self.silence()) => {}
            () = has_come(&mut phase, Phase::Draining) => {
                // The first request may be on its way. An older connection was probably opened in
                // case it is needed, as browsers do.
                let left = GOODBYE.saturating_sub(begun.elapsed());
                if !slot.has_asked()
                    && let Ok(ended) = tokio::time::timeout(left, connection.as_mut()).await
                {
                    return report(ended);
                }
            }
        }
        if !slot.has_asked() || slot.is_cut() {
            return;
        }
        connection.as_mut().graceful_shutdown();
        // Whatever can still be written is written now.
        let ended = connection.as_mut().now_or_never();
        if ended.is_some() || slot.has_said_goodbye() {
            return ended.map_or((), report);
        }
        loop {
            let time = if slot.is_leaving() { FAREWELL } else { GOODBYE };
            tokio::select! {
                ended = connection.as_mut() => return report(ended),
                () = tokio::time::sleep(time) => {}
                () = slot.is_asked_to_leave() => {}
                () = has_come(&mut phase, Phase::Over) => return,
            }
            if slot.may_end() {
                return;
            }
        }
    }

    fn silence(&self) -> Silence {
        self.live.silence()
    }
}

fn builder(ping: Duration, is_of_proxy: bool) -> Builder<TokioExecutor> {
    let (streams, connection_bytes) = match is_of_proxy {
        true => (STREAMS_OF_PROXY, CONNECTION_BYTES_OF_PROXY),
        false => (STREAMS, CONNECTION_BYTES),
    };
    let mut builder = Builder::new(TokioExecutor::new());
    // The connection's slot measures silence, from the first byte and in either version.
    builder
        .http1()
        .header_read_timeout(None)
        .max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(streams)
        .initial_stream_window_size(STREAM_BYTES)
        .initial_connection_window_size(connection_bytes)
        .max_send_buf_size(ANSWER_BYTES)
        .keep_alive_interval(ping)
        .keep_alive_timeout(ping);
    builder
}

fn report(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = ended {
        tracing::debug!(error, "a connection ended early");
    }
}

/// Answers a request. The connection is `busy` until the answer has ended.
async fn answer(
    busy: Busy,
    connections: Connections,
    request: hyper::Request<Incoming>,
    from: SocketAddr,
    has_unread: Arc<AtomicBool>,
) -> Result<Response, Infallible> {
    let Connections {
        router,
        live,
        phase,
    } = connections;
    let is_http1 = request.version() < Version::HTTP_2;
    // Such a client waits for our permission before it sends the body.
    let is_sending = !request.headers().contains_key(EXPECT);
    if !busy.has_room() {
        let headers = [(RETRY_AFTER, "1"), (CACHE_CONTROL, "no-store")];
        return Ok((StatusCode::SERVICE_UNAVAILABLE, headers, NO_ROOM).into_response());
    }
    let is_crowded = busy.is_crowded();
    let (head, body) = request.into_parts();
    let head_bytes = head_bytes(&head);
    let (body, leftover) = lend(body, || busy.upload(head_bytes));
    if leftover.is_none() {
        busy.is_whole();
    }
    let mut request = path::tidy(Request::from_parts(head, body));
    request.extensions_mut().insert(ConnectInfo(from));
    if is_crowded {
        request.extensions_mut().insert(Crowded);
    }
    let has_one_host = names_one_host(&request);
    let (mut response, busy) = match has_one_host {
        true => answered(router, request, busy, phase).await?,
        false => (StatusCode::BAD_REQUEST.into_response(), busy),
    };
    response.headers_mut().insert(DATE, live.date.now());
    let is_read = leftover
        .finish(is_sending, || busy.upload(head_bytes))
        .await;
    if is_http1 {
        has_unread.store(!is_read, Ordering::Relaxed);
        if !is_read || live.readiness.is_stopping() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
    }
    Ok(until_its_end(until_taken(response, &busy), busy))
}

/// The size of a request's headers and address, which stay in memory until it is answered.
fn head_bytes(head: &Parts) -> usize {
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len());
    headers.sum::<usize>() + head.uri.path().len() + head.uri.query().map_or(0, str::len)
}

/// Whether a request names its host at most once, and on HTTP/1.1 exactly once (RFC 9112 §3.2). The
/// host decides whose request it is, and a proxy may have read another one.
fn names_one_host(request: &Request) -> bool {
    match request.headers().get_all(HOST).iter().count() {
        0 => request.version() != Version::HTTP_11,
        hosts => hosts == 1,
    }
}
