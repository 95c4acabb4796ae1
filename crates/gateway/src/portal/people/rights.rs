//! What each role may do, in a single table. A handler names its area in the extractor it takes, so
//! the check can't be forgotten.

use super::role::Role;
use super::role::Role::{Admin, Owner, Registrar, Support, Viewer};

/// An area of the portal, as a type without values: who may see it, and who may change something in
/// it.
pub(crate) trait Right: Send + Sync + 'static {
    /// Roles that may see it.
    const READ: &'static [Role];
    /// Roles that may change something in it.
    const CHANGE: &'static [Role];
}

const EVERYBODY: &[Role] = &[Owner, Admin, Registrar, Support, Viewer];
const MANAGERS: &[Role] = &[Owner, Admin];
const NOBODY: &[Role] = &[];

/// Home, and the user's own account.
pub(crate) enum Anyone {}
/// Failures. Their remedies change a platform, and belong to that area.
pub(crate) enum OfFailures {}
/// Deliveries of grades.
pub(crate) enum OfDeliveries {}
/// Platforms, their deployments, and invitations to register.
pub(crate) enum OfPlatforms {}
/// Pages that are nothing but a form: to enter a platform by hand, to delete one.
pub(crate) enum OfPlatformForms {}
/// Students by their names, and learning paths.
pub(crate) enum OfStudents {}
/// The tool's settings.
pub(crate) enum OfSettings {}
/// API keys, service keys, webhooks and their messages: a webhook's address often contains a
/// secret.
pub(crate) enum OfKeys {}
/// Who may sign in, and as what.
pub(crate) enum OfUsers {}
/// Who changed what.
pub(crate) enum OfAudit {}
/// The audit log as a file.
pub(crate) enum OfExports {}
/// Launches and people by day.
pub(crate) enum OfUsage {}
/// The tools of the installation.
pub(crate) enum OfTools {}

impl Right for Anyone {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = EVERYBODY;
}

impl Right for OfFailures {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = OfPlatforms::CHANGE;
}

impl Right for OfDeliveries {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = &[Owner, Admin, Support];
}

impl Right for OfPlatforms {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = &[Owner, Admin, Registrar];
}

impl Right for OfPlatformForms {
    const READ: &'static [Role] = OfPlatforms::CHANGE;
    const CHANGE: &'static [Role] = OfPlatforms::CHANGE;
}

impl Right for OfStudents {
    const READ: &'static [Role] = MANAGERS;
    const CHANGE: &'static [Role] = MANAGERS;
}

impl Right for OfSettings {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = MANAGERS;
}

impl Right for OfKeys {
    const READ: &'static [Role] = MANAGERS;
    const CHANGE: &'static [Role] = MANAGERS;
}

impl Right for OfUsers {
    const READ: &'static [Role] = MANAGERS;
    const CHANGE: &'static [Role] = &[Owner];
}

impl Right for OfAudit {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = NOBODY;
}

impl Right for OfExports {
    const READ: &'static [Role] = MANAGERS;
    const CHANGE: &'static [Role] = MANAGERS;
}

impl Right for OfTools {
    const READ: &'static [Role] = &[Owner];
    const CHANGE: &'static [Role] = &[Owner];
}

impl Right for OfUsage {
    const READ: &'static [Role] = EVERYBODY;
    const CHANGE: &'static [Role] = NOBODY;
}
