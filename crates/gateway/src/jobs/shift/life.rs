//! Signs of life: a worker increments a number in the store, and watches the others' numbers.

use std::sync::Arc;

use store::jobs::{self, JobClaim};
use store::{StoreError, job_workers};
use tokio::task::JoinSet;

use super::Shift;
use crate::jobs::relay::Relay;
use crate::jobs::takeover::bury;
use crate::jobs::watch::WatchReport;
use crate::kit::clock::Stopwatch;

/// The delay before released jobs run again, in milliseconds, in case one of them made its task
/// panic.
const STRAY_MS: i64 = 5_000;

impl Shift {
    /// Increments our number, or leaves if no job is running.
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
        // None of its jobs are ours any more.
        self.is_unsure = false;
        self.relay = Arc::new(Relay::new(self.rhythm.turn));
        Ok(())
    }

    /// Other workers have our jobs now, or will have them in a moment.
    pub(super) fn lose(&mut self) {
        if self.is_busy() {
            tracing::warn!(
                jobs = self.running.len(),
                "this server was too slow to show that it lives; others do its jobs"
            );
        }
        // Dropping this stops every task where it is.
        self.running = JoinSet::new();
        self.relay = Arc::new(Relay::new(self.rhythm.turn));
        self.under_way.clear();
        self.kinds.iter_mut().for_each(|open| open.busy = 0);
        self.is_unsure = false;
        self.id = None;
    }

    /// Releases the jobs of dead servers, and jobs that were left behind.
    pub(super) async fn take_over(&mut self) -> Result<(), StoreError> {
        // The first time at once: a server that doesn't live long counts, too.
        let looked = self.looked.as_ref();
        if looked.is_some_and(|looked| looked.elapsed() < self.rhythm.beat) {
            return Ok(());
        }
        let mut reader = self.jobs.db().read().await?;
        let all = job_workers::all(&mut reader.tx()).await?;
        // Not earlier: if the store kept us waiting, the next look could follow at once, and would
        // count as silence.
        self.looked = Some(Stopwatch::start());
        let lost = job_workers::lost(&mut reader.tx()).await?;
        drop(reader);
        let WatchReport { dead, silent } = self.watch.look(all, self.id.as_deref());
        for worker in dead {
            bury(self.jobs.db(), worker, self.jobs.clock().now_ms()).await?;
        }
        for worker in silent {
            let note = self.jobs.db().write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { job_workers::looked(&mut tx, worker).await })
            });
            note.await?;
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

    /// Releases jobs that are ours only according to the store.
    pub(super) async fn return_strays(&mut self) -> Result<(), StoreError> {
        let (true, Some(owner)) = (self.is_unsure, self.id.clone()) else {
            return Ok(());
        };
        // A job that was just taken next must not be mistaken for a stray.
        if !self.relay.close() {
            return Ok(());
        }
        let under_way = self.under_way.values();
        let known: Vec<JobClaim> = under_way.map(|one| one.job.clone()).collect();
        let due_at = self.jobs.clock().now_ms().saturating_add(STRAY_MS);
        let give_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // A transaction whose answer was lost may still be running.
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
