//! How many passwords may be tried: for each address, each account, and each browser that has signed in before.

use std::time::Duration;

use crate::kit::clock::Clock;
use crate::web::client::Source;
use crate::web::limiter::Limiter;

/// In fifteen minutes, of one account by strangers, or by one browser that has signed in before.
const TRIES: u32 = 10;
/// In fifteen minutes, from one address: a school has one.
const TRIES_PER_ADDRESS: u32 = 50;
/// The limiter counts by the minute.
const MINUTES: u32 = 15;

/// Counts tries. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct TryLimits {
    limiter: Limiter,
    clock: Clock,
}

impl TryLimits {
    pub(crate) fn new(limiter: Limiter, clock: Clock) -> Self {
        Self { limiter, clock }
    }

    /// Counts a try from this address.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_address(&self, tool_id: &str, source: Source) -> Result<(), u32> {
        let key = ["portal address", tool_id, &source.to_string()];
        self.admit(&key, TRIES_PER_ADDRESS)
    }

    /// Counts a try of what this key stands for: an account, a device, a user's second step.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of(&self, what: &str, tool_id: &str, which: &str) -> Result<(), u32> {
        self.admit(&[what, tool_id, which], TRIES)
    }

    fn admit(&self, key: &[&str], most: u32) -> Result<(), u32> {
        // A clock that is so much slower makes a minute of fifteen.
        let slow: Duration = self.clock.uptime() / MINUTES;
        let admitted = self.limiter.admit(key, most, slow);
        admitted.map_err(|seconds| seconds.saturating_mul(MINUTES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_tried_ten_times_and_then_now_and_then() {
        let clock = Clock::default();
        let limits = TryLimits::new(Limiter::default(), clock.clone());
        let tries = || {
            (0..99)
                .filter(|_| limits.of("account", "tool", "mara").is_ok())
                .count()
        };
        assert_eq!(tries(), 10);
        let wait = limits.of("account", "tool", "mara").err();
        assert!(
            wait.is_some_and(|seconds| (60..=105).contains(&seconds)),
            "{wait:?}"
        );
        assert!(limits.of("account", "tool", "tobin").is_ok());
        clock.advance(Duration::from_secs(100));
        assert_eq!(tries(), 1);
        clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(tries(), 10);
    }
}
