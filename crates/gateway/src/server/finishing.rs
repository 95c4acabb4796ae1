//! Requests that may change something are completed even if their clients hang up.
//!
//! Follow-ups of a change, such as its audit entry, are written after it. A handler dropped with
//! its connection would omit them, at a moment chosen by the client (decision 0367).

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::task::Poll;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use tokio::sync::watch;
use tower::ServiceExt;

use super::live::{Phase, has_come};
use super::requests::Busy;
use crate::kit::on_its_own::on_its_own;

/// The answer to a request. A request that may change something runs in a separate task until it is
/// done or the server shuts down. Meanwhile its connection's slot stays occupied, and shutdown
/// waits for it, whether or not the connection still exists.
pub(super) async fn answered(
    router: Router,
    request: Request,
    busy: Busy,
    mut phase: watch::Receiver<Phase>,
) -> Result<(Response, Busy), Infallible> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((router.oneshot(request).await?, busy));
    }
    let mut answering = Box::pin(router.oneshot(request));
    // Polled once first, so that it starts before later requests on this connection, and needs no
    // task if it never waits.
    let begun = poll_fn(|context| Poll::Ready(answering.as_mut().poll(context))).await;
    if let Poll::Ready(answer) = begun {
        return Ok((answer?, busy));
    }
    let finished = on_its_own(async move {
        tokio::select! {
            answer = answering => Some((answer, busy)),
            () = has_come(&mut phase, Phase::Over) => None,
        }
    });
    match finished.await {
        Some((answer, busy)) => Ok((answer?, busy)),
        // The connection is about to be cut off.
        None => pending().await,
    }
}
