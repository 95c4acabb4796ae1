//! Removes large numbers of rows unnoticed: in small transactions, with pauses in between.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

use super::error::StoreError;
use super::grouped::Grouped;
use super::store::Store;
use super::tx::Tx;

/// How large a batch may become.
#[derive(Clone, Copy)]
struct BatchLimits {
    /// How long it may take, commit included.
    hold: Duration,
    /// The time limit for its statements.
    statements: Duration,
    /// They get this much however slow commits are: with slow commits everything waits anyway, and
    /// clean-up must keep up with launches.
    least: Duration,
    /// It has this many rows, however long they take.
    least_rows: i64,
}

/// A batch occupies SQLite's writer: a launch may have to wait that long.
const SQLITE: BatchLimits = BatchLimits {
    hold: Duration::from_millis(5),
    statements: Duration::from_micros(2_500),
    least: Duration::from_millis(1),
    least_rows: 1,
};
/// Nothing waits for a batch on PostgreSQL, where each one costs round trips and a commit however
/// few rows it has.
const POSTGRES: BatchLimits = BatchLimits {
    hold: Duration::from_millis(50),
    statements: Duration::from_millis(25),
    least: Duration::from_millis(10),
    least_rows: 64,
};
/// Rows of the first batch, when the cost of a row is not yet known.
const FIRST_ROWS: i64 = 16;
/// The most rows per batch.
const MOST_ROWS: i64 = 1_000;
/// How many times longer the pause after a batch is than its statements took.
const PAUSE: u32 = 3;
/// Rows that [`Store::spread`] writes at once.
const PIECE: usize = 64;

/// What a batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchProgress {
    /// Rows it removed or changed.
    pub rows: u64,
    /// Where the next batch begins, in the order of the index that it reads.
    pub until: i64,
}

impl BatchProgress {
    /// A batch that began at `from` and removed the rows with these ends.
    pub(crate) fn of(ends: &[(i64,)], from: i64) -> Self {
        let last = ends.iter().map(|(end,)| *end).max();
        Self {
            rows: ends.len() as u64,
            until: last.unwrap_or(from),
        }
    }
}

impl<R: Grouped> Store<R> {
    /// Repeats `work`, which removes at most the given number of rows and returns how many, until
    /// it finds fewer. Returns the total. If dropped, it stops after the current batch.
    ///
    /// # Errors
    /// The store failed. Rows removed by earlier batches are gone.
    pub async fn sweep<F>(&self, work: F) -> Result<u64, StoreError>
    where
        F: for<'c> Fn(Tx<'c>, i64) -> BoxFuture<'c, Result<u64, StoreError>>
            + Clone
            + Send
            + 'static,
    {
        let in_order = self.sweep_in_order(move |tx, most, from| {
            let work = work(tx, most);
            Box::pin(async move {
                let rows = work.await?;
                Ok(BatchProgress { rows, until: from })
            })
        });
        in_order.await
    }

    /// The same for rows in an order: `work` also gets where the batch before ended. Until a
    /// vacuum, PostgreSQL's indexes keep rows that are gone, and a batch that began with them would
    /// take longer and longer.
    ///
    /// # Errors
    /// As there.
    pub async fn sweep_in_order<F>(&self, work: F) -> Result<u64, StoreError>
    where
        F: for<'c> Fn(Tx<'c>, i64, i64) -> BoxFuture<'c, Result<BatchProgress, StoreError>>
            + Clone
            + Send
            + 'static,
    {
        let mut pace = Pace::new(match self.is_embedded() {
            true => SQLITE,
            false => POSTGRES,
        });
        let (mut removed, mut from) = (0, i64::MIN);
        loop {
            let (most, work) = (pace.rows, work.clone());
            let batch = self.write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let begun = Instant::now();
                    let swept = work(tx, most, from).await?;
                    Ok((swept, begun, begun.elapsed()))
                })
            });
            let (BatchProgress { rows, until }, begun, took) = batch.await?;
            // On SQLite this includes the other writes of the same commit; the answer arrives after
            // all of them.
            let commit = begun.elapsed().saturating_sub(took);
            removed += rows;
            if rows < most.unsigned_abs() {
                return Ok(removed);
            }
            from = until;
            sleep(pace.after(took, commit)).await;
        }
    }
}

impl<R: Grouped> Store<R> {
    /// Writes any number of rows unnoticed: `work` gets them in pieces, each its own transaction.
    /// If a piece fails, the following ones are not written. If dropped, it stops after the current
    /// piece. Once there is haste ([`Self::hurry`]), the pieces follow each other at once: a stop
    /// waits for all of them.
    ///
    /// # Errors
    /// The store failed. Earlier pieces have been stored.
    pub async fn spread<T, F>(&self, rows: Vec<T>, work: F) -> Result<(), StoreError>
    where
        T: Send + 'static,
        F: for<'c> Fn(Tx<'c>, Vec<T>) -> BoxFuture<'c, Result<(), StoreError>>
            + Clone
            + Send
            + 'static,
    {
        let mut rows = rows.into_iter();
        loop {
            let piece: Vec<T> = rows.by_ref().take(PIECE).collect();
            if piece.is_empty() {
                return Ok(());
            }
            let work = work.clone();
            let write = self.write::<_, StoreError, _>(move |tx| {
                Box::pin(async move {
                    let begun = Instant::now();
                    work(tx, piece).await?;
                    Ok(begun.elapsed())
                })
            });
            let took = write.await?;
            if rows.as_slice().is_empty() {
                return Ok(());
            }
            self.haste().pause(took * PAUSE).await;
        }
    }
}

/// How many rows to put into a batch.
struct Pace {
    limits: BatchLimits,
    rows: i64,
}

impl Pace {
    fn new(limits: BatchLimits) -> Self {
        let rows = FIRST_ROWS.max(limits.least_rows);
        Self { limits, rows }
    }

    /// Adjusts to how long a batch's statements and its commit took. Returns the pause that
    /// follows.
    fn after(&mut self, took: Duration, commit: Duration) -> Duration {
        let took = took.max(Duration::from_micros(1));
        let limits = self.limits;
        let room = limits.hold.saturating_sub(commit);
        let room = room.clamp(limits.least, limits.statements);
        let fitting = i128::from(self.rows) * (room.as_nanos() as i128) / took.as_nanos() as i128;
        // One fast batch proves little; one slow batch proves enough.
        let most = (self.rows * 2).min(MOST_ROWS);
        let fitting = i64::try_from(fitting).unwrap_or(MOST_ROWS);
        self.rows = fitting.clamp(limits.least_rows, most);
        took * PAUSE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simulates batches with the given time per row and per commit. Returns how long each occupies
    /// the writer.
    fn batches(pace: &mut Pace, row: Duration, commit: Duration) -> Vec<Duration> {
        let batch = |_| {
            let took = row * u32::try_from(pace.rows).unwrap_or(0);
            pace.after(took, commit);
            took + commit
        };
        (0..12).map(batch).collect()
    }

    #[test]
    fn a_batch_holds_the_writer_for_less_than_five_milliseconds() {
        for micros in [1, 10, 50, 100, 300] {
            let row = Duration::from_micros(micros);
            let took = batches(&mut Pace::new(SQLITE), row, Duration::ZERO);
            assert!(took.iter().all(|took| took.as_millis() < 5), "{took:?}");
            let last = took.last().copied().unwrap_or_default();
            assert!(
                last > SQLITE.statements / 3 || last == row * 1_000,
                "{took:?}"
            );
        }
    }

    #[test]
    fn a_batch_leaves_room_for_its_commit() {
        for micros in [500, 2_000, 3_000, 3_900] {
            let commit = Duration::from_micros(micros);
            let mut pace = Pace::new(SQLITE);
            let held = batches(&mut pace, Duration::from_micros(10), commit);
            assert!(held.iter().all(|held| *held <= SQLITE.hold), "{held:?}");
        }
        // If a commit alone takes longer than that, clean-up still proceeds: by more than a hundred
        // rows at a time here.
        let mut pace = Pace::new(SQLITE);
        batches(
            &mut pace,
            Duration::from_micros(8),
            Duration::from_millis(20),
        );
        assert_eq!(pace.rows, 125);
    }

    #[test]
    fn a_disk_that_turns_slow_is_slow_once() {
        let mut pace = Pace::new(SQLITE);
        batches(&mut pace, Duration::from_micros(10), Duration::ZERO);
        let took = batches(&mut pace, Duration::from_millis(1), Duration::ZERO);
        assert!(
            took[1..].iter().all(|took| took.as_millis() < 5),
            "{took:?}"
        );
        assert_eq!(
            pace.after(Duration::from_millis(4), Duration::from_millis(9)),
            Duration::from_millis(12)
        );
    }
    /// On a busy machine the statements of a batch may take all its time before they have removed
    /// anything.
    #[test]
    fn round_trips_dont_shrink_batches_on_postgresql() {
        let removed_in_an_hour = |round_trips: u64, row: u64, commit: u64| {
            let (round_trips, commit) = (
                Duration::from_millis(round_trips),
                Duration::from_millis(commit),
            );
            let mut pace = Pace::new(POSTGRES);
            let (mut removed, mut passed) = (0, Duration::ZERO);
            while passed < Duration::from_secs(60 * 60) {
                removed += pace.rows;
                let rows = Duration::from_micros(row) * u32::try_from(pace.rows).unwrap_or(0);
                let took = round_trips + rows;
                passed += took + commit + pace.after(took, commit);
            }
            removed
        };
        for (round_trips, row, commit) in [(1, 40, 2), (10, 200, 20), (30, 100, 50)] {
            let removed = removed_in_an_hour(round_trips, row, commit);
            assert!(
                removed > 1_000_000,
                "{round_trips} ms, {row} µs a row, a commit of {commit} ms: {removed} an hour"
            );
        }
    }
}
