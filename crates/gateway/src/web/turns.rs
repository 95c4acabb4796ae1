//! Turns for look-ups of what strangers can make up: a few at a time, in order, so that a flood of
//! them leaves the store to everyone else (decision 0419).
//!
//! A request that waits for its turn keeps its head and its form in memory, so the waiting ones
//! have a limit, per address and in all (decision 0436).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::behind_another;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::client::Source;
use super::problem::Problem;

/// How long a request waits for its turn, at most. What it waits counts towards its time for the
/// store.
const TURN_PATIENCE: Duration = Duration::from_secs(3);
/// How many requests wait at most. A login's form has up to 48 KiB, and as much again once it is
/// decoded: 50 MB in all.
const MOST_WAITING: usize = 512;
/// How many of them one address may have.
const MOST_WAITING_OF_SOURCE: usize = 128;

/// A kind of look-up, and whose turn it is.
pub struct Turns {
    lookups: Semaphore,
    waiting: Mutex<LookupQueue>,
    most: usize,
    most_per_source: usize,
    patience: Duration,
}

#[derive(Default)]
struct LookupQueue {
    all: usize,
    by_source: HashMap<Source, usize>,
}

/// A request that waits for its turn, until dropped.
struct QueuedLookup<'a> {
    turns: &'a Turns,
    source: Source,
}

impl Turns {
    /// For look-ups of which this many run at the same time on this replica.
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            lookups: Semaphore::new(at_once),
            waiting: Mutex::default(),
            most: MOST_WAITING,
            most_per_source: MOST_WAITING_OF_SOURCE,
            patience: TURN_PATIENCE,
        }
    }

    /// Waits for a turn. Keep it during the look-up.
    ///
    /// # Errors
    /// 503 if too many wait already, or if it takes too long.
    pub async fn take(&self, source: impl Into<Source>) -> Result<SemaphorePermit<'_>, Problem> {
        if let Ok(turn) = self.lookups.try_acquire() {
            return Ok(turn);
        }
        let busy = |cause| Problem::unavailable().caused_by(cause);
        let waiting = self.wait(source.into());
        let _waiting =
            waiting.ok_or_else(|| busy("too many look-ups for strangers are waiting"))?;
        let turn = behind_another(self.patience, self.lookups.acquire()).await;
        let turn = turn.map_err(|_| busy("a look-up for a stranger got no turn in time"))?;
        turn.map_err(Problem::internal)
    }

    /// Counts one more waiting request; `None` if there are too many.
    fn wait(&self, source: Source) -> Option<QueuedLookup<'_>> {
        let mut waiting = self.waiting();
        let own = waiting.by_source.get(&source).copied().unwrap_or_default();
        if waiting.all >= self.most || own >= self.most_per_source {
            return None;
        }
        waiting.all += 1;
        waiting.by_source.insert(source, own + 1);
        drop(waiting);
        Some(QueuedLookup {
            turns: self,
            source,
        })
    }

    fn waiting(&self) -> MutexGuard<'_, LookupQueue> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for QueuedLookup<'_> {
    fn drop(&mut self) {
        let mut waiting = self.turns.waiting();
        waiting.all -= 1;
        if let Some(own) = waiting.by_source.get_mut(&self.source) {
            *own -= 1;
            if *own == 0 {
                waiting.by_source.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;
    use store::within_budget;

    use super::*;
    use crate::kit::clock::Stopwatch;

    fn source(last: u8) -> Source {
        Source::of_address([192, 0, 2, last].into())
    }

    fn assert_busy(taken: Result<SemaphorePermit<'_>, Problem>) {
        let problem = taken.unwrap_err();
        assert_eq!(problem.status, 503);
        assert!(problem.retry_after.is_some());
    }

    #[tokio::test]
    async fn so_many_wait_per_address_and_in_all() {
        let turns = Turns {
            most: 3,
            most_per_source: 2,
            patience: Duration::from_secs(60),
            ..Turns::new(1)
        };
        let turn = turns.take(source(1)).await.unwrap();
        let mut waiting = Vec::new();
        for last in [1, 1, 2] {
            let mut one = Box::pin(turns.take(source(last)));
            assert!((&mut one).now_or_never().is_none(), "{last} waits");
            if last == 1 && waiting.len() == 1 {
                // At once: it keeps nothing in memory.
                assert_busy(turns.take(source(1)).now_or_never().unwrap());
            }
            waiting.push(one);
        }
        for other in [2, 3] {
            assert_busy(turns.take(source(other)).now_or_never().unwrap());
        }
        // One gives up, and the others get their turns.
        drop(waiting.remove(0));
        drop(turn);
        for one in waiting {
            drop(one.await.unwrap());
        }
        assert!(turns.waiting().all == 0 && turns.waiting().by_source.is_empty());
        drop(turns.take(source(3)).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_waited_counts_towards_the_requests_budget() {
        let turns = Turns::new(1);
        let _turn = turns.take(source(1)).await.unwrap();
        let begun = Stopwatch::start();
        within_budget(Duration::from_millis(50), async {
            for _ in 0..3 {
                assert_busy(turns.take(source(1)).await);
            }
        })
        .await;
        assert!(begun.elapsed() < TURN_PATIENCE);
    }
}
