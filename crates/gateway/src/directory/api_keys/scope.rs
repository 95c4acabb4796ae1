//! What an API key may do, and what each endpoint requires: one table for both.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ApiKeyScope)]
pub enum Scope {
    /// Everything.
    All,
    /// Launches and everything that follows: `GET /api/idtoken`, services, students.
    Services,
    /// Registrations, platforms, settings, traces.
    Manage,
    /// `GET` of everything that shows no secrets.
    Read,
}

impl Scope {
    /// All scopes, widest first.
    pub const ALL: [Self; 4] = [Self::All, Self::Services, Self::Manage, Self::Read];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Services => "services",
            Self::Manage => "manage",
            Self::Read => "read",
        }
    }

    /// The scope with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// What an endpoint is about, given by its `WithApiKey<…>` parameter. It says which scopes are sufficient besides
/// [`Scope::All`], for reading (`GET`) and for changing.
pub trait Need {
    /// Scopes sufficient for `GET`.
    const READ: &'static [Scope];
    /// Scopes sufficient for other methods.
    const CHANGE: &'static [Scope];
}

/// Launches, services and students: the application's daily needs.
pub struct ForServices;
/// Registrations, platforms, settings and traces.
pub struct ForManagement;
/// Secrets, which are visible to those who may manage but not to those who may only read.
pub struct ForSecrets;
/// Events, which both the application and operators read.
pub struct ForEvents;
/// The state of scores, for both the application and operators.
pub struct ForDeliveries;
/// API keys: creating them amounts to full access.
pub struct ForApiKeys;
/// The tools of the installation: creating them amounts to full access to each.
pub struct ForTools;
/// Users of the portal: their names, addresses and permissions.
pub struct ForUsers;

impl Need for ForServices {
    const READ: &'static [Scope] = &[Scope::Services, Scope::Read];
    const CHANGE: &'static [Scope] = &[Scope::Services];
}

impl Need for ForManagement {
    const READ: &'static [Scope] = &[Scope::Manage, Scope::Read];
    const CHANGE: &'static [Scope] = &[Scope::Manage];
}

impl Need for ForSecrets {
    const READ: &'static [Scope] = &[Scope::Manage];
    const CHANGE: &'static [Scope] = &[Scope::Manage];
}

impl Need for ForEvents {
    const READ: &'static [Scope] = &[Scope::Services, Scope::Manage, Scope::Read];
    const CHANGE: &'static [Scope] = &[];
}

impl Need for ForDeliveries {
    const READ: &'static [Scope] = &[Scope::Services, Scope::Manage, Scope::Read];
    const CHANGE: &'static [Scope] = &[Scope::Services, Scope::Manage];
}

impl Need for ForApiKeys {
    const READ: &'static [Scope] = &[Scope::Manage, Scope::Read];
    const CHANGE: &'static [Scope] = &[];
}

impl Need for ForTools {
    const READ: &'static [Scope] = &[];
    const CHANGE: &'static [Scope] = &[];
}

impl Need for ForUsers {
    const READ: &'static [Scope] = &[Scope::Manage];
    const CHANGE: &'static [Scope] = &[];
}
