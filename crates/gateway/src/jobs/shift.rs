//! What a worker does from one wake-up to the next: shows that it lives, takes over from the dead, takes what is due.

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
use store::jobs::{ClaimedJob, Settled};
use tokio::task::{Id, JoinError, JoinSet};

use super::queue::Jobs;
use super::relay::{Relay, SlotRow};
use super::rhythm::WorkRhythm;
use super::run::{self, JobEnd, Running};
use super::watch::Watch;
use super::work::JobKind;
use crate::kit::clock::Stopwatch;

/// The pause after the store failed.
const STORE_AWAY: Duration = Duration::from_secs(2);

/// A worker at work.
pub(super) struct Shift {
    jobs: Jobs,
    kinds: Vec<OpenKind>,
    rhythm: WorkRhythm,
    /// The name under which it has jobs; `None` while it has none.
    id: Option<String>,
    running: JoinSet<JobEnd>,
    /// What each of them does. A job may be in two of them: what came of its former attempt was noted, and not heard of yet.
    under_way: HashMap<Id, UnderWay>,
    /// Whether running jobs may take next ones.
    relay: Arc<Relay>,
    /// Whether the store may hold jobs as ours that we don't know of: the answer to a claim got lost, or a task broke off.
    is_unsure: bool,
    is_failing: bool,
    /// Whether the server stops, so that nothing is begun.
    is_finishing: bool,
    beaten: Stopwatch,
    looked: Stopwatch,
    watch: Watch,
}

/// What a running job takes from others.
struct UnderWay {
    /// Which of the kinds it is of.
    kind: usize,
    share: String,
    job: Settled,
}

struct OpenKind {
    kind: JobKind,
    /// The share that had the last turn.
    after: String,
    busy: usize,
    /// When it was last looked for jobs that are due too far ahead.
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
            looked: Stopwatch::start(),
            watch: Watch::default(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// From now on nothing is begun: the server stops.
    pub(super) fn only_finish(&mut self) {
        self.is_finishing = true;
        self.relay.close();
    }

    /// Until a slot gets free, because a running job ended and took no next one; for ever if none is running.
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

    /// Begins what a job took next; false if its slot is free.
    fn ended(&mut self, task: Id, end: JobEnd) -> bool {
        let JobEnd {
            handing_over,
            next,
            row,
            is_unsure,
        } = end;
        self.is_unsure |= is_unsure;
        let kind = self.free(task);
        // A server that stops gives back what was taken when it leaves.
        let next = next.filter(|_| !self.is_finishing);
        let begins = next.is_some();
        if let (Some(kind), Some(job)) = (kind, next) {
            self.begin(kind, job, row);
        }
        // What it took is under way now.
        drop(handing_over);
        begins
    }

    /// A task panicked outside of its room's work. The store still says that the job is ours, or that the next one is.
    fn broke_off(&mut self, error: &JoinError) {
        tracing::error!(%error, "a job's task broke off; the job is given back");
        self.free(error.id());
        self.is_unsure = true;
    }

    /// Frees the slot of a task; gives its kind.
    fn free(&mut self, task: Id) -> Option<usize> {
        let ended = self.under_way.remove(&task)?;
        if let Some(open) = self.kinds.get_mut(ended.kind) {
            open.busy = open.busy.saturating_sub(1);
        }
        Some(ended.kind)
    }

    /// Does what there is to do now; gives how long to wait then, if nothing wakes us.
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
                // Others will soon take us for dead.
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

    /// Begins a job in a slot that has begun these in a row, it included.
    fn begin(&mut self, at: usize, job: ClaimedJob, row: SlotRow) {
        let (Some(open), Some(owner)) = (self.kinds.get_mut(at), self.id.clone()) else {
            return;
        };
        open.busy += 1;
        let settled = Settled {
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

    /// Ends the shift: what is still running is cut off, and given back.
    pub(super) async fn end(mut self) {
        self.running.shutdown().await;
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "jobs could not be given back; others take them over");
        }
    }
}
