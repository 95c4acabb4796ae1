//! How many launches a minute are taken from one student, one deployment, one address (studyreel.md §5, item 5).
//!
//! Counted in memory, by each replica for itself: a limit keeps a runaway sender away from the store, so it must not
//! need the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::seal;

/// Keys that are kept at most.
const MOST: usize = 100_000;
const MINUTE_US: i64 = 60_000_000;

/// What was let through lately. Each key's time is when it would be back to a whole minute's worth.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<Vec<u8>, i64>>);

impl Limits {
    /// Lets one more through, or says after how many seconds to try again. Up to `per_minute` may come at once.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub(super) fn admit(&self, key: &[&str], per_minute: u32, now_ms: i64) -> Result<(), u32> {
        let interval = MINUTE_US / i64::from(per_minute.max(1));
        let now = now_ms.saturating_mul(1000);
        let key = seal::hash(key);
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from = times.get(&key).map_or(now, |time| now.max(*time));
        let too_far = from.saturating_add(interval) - now.saturating_add(MINUTE_US);
        if too_far > 0 {
            let seconds = (too_far + 999_999) / 1_000_000;
            return Err(u32::try_from(seconds).unwrap_or(60).max(1));
        }
        if times.len() >= MOST {
            times.retain(|_, time| *time > now);
        }
        if times.len() >= MOST {
            // That many at once is no school. Rather forget than grow.
            times.clear();
        }
        times.insert(key, from.saturating_add(interval));
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn case_63_a_burst_passes_up_to_the_limit_and_then_one_an_interval() {
        let limits = Limits::default();
        for _ in 0..60 {
            limits.admit(&["ada"], 60, 1_000_000).unwrap();
        }
        assert_eq!(limits.admit(&["ada"], 60, 1_000_000), Err(1));
        limits.admit(&["bob"], 60, 1_000_000).unwrap();
        limits.admit(&["ada"], 60, 1_001_000).unwrap();
        assert_eq!(limits.admit(&["ada"], 60, 1_001_000), Err(1));
        for _ in 0..60 {
            limits.admit(&["ada"], 60, 1_100_000).unwrap();
        }
    }

    #[test]
    fn a_small_limit_says_how_long_to_wait() {
        let limits = Limits::default();
        limits.admit(&["ada"], 2, 0).unwrap();
        limits.admit(&["ada"], 2, 0).unwrap();
        assert_eq!(limits.admit(&["ada"], 2, 10_000), Err(20));
        limits.admit(&["ada"], 2, 30_000).unwrap();
    }
}
