//! Reads an answer while it arrives.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio::sync::mpsc;

use super::Answer;
use super::error::{OutboundError, failed};
use super::late::OccupiedSlot;
use super::slots::WHOLE;

/// An answer that is still arriving. It occupies its slot until dropped.
pub struct ArrivingAnswer {
    /// HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    response: reqwest::Response,
    left: usize,
    limit: usize,
    longest: Duration,
    slot: OccupiedSlot,
}

/// The pieces of an answer that a background task reads.
pub struct Pieces(mpsc::Receiver<Result<Option<Bytes>, OutboundError>>);

impl ArrivingAnswer {
    /// An answer of at most `limit` bytes.
    pub(super) fn new(
        response: reqwest::Response,
        limit: usize,
        longest: Duration,
        slot: OccupiedSlot,
    ) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            response,
            left: limit,
            limit,
            longest,
            slot,
        }
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// The answer broke off, stalled, or exceeded the limit, or was too slow while others were
    /// ([`OutboundError::Busy`]).
    pub async fn piece(&mut self) -> Result<Option<Bytes>, OutboundError> {
        let chunk = tokio::time::timeout(WHOLE, self.response.chunk());
        let piece = self.slot.during(chunk).await?;
        let piece = piece
            .map_err(|_| OutboundError::TimedOut)?
            .map_err(failed)?;
        let length = piece.as_ref().map_or(0, Bytes::len);
        let left = self.left.checked_sub(length);
        self.left = left.ok_or(OutboundError::TooLarge(self.limit))?;
        Ok(piece)
    }

    /// The whole answer.
    ///
    /// # Errors
    /// As [`Self::piece`], and if it isn't complete within the time of one exchange.
    pub async fn whole(mut self) -> Result<Answer, OutboundError> {
        let reading = async {
            let mut body = Vec::new();
            while let Some(piece) = self.piece().await? {
                body.extend_from_slice(&piece);
            }
            Ok::<_, OutboundError>(body)
        };
        let body = tokio::time::timeout(WHOLE, reading).await;
        Ok(Answer {
            body: body.map_err(|_| OutboundError::TimedOut)??,
            status: self.status,
            headers: self.headers,
        })
    }

    /// Reads in a background task: a client that stops reading must not occupy the other server's
    /// connection and slot for longer than the answer may take.
    pub fn detached(mut self) -> Pieces {
        let (pieces, arrived) = mpsc::channel(1);
        let longest = self.longest;
        tokio::spawn(async move {
            let passing = async {
                loop {
                    let piece = tokio::select! {
                        piece = self.piece() => piece,
                        () = pieces.closed() => return,
                    };
                    let is_last = !matches!(piece, Ok(Some(_)));
                    if pieces.send(piece).await.is_err() || is_last {
                        return;
                    }
                }
            };
            // Without a last piece, the reader knows that the answer broke off.
            let _ = tokio::time::timeout(longest, passing).await;
        });
        Pieces(arrived)
    }
}

impl Pieces {
    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// As [`ArrivingAnswer::piece`], and if the reader was too slow.
    pub async fn next(&mut self) -> Result<Option<Bytes>, OutboundError> {
        let piece = self.0.recv().await;
        piece.unwrap_or(Err(OutboundError::TimedOut))
    }
}
