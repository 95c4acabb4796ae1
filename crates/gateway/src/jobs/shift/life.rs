//! Whether a worker lives, as the others see it: it moves a number in the store, and looks at theirs.

use std::sync::Arc;

use store::jobs::{self, Settled};
use store::{StoreError, job_workers};
use tokio::task::JoinSet;

use super::Shift;
use crate::jobs::relay::Relay;
use crate::kit::clock::Stopwatch;

/// When jobs come again that are given back, in milliseconds: one of them may have broken its task off.
const STRAY_MS: i64 = 5_000;

impl Shift {
    /// Moves our number, or leaves if nothing is under way.
    pub(super) async fn show_life(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.id.clone() else {
            return Ok(());
        };
        if self.beaten.elapsed() < self.rhythm.beat {
            return Ok(());
        }
        if !self.is_busy() {
            return self.leave().await;
        }
        let beaten = Stopwatch::start();
        let beat = self.jobs.db().write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { job_workers::beat(&mut tx, &id).await })
        });
        if beat.await? {
            self.beaten = beaten;
        } else {
            self.lose();
        }
        Ok(())
    }

    pub(super) async fn leave(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.id.clone() else {
            return Ok(());
        };
        let now = self.jobs.clock().now_ms();
        let leave = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { job_workers::leave(&mut tx, &id, now).await })
        });
        leave.await?;
        self.id = None;
        // Nothing of it is ours any more.
        self.is_unsure = false;
        self.relay = Arc::new(Relay::new(self.rhythm.turn));
        Ok(())
    }

    /// Others have our jobs now, or will have them in a moment.
    pub(super) fn lose(&mut self) {
        if self.is_busy() {
            tracing::warn!(
                jobs = self.running.len(),
                "this server was too slow to show that it lives; others do its jobs"
            );
        }
        // Dropped, each stops where it stands.
        self.running = JoinSet::new();
        self.relay = Arc::new(Relay::new(self.rhythm.turn));
        self.under_way.clear();
        self.kinds.iter_mut().for_each(|open| open.busy = 0);
        self.is_unsure = false;
        self.id = None;
    }

    /// Gives back the jobs of servers that died, and of those that left some behind.
    pub(super) async fn take_over(&mut self) -> Result<(), StoreError> {
        if self.looked.elapsed() < self.rhythm.beat {
            return Ok(());
        }
        self.looked = Stopwatch::start();
        let mut reader = self.jobs.db().read().await?;
        let all = job_workers::all(&mut reader.tx()).await?;
        let lost = job_workers::lost(&mut reader.tx()).await?;
        drop(reader);
        for dead in self.watch.look(all, self.id.as_deref()) {
            let (worker, now) = (dead.id.clone(), self.jobs.clock().now_ms());
            let bury = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { job_workers::bury(&mut tx, dead, now).await })
            });
            if let Some(jobs) = bury.await? {
                tracing::warn!(worker, jobs, "a server died; its jobs are done again");
            }
        }
        for owner in lost {
            let (worker, now) = (owner.clone(), self.jobs.clock().now_ms());
            let release = self.jobs.db().write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { job_workers::release(&mut tx, &owner, now).await })
            });
            let jobs = release.await?;
            tracing::warn!(
                worker,
                jobs,
                "a server left jobs behind; they are done again"
            );
        }
        Ok(())
    }

    /// Gives back jobs that only the store says are ours.
    pub(super) async fn return_strays(&mut self) -> Result<(), StoreError> {
        let (true, Some(owner)) = (self.is_unsure, self.id.clone()) else {
            return Ok(());
        };
        // One that was just taken next must not look like a stray.
        if !self.relay.close() {
            return Ok(());
        }
        let under_way = self.under_way.values();
        let known: Vec<Settled> = under_way.map(|one| one.job.clone()).collect();
        let due_at = self.jobs.clock().now_ms().saturating_add(STRAY_MS);
        let give_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // A transaction whose answer got lost may still be under way.
                if !job_workers::hold(&mut tx, &owner).await? {
                    return Ok(false);
                }
                let mut strays = jobs::owned(&mut tx, &owner).await?;
                strays.retain(|job| !known.contains(job));
                for stray in &strays {
                    jobs::postpone(&mut tx, stray, due_at).await?;
                }
                Ok(true)
            })
        });
        if give_back.await? {
            self.is_unsure = false;
            self.relay.open();
        } else {
            self.lose();
        }
        Ok(())
    }
}
