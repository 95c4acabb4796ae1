//! Why there is no key for verifying a token.

use std::time::Duration;

use axum::http::StatusCode;
use lti::key::{KeyMissing, KeySetError};

use crate::kit::outbound::OutboundError;
use crate::web::meaning::Remedy;
use crate::web::problem::A_MOMENT;
use crate::web::rule::{Rule, rules};
use crate::web::texts::{for_lms, meanings};
use crate::web::texts::{launch as texts, page};

/// What to do if the platform's keys and our copy of them don't match.
pub(crate) const COMPARE_KEY_SETS: &str = "Compare the platform's key set address in its registration here with the one the platform shows, and look \
     whether it can be fetched from this server (hallpass doctor).";
/// The code for programs if there is nothing to verify a token with.
const NO_KEYS: &str = "PLATFORM_KEYS_UNAVAILABLE";

/// What to do if our own limits kept a key set from us.
const OUR_LIMITS: &str = "This is on our side, and the text says which limit it was. If too many key sets were being fetched at once, this \
     one had no turn: it waits for 12 seconds; a platform that didn't answer within 3 waits for 5 more, with others \
     that are slow. Launching again is enough. If it happens again, look whether this platform answers slowly, and \
     which others do (reason KEY_SET_UNREACHABLE). If its key set had to make room for others, look which platforms \
     publish large key sets.";

/// Why there is no key for verifying a token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyFailure {
    /// The platform's key set doesn't contain such a key, or it is unusable.
    #[error("the platform's key set has {0}")]
    NotInSet(#[from] KeyMissing),
    /// The key set can't be fetched and none is cached.
    #[error("the platform's key set can't be fetched: {0}")]
    Unreachable(OutboundError),
    /// Our own limit was reached: the platform was not asked, or took too long for the slots of all
    /// and got none of those for slow ones.
    #[error("too many key sets are being fetched at once, so this platform's had no turn")]
    NoSlot,
    /// Our own limit: key sets take too much memory, and this one gave way (decision 0529); and the
    /// time until it is fetched again.
    #[error(
        "the platform's key set had to make room for others, and is fetched again within 15 seconds"
    )]
    NoRoom(Duration),
    /// Fetching it failed a moment ago, for this reason; and the time until it is tried again.
    #[error("{0}; that was a moment ago, and the platform is asked again within a minute")]
    Resting(Box<Self>, Duration),
    /// The outcome of the fetch is unknown.
    #[error("the fetch of the platform's key set broke off")]
    BrokenOff,
    /// The address answered with an error, which may be temporary.
    #[error("the platform's key set can't be read: status {0}")]
    Status(u16),
    /// The address answered with something that is not a key set, which someone has to fix.
    #[error("the platform's key set can't be read: {0}")]
    Unreadable(String),
    /// The key stored with a manual registration is unusable.
    #[error("the key stored for this platform can't be used: {0}")]
    BadStored(String),
}

rules!(
    KeyFailure,
    match self {
        Self::NotInSet(KeyMissing::Unknown) => Rule::new(
            "KID_UNKNOWN",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::NOT_ACCEPTED,
            "The token names a key that is not in the platform's key set. If the platform has just changed its keys, wait a \
             minute: for one key a set is fetched again at most once a minute. Otherwise compare the platform's key set \
             address in its registration here with the one the platform shows (hallpass doctor).",
        )
        .meaning(meanings::OTHER_KEY, Remedy::FetchKeys)
        .telling("INVALID_ID_TOKEN"),
        Self::NotInSet(_) => Rule::new(
            "KEY_PASSED_OVER",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::NOT_ACCEPTED,
            "The platform's key set was read and this key passed over; the text says why. The platform has to mend \
             its key set: tell whoever runs it what the text says. hallpass doctor lists every key that is passed \
             over.",
        )
        .meaning(meanings::KEY_UNUSABLE, Remedy::FetchKeys)
        .telling("INVALID_ID_TOKEN"),
        Self::Unreachable(OutboundError::Blocked(_)) => Rule::new(
            "KEY_SET_BLOCKED",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_REFUSED,
            texts::KEYS_UNUSABLE,
            "This server may not fetch from the address of the platform's key set. If the address is right, add its host \
             to outbound_allow.",
        )
        .meaning(meanings::NO_KEYS, Remedy::PlatformSettings)
        .for_lms(for_lms::KEYS)
        .telling(NO_KEYS),
        Self::Unreachable(_) | Self::BrokenOff => Rule::new(
            "KEY_SET_UNREACHABLE",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            texts::KEYS_UNREACHABLE,
            "The platform's key set could not be fetched: look whether its address can be reached from this server, \
             and whether outbound_allow must name it.",
        )
        .meaning(meanings::NO_KEYS, Remedy::FetchKeys)
        .telling(NO_KEYS),
        Self::NoSlot | Self::NoRoom(_) => Rule::new(
            "OUTBOUND_BUSY",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_LIMITS,
        )
        .meaning(meanings::OUR_SIDE, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR)
        .telling(NO_KEYS),
        Self::Status(_) => Rule::new(
            "KEY_SET_UNREADABLE",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            texts::KEYS_UNREACHABLE,
            COMPARE_KEY_SETS,
        )
        .meaning(meanings::NO_KEYS, Remedy::FetchKeys)
        .telling(NO_KEYS),
        Self::Unreadable(_) => Rule::new(
            "KEY_SET_UNREADABLE",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_REFUSED,
            texts::KEYS_UNUSABLE,
            COMPARE_KEY_SETS,
        )
        .meaning(meanings::NO_KEYS, Remedy::FetchKeys)
        .telling(NO_KEYS),
        Self::BadStored(_) => Rule::new(
            "PLATFORM_KEY_UNUSABLE",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_REFUSED,
            texts::KEYS_UNUSABLE,
            "Paste the platform's public key again, or give its key set's address instead (PUT \
             /admin/platforms/<id>).",
        )
        .meaning(meanings::KEY_UNUSABLE, Remedy::PlatformSettings)
        .for_lms(for_lms::KEYS)
        .telling(NO_KEYS),
    },
    match elsewhere {
        // This happened to an earlier request, not this one.
        Self::Resting(before, _) => Rule {
            status: StatusCode::SERVICE_UNAVAILABLE,
            told: NO_KEYS,
            ..before.rule()
        },
    }
);

impl KeyFailure {
    /// Whether it may resolve itself in a moment.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(OutboundError::Blocked(_))
            | Self::Unreadable(_)
            | Self::BadStored(_)
            | Self::NotInSet(_) => false,
            Self::Unreachable(_)
            | Self::NoSlot
            | Self::NoRoom(_)
            | Self::BrokenOff
            | Self::Status(_) => true,
            Self::Resting(before, _) => before.may_pass(),
        }
    }

    /// After how many seconds to try again, if it may resolve itself.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        let left = match self {
            Self::Resting(_, left) | Self::NoRoom(left) => *left,
            _ => Duration::ZERO,
        };
        let seconds = u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        self.may_pass().then_some(seconds.max(A_MOMENT))
    }
}

impl From<OutboundError> for KeyFailure {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::NoSlot,
            OutboundError::TooLarge(_) => Self::Unreadable(KeySetError::TooLarge.to_string()),
            other => Self::Unreachable(other),
        }
    }
}
