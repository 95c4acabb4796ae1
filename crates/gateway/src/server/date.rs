//! The `Date` of answers. The HTTP library caches its own until a later second arrives, so it would
//! repeat an old one for hours after the clock was set back. An answer that already has a date
//! keeps it.

use std::sync::{PoisonError, RwLock};

use axum::http::HeaderValue;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::kit::clock::Clock;

/// Formats each second only once.
pub(super) struct Date {
    clock: Clock,
    /// Seconds since 1970, and their formatted form.
    last: RwLock<(i64, HeaderValue)>,
}

impl Date {
    pub(super) fn new(clock: Clock) -> Self {
        let last = (0, written(0));
        Self {
            clock,
            last: RwLock::new(last),
        }
    }

    /// The current time.
    pub(super) fn now(&self) -> HeaderValue {
        let now = self.clock.now_seconds();
        {
            let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
            if last.0 == now {
                return last.1.clone();
            }
        }
        let value = written(now);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = (now, value.clone());
        value
    }
}

/// A time in the format of RFC 9110; 1970 if it is invalid.
fn written(seconds: i64) -> HeaderValue {
    let time = Timestamp::from_second(seconds).unwrap_or_default();
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&time);
    let value = text.ok().and_then(|text| text.try_into().ok());
    value.unwrap_or(HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_follows_the_clock_both_ways() {
        let clock = Clock::default();
        let date = Date::new(clock.clone());
        let shown = || date.now().to_str().map(str::to_owned).unwrap_or_default();
        let before = shown();
        assert!(before.ends_with(" GMT") && before.len() == 29, "{before}");
        clock.set_by(-3_600_000);
        let back = shown();
        assert_ne!(back, before);
        clock.set_by(7_200_000);
        assert!(![before, back].contains(&shown()));
        assert_eq!(written(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
