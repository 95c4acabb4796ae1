//! What a reason means to people who never read the specification: a few words, and what remedies it in the portal.

use super::texts::{Text, meanings};

/// What remedies a broken rule in the portal: one click, or a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// The platform is activated.
    Activate,
    /// The deployment, which is known, is allowed.
    AllowDeployment,
    /// The deployment, which isn't known, is entered and allowed.
    EnterDeployment,
    /// The platform's clock may be further off.
    Leeway,
    /// The platform's keys are fetched anew.
    FetchKeys,
    /// The origin of the page around ours is listed.
    ListOrigin,
    /// A look at the people that are blocked at the platform.
    BlockedPeople,
    /// A look at the platform's own settings and rules.
    PlatformSettings,
    /// A look at the tool's settings.
    ToolSettings,
    /// Nothing in the portal does: the advice says what does, or that nothing has to be done.
    Nothing,
}

/// What a reason means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// The reason in a few words.
    pub name: Text,
    pub remedy: Remedy,
}

impl Meaning {
    /// Of a code that no row has: a newer version wrote it.
    pub(crate) const UNKNOWN: Self = Self::new(meanings::OTHER_REASON, Remedy::Nothing);

    pub(crate) const fn new(name: Text, remedy: Remedy) -> Self {
        Self { name, remedy }
    }
}
