//! Reasons explained for people who have never read the specification: a few words, and the remedy
//! in the portal.

use super::texts::{Text, for_lms, meanings};

/// The remedy for a broken rule in the portal: one click, or a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Activate the platform.
    Activate,
    /// Allow the deployment, which is known.
    AllowDeployment,
    /// Add and allow the deployment, which isn't known.
    EnterDeployment,
    /// Increase the tolerance for the platform's clock.
    Leeway,
    /// Fetch the platform's keys again.
    FetchKeys,
    /// Add the origin of the page that frames ours.
    ListOrigin,
    /// See who is blocked at the platform.
    BlockedPeople,
    /// See the platform's own settings and rules.
    PlatformSettings,
    /// Compare the issuer and the client id that were sent with the platform's own.
    ComparePlatform,
    /// See the tool's settings.
    ToolSettings,
    /// Correct the registration that was probably meant, or connect the LMS.
    NearestPlatform,
    /// Let the tool open in a new window, which is set in the LMS.
    NewWindow,
    /// There is no remedy in the portal: the advice says what helps, or that nothing needs to be
    /// done.
    Nothing,
}

impl Remedy {
    /// Whether the portal has it, so that there is something to mend here.
    pub(crate) const fn is_here(self) -> bool {
        !matches!(self, Self::NewWindow | Self::Nothing)
    }
}

/// The meaning of a reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// The reason in a few words, which don't address the reader.
    pub name: Text,
    pub remedy: Remedy,
    /// What the LMS's administrator can do, or that they needn't do anything.
    pub for_lms: Text,
}

impl Meaning {
    /// For a code without a row, which was written by a newer version.
    pub(crate) const UNKNOWN: Self = Self::new(meanings::OTHER_REASON, Remedy::Nothing);

    pub(crate) const fn new(name: Text, remedy: Remedy) -> Self {
        let for_lms = match remedy {
            Remedy::Activate
            | Remedy::AllowDeployment
            | Remedy::EnterDeployment
            | Remedy::BlockedPeople
            | Remedy::ToolSettings => for_lms::OPERATOR,
            Remedy::Leeway => for_lms::CLOCK,
            Remedy::FetchKeys => for_lms::KEYS,
            Remedy::ListOrigin => for_lms::ORIGIN,
            Remedy::PlatformSettings | Remedy::ComparePlatform => for_lms::COMPARE,
            Remedy::NearestPlatform => for_lms::UNKNOWN_HERE,
            Remedy::NewWindow => for_lms::WINDOW,
            Remedy::Nothing => for_lms::AGAIN,
        };
        Self {
            name,
            remedy,
            for_lms,
        }
    }

    /// The meaning with another text for the LMS's administrator than its remedy's.
    #[must_use]
    pub(crate) const fn for_lms(self, for_lms: Text) -> Self {
        Self { for_lms, ..self }
    }
}
