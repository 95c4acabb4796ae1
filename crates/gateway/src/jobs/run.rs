//! One job: done by its room, and settled in the store.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use store::StoreError;
use store::jobs::{self, ClaimedJob, End, Settled};

use super::history::{self, AttemptNote};
use super::queue::{Jobs, payload_identity};
use super::relay::{NextOrder, Relay};
use super::work::{Also, JobEnding, JobKind, JobOutcome, Task};
use crate::kit::clock::Stopwatch;

/// The reason of a job that was tried for too long.
pub(crate) const GAVE_UP: &str = "GAVE_UP";
/// The pause before the store is asked again to note what came of a job.
const STORE_AWAY: Duration = Duration::from_secs(1);
/// How long the other side may put a job off at most.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// What is due later than this, in milliseconds from now, was put off by a date that was ahead: an hour more than the longest
/// pause.
pub(crate) const FAR_MS: i64 = 25 * 60 * 60 * 1000;

/// A job that this worker has taken.
pub(super) struct Running {
    pub(super) jobs: Jobs,
    pub(super) kind: JobKind,
    pub(super) settled: Settled,
    pub(super) job: ClaimedJob,
    /// Jobs that its slot did before.
    pub(super) in_a_row: usize,
    pub(super) relay: Arc<Relay>,
}

/// A job that this worker had.
pub(super) struct JobEnd {
    pub(super) id: String,
    /// Whether it might have taken a next one.
    pub(super) was_handing_over: bool,
    /// What it took for its slot.
    pub(super) next: Option<ClaimedJob>,
    /// Jobs that its slot has done.
    pub(super) in_a_row: usize,
    /// Whether it may have taken one without knowing it: an answer of the store got lost.
    pub(super) is_unsure: bool,
}

/// What is written of a job.
#[derive(Clone)]
enum Fate {
    End(End),
    Again(Vec<u8>, i64),
    Postponed(i64),
}

/// Does a job and settles it.
pub(super) async fn run(running: Running) -> JobEnd {
    let began = (running.jobs.clock().now_ms(), Stopwatch::start());
    let outcome = running.done().await;
    let (at, took) = (began.0, began.1.elapsed());
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let also = outcome.also.clone();
    let fate = running.fate(outcome, (at, millis));
    running.settle(fate, also).await
}

impl Running {
    async fn done(&self) -> JobOutcome {
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
                return JobOutcome::new(JobEnding::Refused("NOT_READABLE"), note);
            }
        };
        let task = Task {
            id: job.id.clone(),
            tool_id: job.tool_id.clone(),
            share: job.share.clone(),
            subject: job.subject.clone(),
            payload,
            owner: self.settled.owner.clone(),
            attempt: job.attempts,
        };
        let work = async { self.kind.work.run(task).await };
        let done = AssertUnwindSafe(work).catch_unwind().await;
        done.unwrap_or_else(|_| {
            tracing::error!(job = job.id, kind = self.kind.name, "a job panicked");
            let note = AttemptNote {
                outcome: "broke off",
                ..AttemptNote::default()
            };
            JobOutcome::new(JobEnding::Again(Duration::ZERO), note)
        })
    }

    fn fate(&self, outcome: JobOutcome, took: (i64, u64)) -> Fate {
        let (job, now) = (&self.job, self.jobs.clock().now_ms());
        let with = |pause: Duration| {
            let ms = i64::try_from(pause.min(LONGEST).as_millis()).unwrap_or(i64::MAX);
            now.saturating_add(ms)
        };
        if let JobEnding::Postponed(pause) = outcome.ending
            && !self.takes_too_long(with(pause))
        {
            return Fate::Postponed(with(pause));
        }
        let before = job.history_sealed.as_deref();
        let identity = history::history_identity(&job.id);
        let history =
            history::with_attempt(self.jobs.rows(), &identity, before, took, outcome.note);
        let end = |state, reason, history| {
            Fate::End(End {
                state,
                reason,
                history_sealed: Some(history),
                ended_at: now,
                delete_at: now.saturating_add(self.kind.kept_ms),
            })
        };
        match outcome.ending {
            JobEnding::Done => end("done", None, history),
            JobEnding::Refused(reason) => end("refused", Some(reason), history),
            JobEnding::Later(pause) => Fate::Again(history, with(pause)),
            JobEnding::Postponed(_) => end("expired", Some(GAVE_UP), history),
            JobEnding::Again(least) => {
                let schedule = self.kind.work.schedule(&job.tool_id);
                let pause = schedule.pause(job.attempts, self.jobs.random());
                let due_at = with(pause.max(least));
                if self.takes_too_long(due_at) {
                    end("expired", Some(GAVE_UP), history)
                } else {
                    Fate::Again(history, due_at)
                }
            }
        }
    }

    /// Whether the job is given up rather than tried at that time. Never by a doubtful date: it would end every job that
    /// fails meanwhile.
    fn takes_too_long(&self, due_at: i64) -> bool {
        let patience = self.kind.work.schedule(&self.job.tool_id).patience;
        let patience = i64::try_from(patience.as_millis()).unwrap_or(i64::MAX);
        let is_over = due_at > self.job.created_at.saturating_add(patience);
        is_over && self.jobs.clock().trusted_ms().is_some()
    }

    /// What may be taken with the end of this one; `None` if it was put off, or the slot has done enough.
    fn next(&self, fate: &Fate) -> Option<NextOrder> {
        let is_over = matches!(fate, Fate::End(_));
        (is_over && self.relay.begin(self.in_a_row)).then(|| NextOrder {
            worker: self.settled.owner.clone(),
            kind: self.kind.name,
            room: self.kind.room_for(&self.job.share),
            share: self.job.share.clone(),
            now: self.jobs.clock().now_ms(),
        })
    }

    /// Writes it down, however long the store is away: as long as others don't have the job, it isn't done again.
    async fn settle(self, fate: Fate, also: Option<Also>) -> JobEnd {
        let order = self.next(&fate);
        let mut end = JobEnd {
            id: self.job.id.clone(),
            was_handing_over: order.is_some(),
            next: None,
            in_a_row: self.in_a_row + 1,
            is_unsure: false,
        };
        loop {
            let (fate, also, order) = (fate.clone(), also.clone(), order.clone());
            match self.write(fate, also, order).await {
                Ok(Written::Ours(next)) => {
                    end.next = next;
                    return end;
                }
                Ok(Written::NotOurs) => {
                    let job = end.id.as_str();
                    tracing::warn!(job, "a job was settled before, or others have it by now");
                    return end;
                }
                Err(error) => {
                    end.is_unsure = end.was_handing_over;
                    tracing::warn!(job = end.id, %error, "what came of a job is not noted yet");
                }
            }
            tokio::time::sleep(STORE_AWAY).await;
        }
    }

    async fn write(
        &self,
        fate: Fate,
        also: Option<Also>,
        order: Option<NextOrder>,
    ) -> Result<Written, StoreError> {
        let settled = self.settled.clone();
        let write = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let order = match order {
                    Some(order) if order.is_alive(&mut tx).await? => Some(order),
                    _ => None,
                };
                let is_ours = match fate {
                    Fate::End(end) => jobs::end(&mut tx, &settled, end).await?,
                    Fate::Again(history, due_at) => {
                        jobs::again(&mut tx, &settled, Some(history), due_at).await?
                    }
                    Fate::Postponed(due_at) => jobs::postpone(&mut tx, &settled, due_at).await?,
                };
                if !is_ours {
                    return Ok(Written::NotOurs);
                }
                if let Some(also) = also {
                    also(&mut tx).await?;
                }
                Ok(Written::Ours(match order {
                    Some(order) => order.take(&mut tx).await?,
                    None => None,
                }))
            })
        });
        write.await
    }
}

/// What came of writing a job's end.
enum Written {
    /// With the job that was taken next.
    Ours(Option<ClaimedJob>),
    NotOurs,
}
