//! Runs one job: its room does it, and the result is stored.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use store::jobs::{ClaimedJob, JobClaim};

use super::fate::{Fate, JobWrites, PastAttempt};
use super::history::AttemptNote;
use super::queue::{Jobs, payload_identity};
use super::relay::{HandingOver, NextOrder, Relay, SlotRow};
use super::settling::{self, SettleFailure, SettleResult};
use super::work::{JobEnding, JobKind, JobOutcome, Task};
use crate::kit::clock::Stopwatch;

/// The pause before retrying to store a job's result.
const STORE_AWAY: Duration = Duration::from_secs(1);

/// A job that this worker has claimed.
pub(super) struct Running {
    pub(super) jobs: Jobs,
    pub(super) kind: JobKind,
    pub(super) settled: JobClaim,
    pub(super) job: ClaimedJob,
    /// The jobs that its slot has started, including this one.
    pub(super) row: SlotRow,
    pub(super) relay: Arc<Relay>,
}

/// A job that this worker has finished with.
pub(super) struct JobEnd {
    /// If it might have taken a next one; dropped once the worker knows.
    pub(super) handing_over: Option<HandingOver>,
    /// The job it took for its slot.
    pub(super) next: Option<ClaimedJob>,
    /// The jobs that its slot has started.
    pub(super) row: SlotRow,
    /// Whether it may have taken a job without knowing, because an answer from the store was lost.
    pub(super) is_unsure: bool,
}

/// Runs a job and settles it.
pub(super) async fn run(running: Running) -> JobEnd {
    let (at, watch) = (running.jobs.clock().now_ms(), Stopwatch::start());
    let outcome = running.done().await;
    let millis = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
    running.settle(outcome, (at, millis)).await
}

impl Running {
    /// The outcome; `None` if it panicked.
    async fn done(&self) -> Option<JobOutcome> {
        let job = &self.job;
        let open = |sealed: &Vec<u8>| {
            let rows = self.jobs.rows();
            rows.open(&payload_identity(&job.id), sealed)
        };
        let payload = match job.payload_sealed.as_ref().map(open).transpose() {
            Ok(payload) => payload,
            Err(error) => {
                tracing::error!(job = job.id, %error, "a job can't be read");
                let note = AttemptNote {
                    outcome: "not readable",
                    ..AttemptNote::default()
                };
                let refused = JobEnding::Refused("NOT_READABLE");
                return Some(JobOutcome::new(refused, note));
            }
        };
        let task = Task {
            id: job.id.clone(),
            tool_id: job.tool_id.clone(),
            share: job.share.clone(),
            subject: job.subject.clone(),
            payload,
            owner: self.settled.owner.clone(),
            claim: self.settled.claim,
            attempt: job.attempts,
        };
        let work = async { self.kind.work.run(task).await };
        AssertUnwindSafe(work).catch_unwind().await.ok()
    }

    /// What the job may take when it ends; `None` if it was postponed, or the slot has done enough.
    fn next(&self, fate: &Fate) -> Option<(HandingOver, NextOrder)> {
        if !matches!(fate, Fate::End(_)) {
            return None;
        }
        let clock = self.jobs.clock();
        let handing_over = self.relay.begin(self.row, clock.uptime())?;
        let order = NextOrder {
            worker: self.settled.owner.clone(),
            kind: self.kind.name,
            room: self.kind.room_for(&self.job.share),
            share: self.job.share.clone(),
            now: clock.now_ms(),
        };
        Some((handing_over, order))
    }

    /// Stores the result, however long the store is unavailable: as long as no other worker has the
    /// job, it won't be done again.
    async fn settle(self, outcome: Option<JobOutcome>, took: (i64, u64)) -> JobEnd {
        let past = PastAttempt {
            jobs: &self.jobs,
            kind: &self.kind,
            job: &self.job,
            took,
        };
        let mut writes = past.writes(outcome);
        let (handing_over, mut order) = self.next(&writes.fate).unzip();
        let mut end = JobEnd {
            handing_over,
            next: None,
            row: self.row.longer(),
            is_unsure: false,
        };
        let job = self.job.id.as_str();
        loop {
            match self.write(writes.clone(), order.clone()).await {
                Ok(SettleResult::Ours(next, afterwards)) => {
                    end.next = next;
                    if let Some(afterwards) = afterwards {
                        afterwards();
                    }
                    return end;
                }
                Ok(SettleResult::NotOurs) => {
                    tracing::warn!(job, "a job was settled before, or others have it by now");
                    return end;
                }
                Err(SettleFailure::BrokeOff) => {
                    writes = past.broke_off();
                    continue;
                }
                Err(SettleFailure::Store(error)) => {
                    // It may have been written all the same, including a job that was taken, so
                    // nothing more is written.
                    end.is_unsure = end.handing_over.is_some();
                    order = None;
                    tracing::warn!(job, %error, "what came of a job is not noted yet");
                }
            }
            tokio::time::sleep(STORE_AWAY).await;
        }
    }

    async fn write(
        &self,
        writes: JobWrites,
        next: Option<NextOrder>,
    ) -> Result<SettleResult, SettleFailure> {
        let settled = self.settled.clone();
        let write = self.jobs.db().write::<_, SettleFailure, _>(move |mut tx| {
            Box::pin(async move { settling::settle(&mut tx, &settled, writes, next).await })
        });
        write.await
    }
}
