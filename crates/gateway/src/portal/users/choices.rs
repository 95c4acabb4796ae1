//! Roles to choose from.

use crate::portal::people::role::Role;
use crate::web::texts::Text;

/// The path of the list of users.
pub(super) const PATH: &str = "/portal/users";

/// A role to choose.
pub(super) struct RoleChoice {
    pub(super) value: &'static str,
    pub(super) title: Text,
    pub(super) is_chosen: bool,
}

pub(super) fn choices(chosen: Role) -> Vec<RoleChoice> {
    let choice = |role: Role| RoleChoice {
        value: role.as_str(),
        title: role.title(),
        is_chosen: role == chosen,
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// An unknown role, stored by another version, counts as the one with the fewest rights.
pub(super) fn role_of(name: &str) -> Role {
    Role::named(name).unwrap_or(Role::Viewer)
}
