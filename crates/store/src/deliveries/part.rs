//! The part of an installation that an operator deactivates, and which of its deliveries one step
//! covers.

use crate::engine::StoreError;

/// Deliveries of a platform by when they were accepted: after one time, up to another, in
/// milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct AcceptedSpan {
    pub(super) after: i64,
    pub(super) until: i64,
}

/// The part that prevents deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldPart {
    /// An inactive platform.
    Platform(String),
    /// An inactive deployment of a platform.
    Deployment(String, String),
    /// A platform's place whose service keys were revoked: all keys issued so far, whatever the
    /// date was then.
    ServiceKeys(String, String),
}

impl HeldPart {
    /// The reason on deliveries held for an inactive platform.
    pub const PLATFORM_INACTIVE: &'static str = "PLATFORM_INACTIVE";
    /// The reason on deliveries held for an inactive deployment.
    pub const DEPLOYMENT_INACTIVE: &'static str = "DEPLOYMENT_INACTIVE";
    /// The reason on deliveries that arrived with a service key that is now revoked.
    pub const SERVICE_KEY_REVOKED: &'static str = "SERVICE_KEY_REVOKED";

    /// The reason on its held deliveries.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Platform(_) => Self::PLATFORM_INACTIVE,
            Self::Deployment(..) => Self::DEPLOYMENT_INACTIVE,
            Self::ServiceKeys(..) => Self::SERVICE_KEY_REVOKED,
        }
    }

    /// The kind as stored.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Platform(_) => "platform",
            Self::Deployment(..) => "deployment",
            Self::ServiceKeys(..) => "service_keys",
        }
    }

    /// Reads a stored part.
    ///
    /// # Errors
    /// There is no such kind.
    pub(super) fn of(kind: &str, platform_id: &str, part_id: &str) -> Result<Self, StoreError> {
        let (platform_id, part_id) = (platform_id.to_owned(), part_id.to_owned());
        Ok(match kind {
            "platform" => Self::Platform(platform_id),
            "deployment" => Self::Deployment(platform_id, part_id),
            "service_keys" => Self::ServiceKeys(platform_id, part_id),
            other => return Err(StoreError::Corrupt(format!("a switch is of {other:?}"))),
        })
    }

    /// The platform's id and the part's id; the latter is empty for a whole platform.
    pub(super) fn ids(&self) -> (&str, &str) {
        match self {
            Self::Platform(id) => (id, ""),
            Self::Deployment(id, part) | Self::ServiceKeys(id, part) => (id, part),
        }
    }
}
