//! Claims jobs: one transaction for all shares whose turn it is.

use store::jobs::{self, ClaimedJob};
use store::{StoreError, Tx, job_workers};

use crate::jobs::share_claim::ShareClaim;

/// How many jobs of a share may be started.
pub(super) struct ShareRoom {
    pub(super) share: String,
    /// In addition to those running on any server.
    pub(super) everywhere: i64,
    /// On this server.
    pub(super) here: i64,
}

/// What a worker wants to claim.
pub(super) struct ClaimOrder {
    pub(super) worker: String,
    /// Whether the store doesn't know the worker yet.
    pub(super) is_new: bool,
    pub(super) kind: &'static str,
    /// The shares to take jobs from, at least one.
    pub(super) rooms: Vec<ShareRoom>,
    /// How many jobs the worker can start in total.
    pub(super) free: usize,
    /// Milliseconds since 1970.
    pub(super) now: i64,
}

/// What it claimed.
pub(super) struct ClaimedTurns {
    pub(super) jobs: Vec<ClaimedJob>,
    /// The last share that had its turn. If there was no room left, the later ones did not.
    pub(super) last: String,
}

impl ClaimOrder {
    /// Claims what is due; `None` if other workers have declared this one dead.
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
            // Another worker is claiming jobs of this share; once it commits, we'll know what is
            // left.
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
