//! What a worker does each time it wakes up: gives a sign of life, takes over jobs of dead workers,
//! and takes due jobs.

mod claim;
mod life;
mod taking;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use store::jobs::{ClaimedJob, JobClaim};
use tokio::task::{Id, JoinError, JoinSet};

use super::queue::Jobs;
use super::relay::{Relay, SlotRow};
use super::rhythm::WorkRhythm;
use super::run::{self, JobEnd, Running};
use super::watch::Watch;
use super::work::JobKind;
use crate::kit::clock::Stopwatch;

/// The pause after a store failure.
const STORE_AWAY: Duration = Duration::from_secs(2);

/// A running worker.
pub(super) struct Shift {
    jobs: Jobs,
    kinds: Vec<OpenKind>,
    rhythm: WorkRhythm,
    /// The id under which it has jobs; `None` while it has none.
    id: Option<String>,
    running: JoinSet<JobEnd>,
    /// The job of each task. A job may appear twice: the result of its former attempt has been
    /// stored, but hasn't been processed yet.
    under_way: HashMap<Id, UnderWay>,
    /// Whether running jobs may take the next ones.
    relay: Arc<Relay>,
    /// Whether the store may have jobs in our name that we don't know about: the answer to a claim
    /// was lost, or a task panicked.
    is_unsure: bool,
    is_failing: bool,
    /// Whether the server is stopping, so that nothing new is started.
    is_finishing: bool,
    beaten: Stopwatch,
    /// When it last checked whether the others are alive.
    looked: Option<Stopwatch>,
    watch: Watch,
}

/// The resources that a running job occupies.
struct UnderWay {
    /// The index of its kind.
    kind: usize,
    share: String,
    job: JobClaim,
}

struct OpenKind {
    kind: JobKind,
    /// The share that had the last turn.
    after: String,
    busy: usize,
    /// When it last checked for jobs due too far in the future.
    looked: Stopwatch,
}

impl Shift {
    pub(super) fn new(jobs: Jobs, kinds: Vec<JobKind>, rhythm: WorkRhythm) -> Self {
        let open = |kind| OpenKind {
            kind,
            after: String::new(),
            busy: 0,
            looked: Stopwatch::start(),
        };
        Self {
            jobs,
            kinds: kinds.into_iter().map(open).collect(),
            rhythm,
            id: None,
            running: JoinSet::new(),
            under_way: HashMap::new(),
            relay: Arc::new(Relay::new(rhythm.turn)),
            is_unsure: false,
            is_failing: false,
            is_finishing: false,
            beaten: Stopwatch::start(),
            looked: None,
            watch: Watch::default(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// From now on, nothing new is started, because the server is stopping.
    pub(super) fn only_finish(&mut self) {
        self.is_finishing = true;
        self.relay.close();
    }

    /// Waits until a slot becomes free, because a running job ended without taking a next one.
    /// Waits forever if no job is running.
    pub(super) async fn one_ends(&mut self) {
        loop {
            match self.running.join_next_with_id().await {
                None => pending().await,
                Some(Ok((task, end))) => {
                    if !self.ended(task, end) {
                        return;
                    }
                }
                Some(Err(error)) => return self.broke_off(&error),
            }
        }
    }

    /// Starts the job that a finished one took. Returns false if its slot is free.
    fn ended(&mut self, task: Id, end: JobEnd) -> bool {
        let JobEnd {
            handing_over,
            next,
            row,
            is_unsure,
        } = end;
        self.is_unsure |= is_unsure;
        let kind = self.free(task);
        // A stopping server releases taken jobs when it leaves.
        let next = next.filter(|_| !self.is_finishing);
        let begins = next.is_some();
        if let (Some(kind), Some(job)) = (kind, next) {
            self.begin(kind, job, row);
        }
        // The job it took is now registered as running.
        drop(handing_over);
        begins
    }

    /// A task panicked outside its room's work. According to the store, the job or the next one is
    /// still ours.
    fn broke_off(&mut self, error: &JoinError) {
        tracing::error!(%error, "a job's task broke off; the job is given back");
        self.free(error.id());
        self.is_unsure = true;
    }

    /// Frees the slot of a task. Returns its kind.
    fn free(&mut self, task: Id) -> Option<usize> {
        let ended = self.under_way.remove(&task)?;
        if let Some(open) = self.kinds.get_mut(ended.kind) {
            open.busy = open.busy.saturating_sub(1);
        }
        Some(ended.kind)
    }

    /// Does everything that is due now. Returns how long to wait afterwards if nothing wakes us.
    pub(super) async fn round(&mut self) -> Duration {
        match self.try_round().await {
            Ok(pause) => {
                self.is_failing = false;
                pause
            }
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::warn!(%error, "the worker can't reach the store; it goes on trying");
                }
                // Other workers will soon declare us dead.
                if self.is_busy() && self.beaten.elapsed() > self.rhythm.beat * 4 {
                    self.lose();
                }
                STORE_AWAY.min(self.rhythm.beat)
            }
        }
    }

    async fn try_round(&mut self) -> Result<Duration, StoreError> {
        self.show_life().await?;
        self.take_over().await?;
        self.return_strays().await?;
        let mut pause = self.rhythm.poll;
        for at in 0..self.kinds.len() {
            pause = pause.min(self.take(at).await?);
        }
        Ok(pause)
    }

    /// Starts a job in a slot; `row` counts the jobs it has started in a row, including this one.
    fn begin(&mut self, at: usize, job: ClaimedJob, row: SlotRow) {
        let (Some(open), Some(owner)) = (self.kinds.get_mut(at), self.id.clone()) else {
            return;
        };
        open.busy += 1;
        let settled = JobClaim {
            id: job.id.clone(),
            owner,
            claim: job.claim,
        };
        let under_way = UnderWay {
            kind: at,
            share: job.share.clone(),
            job: settled.clone(),
        };
        let running = Running {
            jobs: self.jobs.clone(),
            kind: open.kind.clone(),
            settled,
            job,
            row,
            relay: self.relay.clone(),
        };
        let task = self.running.spawn(run::run(running)).id();
        self.under_way.insert(task, under_way);
    }

    /// Ends the shift: jobs still running are aborted and released.
    pub(super) async fn end(mut self) {
        self.running.shutdown().await;
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "jobs could not be given back; others take them over");
        }
    }
}
