//! Experiments about short times, which prove nothing on a machine that stood still meanwhile.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How often an experiment is begun again. Who is disturbed each time has another trouble.
const ATTEMPTS: usize = 10;
/// How often it is looked whether the machine keeps time.
const TICK: Duration = Duration::from_millis(20);

/// Does the experiment. If it fails and this machine kept anyone waiting for `late` meanwhile, that
/// is no failure, and it is done again.
pub async fn undisturbed(late: Duration, experiment: impl AsyncFn()) {
    for _ in 1..ATTEMPTS {
        let lateness = Lateness::watch();
        let Err(panic) = AssertUnwindSafe(experiment()).catch_unwind().await else {
            return;
        };
        // What has just passed is noted at the next tick.
        sleep(3 * TICK).await;
        if lateness.worst() < late {
            resume_unwind(panic);
        }
    }
    experiment().await;
}

/// By how much this machine is late, at worst, for who sleeps.
struct Lateness {
    worst_ms: Arc<AtomicU64>,
    watching: JoinHandle<()>,
}

impl Lateness {
    fn watch() -> Self {
        let worst_ms = Arc::<AtomicU64>::default();
        let noted = worst_ms.clone();
        let watching = tokio::spawn(async move {
            loop {
                let began = Instant::now();
                sleep(TICK).await;
                let late = began.elapsed().saturating_sub(TICK);
                let late = u64::try_from(late.as_millis()).unwrap_or(u64::MAX);
                noted.fetch_max(late, Ordering::Relaxed);
            }
        });
        Self { worst_ms, watching }
    }

    fn worst(&self) -> Duration {
        Duration::from_millis(self.worst_ms.load(Ordering::Relaxed))
    }
}

impl Drop for Lateness {
    fn drop(&mut self) {
        self.watching.abort();
    }
}
