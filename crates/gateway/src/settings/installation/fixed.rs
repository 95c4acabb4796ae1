//! What no setting changes.

use std::time::Duration;

use store::Limits;

use crate::kit::outbound::ARRIVING;

/// What no setting changes. Tests do, so that they need not wait.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// How long the store may take.
    pub store: Limits,
    /// A whole request with its answer; a registration asks a platform twice.
    pub request: Duration,
    /// How long another server's answer may take that is passed on while it arrives.
    pub arriving: Duration,
    /// How long a platform may take for a search for a line item; less than after which others take who searches for dead.
    pub search: Duration,
    /// Key pairs that wait for new platforms.
    pub keys_ahead: i64,
    /// Connections at once.
    pub connections: usize,
    /// Bytes of requests that are still arriving, of all connections together.
    pub unfinished_bytes: usize,
    /// From a connection's beginning until its first request was read.
    pub first_request: Duration,
    /// How often an HTTP/2 client is asked whether it is still there, and how long it may take to answer.
    pub ping: Duration,
    /// How long a write shows that the store can be written.
    pub readiness: Duration,
    /// What requests under way get when the server stops.
    pub drain: Duration,
    /// How long a server runs before it removes what is over: an operator who starts one with a wrong clock has time to
    /// notice.
    pub quiet_start: Duration,
    /// How often a worker with jobs shows that it lives; one that doesn't, five times, is dead.
    pub job_beat: Duration,
    /// Scores that may wait to be delivered, of all platforms together and to one of them.
    pub waiting_scores: (i64, i64),
    /// Senders that one set of limits knows at most: so many shards of so many places, two megabytes.
    pub senders: (usize, usize),
    /// Answers of the identity provider that one server takes in a quarter of an hour; each leaves a row.
    pub provider_answers: u32,
    /// Requests of one tool with an `Idempotency-Key` that are remembered at most.
    pub remembered_keys: i64,
    /// Whether a secret key may stand beside an empty database: `hallpass serve --new`.
    pub begins_anew: bool,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            store: Limits::default(),
            request: Duration::from_secs(60),
            arriving: ARRIVING,
            search: Duration::from_secs(4 * 60),
            keys_ahead: 4,
            connections: 20_000,
            unfinished_bytes: 128 * 1024 * 1024,
            first_request: Duration::from_secs(30),
            ping: Duration::from_secs(20),
            readiness: Duration::from_secs(3),
            drain: Duration::from_secs(20),
            quiet_start: Duration::from_secs(5 * 60),
            job_beat: Duration::from_secs(4),
            waiting_scores: (1_000_000, 200_000),
            senders: (1024, 128),
            provider_answers: 6_000,
            remembered_keys: 1_000_000,
            begins_anew: false,
        }
    }
}
