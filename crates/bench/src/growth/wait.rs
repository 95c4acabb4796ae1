//! Waiting for a clean-up: it begins minutes after a start, so what is timed before it shows
//! nothing of it.

use std::time::{Duration, Instant};

/// How long a clean-up may take to begin: the five quiet minutes of a start (decision 0132), and
/// its turn after them.
pub(crate) const BEGINS: Duration = Duration::from_secs(300 + 60);
/// How often one looks.
const EVERY: Duration = Duration::from_millis(500);

/// Waits until fewer rows are due than before; gives how many are left.
pub(crate) async fn fallen<C>(mut due: C, before: i64, patience: Duration) -> anyhow::Result<i64>
where
    C: AsyncFnMut() -> anyhow::Result<i64>,
{
    let begun = Instant::now();
    loop {
        let left = due().await?;
        if left < before {
            return Ok(left);
        }
        anyhow::ensure!(
            begun.elapsed() < patience,
            "{left} rows are due, and after {patience:?} none was removed: nothing is cleaned up"
        );
        tokio::time::sleep(EVERY.min(patience)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn without_a_clean_up_there_are_no_figures() {
        let ended = fallen(async || anyhow::Ok(10), 10, SHORT).await;
        let ended = ended.map_err(|error| error.to_string());
        assert!(
            matches!(&ended, Err(error) if error.starts_with("10 rows are due")),
            "{ended:?}"
        );
    }

    #[tokio::test]
    async fn figures_begin_with_the_first_row_that_goes() {
        let mut due = 13_i64;
        let count = async || {
            due -= 1;
            anyhow::Ok(due.min(10))
        };
        let left = fallen(count, 10, Duration::from_secs(60)).await;
        assert_eq!(left.ok(), Some(9));
    }
}
