//! Why an exchange failed, without anything the other side sent.

use super::address::BlockedAddress;
use crate::kit::text::without_code;

/// Why an exchange failed. None of these texts contains anything the other side sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OutboundError {
    /// The URL, or what its name resolves to, is not allowed.
    #[error(transparent)]
    Blocked(#[from] BlockedAddress),
    /// There was no answer within the time allowed.
    #[error("no complete answer came in time")]
    TimedOut,
    /// There was no connection, so nothing was sent.
    #[error("the connection failed: {0}")]
    NotConnected(String),
    /// The connection broke.
    #[error("the connection failed: {0}")]
    Unreachable(String),
    /// The body exceeded the limit.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Our own limit: too many exchanges are under way. Nothing was sent, or a GET was broken off
    /// because too many slow ones were.
    #[error("too many requests to other servers are under way; try again in a moment")]
    Busy,
}

impl OutboundError {
    /// Whether the request certainly changed nothing: it was not sent, or is a GET that we broke
    /// off.
    pub const fn changed_nothing(&self) -> bool {
        matches!(self, Self::Blocked(_) | Self::NotConnected(_) | Self::Busy)
    }
}

/// Converts the library's error.
pub(super) fn failed(error: reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = cause {
        if let Some(blocked) = inner.downcast_ref::<BlockedAddress>() {
            return OutboundError::Blocked(blocked.clone());
        }
        cause = inner.source();
    }
    let is_connecting = error.is_connect();
    // The innermost cause distinguishes a name from a certificate. It doesn't contain the URL,
    // which may be secret.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let cause = without_code(&cause.to_string());
    if is_connecting {
        OutboundError::NotConnected(cause)
    } else {
        OutboundError::Unreachable(cause)
    }
}
