//! Answers that are written while their data arrives from elsewhere: until the end, the request is in progress and its
//! connection doesn't count as silent.

use std::time::Duration;

use axum::body::HttpBody;
use axum::response::Response;
use tokio::sync::oneshot;

use super::slots::Busy;
use crate::web::holding;

/// The limit for that: a client that reads its answer more slowly counts as silent.
const LONGEST: Duration = Duration::from_secs(120);

/// Stays `busy` until the answer's body has ended. A body that is already complete ends at once.
pub(super) fn until_its_end(response: Response, busy: Busy) -> Response {
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let (under_way, ended) = oneshot::channel::<()>();
    // A body isn't polled while its client reads nothing, so a separate task measures the time.
    tokio::spawn(async move {
        let _ = tokio::time::timeout(LONGEST, ended).await;
        drop(busy);
    });
    response.map(|body| holding::until_its_end(body, under_way))
}
