//! A server's worker: wakes up, takes due jobs, and shuts down in order.

use std::time::Duration;

use tokio::sync::watch;

use super::queue::Jobs;
use super::rhythm::WorkRhythm;
use super::shift::Shift;
use super::work::JobKind;

/// How long running jobs may take when the server stops: as long as their requests to others.
const FINISH: Duration = Duration::from_secs(15);

/// Gets jobs done. One per server.
pub struct Worker {
    jobs: Jobs,
    kinds: Vec<JobKind>,
    rhythm: WorkRhythm,
}

impl Worker {
    /// A worker for these kinds. Other kinds are left to servers that know them.
    pub fn new(jobs: Jobs, kinds: Vec<JobKind>, rhythm: WorkRhythm) -> Self {
        Self {
            jobs,
            kinds,
            rhythm,
        }
    }

    /// Works until `stop` changes, then finishes running jobs and releases those that take too
    /// long.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let jobs = self.jobs.clone();
        let mut shift = Shift::new(self.jobs, self.kinds, self.rhythm);
        loop {
            let pause = shift.round().await;
            tokio::select! {
                // In this order: a stopping server takes nothing new, and finished jobs free their
                // slots first.
                biased;
                _ = stop.changed() => break,
                () = shift.one_ends() => {}
                () = jobs.woken() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        shift.only_finish();
        let finishing = async {
            while shift.is_busy() {
                shift.one_ends().await;
            }
        };
        if tokio::time::timeout(FINISH, finishing).await.is_err() {
            tracing::warn!("some jobs were not finished in time; they are done again");
        }
        shift.end().await;
    }
}
