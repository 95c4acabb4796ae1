//! Tests workers step by step in a store, in situations that several workers, or one and its
//! running jobs, meet only by chance.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod claims;
mod turns;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::jobs::JobRow;
use store::{StoreError, job_workers};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::Shift;
use crate::jobs::{
    AttemptNote, JobEnding, JobKind, JobOrder, JobOutcome, Jobs, Schedule, Task, Work, WorkRhythm,
};
use crate::kit::clock::Random;
use crate::testing::{Scratch, TOOL};

const KIND: &str = "test";
/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(180);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// No worker counts as dead, and no slot's turn ends, before the test lets an hour pass.
const RHYTHM: WorkRhythm = WorkRhythm {
    beat: HOUR,
    poll: Duration::from_millis(10),
    turn: HOUR,
};

type Behave = Arc<dyn Fn(&Task) -> JobOutcome + Send + Sync>;

/// Records its jobs, and finishes each as instructed once the test lets it.
#[derive(Clone)]
struct Gated {
    begun: Arc<Mutex<Vec<Task>>>,
    gate: Arc<Semaphore>,
    behave: Behave,
}

impl Work for Gated {
    fn schedule(&self, _tool_id: &str) -> Schedule {
        Schedule {
            seconds: vec![0, 600],
            patience: Duration::MAX,
        }
    }

    fn room_for(&self, share: &str) -> Option<i64> {
        assert_ne!(share, "panics");
        share.starts_with("full").then_some(0)
    }

    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome> {
        let work = self.clone();
        async move {
            work.begun.lock().unwrap().push(task.clone());
            work.gate.acquire().await.unwrap().forget();
            (work.behave)(&task)
        }
        .boxed()
    }
}

/// A queue, and the work of all its workers.
struct Bench {
    scratch: Scratch,
    jobs: Jobs,
    work: Gated,
}

impl Bench {
    fn new(scratch: Scratch, behave: impl Fn(&Task) -> JobOutcome + Send + Sync + 'static) -> Self {
        let (db, clock, rows) = (&scratch.db, &scratch.clock, &scratch.rows);
        let jobs = Jobs::new(db.clone(), clock.clone(), Random::default(), rows.clone());
        let work = Gated {
            begun: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
            behave: Arc::new(behave),
        };
        Self {
            scratch,
            jobs,
            work,
        }
    }

    /// A bench on which every job succeeds.
    async fn of_good_jobs() -> Self {
        Self::new(Scratch::new().await, |_| outcome(JobEnding::Done))
    }

    fn shift(&self, at_once: usize, of_one_share: i64) -> Shift {
        let kind = JobKind {
            name: KIND,
            at_once,
            of_one_share,
            of_one_share_here: at_once,
            kept_ms: 60_000,
            work: Arc::new(self.work.clone()),
        };
        Shift::new(self.jobs.clone(), vec![kind], RHYTHM)
    }

    async fn put(&self, share: &str, subjects: &[&str]) {
        let row = |subject: &&str| {
            self.jobs.row(&JobOrder {
                tool_id: TOOL,
                kind: KIND,
                share,
                subject,
                order_key: None,
                payload: None,
            })
        };
        let rows: Vec<_> = subjects.iter().map(row).collect();
        let put = self.scratch.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for row in rows {
                    store::jobs::insert(&mut tx, row).await?;
                }
                Ok(())
            })
        });
        put.await.unwrap();
    }

    async fn all(&self, share: &str) -> Vec<JobRow> {
        let mut reader = self.scratch.db.read().await.unwrap();
        let found =
            store::jobs::of_share(&mut reader.tx(), KIND, share.into(), "~".into(), 1_000).await;
        found.unwrap()
    }

    async fn job(&self, share: &str, subject: &str) -> JobRow {
        let all = self.all(share).await;
        all.into_iter().find(|job| job.subject == subject).unwrap()
    }

    async fn states(&self, share: &str) -> Vec<String> {
        let all = self.all(share).await;
        let mut states: Vec<String> = all.into_iter().map(|job| job.state).collect();
        states.sort();
        states
    }

    /// Waits until a share's jobs are in these states in the store; the workers are not told.
    async fn until(&self, share: &str, wanted: &[&str]) {
        let waiting = async {
            while self.states(share).await != wanted {
                sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{:?}", self.states(share).await);
    }

    /// Waits until this many attempts have begun.
    async fn until_begun(&self, number: usize) {
        let waiting = async {
            while self.begun().len() < number {
                sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{:?}", self.begun());
    }

    fn begun(&self) -> Vec<String> {
        let begun = self.work.begun.lock().unwrap();
        begun.iter().map(|task| task.subject.clone()).collect()
    }

    /// Lets this many attempts finish, oldest first.
    fn let_pass(&self, number: usize) {
        self.work.gate.add_permits(number);
    }

    async fn workers(&self) -> usize {
        let mut reader = self.scratch.db.read().await.unwrap();
        job_workers::all(&mut reader.tx()).await.unwrap().len()
    }
}

fn outcome(ending: JobEnding) -> JobOutcome {
    let note = AttemptNote {
        outcome: "tried",
        ..AttemptNote::default()
    };
    JobOutcome::new(ending, note)
}

/// How many jobs a worker has running, according to both of its counts.
fn under_way(shift: &Shift) -> (usize, usize) {
    (shift.under_way.len(), shift.kinds[0].busy)
}
