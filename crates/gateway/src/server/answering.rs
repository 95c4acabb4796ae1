//! Answers that are written while their data arrives from elsewhere: until the end, the request is in progress and its
//! connection doesn't count as silent.

use std::time::Duration;

use axum::body::HttpBody;
use axum::response::Response;
use tokio::sync::watch;

use super::slots::Busy;
use crate::web::holding;

/// How long a client may take for a piece: one that takes longer is silent. A backup of some gigabytes takes many minutes, and
/// its client is not.
const LONGEST: Duration = Duration::from_secs(120);

/// Stays `busy` until the answer's body has ended. A body that is already complete ends at once.
pub(super) fn until_its_end(response: Response, busy: Busy) -> Response {
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let (under_way, mut pieces) = watch::channel(());
    // A body is asked for nothing while its client takes nothing, so the time is measured beside it.
    tokio::spawn(async move {
        // With the body's end nothing more can come.
        while let Ok(Ok(())) = tokio::time::timeout(LONGEST, pieces.changed()).await {}
        drop(busy);
    });
    response.map(|body| holding::noticed(body, under_way, |pieces| pieces.send_replace(())))
}
