//! The circuit breaker in front of the application: after some failures in a row launches stop waiting for it, until one
//! probe succeeds.
//!
//! Each replica has its own. Time is an argument, so that it can be tested.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::clock::iso;

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// How long it stays open the first time; twice as long after every probe that fails.
const PAUSE_MS: i64 = 15_000;
/// How long it stays open at most.
const LONGEST_PAUSE_MS: i64 = 300_000;
/// After how long a probe counts as lost: longer than any call.
const PROBE_MS: i64 = 10_000;

/// Whether the application is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum BreakerState {
    /// The application is asked.
    #[default]
    Closed,
    /// It is not asked.
    Open,
    /// One launch asks, to see whether it is well again.
    HalfOpen,
}

/// The breaker of one tool's hook.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    state: BreakerState,
    failures: u32,
    /// When it opens or its probe began, in milliseconds since 1970.
    since: i64,
    pause: i64,
    last_failure: Option<(i64, String)>,
    last_answer: Option<i64>,
}

/// What an operator sees of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BreakerReport {
    /// `open` means that the application is not asked for a while, because it failed too often.
    state: BreakerState,
    failures_in_a_row: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    asks_again_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_answer_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_failure_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure: Option<String>,
}

impl Breaker {
    /// Whether the application may be asked now. If so, [`Self::answered`], [`Self::failed`] or
    /// [`Self::unasked`] must follow.
    pub(super) fn admit(&mut self, now_ms: i64) -> bool {
        match self.state {
            BreakerState::Closed => true,
            BreakerState::Open if now_ms < self.since + self.pause => false,
            BreakerState::HalfOpen if now_ms < self.since + PROBE_MS => false,
            BreakerState::Open | BreakerState::HalfOpen => {
                (self.state, self.since) = (BreakerState::HalfOpen, now_ms);
                true
            }
        }
    }

    /// The application answered, whatever it said.
    pub(super) fn answered(&mut self, now_ms: i64) {
        (self.state, self.failures, self.pause) = (BreakerState::Closed, 0, 0);
        self.last_answer = Some(now_ms);
    }

    /// It did not answer; true if that opened the breaker.
    pub(super) fn failed(&mut self, now_ms: i64, why: String) -> bool {
        self.note(now_ms, why);
        self.failures = self.failures.saturating_add(1);
        let opens = match self.state {
            BreakerState::Closed => self.failures >= FAILURES,
            BreakerState::HalfOpen => true,
            // A call from before it opened.
            BreakerState::Open => false,
        };
        if opens {
            self.pause = (self.pause * 2).clamp(PAUSE_MS, LONGEST_PAUSE_MS);
            (self.state, self.since) = (BreakerState::Open, now_ms);
        }
        opens
    }

    /// It was not asked after all: the next launch may be the probe.
    pub(super) fn unasked(&mut self) {
        if self.state == BreakerState::HalfOpen {
            self.since = i64::MIN / 2;
        }
    }

    /// Keeps for the operator what was wrong with an answer.
    pub(super) fn note(&mut self, now_ms: i64, why: String) {
        self.last_failure = Some((now_ms, why));
    }

    pub(super) fn report(&self) -> BreakerReport {
        BreakerReport {
            state: self.state,
            failures_in_a_row: self.failures,
            asks_again_at: (self.state == BreakerState::Open).then(|| iso(self.since + self.pause)),
            last_answer_at: self.last_answer.map(iso),
            last_failure_at: self.last_failure.as_ref().map(|(at, _)| iso(*at)),
            last_failure: self.last_failure.as_ref().map(|(_, why)| why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Breaker {
        let mut breaker = Breaker::default();
        for n in 1..=FAILURES {
            assert!(breaker.admit(0), "{n}");
            assert_eq!(breaker.failed(0, "slow".into()), n == FAILURES);
        }
        breaker
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES {
                assert!(!breaker.failed(0, "slow".into()));
            }
            breaker.answered(0);
        }
        assert!(breaker.admit(0));
        assert!(!open().admit(PAUSE_MS - 1));
    }

    #[test]
    fn one_probe_at_a_time_closes_it_or_opens_it_for_longer() {
        let mut breaker = open();
        assert!(breaker.admit(PAUSE_MS));
        assert!(!breaker.admit(PAUSE_MS), "one is enough");
        assert!(breaker.failed(PAUSE_MS, "slow".into()));
        assert!(!breaker.admit(PAUSE_MS * 3 - 1), "twice as long");
        assert!(breaker.admit(PAUSE_MS * 3));
        breaker.answered(PAUSE_MS * 3);
        assert!(breaker.admit(PAUSE_MS * 3) && breaker.admit(PAUSE_MS * 3));
        // And the next time it begins with the short pause.
        for _ in 0..FAILURES {
            breaker.failed(0, "slow".into());
        }
        assert!(breaker.admit(PAUSE_MS));
    }

    #[test]
    fn a_probe_that_is_lost_and_a_late_failure_do_no_harm() {
        let mut breaker = open();
        assert!(!breaker.failed(1, "late".into()));
        assert!(breaker.admit(PAUSE_MS), "not a longer pause for it");
        assert!(!breaker.admit(PAUSE_MS + PROBE_MS - 1));
        assert!(breaker.admit(PAUSE_MS + PROBE_MS));
        breaker.unasked();
        assert!(breaker.admit(PAUSE_MS + PROBE_MS), "another one");
        let mut breaker = open();
        let mut now = 0;
        for _ in 0..20 {
            now += LONGEST_PAUSE_MS;
            assert!(breaker.admit(now), "never longer than the longest");
            breaker.failed(now, "slow".into());
        }
    }
}
