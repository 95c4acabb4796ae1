//! What API keys may be used for, and what each endpoint requires: the only table of both.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an API key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ApiKeyScope)]
pub enum Scope {
    /// Everything.
    All,
    /// Launches and what follows from them: `GET /api/idtoken`, services, students.
    Services,
    /// Registrations, platforms, settings, traces.
    Manage,
    /// `GET` of everything that shows no secret.
    Read,
}

impl Scope {
    /// All scopes, widest first.
    pub const ALL: [Self; 4] = [Self::All, Self::Services, Self::Manage, Self::Read];

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Services => "services",
            Self::Manage => "manage",
            Self::Read => "read",
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// Whether a key of this scope may do what takes one of these, or [`Self::All`].
    pub(crate) fn suffices(self, scopes: &[Self]) -> bool {
        self == Self::All || scopes.contains(&self)
    }
}

/// What an endpoint requires of an API key, named by the `WithApiKey<…>` that it takes: the scopes
/// that suffice besides [`Scope::All`], for reading (`GET`) and for changes.
pub trait Need {
    /// Scopes that may `GET`.
    const READ: &'static [Scope];
    /// Scopes that may use other methods.
    const CHANGE: &'static [Scope];
}

/// Launches, services and students: what the application needs every day.
pub struct ForServices;
/// Registrations, platforms, settings and traces.
pub struct ForManagement;
/// Secrets that anyone who may manage can see, but not those who may only read.
pub struct ForSecrets;
/// Events, for the application and for operators.
pub struct ForEvents;
/// What became of scores, for the application and for operators.
pub struct ForDeliveries;
/// API keys: being able to create them amounts to full access.
pub struct ForApiKeys;
/// The tools of the installation: being able to create them amounts to full access to each.
pub struct ForTools;
/// Users of the portal: their names and addresses, and what each may do.
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
