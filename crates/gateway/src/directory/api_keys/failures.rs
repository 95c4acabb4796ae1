//! Wrong API keys: each address may send a few, and the log says how many came from where.

use std::time::Duration;

use axum::http::StatusCode;

use super::new::KeyHash;
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::sampler::{CountedEvents, Sampler};
use crate::web::api_rule::ApiRule;
use crate::web::client::Source;
use crate::web::limiter::Limiter;
use crate::web::problem::Problem;

const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_WRONG_API_KEYS",
    StatusCode::TOO_MANY_REQUESTS,
    "Too many wrong API keys came from this address. Try again later.",
);

/// How many wrong keys an address may send per minute; after that it has to wait between attempts.
const PER_MINUTE: u32 = 60;
/// How many addresses are remembered.
const SOURCES: usize = 20_000;
/// How many addresses the log names per minute.
const NAMED: u32 = 100;

/// What is remembered about addresses that send keys.
pub(super) struct Failures {
    limiter: Limiter,
    clock: Clock,
    /// Addresses that have to wait, and for how many seconds.
    waiting: Cache<Source, u32>,
    /// Right keys sent by an address. They are accepted from there, whatever else it sends.
    right: Cache<(Source, KeyHash), ()>,
    log: Sampler<Source>,
}

impl Failures {
    pub(super) fn new(limiter: Limiter, clock: Clock) -> Self {
        Self {
            limiter,
            clock,
            waiting: Cache::new(SOURCES).living(|seconds| Duration::from_secs((*seconds).into())),
            right: Cache::new(SOURCES).living(|_| Duration::MAX),
            log: Sampler::new(1, NAMED),
        }
    }

    /// Whether to check a key from this address at all.
    ///
    /// # Errors
    /// 429: the address has to wait.
    pub(super) fn check(&self, source: Source, hash: &KeyHash) -> Result<(), Problem> {
        self.check_right(source, hash)
            .inspect_err(|_| self.note(source))
    }

    /// The same for one that has turned out right, which is not logged as a wrong one.
    ///
    /// # Errors
    /// 429: the address has to wait.
    pub(super) fn check_right(&self, source: Source, hash: &KeyHash) -> Result<(), Problem> {
        match self.waiting.get(&source) {
            Some(seconds) if self.right.get(&(source, *hash)).is_none() => {
                Err(TOO_MANY.retry_after(seconds).problem())
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong key and returns the refusal.
    pub(super) fn count(&self, source: Source) -> Problem {
        self.note(source);
        let key = ["wrong API key", &source.to_string()];
        match self.limiter.admit(&key, PER_MINUTE, self.clock.uptime()) {
            Ok(()) => Problem::unauthorized("Invalid API key"),
            Err(seconds) => {
                self.waiting.insert(source, seconds);
                TOO_MANY.retry_after(seconds).problem()
            }
        }
    }

    /// Remembers a right key.
    pub(super) fn succeeded(&self, source: Source, hash: KeyHash) {
        if self.right.get(&(source, hash)).is_none() {
            self.right.insert((source, hash), ());
        }
    }

    fn note(&self, source: Source) {
        if self.log.admit(source) {
            tracing::warn!(address = %source, count = 1, "wrong API key");
        }
    }

    /// Logs which addresses sent more wrong keys than have been logged.
    pub(super) fn report(&self) {
        for CountedEvents { what, count } in self.log.turn() {
            match what {
                Some(source) => tracing::warn!(address = %source, count, "more wrong API keys"),
                None => tracing::warn!(count, "more wrong API keys from other addresses"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn only_a_key_that_was_not_compared_is_logged_as_wrong() {
        let failures = Failures::new(Limiter::default(), Clock::default());
        let source = Source::of_address(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let counted = || failures.log.turn().pop().map_or(0, |missed| missed.count);
        for _ in 0..=PER_MINUTE {
            failures.count(source);
        }
        assert_eq!(counted(), u64::from(PER_MINUTE), "the first was logged");
        let hash = KeyHash::default();
        assert!(failures.check_right(source, &hash).is_err());
        assert_eq!(counted(), 0);
        for _ in 0..2 {
            assert!(failures.check(source, &hash).is_err());
        }
        assert_eq!(counted(), 1);
        failures.succeeded(source, hash);
        assert!(failures.check(source, &hash).is_ok());
    }
}
