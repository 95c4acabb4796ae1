//! The protocol endpoints of the pretend LMS, as named in faults, counters and the wire log.

/// A protocol endpoint of the LMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// The openid-configuration document.
    Configuration,
    /// The registration endpoint.
    Registration,
    /// The OIDC authorization endpoint.
    Authorization,
    /// The key set.
    Jwks,
    /// The token endpoint.
    Token,
    /// The roster.
    Memberships,
    /// The groups of a course.
    Groups,
    /// The sets of those groups.
    GroupSets,
    /// The list of line items.
    LineItems,
    /// A single line item.
    LineItem,
    /// Scores of a line item.
    Scores,
    /// Results of a line item.
    Results,
    /// Where a deep linking response is posted.
    DeepLinkingReturn,
}

impl Endpoint {
    /// Whether it requires an access token and is throttled.
    pub(crate) fn is_service(self) -> bool {
        matches!(
            self,
            Self::Memberships
                | Self::Groups
                | Self::GroupSets
                | Self::LineItems
                | Self::LineItem
                | Self::Scores
                | Self::Results
        )
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Configuration => "openid-configuration",
            Self::Registration => "registration",
            Self::Authorization => "authentication request",
            Self::Jwks => "key set",
            Self::Token => "access token",
            Self::Memberships => "memberships",
            Self::Groups => "groups",
            Self::GroupSets => "group sets",
            Self::LineItems => "line items",
            Self::LineItem => "line item",
            Self::Scores => "score",
            Self::Results => "results",
            Self::DeepLinkingReturn => "deep linking response",
        }
    }
}
