//! The intervals of a worker.

use std::time::Duration;

/// The intervals of a worker.
#[derive(Clone, Copy, Debug)]
pub struct WorkRhythm {
    /// How often it gives a sign of life and checks the others. A worker that is silent for five
    /// intervals counts as dead.
    pub beat: Duration,
    /// How often it checks for other servers' jobs; it is notified of its own.
    pub poll: Duration,
    /// How long a slot works for one share before the others get their turn.
    pub turn: Duration,
}

impl Default for WorkRhythm {
    /// With this, a dead server's jobs are taken over within 25 seconds.
    fn default() -> Self {
        Self {
            beat: Duration::from_secs(4),
            poll: Duration::from_secs(1),
            turn: Duration::from_secs(1),
        }
    }
}
