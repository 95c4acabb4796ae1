//! Bodies that are observed while they are sent or read: each piece, and the end.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// What a body yields: a piece, its end, or an error.
pub(crate) type BodyPiece = Option<Result<Frame<Bytes>, axum::Error>>;

/// Wraps a body; `watch` sees everything that it yields.
pub(crate) fn watched(body: Body, watch: impl FnMut(&BodyPiece) + Send + Unpin + 'static) -> Body {
    Body::new(WatchedBody { body, watch })
}

/// Wraps a body; `held` is dropped when the body ends: when it has been sent, was cut off, or is
/// dropped.
pub(crate) fn until_its_end<T: Send + Unpin + 'static>(body: Body, held: T) -> Body {
    let mut held = Some(held);
    watched(body, move |piece| {
        if matches!(piece, None | Some(Err(_))) {
            drop(held.take());
        }
    })
}

struct WatchedBody<W> {
    body: Body,
    watch: W,
}

impl<W: FnMut(&BodyPiece) + Unpin> HttpBody for WatchedBody<W> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<BodyPiece> {
        let piece = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(piece) = &piece {
            (self.watch)(piece);
        }
        piece
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn what_is_held_goes_with_the_end_of_the_body() {
        let held = Arc::new(());
        let mut body = until_its_end(Body::from("all"), held.clone());
        assert_eq!(body.size_hint().exact(), Some(3));
        let first = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let first = first.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "all");
        assert_eq!(Arc::strong_count(&held), 2);
        let last = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        assert!(last.is_none());
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[tokio::test]
    async fn each_piece_is_noticed() {
        let pieces = ["a", "b"].map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        let (told, heard) = std::sync::mpsc::channel();
        let body = watched(body, move |piece| told.send(piece.is_some()).unwrap());
        let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(&*whole, b"ab");
        assert_eq!(heard.iter().collect::<Vec<_>>(), [true, true, false]);
    }

    #[tokio::test]
    async fn what_is_held_goes_with_a_body_that_is_not_read() {
        let held = Arc::new(());
        drop(until_its_end(Body::from("all"), held.clone()));
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
