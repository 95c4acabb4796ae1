//! An answer that is written while it comes in from elsewhere: until its end the request is under way, and its connection is
//! not silent.

use std::time::Duration;

use axum::body::HttpBody;
use axum::response::Response;
use tokio::sync::oneshot;

use super::slots::Busy;
use crate::web::watched;

/// How long at most: a client that takes its answer more slowly than that is silent.
const LONGEST: Duration = Duration::from_secs(120);

/// Stays `busy` until the answer's body has ended. A body that is there already ends at once.
pub(super) fn until_its_end(response: Response, busy: Busy) -> Response {
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let (under_way, ended) = oneshot::channel::<()>();
    // A body is asked for nothing while its client takes nothing, so the time is measured beside it.
    tokio::spawn(async move {
        let _ = tokio::time::timeout(LONGEST, ended).await;
        drop(busy);
    });
    response.map(|body| watched::until_its_end(body, under_way))
}
