//! Requests that may change something are finished even if their clients hang up.
//!
//! What stands behind a change, such as its entry in the audit, is written after it. A handler that was dropped with its
//! connection left it out, and the client chose when (decision 0367).

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
use super::slots::Busy;
use crate::kit::on_its_own::on_its_own;

/// The answer to a request. One that may change something runs in a task of its own until it is done or the server is at its
/// end; meanwhile its connection's slot stays taken, and a stop waits for it, whether there still is a connection or not.
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
    // It begins before what comes behind it on this connection, and what never waits needs no task.
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
