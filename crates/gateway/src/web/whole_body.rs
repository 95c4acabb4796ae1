//! Bodies that arrive before their requests are handled.
//!
//! A handler's future is as large as all that it may ever do, tens of kilobytes for a page of the
//! portal, and it exists from the moment the handler is called. Anyone can send a body slowly to
//! the addresses that need no credentials, so there the body is awaited outside of the handler, in
//! a future of a kilobyte (decision 0445).

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::{BoxError, RequestExt};
use futures_util::StreamExt;
use futures_util::future::{BoxFuture, Either};
use hyper::body::Frame;
use tower::{Layer, Service, ServiceExt};

/// How many parts a body may arrive in, besides one for so many bytes. Browsers and LMSs send whole
/// forms, which arrive in packets of more than a thousand bytes.
const MOST_PARTS: usize = 64;
const BYTES_OF_PART: usize = 256;

/// Counts the parts of a stranger's body. Each costs as much as hundreds of bytes, and its sender
/// can make them as small as one byte (decision 0486).
#[derive(Default)]
pub(crate) struct PartCount {
    parts: usize,
    bytes: usize,
}

impl PartCount {
    /// Counts one more, with this many bytes; false if there are too many.
    pub(crate) fn came(&mut self, bytes: usize) -> bool {
        self.parts += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.parts <= MOST_PARTS + self.bytes / BYTES_OF_PART
    }
}

/// The error of a body in too many parts.
pub(crate) fn too_many_parts() -> axum::Error {
    axum::Error::new(std::io::Error::other("the body arrives in too many parts"))
}

/// A layer directly around handlers that calls them once the body is there, up to the route's
/// limit. It refuses nothing: a body that is too large or broken off is given to the handler as one
/// that fails in the same way, so that what the handler checks first is still checked first.
#[derive(Clone)]
pub(crate) struct WholeBody;

impl<S> Layer<S> for WholeBody {
    type Service = AfterBody<S>;

    fn layer(&self, handler: S) -> AfterBody<S> {
        AfterBody(handler)
    }
}

/// What [`WholeBody`] makes of a handler.
#[derive(Clone)]
pub(crate) struct AfterBody<S>(S);

impl<S> Service<Request> for AfterBody<S>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<S::Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.body().is_end_stream() {
            return Either::Left(self.0.call(request));
        }
        let handler = self.0.clone();
        let answer: BoxFuture<'static, _> = Box::pin(async move {
            let request = with_whole_body(request).await;
            handler.oneshot(request).await
        });
        Either::Right(answer)
    }
}

/// The same request, whose body has arrived.
async fn with_whole_body(request: Request) -> Request {
    let (head, body) = request.with_limited_body().into_parts();
    let body = match whole(body).await {
        Ok(bytes) => Body::from(bytes),
        Err(error) => Body::new(BrokenBody(Some(cause_of(error.into_inner())))),
    };
    Request::from_parts(head, body)
}

/// Reads a body to its end; the limit is that of the route. What arrives in parts is copied,
/// because each part is a piece of the HTTP library's buffer and keeps all of it in memory: a
/// single byte would keep 16 KiB of other frames and padding, which nothing counts (decision 0456).
async fn whole(body: Body) -> Result<Bytes, axum::Error> {
    let mut parts = body.into_data_stream();
    let Some(first) = parts.next().await.transpose()? else {
        return Ok(Bytes::new());
    };
    if parts.is_end_stream() {
        return Ok(first);
    }
    let mut count = PartCount::default();
    count.came(first.len());
    let mut whole = first.to_vec();
    drop(first);
    while let Some(part) = parts.next().await.transpose()? {
        if !count.came(part.len()) {
            return Err(too_many_parts());
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.into())
}

/// The error inside of axum's. Axum recognises a body that is too large only below few layers of
/// its own.
fn cause_of(error: BoxError) -> BoxError {
    match error.downcast::<axum::Error>() {
        Ok(wrapped) => cause_of(wrapped.into_inner()),
        Err(cause) => cause,
    }
}

/// A body that fails at once, with the error that ended the one that arrived.
struct BrokenBody(Option<BoxError>);

impl HttpBody for BrokenBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::body::to_bytes;
    use axum::extract::{DefaultBodyLimit, State};
    use axum::http::HeaderMap;
    use axum::response::{IntoResponse, Response};
    use axum::routing::post;
    use futures_util::{FutureExt, stream};

    use super::*;

    /// Refuses by the head, and then reads.
    async fn handler(
        State(calls): State<Arc<AtomicUsize>>,
        headers: HeaderMap,
        request: Request,
    ) -> Result<String, Response> {
        calls.fetch_add(1, Ordering::Relaxed);
        if headers.contains_key("x-forged") {
            return Ok("forged".to_owned());
        }
        let body = request.extract::<Bytes, _>().await;
        let body = body.map_err(IntoResponse::into_response)?;
        Ok(body.len().to_string())
    }

    fn router(calls: &Arc<AtomicUsize>) -> Router {
        Router::new()
            .route("/", post(handler).route_layer(WholeBody))
            .layer(DefaultBodyLimit::max(10))
            .with_state(calls.clone())
    }

    fn request(body: Body) -> Request {
        Request::post("/").body(body).unwrap()
    }

    async fn status(body: Body) -> (u16, String) {
        let answering = router(&Arc::default()).oneshot(request(body));
        let response = answering.await.unwrap();
        let status = response.status().as_u16();
        let text = to_bytes(response.into_body(), 1024).await.unwrap();
        (status, String::from_utf8_lossy(&text).into_owned())
    }

    /// A body of these pieces, which breaks off if one is `None`.
    fn in_pieces(pieces: Vec<Option<&'static str>>) -> Body {
        let broken = || std::io::Error::other("it broke off");
        let pieces = pieces
            .into_iter()
            .map(move |piece| piece.ok_or_else(broken));
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn bodies_are_answered_as_if_the_handler_had_read_them() {
        assert_eq!(status(Body::empty()).await, (200, "0".to_owned()));
        let whole = in_pieces(vec![Some("12345"), Some("67890")]);
        assert_eq!(status(whole).await, (200, "10".to_owned()));
        let too_large = in_pieces(vec![Some("12345"), Some("678901")]);
        assert_eq!(status(too_large).await.0, 413);
        let broken = in_pieces(vec![Some("12345"), None]);
        assert_eq!(status(broken).await.0, 400);
    }

    /// Decision 0486.
    #[tokio::test]
    async fn a_body_in_very_small_parts_is_a_broken_one() {
        let few = vec![Some(""); MOST_PARTS - 1];
        let few = in_pieces([few, vec![Some("123")]].concat());
        assert_eq!(status(few).await, (200, "3".to_owned()));
        let many = in_pieces(vec![Some(""); MOST_PARTS + 1]);
        assert_eq!(status(many).await.0, 400);
        let mut count = PartCount::default();
        assert!((0..10_000).all(|_| count.came(BYTES_OF_PART)), "packets");
        let mut count = PartCount::default();
        assert!(!(0..10_000).all(|_| count.came(BYTES_OF_PART / 2)));
    }

    /// A buffer that counts who has parts of it.
    struct SharedBuffer(Arc<Vec<u8>>);

    impl AsRef<[u8]> for SharedBuffer {
        fn as_ref(&self) -> &[u8] {
            self.0.as_slice()
        }
    }

    /// Decision 0456.
    #[tokio::test]
    async fn parts_keep_no_buffers_while_others_are_awaited() {
        let buffer = Arc::new(vec![b'1'; 16 * 1024]);
        let parts = [1, 2, 3].map(|length| {
            let whole = Bytes::from_owner(SharedBuffer(buffer.clone()));
            Ok::<_, std::io::Error>(whole.slice(..length))
        });
        let body = Body::from_stream(stream::iter(parts).chain(stream::pending()));
        let mut answering = Box::pin(router(&Arc::default()).oneshot(request(body)));
        assert!((&mut answering).now_or_never().is_none());
        assert_eq!(Arc::strong_count(&buffer), 1);
    }

    #[tokio::test]
    async fn what_the_handler_checks_first_stays_first() {
        let mut forged = request(in_pieces(vec![Some("1234567890"), Some("1")]));
        let mark = "1".parse().unwrap();
        forged.headers_mut().insert("x-forged", mark);
        let response = router(&Arc::default()).oneshot(forged).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
    }

    #[tokio::test]
    async fn the_handler_is_called_when_the_body_is_there() {
        let calls = Arc::new(AtomicUsize::new(0));
        let (send, sent) = tokio::sync::oneshot::channel::<&'static str>();
        let body = Body::from_stream(stream::once(sent));
        let mut answering = Box::pin(router(&calls).oneshot(request(body)));
        assert!((&mut answering).now_or_never().is_none());
        assert_eq!(calls.load(Ordering::Relaxed), 0, "it waits outside");
        send.send("123").unwrap();
        assert_eq!(answering.await.unwrap().status().as_u16(), 200);
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }
}
