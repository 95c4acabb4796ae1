//! The unread rest of a request's body once the request is answered.
//!
//! A request that is refused early (401, 404, 405) is answered before its body has been read. The
//! next request on an HTTP/1 connection begins after that body, so either the rest must be read, or
//! the connection ends and the answer says so. Otherwise the client would send its next request
//! into a connection that is being closed (decision 0104).

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use super::requests::Upload;
use crate::web::whole_body::PartCount;

/// How much is read to save the connection, and how long that may take; most of it has usually
/// arrived already.
const BYTES: usize = 64 * 1024;
const TIME: Duration = Duration::from_millis(500);

type Slot = Arc<Mutex<Option<Incoming>>>;

/// A request body that is returned when the handler is done with it.
struct LentBody {
    body: Option<Incoming>,
    back: Slot,
    /// Until it has been read completely.
    upload: Option<Upload>,
}

/// Where it is returned; `None` if there is no body.
pub(super) struct Leftover(Option<Slot>);

/// Lends a body out; `upload` records that it is still arriving.
pub(super) fn lend(body: Incoming, upload: impl FnOnce() -> Upload) -> (Body, Leftover) {
    if body.is_end_stream() {
        return (Body::empty(), Leftover(None));
    }
    let slot = Slot::default();
    let lent = LentBody {
        body: Some(body),
        back: slot.clone(),
        upload: Some(upload()),
    };
    (Body::new(lent), Leftover(Some(slot)))
}

impl Leftover {
    /// Whether the request has no body.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Reads a small rest of the body if the client `is_sending` it, and records with `upload` that
    /// it is still arriving. Returns whether the body has been read completely.
    pub(super) async fn finish(self, is_sending: bool, upload: impl FnOnce() -> Upload) -> bool {
        let Some(slot) = self.0 else {
            return true;
        };
        let body = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(body) = body else {
            return false;
        };
        if body.is_end_stream() {
            return true;
        }
        let is_small = body.size_hint().lower() <= BYTES as u64;
        if !is_sending || !is_small {
            return false;
        }
        // The handler is done, so the connection waits for its client again.
        let _upload = upload();
        tokio::time::timeout(TIME, read_rest(body))
            .await
            .unwrap_or(false)
    }
}

/// Reads and discards it: its bytes take up no memory. If it comes in very small parts, it isn't
/// worth the work.
async fn read_rest(mut body: Incoming) -> bool {
    let mut left = BYTES;
    let mut count = PartCount::default();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else {
            return false;
        };
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(less) = left.checked_sub(length) else {
            return false;
        };
        if !count.came(length) {
            return false;
        }
        left = less;
    }
    true
}

impl HttpBody for LentBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(&mut *body).poll_frame(context);
        if let (Poll::Ready(Some(Ok(frame))), Some(upload)) = (&frame, &mut this.upload) {
            upload.received(frame.data_ref().map_or(0, Bytes::len));
        }
        if body.is_end_stream() || matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            this.upload = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let hint = self.body.as_ref().map(HttpBody::size_hint);
        hint.unwrap_or_default()
    }
}

impl Drop for LentBody {
    fn drop(&mut self) {
        *self.back.lock().unwrap_or_else(PoisonError::into_inner) = self.body.take();
    }
}
