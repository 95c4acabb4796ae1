//! Takes due jobs, share by share.

use std::time::Duration;

use store::StoreError;
use store::jobs::{self, ClaimedJob};

use super::Shift;
use super::claim::{ClaimOrder, ClaimedTurns, ShareRoom};
use crate::jobs::fate::FAR_MS;
use crate::jobs::relay::SlotRow;
use crate::kit::clock::Stopwatch;
use crate::kit::id::new_id;

/// How many jobs one transaction brings back.
const BROUGHT_BACK: i64 = 1_000;

impl Shift {
    /// Takes due jobs of a kind. Returns how long to wait afterwards.
    pub(super) async fn take(&mut self, at: usize) -> Result<Duration, StoreError> {
        let poll = self.rhythm.poll;
        let Some(open) = self.kinds.get(at) else {
            return Ok(poll);
        };
        let (name, free) = (open.kind.name, open.kind.at_once.saturating_sub(open.busy));
        if free == 0 {
            return Ok(poll);
        }
        let now = self.jobs.clock().now_ms();
        self.bring_back(at, now).await?;
        let due = jobs::next_due(&mut self.jobs.db().read().await?.tx(), name).await?;
        let until = due.map(|due| due.saturating_sub(now));
        match until.map(u64::try_from) {
            None => return Ok(poll),
            Some(Ok(until)) if until > 0 => return Ok(Duration::from_millis(until)),
            Some(_) => {}
        }
        let rooms = self.turns(at, now).await?;
        let claimed = self.claim(at, rooms, now, free).await?;
        // Jobs that are due but were not taken must wait for others of their share, and so must we.
        let pause = if claimed.is_empty() {
            poll
        } else {
            Duration::ZERO
        };
        let row = SlotRow::new(self.jobs.clock().uptime());
        for job in claimed {
            self.begin(at, job, row);
        }
        Ok(pause)
    }

    /// Makes jobs due now that are due later than the longest pause: they were stored or postponed
    /// while the clock was ahead.
    async fn bring_back(&mut self, at: usize, now: i64) -> Result<(), StoreError> {
        let Some(open) = self.kinds.get_mut(at) else {
            return Ok(());
        };
        if open.looked.elapsed() < self.rhythm.poll {
            return Ok(());
        }
        open.looked = Stopwatch::start();
        let (kind, far) = (open.kind.name, now.saturating_add(FAR_MS));
        let last = jobs::last_due(&mut self.jobs.db().read().await?.tx(), kind).await?;
        if last.is_none_or(|last| last <= far) {
            return Ok(());
        }
        let bring_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { jobs::bring_back(&mut tx, kind, now, far, BROUGHT_BACK).await })
        });
        let number = bring_back.await?;
        tracing::info!(
            kind,
            number,
            "jobs were due later than any pause is long; they are done now"
        );
        Ok(())
    }

    /// Claims jobs of these shares, as many as may be started.
    async fn claim(
        &mut self,
        at: usize,
        rooms: Vec<ShareRoom>,
        now: i64,
        free: usize,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let Some(open) = self.kinds.get(at).filter(|_| !rooms.is_empty()) else {
            return Ok(Vec::new());
        };
        let fresh = || new_id(now, self.jobs.random());
        let worker = self.id.clone().unwrap_or_else(fresh);
        let order = ClaimOrder {
            worker: worker.clone(),
            is_new: self.id.is_none(),
            kind: open.kind.name,
            rooms,
            free,
            now,
        };
        let beaten = Stopwatch::start();
        let claim = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { order.fill(&mut tx).await })
        });
        // Whatever the answer is, jobs may be ours from here on.
        self.id = Some(worker);
        match claim.await {
            Ok(Some(ClaimedTurns { jobs, last })) => {
                self.beaten = beaten;
                if let Some(open) = self.kinds.get_mut(at) {
                    open.after = last;
                }
                Ok(jobs)
            }
            Ok(None) => {
                self.lose();
                Ok(Vec::new())
            }
            Err(error) => {
                self.is_unsure = true;
                Err(error)
            }
        }
    }
}
