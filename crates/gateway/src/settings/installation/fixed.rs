//! What no setting changes.

use std::time::Duration;

use store::Limits;

/// What no setting changes. Tests do, so that they need not wait.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// How long the store may take.
    pub store: Limits,
    /// A whole request with its answer; a registration asks a platform twice.
    pub request: Duration,
    /// Key pairs that wait for new platforms.
    pub keys_ahead: i64,
    /// Connections at once.
    pub connections: usize,
    /// From a connection's beginning until its first request was read.
    pub first_request: Duration,
    /// How long a write shows that the store can be written.
    pub readiness: Duration,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            store: Limits::default(),
            request: Duration::from_secs(60),
            keys_ahead: 4,
            connections: 20_000,
            first_request: Duration::from_secs(30),
            readiness: Duration::from_secs(3),
        }
    }
}
