//! The body of a launch: it must be declared as JSON, and is read up to a limit.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures_util::StreamExt;

use super::refusal::StudyReelRefusal;
use crate::kit::media_type;
use crate::web::whole_body::{PartCount, too_many_parts};

/// Largest launch, in bytes (studyreel.md §5, item 1).
const LAUNCH_BYTES: usize = 64 * 1024;
/// How many bytes of an oversized body are read and discarded, so that the sender gets to see the
/// refusal.
const DROPPED_BYTES: usize = 8 * 1024 * 1024;

/// Whether the launch is declared as JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    // Two declarations count as none.
    let declarations = headers.get_all(CONTENT_TYPE).iter().count();
    declarations == 1 && media_type::is(headers, media_type::JSON)
}

/// Reads the whole body. Keeps reading for a while if it is too large: a sender that is cut off
/// mid-send may never see the answer.
pub(super) async fn read(body: Body) -> Result<Bytes, StudyReelRefusal> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    let mut count = PartCount::default();
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(StudyReelRefusal::BrokenOff)?;
        if !count.came(part.len()) {
            return Err(StudyReelRefusal::BrokenOff(too_many_parts()));
        }
        length = length.saturating_add(part.len());
        if length <= LAUNCH_BYTES {
            kept.extend_from_slice(&part);
        } else if length > DROPPED_BYTES {
            break;
        }
    }
    if length > LAUNCH_BYTES {
        Err(StudyReelRefusal::TooLarge)
    } else {
        Ok(kept.into())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn two_declarations_of_json_are_none() {
        let json = || "application/json".parse().unwrap();
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, json())]);
        assert!(is_json(&headers));
        headers.append(CONTENT_TYPE, json());
        assert!(!is_json(&headers));
    }

    #[tokio::test]
    async fn a_body_is_read_to_64_kib_and_no_further() {
        let body = |length: usize| Body::from(vec![b' '; length]);
        assert_eq!(read(body(LAUNCH_BYTES)).await.unwrap().len(), LAUNCH_BYTES);
        assert!(read(body(LAUNCH_BYTES + 1)).await.is_err());
    }
}
