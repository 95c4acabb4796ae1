//! Answers after their handlers. If one is written while its data arrives from elsewhere, the
//! request is in progress until the end, and its connection doesn't count as silent. On HTTP/2 all
//! count until their clients take them.

use std::time::Duration;

use axum::body::HttpBody;
use axum::response::Response;
use tokio::sync::watch;

use super::requests::Busy;
use crate::web::watched::{self, watched};

/// How long a client may take for one piece before it counts as silent. A backup of some gigabytes
/// takes many minutes, but its client is not silent.
const LONGEST_PIECE: Duration = Duration::from_secs(120);

/// Stays `busy` until the answer's body has ended. A body that is already complete ends at once.
pub(super) fn until_its_end(response: Response, busy: Busy) -> Response {
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let (under_way, mut pieces) = watch::channel(());
    // A body is asked for nothing while its client takes nothing, so the time is measured beside
    // it.
    tokio::spawn(async move {
        // When the body ends, nothing more can come.
        while let Ok(Ok(())) = tokio::time::timeout(LONGEST_PIECE, pieces.changed()).await {}
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

/// Counts an answer on HTTP/2 until its client lets it be sent: one that opens no window for it
/// keeps it in memory (decision 0446).
pub(super) fn until_taken(response: Response, busy: &Busy) -> Response {
    let bytes = response.body().size_hint().lower();
    match busy.untaken(bytes) {
        Some(untaken) => response.map(|body| watched::until_its_end(body, untaken)),
        None => response,
    }
}
