//! How long the store may take.

use std::time::Duration;

/// How long the store may take before the request that waits for it is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a lock that another transaction holds.
    pub lock: Duration,
    /// For a statement of a request, on PostgreSQL.
    pub statement: Duration,
}

impl Default for Limits {
    /// 5 seconds for a lock, 8 for a statement.
    fn default() -> Self {
        Self {
            lock: Duration::from_secs(5),
            statement: Duration::from_secs(8),
        }
    }
}
