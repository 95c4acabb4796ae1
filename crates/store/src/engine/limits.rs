//! How long the store may take.

use std::time::Duration;

/// How long the store may take before the request that waits for it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a lock that another transaction holds.
    pub lock: Duration,
    /// For a statement of a request, on PostgreSQL: the server cancels it then.
    pub statement: Duration,
    /// For everything that one request asks of the store, whatever the database does ([`super::within_budget`]).
    pub request: Duration,
}

impl Default for Limits {
    /// 1.9 seconds for a lock, so that a write which finds SQLite's writer waiting for one has its own turn in time; 3 for
    /// a statement; 4 for a request, which leaves StudyReel a second of the five it may take.
    fn default() -> Self {
        Self {
            lock: Duration::from_millis(1_900),
            statement: Duration::from_secs(3),
            request: Duration::from_secs(4),
        }
    }
}
