//! What a worker does from one wake-up to the next: shows that it lives, takes over from the dead, takes what is due.

mod claim;
mod life;
mod taking;

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use store::jobs::{ClaimedJob, Settled};
use tokio::task::JoinSet;

use super::queue::Jobs;
use super::relay::Relay;
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
    /// The running jobs by their ids.
    under_way: HashMap<String, UnderWay>,
    /// Whether running jobs may take next ones.
    relay: Arc<Relay>,
    /// Whether the store may hold jobs as ours that we don't know of: the answer to a claim got lost.
    is_unsure: bool,
    is_failing: bool,
    beaten: Stopwatch,
    looked: Stopwatch,
    watch: Watch,
}

/// What a running job takes from others.
struct UnderWay {
    /// Which of the kinds it is of.
    kind: usize,
    share: String,
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
            relay: Arc::new(Relay::new()),
            is_unsure: false,
            is_failing: false,
            beaten: Stopwatch::start(),
            looked: Stopwatch::start(),
            watch: Watch::default(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// From now on no job takes a next one: the server stops.
    pub(super) fn only_finish(&self) {
        self.relay.close();
    }

    /// Until a slot gets free, because a running job ended and took no next one; for ever if none is running.
    pub(super) async fn one_ends(&mut self) {
        loop {
            match self.running.join_next().await {
                None => pending().await,
                Some(Ok(end)) => {
                    if !self.ended(end) {
                        return;
                    }
                }
                // The task's own panics are caught, so it was cut off, with all others.
                Some(Err(error)) => {
                    tracing::debug!(%error, "a job was cut off");
                    return;
                }
            }
        }
    }

    /// Begins what a job took next; false if its slot is free.
    fn ended(&mut self, end: JobEnd) -> bool {
        if end.was_handing_over {
            self.relay.heard();
        }
        self.is_unsure |= end.is_unsure;
        let Some(ended) = self.under_way.remove(&end.id) else {
            return false;
        };
        if let Some(open) = self.kinds.get_mut(ended.kind) {
            open.busy = open.busy.saturating_sub(1);
        }
        let Some(next) = end.next else {
            return false;
        };
        self.begin(ended.kind, next, end.in_a_row);
        true
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

    /// Begins a job in a slot that did so many before.
    fn begin(&mut self, at: usize, job: ClaimedJob, in_a_row: usize) {
        let (Some(open), Some(owner)) = (self.kinds.get_mut(at), self.id.clone()) else {
            return;
        };
        open.busy += 1;
        let under_way = UnderWay {
            kind: at,
            share: job.share.clone(),
        };
        self.under_way.insert(job.id.clone(), under_way);
        let running = Running {
            jobs: self.jobs.clone(),
            kind: open.kind.clone(),
            settled: Settled {
                id: job.id.clone(),
                owner,
            },
            job,
            in_a_row,
            relay: self.relay.clone(),
        };
        self.running.spawn(run::run(running));
    }

    /// Ends the shift: what is still running is cut off, and given back.
    pub(super) async fn end(mut self) {
        self.running.shutdown().await;
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "jobs could not be given back; others take them over");
        }
    }
}
