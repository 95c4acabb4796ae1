//! The circuit breaker in front of the application: after several failures in a row, launches stop
//! waiting for it until a probe succeeds.
//!
//! Each replica has its own. Time is an argument, for the tests: it is the clock's uptime, which
//! can't be set back.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::clock::{Clock, iso};

/// Failures in a row that open the breaker.
const FAILURES: u32 = 5;
/// How long it stays open the first time. The pause doubles with every failed probe.
const PAUSE: Duration = Duration::from_secs(15);
/// The pause never grows beyond this.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A probe without a result counts as lost after this time, which is longer than any call.
const PROBE: Duration = Duration::from_secs(10);

/// Whether launches ask the application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum BreakerState {
    /// They do.
    #[default]
    Closed,
    /// They don't.
    Open,
    /// A single launch asks, to see whether the application has recovered.
    HalfOpen,
}

/// The breaker of one tool's hook.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    state: BreakerState,
    failures: u32,
    /// When the application may be asked again, unless the breaker is closed.
    next: Duration,
    pause: Duration,
    last_failure: Option<(Duration, String)>,
    last_answer: Option<Duration>,
}

/// What an operator sees of the breaker.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BreakerReport {
    /// `open` means that the application failed too often and is not asked for a while.
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
    /// Whether to ask the application now. If so, the caller must follow up with
    /// [`Self::answered`], [`Self::failed`] or [`Self::unasked`].
    pub(super) fn admit(&mut self, now: Duration) -> bool {
        if self.state == BreakerState::Closed {
            return true;
        }
        let may = now >= self.next;
        if may {
            (self.state, self.next) = (BreakerState::HalfOpen, now + PROBE);
        }
        may
    }

    /// The application answered, whatever the answer was.
    pub(super) fn answered(&mut self, now: Duration) {
        (self.state, self.failures, self.pause) = (BreakerState::Closed, 0, Duration::ZERO);
        self.last_answer = Some(now);
    }

    /// The application did not answer. Returns true if that opened the breaker.
    pub(super) fn failed(&mut self, now: Duration, why: String) -> bool {
        self.note(now, why);
        self.failures = self.failures.saturating_add(1);
        let opens = match self.state {
            BreakerState::Closed => self.failures >= FAILURES,
            BreakerState::HalfOpen => true,
            // This call started before the breaker opened.
            BreakerState::Open => false,
        };
        if opens {
            self.pause = (self.pause * 2).clamp(PAUSE, LONGEST_PAUSE);
            (self.state, self.next) = (BreakerState::Open, now + self.pause);
        }
        opens
    }

    /// The application was not asked after all, so the next launch may be the probe.
    pub(super) fn unasked(&mut self) {
        if self.state == BreakerState::HalfOpen {
            self.next = Duration::ZERO;
        }
    }

    /// Records for the operator what was wrong with an answer.
    pub(super) fn note(&mut self, now: Duration, why: String) {
        self.last_failure = Some((now, why));
    }

    pub(super) fn report(&self, clock: &Clock) -> BreakerReport {
        let date = |moment| iso(clock.date_of(moment));
        BreakerReport {
            state: self.state,
            failures_in_a_row: self.failures,
            asks_again_at: (self.state == BreakerState::Open).then(|| date(self.next)),
            last_answer_at: self.last_answer.map(date),
            last_failure_at: self.last_failure.as_ref().map(|(at, _)| date(*at)),
            last_failure: self.last_failure.as_ref().map(|(_, why)| why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::ZERO;
    const MOMENT: Duration = Duration::from_millis(1);

    fn open() -> Breaker {
        let mut breaker = Breaker::default();
        for n in 1..=FAILURES {
            assert!(breaker.admit(START), "{n}");
            assert_eq!(breaker.failed(START, "slow".into()), n == FAILURES);
        }
        breaker
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES {
                assert!(!breaker.failed(START, "slow".into()));
            }
            breaker.answered(START);
        }
        assert!(breaker.admit(START));
        assert!(!open().admit(PAUSE - MOMENT));
    }

    #[test]
    fn one_probe_at_a_time_closes_it_or_opens_it_for_longer() {
        let mut breaker = open();
        assert!(breaker.admit(PAUSE));
        assert!(!breaker.admit(PAUSE), "one is enough");
        assert!(breaker.failed(PAUSE, "slow".into()));
        assert!(!breaker.admit(PAUSE * 3 - MOMENT), "twice as long");
        assert!(breaker.admit(PAUSE * 3));
        breaker.answered(PAUSE * 3);
        assert!(breaker.admit(PAUSE * 3) && breaker.admit(PAUSE * 3));
        // The next time, it starts with the short pause again.
        for _ in 0..FAILURES {
            breaker.failed(START, "slow".into());
        }
        assert!(breaker.admit(PAUSE));
    }

    #[test]
    fn a_probe_that_is_lost_and_a_late_failure_do_no_harm() {
        let mut breaker = open();
        assert!(!breaker.failed(MOMENT, "late".into()));
        assert!(breaker.admit(PAUSE), "not a longer pause for it");
        assert!(!breaker.admit(PAUSE + PROBE - MOMENT));
        assert!(breaker.admit(PAUSE + PROBE));
        breaker.unasked();
        assert!(breaker.admit(PAUSE + PROBE), "another one");
        let mut breaker = open();
        let mut now = START;
        for _ in 0..20 {
            now += LONGEST_PAUSE;
            assert!(breaker.admit(now), "never longer than the longest");
            breaker.failed(now, "slow".into());
        }
    }
}
