//! Why there is no key to check a token with.

use lti::key::KeyMissing;

use crate::kit::outbound::OutboundError;

/// Why there is no key to check a token with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyFailure {
    /// The platform's key set holds no such key, or passed it over.
    #[error("the platform's key set has {0}")]
    NotInSet(#[from] KeyMissing),
    /// The key set can't be fetched and none is kept.
    #[error("the platform's key set can't be fetched: {0}")]
    Unreachable(OutboundError),
    /// Our own limit: the platform was not asked.
    #[error("too many key sets are being fetched at once, so this platform's was not asked for")]
    NoPlace,
    /// It could not be fetched a moment ago, for this reason.
    #[error("{0}; that was a moment ago, and the platform is asked again within a minute")]
    Resting(Box<Self>),
    /// Nobody knows what became of the fetch.
    #[error("the fetch of the platform's key set broke off")]
    BrokenOff,
    /// The address answered something else than a key set.
    #[error("the platform's key set can't be read: {0}")]
    Unreadable(String),
    /// The key stored with a manual registration is unusable.
    #[error("the key stored for this platform can't be used: {0}")]
    BadStored(String),
}

impl KeyFailure {
    /// Stable code, for logs and traces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInSet(KeyMissing::Unknown) => "KID_UNKNOWN",
            Self::NotInSet(_) => "KEY_PASSED_OVER",
            Self::Unreachable(_) | Self::BrokenOff => "KEY_SET_UNREACHABLE",
            Self::NoPlace => "OUTBOUND_BUSY",
            Self::Unreadable(_) => "KEY_SET_UNREADABLE",
            Self::BadStored(_) => "PLATFORM_KEY_UNUSABLE",
            Self::Resting(before) => before.code(),
        }
    }
}

impl From<OutboundError> for KeyFailure {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::NoPlace,
            other => Self::Unreachable(other),
        }
    }
}
