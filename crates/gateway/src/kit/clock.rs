//! Time and randomness, passed in, so that tests can move time and no code uses guessable
//! randomness.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The system's clocks, which tests can move: the date, which an operator or a time server can set
/// at any moment, and the uptime, which only ever passes.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    started: Stopwatch,
    moved: Arc<ClockShift>,
    trusted: Arc<Mutex<Option<TrustedMoment>>>,
}

/// A moment whose date the clock watch trusts, as a date and as uptime.
pub(crate) type TrustedMoment = (i64, Duration);

#[derive(Debug, Default)]
struct ClockShift {
    passed_ms: AtomicU64,
    set_ms: AtomicI64,
}

impl Clock {
    /// Milliseconds since 1970, UTC. Only for dates: values that another replica, a browser or a
    /// later start compares. Measure durations with [`Self::uptime`].
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
            .saturating_add_unsigned(self.moved.passed_ms.load(Ordering::Relaxed))
            .saturating_add(self.moved.set_ms.load(Ordering::Relaxed))
    }

    /// Whole seconds since 1970, UTC.
    pub fn now_seconds(&self) -> i64 {
        self.now_ms() / 1000
    }

    /// How long this clock has run. Setting the date doesn't change it, so use it for limits,
    /// pauses and lifetimes of what is in memory.
    pub fn uptime(&self) -> Duration {
        let passed = self.moved.passed_ms.load(Ordering::Relaxed);
        self.started.elapsed() + Duration::from_millis(passed)
    }

    /// The date of a moment of [`Self::uptime`], past or future, in milliseconds since 1970: for
    /// display only.
    pub fn date_of(&self, uptime: Duration) -> i64 {
        let ms = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.now_ms()
            .saturating_add(ms(uptime))
            .saturating_sub(ms(self.uptime()))
    }

    /// [`Self::now_ms`], if irreversible decisions, such as giving up, may rely on it: the clock
    /// watch trusts the date, and it hasn't been set since. `None` until the watch has looked, and
    /// for a day after a jump (docs/decisions/0262-nothing-is-given-up-by-a-doubtful-date.md).
    pub fn trusted_ms(&self) -> Option<i64> {
        let trusted = *self.trusted.lock().unwrap_or_else(PoisonError::into_inner);
        let (date, uptime) = trusted?;
        let passed = self.uptime().saturating_sub(uptime).as_millis();
        let now = self.now_ms();
        let set = now
            .saturating_sub(date)
            .saturating_sub(i64::try_from(passed).unwrap_or(i64::MAX));
        (set.unsigned_abs() <= UNNOTICED_MS.unsigned_abs()).then_some(now)
    }

    /// Sets what the clock watch found: a moment whose date it trusts, or `None` if it doesn't
    /// trust the current date.
    pub(crate) fn trust(&self, moment: Option<TrustedMoment>) {
        *self.trusted.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Advances this clock and all its clones.
    pub fn advance(&self, by: Duration) {
        self.moved.passed_ms.fetch_add(
            u64::try_from(by.as_millis()).unwrap_or(u64::MAX),
            Ordering::Relaxed,
        );
    }

    /// Sets the date of this clock and all its clones forward, or back if `by_ms` is negative.
    /// Uptime doesn't change.
    pub fn set_by(&self, by_ms: i64) {
        self.moved.set_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

/// A time in milliseconds since 1970 in the API's format: `2026-11-22T09:00:00Z`.
pub fn iso(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map(|time| time.to_string())
        .unwrap_or_default()
}

/// How far the dates of two replicas may be apart.
const APART_MS: i64 = 60 * 1000;

/// Whether a moment is less than `most_ms` ago. One that lies ahead isn't, because the date was set
/// back since, unless another replica's clock may simply be a little fast.
pub(crate) fn is_recent(at_ms: i64, now_ms: i64, most_ms: i64) -> bool {
    (-APART_MS..most_ms).contains(&now_ms.saturating_sub(at_ms))
}

/// How far the date may be off without anyone noticing. Spent nonces are kept that much longer than
/// they could be replayed.
pub const UNNOTICED_MS: i64 = 10 * 60 * 1000;

/// Measures a duration with a clock that can't be set.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Microseconds since the start.
    pub fn micros(&self) -> u32 {
        u32::try_from(self.elapsed().as_micros()).unwrap_or(u32::MAX)
    }
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self::start()
    }
}

/// The operating system's secure random number generator.
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
    /// The operating system provides no random numbers: nothing may continue then.
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

    /// A 256-bit secret as 43 URL-safe characters.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// Two tokens and four more bytes from one call, because the call is what takes time.
    pub fn two_tokens(&self) -> ([String; 2], [u8; 4]) {
        let bytes = self.bytes::<68>();
        let (tokens, more) = bytes.split_at(64);
        let (one, other) = tokens.split_at(32);
        let tokens = [one, other].map(|half| URL_SAFE_NO_PAD.encode(half));
        (tokens, more.first_chunk().copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn what_one_call_gives_is_all_different() {
        let random = Random::default();
        let ([one, other], more) = random.two_tokens();
        assert_eq!((one.len(), other.len()), (43, 43));
        assert_ne!(one, other);
        let again = [random.two_tokens(), random.two_tokens()];
        assert!(again.iter().any(|(_, bytes)| *bytes != more));
        assert!(again.iter().all(|(tokens, _)| tokens[0] != one));
    }

    #[test]
    fn only_what_has_passed_a_short_time_ago_is_recent() {
        let now = 10 * HOUR_MS;
        for (ago, expected) in [
            (0, true),
            (HOUR_MS - 1, true),
            (HOUR_MS, false),
            (-1000, true),
            (-APART_MS - 1, false),
            (-24 * HOUR_MS, false),
        ] {
            assert_eq!(is_recent(now - ago, now, HOUR_MS), expected, "{ago}");
        }
        assert!(!is_recent(i64::MAX, i64::MIN, HOUR_MS) && !is_recent(0, i64::MAX, HOUR_MS));
    }

    #[test]
    fn a_date_that_is_set_moves_no_duration() {
        let clock = Clock::default();
        let (date, begun) = (clock.now_ms(), clock.uptime());
        clock.set_by(-HOUR_MS);
        assert!(clock.now_ms() < date - HOUR_MS / 2);
        assert!(clock.uptime() - begun < HOUR / 2);
        clock.set_by(3 * HOUR_MS);
        assert!(clock.now_ms() > date + HOUR_MS);
        assert!(clock.uptime() - begun < HOUR / 2);
        clock.advance(HOUR);
        assert!(clock.now_ms() >= date + 3 * HOUR_MS);
        assert!(clock.uptime() - begun >= HOUR);
    }

    #[test]
    fn a_date_is_trusted_until_it_is_set() {
        let clock = Clock::default();
        assert_eq!(clock.trusted_ms(), None, "no one has looked");
        clock.trust(Some((clock.now_ms(), clock.uptime())));
        assert!(clock.trusted_ms().is_some());
        clock.advance(24 * HOUR);
        assert!(clock.trusted_ms().is_some(), "time may pass");
        for by in [HOUR_MS, -HOUR_MS] {
            clock.set_by(by);
            assert_eq!(clock.trusted_ms(), None, "set by {by}");
            clock.set_by(-by);
            assert!(clock.trusted_ms().is_some(), "set right after {by}");
        }
        clock.trust(None);
        assert_eq!(clock.trusted_ms(), None);
    }

    #[test]
    fn a_moment_has_the_date_that_the_clock_shows_today() {
        let clock = Clock::default();
        let now = clock.uptime();
        for (moment, from_now) in [(now, 0), (now + HOUR, HOUR_MS)] {
            let off = clock.date_of(moment) - clock.now_ms() - from_now;
            assert!(off.abs() < HOUR_MS / 2, "{off}");
        }
        clock.set_by(-HOUR_MS);
        let off = clock.date_of(now) - clock.now_ms();
        assert!(off.abs() < HOUR_MS / 2, "{off}");
    }
}
