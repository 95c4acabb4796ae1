//! One request to a platform's service.

use std::time::Duration;

use axum::http::Method;
use url::Url;

use crate::keys::service_tokens::GivenToken;
use crate::kit::clock::Clock;

/// One request to a service.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub url: &'a Url,
    /// The scope it needs.
    pub scope: &'a str,
    pub accept: &'static str,
    /// A body and its media type.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Until when it may leave, if that matters.
    pub by: Option<SendBy>,
    /// The access token to begin with, if one was asked for beforehand.
    pub token: Option<&'a GivenToken>,
}

/// Until when a request may leave. Later, another server may have sent it, or a newer one.
#[derive(Clone, Debug)]
pub(crate) struct SendBy {
    clock: Clock,
    uptime: Duration,
    date_ms: i64,
}

impl SendBy {
    /// No later than this time from now.
    pub(crate) fn within(clock: &Clock, time: Duration) -> Self {
        let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        Self {
            clock: clock.clone(),
            uptime: clock.uptime().saturating_add(time),
            date_ms: clock.now_ms().saturating_add(ms),
        }
    }

    /// Whether it is too late, by either clock: while a virtual machine is suspended, its uptime
    /// may stand still. A date that is set forward only makes a request be put off.
    pub(crate) fn is_over(&self) -> bool {
        self.clock.uptime() > self.uptime || self.clock.now_ms() > self.date_ms
    }
}

impl<'a> Call<'a> {
    /// A GET of `url`, without a body.
    pub(crate) const fn get(url: &'a Url, scope: &'a str, accept: &'static str) -> Self {
        Self {
            method: Method::GET,
            url,
            scope,
            accept,
            body: None,
            by: None,
            token: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-5")]
    #[test]
    fn a_request_is_late_by_either_clock() {
        let (clock, time) = (Clock::default(), Duration::from_secs(60));
        let by = SendBy::within(&clock, time);
        assert!(!by.is_over());
        clock.advance(time + time);
        assert!(by.is_over());
        let by = SendBy::within(&clock, time);
        clock.set_by(-120_000);
        assert!(!by.is_over(), "a date that was set back proves nothing");
        clock.set_by(240_000);
        assert!(by.is_over());
    }
}
