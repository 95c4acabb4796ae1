//! How much is taken from one sender in a minute (lti.md A-09, studyreel.md §5 item 5).
//!
//! Counted in memory, by each replica for itself: a limit keeps a runaway sender away from the store, so it must not
//! need the store.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Senders that are kept at most: `SHARDS` times `PLACES`, two megabytes.
const SHARDS: usize = 1024;
const PLACES: usize = 128;
const MINUTE_US: u64 = 60_000_000;

/// A sender's hash, and when it would be back to a whole minute's worth, in microseconds of uptime.
type SenderPlace = (u64, u64);

/// What was let through recently. The hash has a new key at every start, so that senders can't choose whose place they
/// take. Cloning it is cheap.
#[derive(Clone)]
pub struct Limiter {
    shards: Arc<[Mutex<Vec<SenderPlace>>]>,
    hasher: RandomState,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl Limiter {
    /// Lets one more through, or says after how many seconds to try again. Up to `per_minute` may come at once; zero
    /// means without limit. `now` is the clock's uptime: a date that is set back would lock everyone out.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit(&self, key: &[&str], per_minute: u32, now: Duration) -> Result<(), u32> {
        if per_minute == 0 {
            return Ok(());
        }
        let interval = MINUTE_US / u64::from(per_minute);
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let hash = self.hasher.hash_one(key);
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(shard) else {
            return Ok(());
        };
        let mut places = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = places.iter().position(|place| place.0 == hash);
        let known_until = known.and_then(|at| places.get(at)).map(|place| place.1);
        let from = known_until.map_or(now, |time| now.max(time));
        let too_far = from
            .saturating_add(interval)
            .saturating_sub(now.saturating_add(MINUTE_US));
        if too_far > 0 {
            let seconds = too_far.div_ceil(1_000_000);
            return Err(u32::try_from(seconds).unwrap_or(60).max(1));
        }
        let place = (hash, from.saturating_add(interval));
        // The sender that has used the least makes room: a flood of new senders doesn't free those that were stopped.
        let least = || {
            let places = places.iter().enumerate();
            places.min_by_key(|(_, place)| place.1).map(|(at, _)| at)
        };
        let at = match known {
            None if places.len() < PLACES => None,
            None => least(),
            known => known,
        };
        match at.and_then(|at| places.get_mut(at)) {
            Some(taken) => *taken = place,
            None => places.push(place),
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[cases("STUDYREEL-63")]
    #[test]
    fn a_burst_passes_up_to_the_limit_and_then_one_an_interval() {
        let limits = Limiter::default();
        for _ in 0..60 {
            limits.admit(&["ada"], 60, at(1_000_000)).unwrap();
        }
        assert_eq!(limits.admit(&["ada"], 60, at(1_000_000)), Err(1));
        limits.admit(&["bob"], 60, at(1_000_000)).unwrap();
        limits.admit(&["ada"], 60, at(1_001_000)).unwrap();
        assert_eq!(limits.admit(&["ada"], 60, at(1_001_000)), Err(1));
        for _ in 0..60 {
            limits.admit(&["ada"], 60, at(1_100_000)).unwrap();
        }
    }

    #[test]
    fn a_small_limit_says_how_long_to_wait_and_zero_is_none() {
        let limits = Limiter::default();
        limits.admit(&["ada"], 2, at(0)).unwrap();
        limits.admit(&["ada"], 2, at(0)).unwrap();
        assert_eq!(limits.admit(&["ada"], 2, at(10_000)), Err(20));
        limits.admit(&["ada"], 2, at(30_000)).unwrap();
        for _ in 0..1000 {
            limits.admit(&["bob"], 0, at(0)).unwrap();
        }
    }

    #[test]
    fn a_flood_of_senders_takes_bounded_room_and_frees_nobody() {
        let limits = Limiter::default();
        for _ in 0..10 {
            limits.admit(&["ada"], 10, at(0)).unwrap();
        }
        for number in 0..300_000 {
            limits
                .admit(&["flood", &number.to_string()], 10, at(0))
                .unwrap();
        }
        assert_eq!(limits.admit(&["ada"], 10, at(0)), Err(6));
        let places = limits.shards.iter();
        let kept: usize = places.map(|shard| shard.lock().unwrap().capacity()).sum();
        assert!(kept <= SHARDS * PLACES, "{kept}");
    }
}
