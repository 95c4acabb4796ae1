//! Removing a great many rows without anybody noticing: in small transactions with pauses between them.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use super::error::StoreError;
use super::grouped::Grouped;
use super::store::Store;
use super::tx::Tx;

/// How long a batch is to hold SQLite's writer: half of what a launch may wait for it.
const BATCH: Duration = Duration::from_micros(2_500);
/// Rows of the first batch, when nothing is known yet of what one costs.
const FIRST: i64 = 16;
/// Rows of a batch at most.
const MOST: i64 = 1_000;
/// How much longer the pause after a batch is than the batch.
const PAUSE: u32 = 3;

impl<R: Grouped> Store<R> {
    /// Repeats `work`, which removes at most so many rows and says how many it removed, until it finds fewer; gives the sum.
    /// Whoever drops this before its end stops it after the batch under way.
    ///
    /// # Errors
    /// The store failed. What earlier batches removed is gone.
    pub async fn sweep<F>(&self, work: F) -> Result<u64, StoreError>
    where
        F: for<'c> Fn(Tx<'c>, i64) -> BoxFuture<'c, Result<u64, StoreError>>
            + Clone
            + Send
            + 'static,
    {
        let mut pace = Pace { rows: FIRST };
        let mut removed = 0;
        loop {
            let (most, work) = (pace.rows, work.clone());
            let batch = self.write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let begun = Instant::now();
                    let rows = work(tx, most).await?;
                    Ok((rows, begun.elapsed()))
                })
            });
            let (rows, took) = batch.await?;
            removed += rows;
            if rows < most.unsigned_abs() {
                return Ok(removed);
            }
            sleep(pace.after(took)).await;
        }
    }
}

/// How many rows a batch takes.
struct Pace {
    rows: i64,
}

impl Pace {
    /// Learns from how long a batch took; gives the pause after it.
    fn after(&mut self, took: Duration) -> Duration {
        let took = took.max(Duration::from_micros(1));
        let fitting = i128::from(self.rows) * (BATCH.as_nanos() as i128) / took.as_nanos() as i128;
        // One quick batch says little, a slow one enough.
        let most = (self.rows * 2).min(MOST);
        self.rows = i64::try_from(fitting).unwrap_or(MOST).clamp(1, most);
        took * PAUSE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The batches of a store where a row takes so long.
    fn batches(pace: &mut Pace, row: Duration) -> Vec<Duration> {
        let batch = |_| {
            let took = row * u32::try_from(pace.rows).unwrap_or(0);
            pace.after(took);
            took
        };
        (0..12).map(batch).collect()
    }

    #[test]
    fn a_batch_holds_the_writer_for_less_than_five_milliseconds() {
        for micros in [1, 10, 50, 100, 300] {
            let row = Duration::from_micros(micros);
            let took = batches(&mut Pace { rows: FIRST }, row);
            assert!(took.iter().all(|took| took.as_millis() < 5), "{took:?}");
            let last = took.last().copied().unwrap_or_default();
            assert!(last > BATCH / 3 || last == row * 1_000, "{took:?}");
        }
    }

    #[test]
    fn a_disk_that_turns_slow_is_slow_once() {
        let mut pace = Pace { rows: FIRST };
        batches(&mut pace, Duration::from_micros(10));
        let took = batches(&mut pace, Duration::from_millis(1));
        assert!(
            took[1..].iter().all(|took| took.as_millis() < 5),
            "{took:?}"
        );
        assert_eq!(
            pace.after(Duration::from_millis(4)),
            Duration::from_millis(12)
        );
    }
}
