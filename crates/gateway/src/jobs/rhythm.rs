//! How often a worker does what.

use std::time::Duration;

/// How often a worker does what.
#[derive(Clone, Copy, Debug)]
pub struct WorkRhythm {
    /// How often it shows that it lives, and looks at the others. After five times that a silent one counts as dead.
    pub beat: Duration,
    /// How often it looks for jobs of other servers; it hears of its own.
    pub poll: Duration,
    /// How long a slot does jobs of one share before the others have their turn.
    pub turn: Duration,
}

impl Default for WorkRhythm {
    /// A dead server's jobs are taken over within 25 seconds.
    fn default() -> Self {
        Self {
            beat: Duration::from_secs(4),
            poll: Duration::from_secs(1),
            turn: Duration::from_secs(1),
        }
    }
}
