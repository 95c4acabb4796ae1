//! Time limits for the store.

use std::time::Duration;

/// How long the store may take before the waiting request is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a lock held by another transaction.
    pub lock: Duration,
    /// For a statement of a request, on PostgreSQL; the server then cancels it.
    pub statement: Duration,
    /// For everything that one request asks of the store, on either database
    /// ([`super::within_budget`]).
    pub request: Duration,
}

impl Default for Limits {
    /// 1.9 seconds for a lock, so that a write which finds SQLite's writer waiting for one still
    /// gets its turn in time; 3 for a statement; 4 for a request, which leaves one of the five
    /// seconds that StudyReel allows.
    fn default() -> Self {
        Self {
            lock: Duration::from_millis(1_900),
            statement: Duration::from_secs(3),
            request: Duration::from_secs(4),
        }
    }
}
