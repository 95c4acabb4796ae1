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
}

/// Wraps a body; `held` is dropped when it ends.
pub(crate) fn until_its_end<T: Send + Unpin + 'static>(body: Body, held: T) -> Body {
    Body::new(HoldingBody {
        body,
        held: Some(held),
    })
}

impl<T: Unpin> HttpBody for HoldingBody<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.held = None;
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
    async fn what_is_held_goes_with_a_body_that_is_not_read() {
        let held = Arc::new(());
        drop(until_its_end(Body::from("all"), held.clone()));
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
