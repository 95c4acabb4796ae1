//! A body that keeps something until its end: the marker of a request in progress is dropped once the answer has been
//! sent, aborted or dropped.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

struct HoldingBody<T> {
    body: Body,
    /// Dropped at the end.
    held: Option<T>,
    /// Called with the held value for each piece.
    noticing: fn(&T),
}

/// Wraps a body; `held` is dropped when it ends.
pub(crate) fn until_its_end<T: Send + Unpin + 'static>(body: Body, held: T) -> Body {
    noticed(body, held, |_| ())
}

/// Wraps a body like [`until_its_end`], and calls `noticing` with `held` for each piece.
pub(crate) fn noticed<T: Send + Unpin + 'static>(body: Body, held: T, noticing: fn(&T)) -> Body {
    Body::new(HoldingBody {
        body,
        held: Some(held),
        noticing,
    })
}

impl<T: Unpin> HttpBody for HoldingBody<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let frame = Pin::new(&mut this.body).poll_frame(context);
        match &frame {
            Poll::Ready(Some(Ok(_))) => {
                if let Some(held) = &this.held {
                    (this.noticing)(held);
                }
            }
            Poll::Ready(None | Some(Err(_))) => this.held = None,
            Poll::Pending => {}
        }
        frame
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
        let body = noticed(body, told, |told| told.send(()).unwrap());
        let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!((&*whole, heard.iter().count()), (&b"ab"[..], 2));
    }

    #[tokio::test]
    async fn what_is_held_goes_with_a_body_that_is_not_read() {
        let held = Arc::new(());
        drop(until_its_end(Body::from("all"), held.clone()));
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
