//! Whether a worker lives, as the others see it: it moves a number in the store, and looks at theirs.

use std::sync::Arc;

use store::jobs::{self, Settled};
use store::{StoreError, job_workers};
use tokio::task::JoinSet;

use super::Shift;
use crate::jobs::relay::Relay;
use crate::kit::clock::Stopwatch;

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
        self.relay = Arc::new(Relay::new());
        self.under_way.clear();
        self.kinds.iter_mut().for_each(|open| open.busy = 0);
        self.id = None;
    }

    /// Gives back the jobs of servers that died.
    pub(super) async fn take_over(&mut self) -> Result<(), StoreError> {
        if self.looked.elapsed() < self.rhythm.beat {
            return Ok(());
        }
        self.looked = Stopwatch::start();
        let all = job_workers::all(&mut self.jobs.db().read().await?.tx()).await?;
        for dead in self.watch.look(all, self.id.as_deref()) {
            let (worker, now) = (dead.id.clone(), self.jobs.clock().now_ms());
            let bury = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { job_workers::bury(&mut tx, dead, now).await })
            });
            if let Some(jobs) = bury.await? {
                tracing::warn!(worker, jobs, "a server died; its jobs are done again");
            }
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
        let owned = jobs::owned(&mut self.jobs.db().read().await?.tx(), &owner).await?;
        let owned = owned.into_iter();
        let strays: Vec<String> = owned
            .filter(|id| !self.under_way.contains_key(id))
            .collect();
        let now = self.jobs.clock().now_ms();
        let give_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for id in strays {
                    let owner = owner.clone();
                    jobs::postpone(&mut tx, &Settled { id, owner }, now).await?;
                }
                Ok(())
            })
        });
        give_back.await?;
        self.is_unsure = false;
        self.relay.open();
        Ok(())
    }
}
