//! Rate limits per sender, per minute or another period (lti.md A-09, studyreel.md §5 item 5).
//!
//! Each replica counts in its own memory: a limit keeps a runaway sender away from the store, so it
//! must not need the store.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::settings::installation::Fixed;

const MINUTE: Duration = Duration::from_secs(60);

/// A sender's hash, and when its quota will be full again, in microseconds of uptime.
type SenderQuota = (u64, u64);

/// Recent use of quotas. The hash gets a new key at every start, so that senders can't choose whose
/// quota they replace. Cloning it is cheap.
#[derive(Clone)]
pub struct Limiter {
    shards: Arc<[Mutex<Vec<SenderQuota>>]>,
    /// Senders per shard.
    senders: usize,
    hasher: RandomState,
}

impl Default for Limiter {
    fn default() -> Self {
        Self::for_senders(Fixed::default().senders)
    }
}

impl Limiter {
    /// Creates this many shards for this many senders each.
    pub fn for_senders((shards, senders): (usize, usize)) -> Self {
        Self {
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            senders,
            hasher: RandomState::new(),
        }
    }

    /// Admits one more, or returns the number of seconds until the next try. Up to `per_minute` may
    /// arrive at once; zero means unlimited. `now` is the clock's uptime, because setting the date
    /// back would lock everyone out.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit(&self, key: &[&str], per_minute: u32, now: Duration) -> Result<(), u32> {
        self.admit_in(MINUTE, key, per_minute, now)
    }

    /// The same for a period other than a minute. Use only one period per limiter: of two senders
    /// that have used the same share, the one with the shorter period makes room first.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit_in(
        &self,
        window: Duration,
        key: &[&str],
        most: u32,
        now: Duration,
    ) -> Result<(), u32> {
        if most == 0 {
            return Ok(());
        }
        let [window, now] = [window, now].map(micros);
        let interval = window / u64::from(most);
        let hash = self.hasher.hash_one(key);
        let Some(shard) = self.shard_of(hash) else {
            return Ok(());
        };
        let mut quotas = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = quotas.iter().position(|quota| quota.0 == hash);
        let known_until = known.and_then(|at| quotas.get(at)).map(|quota| quota.1);
        let from = known_until.map_or(now, |time| now.max(time));
        let too_far = from
            .saturating_add(interval)
            .saturating_sub(now.saturating_add(window));
        if too_far > 0 {
            let seconds = too_far.div_ceil(1_000_000);
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX).max(1));
        }
        let quota = (hash, from.saturating_add(interval));
        // The sender that has used the least makes room, so that a flood of new senders doesn't
        // free those that were stopped.
        let least = || {
            let quotas = quotas.iter().enumerate();
            quotas.min_by_key(|(_, quota)| quota.1).map(|(at, _)| at)
        };
        let at = match known {
            None if quotas.len() < self.senders => None,
            None => least(),
            known => known,
        };
        match at.and_then(|at| quotas.get_mut(at)) {
            Some(taken) => *taken = quota,
            None => quotas.push(quota),
        }
        Ok(())
    }

    /// Takes back one that [`Self::admit_in`] admitted in the same period: it doesn't count after
    /// all.
    pub fn take_back_in(&self, window: Duration, key: &[&str], most: u32) {
        let interval = micros(window) / u64::from(most.max(1));
        let hash = self.hasher.hash_one(key);
        let Some(shard) = self.shard_of(hash) else {
            return;
        };
        let mut quotas = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(quota) = quotas.iter_mut().find(|quota| quota.0 == hash) {
            quota.1 = quota.1.saturating_sub(interval);
        }
    }

    fn shard_of(&self, hash: u64) -> Option<&Mutex<Vec<SenderQuota>>> {
        let shard = usize::try_from(hash % self.shards.len().max(1) as u64).unwrap_or(0);
        self.shards.get(shard)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
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
    fn a_longer_time_gives_as_much_more_slowly() {
        let limits = Limiter::default();
        let quarter = Duration::from_secs(15 * 60);
        let admit = |now| limits.admit_in(quarter, &["mara"], 10, at(now));
        for _ in 0..10 {
            admit(3_600_000).unwrap();
        }
        assert_eq!(admit(3_600_000), Err(90));
        admit(3_690_000).unwrap();
        assert_eq!(admit(3_690_000), Err(90));
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
        let shards = limits.shards.iter();
        let kept: usize = shards.map(|shard| shard.lock().unwrap().capacity()).sum();
        let (shards, of_one) = Fixed::default().senders;
        assert!(kept <= shards * of_one, "{kept}");
    }
}
