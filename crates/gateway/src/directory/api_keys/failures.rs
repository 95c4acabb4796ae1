//! Wrong API keys: each address may send a few, and the log says how many came from where.

use std::time::Duration;

use axum::http::StatusCode;

use super::new::KeyHash;
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::sampler::{Counted, Sampler};
use crate::web::api_rule::ApiRule;
use crate::web::client::Source;
use crate::web::limiter::Limiter;
use crate::web::problem::Problem;

const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_WRONG_API_KEYS",
    StatusCode::TOO_MANY_REQUESTS,
    "Too many wrong API keys came from this address. Try again later.",
);

/// Wrong keys from one address in a minute; after that it waits between two tries.
const PER_MINUTE: u32 = 60;
/// Addresses that are kept at most.
const SOURCES: usize = 20_000;
/// Addresses that the log names in a minute.
const NAMED: u32 = 100;

/// What is known of addresses that send keys.
pub(super) struct Failures {
    limiter: Limiter,
    clock: Clock,
    /// Addresses that have to wait, with the seconds.
    waiting: Cache<Source, u32>,
    /// Keys that were right from an address. They are accepted from there, whatever else comes from it.
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

    /// Whether a key from this address is looked at.
    ///
    /// # Errors
    /// 429: the address has to wait.
    pub(super) fn check(&self, source: Source, hash: &KeyHash) -> Result<(), Problem> {
        match self.waiting.get(&source) {
            Some(seconds) if self.right.get(&(source, *hash)).is_none() => {
                self.note(source);
                Err(TOO_MANY.again_after(seconds).problem())
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong key, and gives what to answer.
    pub(super) fn count(&self, source: Source) -> Problem {
        self.note(source);
        let key = ["wrong API key", &source.to_string()];
        match self.limiter.admit(&key, PER_MINUTE, self.clock.uptime()) {
            Ok(()) => Problem::unauthorized("Invalid API key"),
            Err(seconds) => {
                self.waiting.insert(source, seconds);
                TOO_MANY.again_after(seconds).problem()
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

    /// Says which addresses sent more than the log has said.
    pub(super) fn report(&self) {
        for Counted { what, count } in self.log.turn() {
            match what {
                Some(source) => tracing::warn!(address = %source, count, "more wrong API keys"),
                None => tracing::warn!(count, "more wrong API keys from other addresses"),
            }
        }
    }
}
