//! One time budget for everything a request asks of the store, so that several waits can't add up.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::claim::Claim;
use super::error::StoreError;

tokio::task_local! {
    static LEFT: Cell<Duration>;
}

/// Runs a request whose waits for the store may total `budget`. Other work doesn't count.
pub async fn within_budget<F: Future>(budget: Duration, request: F) -> F::Output {
    LEFT.scope(Cell::new(budget), request).await
}

/// Extra time beyond the budget for a write that can no longer be called off. With it, a request
/// still takes less than the five seconds that StudyReel waits (studyreel.md §7).
const GRACE: Duration = Duration::from_millis(700);

/// Waits for the store: as long as the request's budget allows, or up to `most` outside a request.
pub(super) async fn spent<T>(
    most: Duration,
    waiting: impl Future<Output = T>,
) -> Result<T, StoreError> {
    spend(left_of(most), waiting).await
}

/// Waits for another request that waits for the store, such as one that reads the same: that counts
/// towards the budget like one's own waiting. Outside a request it takes `most`.
///
/// # Errors
/// The time is used up.
pub async fn behind_another<T>(
    most: Duration,
    waiting: impl Future<Output = T>,
) -> Result<T, StoreError> {
    spent(most, waiting).await
}

/// Waits for something that can no longer be called off, such as a commit. If a request gave up
/// just then, it would report a failure for something that was stored, so it gets a moment even if
/// the budget is used up.
pub(super) async fn spent_at_last<T>(
    most: Duration,
    waiting: impl Future<Output = T>,
) -> Result<T, StoreError> {
    spend(left_of(most).max(GRACE), waiting).await
}

/// Waits for a write that another task carries out. When the budget is used up, the write is called
/// off. If it has already begun, its end is awaited, too.
pub(super) async fn spent_on<T>(
    most: Duration,
    claim: &Claim,
    writing: impl Future<Output = T>,
) -> Result<T, StoreError> {
    let mut writing = pin!(writing);
    match spent(most, &mut writing).await {
        Err(StoreError::Silent) if !claim.take() => spend(GRACE, writing).await,
        done => done,
    }
}

fn left_of(most: Duration) -> Duration {
    LEFT.try_with(Cell::get).unwrap_or(most).min(most)
}

async fn spend<T>(time: Duration, waiting: impl Future<Output = T>) -> Result<T, StoreError> {
    let begun = Instant::now();
    let done = timeout(time, waiting).await;
    // Outside a request there is nothing to record.
    let _ = LEFT.try_with(|left| left.set(left.get().saturating_sub(begun.elapsed())));
    done.map_err(|_| StoreError::Silent)
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    const BUDGET: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn waits_of_one_request_add_up() {
        let begun = Instant::now();
        let request = async {
            for _ in 0..3 {
                assert!(spent(BUDGET, pending::<()>()).await.is_err());
            }
            // No time is left to wait, but a result that is ready at once is accepted.
            assert!(spent(BUDGET, ready(())).await.is_ok());
        };
        within_budget(BUDGET, request).await;
        let took = begun.elapsed();
        assert!(took >= BUDGET && took < BUDGET * 2, "{took:?}");
    }

    #[tokio::test]
    async fn waiting_behind_another_request_counts_too() {
        let lock = tokio::sync::Mutex::new(());
        let _another = lock.lock().await;
        let begun = Instant::now();
        let request = async {
            assert!(behind_another(BUDGET * 2, lock.lock()).await.is_err());
            assert!(spent(BUDGET, pending::<()>()).await.is_err());
        };
        within_budget(BUDGET, request).await;
        let took = begun.elapsed();
        assert!(took >= BUDGET && took < BUDGET * 2, "{took:?}");
    }

    #[tokio::test]
    async fn outside_of_a_request_each_wait_stands_alone() {
        let begun = Instant::now();
        for _ in 0..2 {
            assert!(spent(BUDGET, pending::<()>()).await.is_err());
        }
        assert!(begun.elapsed() >= BUDGET * 2);
    }

    #[tokio::test]
    async fn a_write_that_has_not_begun_is_called_off() {
        let claim = Claim::default();
        let written = spent_on(BUDGET, &claim, pending::<()>()).await;
        assert!(written.is_err());
        assert!(!claim.take(), "nobody may begin it now");
    }

    #[tokio::test]
    async fn a_write_that_has_begun_is_waited_for() {
        let claim = Claim::default();
        assert!(claim.take(), "it begins");
        let begun = Instant::now();
        let writing = tokio::time::sleep(BUDGET + Duration::from_millis(50));
        assert!(spent_on(BUDGET, &claim, writing).await.is_ok());
        // A store that hangs is given up even so.
        let silent = spent_on(BUDGET, &claim, pending::<()>()).await;
        assert!(silent.is_err() && begun.elapsed() < BUDGET * 2 + GRACE * 2);
    }

    #[tokio::test]
    async fn what_can_not_be_called_off_has_a_moment_after_the_budget() {
        within_budget(Duration::ZERO, async {
            let commit = tokio::time::sleep(Duration::from_millis(50));
            assert!(spent_at_last(BUDGET, commit).await.is_ok());
        })
        .await;
    }
}
