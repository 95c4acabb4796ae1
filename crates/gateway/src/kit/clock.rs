//! Time and randomness, handed to whoever needs them, so that tests can move the one and nobody guesses the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The system's clock, with an offset that tests may move.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Milliseconds since 1970, UTC.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis())
            .unwrap_or(i64::MAX)
            .saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Whole seconds since 1970, UTC.
    pub fn now_seconds(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// Moves this clock and all its clones ahead.
    pub fn advance(&self, by: Duration) {
        self.offset_ms.fetch_add(
            i64::try_from(by.as_millis()).unwrap_or(i64::MAX),
            Ordering::Relaxed,
        );
    }
}

/// A time in milliseconds since 1970, as the API writes it: `2026-11-22T09:00:00Z`.
pub fn iso(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|time| time.to_string())
        .unwrap_or_default()
}

/// How far the date may be wrong before anybody notices. A spent nonce is kept as much longer than it could come again.
pub const UNNOTICED_MS: i64 = 10 * 60 * 1000;

/// How long something takes, by a clock that nobody sets.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Microseconds since it began.
    pub fn micros(&self) -> u32 {
        u32::try_from(self.elapsed().as_micros()).unwrap_or(u32::MAX)
    }
}

/// The operating system's secure random numbers.
#[derive(Clone, Debug)]
pub struct Random(SystemRandom);

impl Default for Random {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Random {
    /// `N` random bytes.
    ///
    /// # Panics
    /// The operating system gives no random numbers: nothing may go on then.
    #[expect(
        clippy::expect_used,
        reason = "without random numbers there is no safe way on"
    )]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .fill(&mut bytes)
            .expect("the system's random numbers");
        bytes
    }

    /// A secret of 256 bits as 43 URL-safe characters.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// Two of them, drawn together: it is the drawing that takes time.
    pub fn two_tokens(&self) -> [String; 2] {
        let bytes = self.bytes::<64>();
        let (one, other) = bytes.split_at(32);
        [one, other].map(|half| URL_SAFE_NO_PAD.encode(half))
    }
}
