//! An answer that is written while it comes in from elsewhere: until its end the request is under way, and its connection is
//! not silent.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::oneshot;

use super::places::Busy;

/// How long at most: a client that takes its answer more slowly than that is silent.
const LONGEST: Duration = Duration::from_secs(120);

/// A body that says when it has ended.
struct Answering {
    body: Body,
    /// Dropped at the end.
    under_way: Option<oneshot::Sender<()>>,
}

/// Stays `busy` until the answer's body has ended. A body that is there already ends at once.
pub(super) fn until_its_end(response: Response, busy: Busy) -> Response {
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let (under_way, ended) = oneshot::channel();
    // Nobody asks a body for more while its client takes nothing, so the time is measured beside it.
    tokio::spawn(async move {
        let _ = tokio::time::timeout(LONGEST, ended).await;
        drop(busy);
    });
    response.map(|body| {
        Body::new(Answering {
            body,
            under_way: Some(under_way),
        })
    })
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.under_way = None;
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
