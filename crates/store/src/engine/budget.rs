//! One budget for all that a request asks of the store: several waits must not add up.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::error::StoreError;

tokio::task_local! {
    static LEFT: Cell<Duration>;
}

/// Runs a request whose waits for the store may add up to `budget`; what it does beside them doesn't count.
pub async fn within_budget<F: Future>(budget: Duration, request: F) -> F::Output {
    LEFT.scope(Cell::new(budget), request).await
}

/// Waits for the store: as long as the request's budget allows, and `most` outside of a request.
pub(super) async fn spent<T>(
    most: Duration,
    waiting: impl Future<Output = T>,
) -> Result<T, StoreError> {
    let left = LEFT.try_with(Cell::get).unwrap_or(most).min(most);
    let begun = Instant::now();
    let done = timeout(left, waiting).await;
    // Outside of a request there is nothing to note.
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
            // Nothing is left to wait with, but what is there at once is taken.
            assert!(spent(BUDGET, ready(())).await.is_ok());
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
}
