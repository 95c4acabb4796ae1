//! The worker of a server: wakes up, takes what is due, and ends in order.

use std::time::Duration;

use tokio::sync::watch;

use super::queue::Jobs;
use super::rhythm::WorkRhythm;
use super::shift::Shift;
use super::work::JobKind;

/// How long jobs under way may take when the server stops: as long as their requests to others may.
const FINISH: Duration = Duration::from_secs(15);

/// Has jobs done. One a server.
pub struct Worker {
    jobs: Jobs,
    kinds: Vec<JobKind>,
    rhythm: WorkRhythm,
}

impl Worker {
    /// A worker for these kinds. Jobs of others are left to servers that know them.
    pub fn new(jobs: Jobs, kinds: Vec<JobKind>, rhythm: WorkRhythm) -> Self {
        Self {
            jobs,
            kinds,
            rhythm,
        }
    }

    /// Works until `stop` changes; then finishes what is under way, and gives back what takes too long.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let jobs = self.jobs.clone();
        let mut shift = Shift::new(self.jobs, self.kinds, self.rhythm);
        loop {
            let pause = shift.round().await;
            tokio::select! {
                // In this order: a server that stops takes nothing more, and what ended makes room first.
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
