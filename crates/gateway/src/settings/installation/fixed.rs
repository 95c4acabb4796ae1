//! Values that no setting changes.

use std::time::Duration;

use store::Limits;

use crate::kit::outbound::{ARRIVING, QUICK_KEYS, QUICK_SERVICES};

/// Values that no setting changes. Tests change them, to avoid waiting.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// How long the store may take.
    pub store: Limits,
    /// The time limit for a request including its answer; a registration sends two requests to a
    /// platform.
    pub request: Duration,
    /// How long another server's answer may take if it is passed on while it arrives.
    pub arriving: Duration,
    /// How long a platform's key set may take before it counts as slow.
    pub quick_keys: Duration,
    /// How long a request to a platform's service may take before it counts as slow.
    pub quick_services: Duration,
    /// How long to go on reading pages of a platform's list for one answer. A page that was begun
    /// by then is finished.
    pub paging: Duration,
    /// How long a platform may take for a search for a line item, or for a grade in its gradebook.
    /// Less than the time after which other servers consider the searcher dead.
    pub search: Duration,
    /// How many key pairs are kept ready for new platforms.
    pub keys_ahead: i64,
    /// The most simultaneous connections.
    pub connections: usize,
    /// Bytes of incomplete requests, and of answers not taken yet, of all connections together.
    pub unfinished_bytes: usize,
    /// The time from a connection's beginning until its first request has been read.
    pub first_request: Duration,
    /// How often to check that an HTTP/2 client is still there, and how long it may take to answer.
    pub ping: Duration,
    /// How long a write counts as proof that the store can be written.
    pub readiness: Duration,
    /// How long running requests may take when the server stops.
    pub drain: Duration,
    /// How long the last writes may take after that, and then how long closing the store may take.
    pub last_writes: Duration,
    /// How long a server runs before it removes expired data, so that an operator who starts one
    /// with a wrong clock has time to notice.
    pub quiet_start: Duration,
    /// How often a worker with jobs gives a sign of life; after five missed ones it is considered
    /// dead.
    pub job_beat: Duration,
    /// How long a request retries deliveries before it answers where to continue.
    pub retrying: Duration,
    /// The most scores waiting to be delivered: for all platforms together, and for one.
    pub waiting_scores: (i64, i64),
    /// The most senders that one set of limits tracks: shards, and senders in each; two megabytes.
    pub senders: (usize, usize),
    /// How many answers of the identity provider one server accepts in a quarter of an hour; each
    /// one leaves a row.
    pub provider_answers: u32,
    /// The most requests with an `Idempotency-Key` remembered per tool.
    pub remembered_keys: i64,
    /// Whether a secret key may exist beside an empty database: `hallpass serve --new`.
    pub begins_anew: bool,
    /// Whether `public_url` is the address listened on, whose port is known only once it is taken:
    /// `listen` has port 0.
    pub follows_port: bool,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            store: Limits::default(),
            request: Duration::from_secs(60),
            arriving: ARRIVING,
            quick_keys: QUICK_KEYS,
            quick_services: QUICK_SERVICES,
            paging: Duration::from_secs(20),
            search: Duration::from_secs(4 * 60),
            keys_ahead: 4,
            connections: 20_000,
            unfinished_bytes: 128 * 1024 * 1024,
            first_request: Duration::from_secs(30),
            ping: Duration::from_secs(20),
            readiness: Duration::from_secs(3),
            drain: Duration::from_secs(20),
            last_writes: Duration::from_secs(6),
            quiet_start: Duration::from_secs(5 * 60),
            job_beat: Duration::from_secs(4),
            retrying: Duration::from_secs(5),
            waiting_scores: (1_000_000, 200_000),
            senders: (1024, 128),
            provider_answers: 6_000,
            remembered_keys: 1_000_000,
            begins_anew: false,
            follows_port: false,
        }
    }
}
