//! Reasons explained for people who have never read the specification: a few words, and the remedy in the portal.

use super::texts::{Text, meanings};

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
    /// See the tool's settings.
    ToolSettings,
    /// There is no remedy in the portal: the advice says what helps, or that nothing needs to be done.
    Nothing,
}

/// The meaning of a reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// The reason in a few words.
    pub name: Text,
    pub remedy: Remedy,
}

impl Meaning {
    /// For a code without a row, which was written by a newer version.
    pub(crate) const UNKNOWN: Self = Self::new(meanings::OTHER_REASON, Remedy::Nothing);

    pub(crate) const fn new(name: Text, remedy: Remedy) -> Self {
        Self { name, remedy }
    }
}
