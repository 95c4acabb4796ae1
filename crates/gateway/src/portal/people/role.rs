//! Roles (portal.md, "Roles").

use serde::{Deserialize, Serialize};
use store::portal_users::PortalUser;
use utoipa::ToSchema;

use crate::web::texts::{Text, portal_users as texts};

/// A role of the portal's users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PortalRole)]
pub(crate) enum Role {
    /// Everything; only owners assign roles.
    Owner,
    /// Everything except assigning roles.
    Admin,
    /// Platforms.
    Registrar,
    /// Failures and deliveries, and retrying those; no students' names.
    Support,
    /// Reading, without students' names.
    Viewer,
}

impl Role {
    /// All roles, widest first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Owner,
        Self::Admin,
        Self::Registrar,
        Self::Support,
        Self::Viewer,
    ];

    /// The name to store and send.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Registrar => "registrar",
            Self::Support => "support",
            Self::Viewer => "viewer",
        }
    }

    /// The role of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Its title for people.
    pub(crate) const fn title(self) -> Text {
        match self {
            Self::Owner => texts::OWNER,
            Self::Admin => texts::ADMIN,
            Self::Registrar => texts::REGISTRAR,
            Self::Support => texts::SUPPORT,
            Self::Viewer => texts::VIEWER,
        }
    }

    /// What it may do, in one sentence.
    pub(crate) const fn says(self) -> Text {
        match self {
            Self::Owner => texts::OWNER_MAY,
            Self::Admin => texts::ADMIN_MAY,
            Self::Registrar => texts::REGISTRAR_MAY,
            Self::Support => texts::SUPPORT_MAY,
            Self::Viewer => texts::VIEWER_MAY,
        }
    }
}

/// Whether a tool's portal has an owner. Only an owner lets others in, so no one else may join
/// before there is one (docs/decisions/0366-nobody-comes-uninvited-before-the-owner.md).
pub(crate) fn has_owner(users: &[PortalUser]) -> bool {
    users.iter().any(|user| user.role == Role::Owner.as_str())
}
