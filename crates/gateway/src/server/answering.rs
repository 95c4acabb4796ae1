//! An answer that is written while it comes in from elsewhere: until its end the request is under way, and its connection is
//! not silent.

use std::time::Duration;

use axum::body::HttpBody;
use axum::response::Response;
use tokio::sync::watch;

use super::slots::Busy;
use crate::web::watched::watched;

/// How long a client may take for a piece: one that takes longer is silent. A backup of some gigabytes takes many minutes, and
/// its client is not.
const LONGEST: Duration = Duration::from_secs(120);

/// Stays `busy` until the answer's body has ended. A body that is there already ends at once.
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
    let mut under_way = Some(under_way);
    response.map(|body| {
        watched(body, move |piece| match (piece, &under_way) {
            (Some(Ok(_)), Some(pieces)) => {
                pieces.send_replace(());
            }
            (Some(Ok(_)), None) => {}
            (None | Some(Err(_)), _) => under_way = None,
        })
    })
}
