//! Claiming jobs: one transaction for all shares whose turn it is.

use store::jobs::{self, ClaimedJob};
use store::{StoreError, Tx, job_workers};

use crate::jobs::share_claim::ShareClaim;

/// How many jobs of a share may be begun.
pub(super) struct ShareRoom {
    pub(super) share: String,
    /// Beside those that are under way at any server.
    pub(super) everywhere: i64,
    /// At this one.
    pub(super) here: i64,
}

/// What a worker wants to have.
pub(super) struct ClaimOrder {
    pub(super) worker: String,
    /// Whether the store doesn't know the worker yet.
    pub(super) is_new: bool,
    pub(super) kind: &'static str,
    /// The shares to take jobs of, at least one.
    pub(super) rooms: Vec<ShareRoom>,
    /// Jobs that the worker can begin, all shares together.
    pub(super) free: usize,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

/// What it got.
pub(super) struct ClaimedTurns {
    pub(super) jobs: Vec<ClaimedJob>,
    /// The last share that had its turn. Later ones didn't, if there was no place for more.
    pub(super) last: String,
}

impl ClaimOrder {
    /// Claims what is due; `None` if others took the worker for dead.
    pub(super) async fn fill(self, tx: &mut Tx<'_>) -> Result<Option<ClaimedTurns>, StoreError> {
        if self.is_new {
            job_workers::join(tx, &self.worker).await?;
        } else if !job_workers::beat(tx, &self.worker).await? {
            return Ok(None);
        }
        let turn = self.free / self.rooms.len().max(1);
        let turn = i64::try_from(turn.max(1)).unwrap_or(i64::MAX);
        let (mut jobs, mut last) = (Vec::new(), String::new());
        for room in self.rooms {
            let left = self.free.saturating_sub(jobs.len());
            if left == 0 {
                break;
            }
            last.clone_from(&room.share);
            // Another worker is taking jobs of it; what is left is known once that has committed.
            if !jobs::is_alone(tx, self.kind, &room.share).await? {
                continue;
            }
            let claim = ShareClaim {
                worker: &self.worker,
                kind: self.kind,
                share: &room.share,
                everywhere: room.everywhere,
                now: self.now,
            };
            let left = i64::try_from(left).unwrap_or(i64::MAX);
            jobs.extend(claim.take(tx, left.min(turn).min(room.here)).await?);
        }
        Ok(Some(ClaimedTurns { jobs, last }))
    }
}
