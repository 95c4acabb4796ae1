//! Decides whether the date can be trusted to say what has expired. What is deleted because a clock
//! was ahead is lost for good, and a spent nonce that is deleted can be spent again once the clock
//! is right.
//!
//! Time that a running server measured, or that passed since a server last recorded it, explains
//! how far the date has moved. An unexplained move (a clock that was set, a dead battery, a machine
//! that slept, servers that were off) stops all deletion until servers have run for a day without
//! another one.

use std::sync::Arc;
use std::time::Duration;

use store::installation::{self, ClockRow};
use store::{Db, StoreError};
use tokio::sync::Mutex;

use crate::kit::clock::{Clock, UNNOTICED_MS, iso};

/// How long servers must have run since the last unexplained move of the date before anything is
/// deleted again.
pub const PROBATION_MS: i64 = 24 * 60 * 60 * 1000;

/// Watches the date. Cloning it is cheap.
#[derive(Clone)]
pub struct ClockWatch {
    db: Db,
    clock: Clock,
    last: Arc<Mutex<LastLook>>,
}

/// What this process knows about the time.
struct LastLook {
    /// One moment as a date and as uptime. They only drift apart if the date is set.
    date: i64,
    uptime: Duration,
    /// Uptime at the latest look; `None` before the first.
    looked: Option<Duration>,
}

impl ClockWatch {
    /// Starts watching.
    pub fn new(db: Db, clock: Clock) -> Self {
        let last = LastLook {
            date: clock.now_ms(),
            uptime: clock.uptime(),
            looked: None,
        };
        Self {
            db,
            clock,
            last: Arc::new(Mutex::new(last)),
        }
    }

    /// Checks the date and records it in the store for later starts and other replicas. Returns it
    /// in milliseconds since 1970 if what has expired by then may be deleted. Don't read the date
    /// again, it may have changed; between looks, [`Clock::trusted_ms`] knows.
    ///
    /// # Errors
    /// The store failed.
    pub async fn look(&self) -> Result<Option<i64>, StoreError> {
        let mut last = self.last.lock().await;
        let Some(row) = installation::clock(&mut self.db.read().await?.tx()).await? else {
            return Ok(None);
        };
        let (now, uptime) = (self.clock.now_ms(), self.clock.uptime());
        let is_first = last.looked.is_none();
        let measured = ms(uptime.saturating_sub(last.looked.unwrap_or(last.uptime)));
        let since = now.saturating_sub(row.seen_at);
        let set = now - last.date - ms(uptime.saturating_sub(last.uptime));
        let is_explained =
            since <= measured + UNNOTICED_MS && since >= -UNNOTICED_MS && set.abs() <= UNNOTICED_MS;
        let steady_ms = match is_explained {
            true => row.steady_ms.saturating_add(since.max(0)),
            false => 0,
        };
        if !is_explained {
            (last.date, last.uptime) = (now, uptime);
        }
        last.looked = Some(uptime);
        let is_trusted = steady_ms >= PROBATION_MS;
        let moment = (last.date, last.uptime);
        self.clock.trust(is_trusted.then_some(moment));
        if !is_explained || (is_first && steady_ms < PROBATION_MS) {
            tell(&row, now, steady_ms);
        }
        let seen = ClockRow {
            seen_at: now,
            steady_ms,
        };
        let note = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { installation::note_clock(&mut tx, seen).await })
        });
        note.await?;
        Ok(is_trusted.then_some(now))
    }
}

fn tell(before: &ClockRow, now: i64, steady_ms: i64) {
    let again = now.saturating_add(PROBATION_MS - steady_ms);
    tracing::warn!(
        now = iso(now),
        last_seen = iso(before.seen_at),
        nothing_removed_until = iso(again),
        "the date has moved further than running servers explain. If they were off as long, or the clock has been set right, \
         nothing is wrong; else set it right. Expired launches, traces and students are kept until servers have run for \
         a day"
    );
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use store::installation::InstallationRow;

    use super::*;
    use crate::testing::Scratch;

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

    /// A store that has just been set up.
    async fn installed() -> Scratch {
        let scratch = Scratch::new().await;
        let row = InstallationRow {
            proof_sealed: Vec::new(),
            root_sealed: None,
        };
        let now = scratch.clock.now_ms();
        let claim = scratch.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { installation::claim(&mut tx, row, now).await })
        });
        assert!(claim.await.unwrap());
        scratch
    }

    fn watch(scratch: &Scratch) -> ClockWatch {
        ClockWatch::new(scratch.db.clone(), scratch.clock.clone())
    }

    async fn is_trusted(watch: &ClockWatch) -> bool {
        let found = watch.look().await.unwrap();
        assert_eq!(found.is_some(), watch.clock.trusted_ms().is_some());
        found.is_some()
    }

    #[tokio::test]
    async fn a_date_that_moves_with_the_time_is_trusted() {
        let scratch = installed().await;
        let watch = watch(&scratch);
        for _ in 0..3 {
            assert!(is_trusted(&watch).await);
            scratch.clock.advance(HOUR);
        }
    }

    #[tokio::test]
    async fn a_date_that_was_set_is_doubted_for_a_day() {
        for by in [WEEK_MS, -WEEK_MS] {
            let scratch = installed().await;
            let watch = watch(&scratch);
            assert!(is_trusted(&watch).await);
            scratch.clock.set_by(by);
            assert!(!is_trusted(&watch).await, "set by {by}");
            for hour in 1..=24 {
                scratch.clock.advance(HOUR);
                assert_eq!(
                    is_trusted(&watch).await,
                    hour == 24,
                    "hour {hour}, set by {by}"
                );
            }
        }
    }

    /// A long time during which servers were off may really be a dead battery.
    #[tokio::test]
    async fn a_start_long_after_the_last_look_is_doubted() {
        let scratch = installed().await;
        assert!(is_trusted(&watch(&scratch)).await);
        scratch.clock.advance(Duration::from_secs(60));
        assert!(is_trusted(&watch(&scratch)).await, "a restart");
        scratch.clock.advance(HOUR);
        assert!(!is_trusted(&watch(&scratch)).await, "an hour later");
    }

    #[tokio::test]
    async fn a_store_that_is_not_set_up_trusts_no_date() {
        let scratch = Scratch::new().await;
        assert!(!is_trusted(&watch(&scratch)).await);
    }
}
