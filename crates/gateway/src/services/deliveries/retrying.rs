//! The job that retries the rest of many deliveries, so that a person who asked for all of them
//! need not ask again, even if the server stops. A job retries as many as a request has time for,
//! and its end stores the next one. It may be done twice: what waits by then is only tried sooner.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::StoreError;
use store::jobs::{self, NewJob};

use super::Deliveries;
use super::ask::RetryWhich;
use crate::jobs::{AttemptNote, JobEnding, JobKind, JobOrder, JobOutcome, Schedule, Task, Work};

/// The kind's name; the share and the subject are the tool's id.
const KIND: &str = "retries";
/// Jobs in progress: of all tools together, and of one.
const AT_ONCE: usize = 4;
const OF_ONE_TOOL: i64 = 1;
/// How long a job is kept after it has ended; the deliveries have their own rows.
const KEPT_MS: i64 = 60 * 60 * 1000;
/// How soon it goes on if the store was unavailable, in seconds.
const A_MOMENT: u32 = 5;
/// And for how long that is tried.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Does these jobs.
#[derive(Clone)]
struct RetryWork(Deliveries);

impl Deliveries {
    /// The kind of job that retries the rest of many.
    pub(crate) fn retries(&self) -> JobKind {
        JobKind {
            name: KIND,
            at_once: AT_ONCE,
            of_one_share: OF_ONE_TOOL,
            of_one_share_here: AT_ONCE,
            kept_ms: KEPT_MS,
            work: Arc::new(RetryWork(self.clone())),
        }
    }

    /// Retries the rest of them in the background.
    ///
    /// # Errors
    /// The store failed; nothing is promised.
    pub(crate) async fn retry_rest(
        &self,
        tool_id: &str,
        rest: &RetryWhich,
    ) -> Result<(), StoreError> {
        let row = self.job_of_rest(tool_id, rest)?;
        let promise = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { jobs::insert(&mut tx, row).await })
        });
        promise.await?;
        self.jobs.wake();
        Ok(())
    }

    fn job_of_rest(&self, tool_id: &str, rest: &RetryWhich) -> Result<NewJob, StoreError> {
        let payload = serde_json::to_vec(rest);
        let payload = payload.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(self.jobs.row(&JobOrder {
            tool_id,
            kind: KIND,
            share: tool_id,
            subject: tool_id,
            order_key: None,
            payload: Some(&payload),
        }))
    }

    async fn retry_more(&self, task: &Task) -> Result<JobOutcome, StoreError> {
        let payload = task.payload.as_deref().unwrap_or_default();
        let Ok(which) = serde_json::from_slice::<RetryWhich>(payload) else {
            let ending = JobEnding::Refused("NOT_READABLE");
            return Ok(JobOutcome::new(ending, noted("not readable")));
        };
        // If it was removed, its deliveries went with it.
        let Some(tool) = self.tools.by_id_now(&task.tool_id).await? else {
            return Ok(JobOutcome::new(JobEnding::Done, noted("nothing to do")));
        };
        let some = self.retry_some(&tool, &which).await?;
        tracing::info!(retried = some.retried, "other deliveries are retried");
        let done = JobOutcome::new(JobEnding::Done, noted("retried"));
        let Some(next) = some.next else {
            return Ok(done);
        };
        let row = self.job_of_rest(&task.tool_id, &which.after(next))?;
        Ok(done.writing(move |tx| {
            let row = row.clone();
            async move { jobs::insert(tx, row).await.map(|()| None) }.boxed()
        }))
    }
}

impl Work for RetryWork {
    fn schedule(&self, _tool_id: &str) -> Schedule {
        Schedule {
            seconds: vec![A_MOMENT],
            patience: PATIENCE,
        }
    }

    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome> {
        let Self(room) = self.clone();
        async move {
            let done = room.retry_more(&task).await;
            done.unwrap_or_else(|error| {
                tracing::warn!(job = task.id, %error, "not all deliveries are retried yet");
                let pause = Duration::from_secs(A_MOMENT.into());
                JobOutcome::new(JobEnding::Postponed(pause), noted("not retried"))
            })
        }
        .boxed()
    }
}

fn noted(outcome: &'static str) -> AttemptNote {
    AttemptNote {
        outcome,
        ..AttemptNote::default()
    }
}
