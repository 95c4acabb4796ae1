//! What an operator stops, and of which of its deliveries that is told at a time.

use crate::engine::StoreError;

/// Deliveries of a platform by when they were accepted: after one time, up to another, in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct AcceptedSpan {
    pub(super) after: i64,
    pub(super) until: i64,
}

/// What is not good for deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldPart {
    /// A platform that is not active.
    Platform(String),
    /// A platform's deployment that is not active.
    Deployment(String, String),
    /// A platform's place whose service keys are revoked: all that were given out so far, whatever the date was then.
    ServiceKeys(String, String),
}

impl HeldPart {
    /// The reason that deliveries have to a platform that is not active.
    pub const PLATFORM_INACTIVE: &'static str = "PLATFORM_INACTIVE";
    /// The reason that those have through a deployment that is not active.
    pub const DEPLOYMENT_INACTIVE: &'static str = "DEPLOYMENT_INACTIVE";
    /// The reason that those have which came with a revoked service key.
    pub const SERVICE_KEY_REVOKED: &'static str = "SERVICE_KEY_REVOKED";

    /// The reason that deliveries have.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Platform(_) => Self::PLATFORM_INACTIVE,
            Self::Deployment(..) => Self::DEPLOYMENT_INACTIVE,
            Self::ServiceKeys(..) => Self::SERVICE_KEY_REVOKED,
        }
    }

    /// As it is stored.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Platform(_) => "platform",
            Self::Deployment(..) => "deployment",
            Self::ServiceKeys(..) => "service_keys",
        }
    }

    /// What is stored as this.
    ///
    /// # Errors
    /// Nothing is.
    pub(super) fn of(kind: &str, platform_id: &str, part_id: &str) -> Result<Self, StoreError> {
        let (platform_id, part_id) = (platform_id.to_owned(), part_id.to_owned());
        Ok(match kind {
            "platform" => Self::Platform(platform_id),
            "deployment" => Self::Deployment(platform_id, part_id),
            "service_keys" => Self::ServiceKeys(platform_id, part_id),
            other => return Err(StoreError::Corrupt(format!("a switch is of {other:?}"))),
        })
    }

    /// The platform's id, and that of its part; the latter is empty for the whole platform.
    pub(super) fn ids(&self) -> (&str, &str) {
        match self {
            Self::Platform(id) => (id, ""),
            Self::Deployment(id, part) | Self::ServiceKeys(id, part) => (id, part),
        }
    }
}
