//! The simulator's clock: the machine's, plus an offset that tests may set.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// A clock that can be set wrong on purpose. Clones share the offset.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The current time of this clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the simulator that asks for the time"
    )]
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
            .saturating_add(SignedDuration::from_secs(self.0.load(Ordering::Relaxed)))
            .unwrap_or(Timestamp::MAX)
    }

    /// The same in whole seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.now().as_second()
    }

    /// From now on, runs `seconds` ahead of the machine's clock, or behind it if negative.
    pub fn set_offset(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}
