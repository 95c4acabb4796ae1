//! Limits password attempts: per address, per account, and per browser that has signed in before;
//! and checks of platforms, webhooks and the launch URL, which have this server send requests.
//!
//! Each sort of attempt is counted separately, and apart from all other limits. That way, what
//! strangers can make up in any number, such as addresses and accounts, takes no room from what
//! they can't (decision 0259).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::kit::clock::Clock;
use crate::settings::installation::Fixed;
use crate::web::client::Source;
use crate::web::limiter::Limiter;

/// The period in which attempts are counted.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Attempts per period: by strangers at one account, or by one browser that has signed in before.
const TRIES: u32 = 10;
/// Attempts per period from one address, which a whole school may share. Also at one account by all
/// browsers that have signed in to it: with the account's password one can have any number of
/// those.
const TRIES_OF_MANY: u32 = 50;
/// Checks of one platform, webhook or launch URL per period, by all users together.
const CHECKS: u32 = 20;

/// Counts attempts. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct SignInLimits(Arc<SignInLimitsInner>);

struct SignInLimitsInner {
    clock: Clock,
    /// Per sort of attempt: number of shards, and of senders in each.
    senders: (usize, usize),
    /// How many answers of the identity provider are accepted in total.
    provider_answers: u32,
    by_sort: Mutex<HashMap<&'static str, Limiter>>,
}

impl SignInLimits {
    /// Has room for the configured number of senders of each sort.
    pub(crate) fn new(fixed: &Fixed, clock: Clock) -> Self {
        Self(Arc::new(SignInLimitsInner {
            clock,
            senders: fixed.senders,
            provider_answers: fixed.provider_answers,
            by_sort: Mutex::default(),
        }))
    }

    /// Counts an attempt from this address.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_address(&self, tool_id: &str, source: Source) -> Result<(), u32> {
        let key = [tool_id, &source.to_string()];
        self.admit("portal address", &key, TRIES_OF_MANY)
    }

    /// Counts a redirect from this address to the identity provider. That is not a password
    /// attempt, so it doesn't use one up.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_departures(&self, tool_id: &str, source: Source) -> Result<(), u32> {
        let key = [tool_id, &source.to_string()];
        self.admit("portal departure", &key, TRIES_OF_MANY)
    }

    /// Counts an answer of the identity provider, from any address: each leaves a row, which stays
    /// while clean-up is paused.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_provider_answers(&self) -> Result<(), u32> {
        self.admit("provider answers", &[], self.0.provider_answers)
    }

    /// Counts a check of a platform, a webhook or the launch URL.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_checks(&self, tool_id: &str, id: &str) -> Result<(), u32> {
        self.admit("portal check", &[tool_id, id], CHECKS)
    }

    /// Counts an attempt at what this key identifies: an account, a device, a user's second step.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of(&self, what: &'static str, tool_id: &str, which: &str) -> Result<(), u32> {
        self.admit(what, &[tool_id, which], TRIES)
    }

    /// Takes back an attempt that [`Self::of`] counted: it was right.
    pub(crate) fn was_right(&self, what: &'static str, tool_id: &str, which: &str) {
        let key = [tool_id, which];
        self.limiter(what).take_back_in(WINDOW, &key, TRIES);
    }

    /// Counts an attempt at an account by a browser that has signed in to it before.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn of_known(&self, tool_id: &str, account: &str, device: &str) -> Result<(), u32> {
        self.of("portal device", tool_id, device)?;
        self.admit("portal known account", &[tool_id, account], TRIES_OF_MANY)
    }

    fn admit(&self, what: &'static str, key: &[&str], most: u32) -> Result<(), u32> {
        let now = self.0.clock.uptime();
        self.limiter(what).admit_in(WINDOW, key, most, now)
    }

    fn limiter(&self, what: &'static str) -> Limiter {
        let by_sort = self.0.by_sort.lock();
        let mut by_sort = by_sort.unwrap_or_else(PoisonError::into_inner);
        let limiter = by_sort.entry(what);
        let limiter = limiter.or_insert_with(|| Limiter::for_senders(self.0.senders));
        limiter.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> (SignInLimits, Clock) {
        let clock = Clock::default();
        let limits = SignInLimits::new(&Fixed::default(), clock.clone());
        (limits, clock)
    }

    #[test]
    fn an_account_is_tried_ten_times_and_then_now_and_then() {
        let (limits, clock) = limits();
        let tries = || {
            (0..99)
                .filter(|_| limits.of("account", "tool", "mara").is_ok())
                .count()
        };
        assert_eq!(tries(), 10);
        let wait = limits.of("account", "tool", "mara").err();
        assert!(
            wait.is_some_and(|seconds| (60..=90).contains(&seconds)),
            "{wait:?}"
        );
        assert!(limits.of("account", "tool", "tobin").is_ok());
        clock.advance(Duration::from_secs(100));
        assert_eq!(tries(), 1);
        clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(tries(), 10);
    }

    #[test]
    fn right_attempts_use_none_up() {
        let (limits, _) = limits();
        let tries = |is_right: bool| {
            let tried = (0..99).filter(|_| {
                let tried = limits.of("account", "tool", "mara").is_ok();
                if tried && is_right {
                    limits.was_right("account", "tool", "mara");
                }
                tried
            });
            tried.count()
        };
        assert_eq!(tries(true), 99);
        assert_eq!(tries(false), 10);
    }

    #[test]
    fn many_browsers_of_one_account_share_its_tries() {
        let (limits, _) = limits();
        let tries = |account: &str, device: &str| {
            let tried = (0..99).filter(|_| limits.of_known("tool", account, device).is_ok());
            tried.count()
        };
        let tried: Vec<usize> = ["a", "b", "c", "d", "e", "f"]
            .map(|device| tries("viewer", device))
            .to_vec();
        assert_eq!(tried, [10, 10, 10, 10, 10, 0]);
        assert_eq!(tries("owner", "g"), 10);
    }

    #[test]
    fn a_flood_of_strangers_frees_no_account() {
        let (limits, clock) = limits();
        clock.advance(Duration::from_secs(60 * 60));
        let mut taken = 0;
        for round in 0..12 {
            taken += u32::from(limits.of("account", "tool", "mara").is_ok());
            for number in 0..25_000 {
                let stranger = format!("{round} {number}");
                let _ = limits.of("made up", "tool", &stranger);
            }
        }
        assert_eq!(taken, TRIES);
    }
}
