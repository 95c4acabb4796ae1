//! Changes to users, by owners in the portal and by API keys: in one transaction that makes sure an
//! owner remains.

use store::portal_users::{self, PortalUser};
use store::{StoreError, Tx, portal_links, portal_sessions, tools};

use crate::audit::AuditEntry;
use crate::kit::seal::Sealer;
use crate::portal::links::withdraw_invitations;
use crate::portal::people::keys::PortalKeys;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::rights::{OfUsers, Right};
use crate::portal::people::role::Role;
use crate::portal::room::Portal;

pub(super) enum UserChange {
    /// Gives them another role.
    Role(Role),
    /// They may no longer sign in.
    Remove,
    /// Ends all their sessions.
    EndSessions,
    /// Ends the session with this id.
    EndSession(String),
}

impl UserChange {
    /// Whether an owner is still one after the change.
    fn keeps_owner(&self) -> bool {
        matches!(
            self,
            Self::Role(Role::Owner) | Self::EndSessions | Self::EndSession(_)
        )
    }

    /// The result if there was nothing to change.
    fn missing(&self) -> UserChanged {
        match self {
            Self::EndSession(_) => UserChanged::NoSession,
            _ => UserChanged::Gone,
        }
    }

    /// Makes the change to this user, who signs in with `login`; false if there was nothing to
    /// change.
    async fn carry_out(
        self,
        tx: &mut Tx<'_>,
        secrets: (&Sealer, &PortalKeys),
        user: &PortalUser,
        login: &str,
    ) -> Result<bool, StoreError> {
        let id = user.id.clone();
        match self {
            Self::Role(role) => {
                if !OfUsers::CHANGE.contains(&role) {
                    portal_links::take_of_maker(tx, id.clone()).await?;
                }
                portal_users::set_role(tx, id, role.as_str().to_owned()).await
            }
            Self::Remove => {
                withdraw_invitations(tx, secrets, &user.tool_id, login).await?;
                // This also deletes the links that they made.
                portal_users::delete(tx, id).await
            }
            Self::EndSessions => {
                portal_sessions::end_others(tx, id, String::new()).await?;
                Ok(true)
            }
            Self::EndSession(session) => portal_sessions::end_one(tx, session, id).await,
        }
    }
}

/// The result of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UserChanged {
    Done,
    /// Nothing was done: no owner would be left.
    LastOwner,
    /// Nothing was done: only owners change owners, and the caller isn't one, or no longer is.
    OwnersOnly,
    /// The user has no such session.
    NoSession,
    /// The user no longer exists.
    Gone,
}

/// Whether a user is an owner.
pub(super) fn is_owner(user: &PortalUser) -> bool {
    user.role == Role::Owner.as_str()
}

/// Whether the user with this id, one of these, may change others.
pub(super) fn may_change_users(users: &[PortalUser], id: &str) -> bool {
    let user = users.iter().find(|user| user.id == id);
    let role = user.and_then(|user| Role::named(&user.role));
    role.is_some_and(|role| OfUsers::CHANGE.contains(&role))
}

impl Portal {
    /// Changes a user. `by` is the owner who makes the change, with the audit entry. An API key has
    /// none, because the layer around the API records its changes, and it may not change owners
    /// (decision 0353).
    pub(super) async fn change_user(
        &self,
        (user, profile): (&PortalUser, &UserProfile),
        change: UserChange,
        by: Option<(String, AuditEntry)>,
    ) -> Result<UserChanged, StoreError> {
        let (tool_id, id) = (user.tool_id.clone(), user.id.clone());
        let audit = self.audit.clone();
        let (rows, keys) = (self.rows.clone(), self.own.keys.clone());
        let login = profile.login.clone();
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // If two requests remove the last two owners, the second finds the other owner
                // gone.
                tools::lock(&mut tx, tool_id.clone()).await?;
                let users = portal_users::of_tool(&mut tx, tool_id).await?;
                let Some(now) = users.iter().find(|user| user.id == id) else {
                    return Ok((UserChanged::Gone, None));
                };
                if by.is_none() && is_owner(now) {
                    return Ok((UserChanged::OwnersOnly, None));
                }
                // If two owners remove each other, only one of them is removed.
                let is_late = |(by, _): &(String, _)| !may_change_users(&users, by);
                if by.as_ref().is_some_and(is_late) {
                    return Ok((UserChanged::OwnersOnly, None));
                }
                let is_other_owner = |user: &PortalUser| user.id != id && is_owner(user);
                if !change.keeps_owner() && !users.iter().any(is_other_owner) {
                    return Ok((UserChanged::LastOwner, None));
                }
                let (missing, secrets) = (change.missing(), (&rows, &keys));
                let done = change.carry_out(&mut tx, secrets, now, &login).await?;
                if !done {
                    return Ok((missing, None));
                }
                let mark = match by {
                    Some((_, entry)) => Some(audit.append(&mut tx, entry).await?),
                    None => None,
                };
                Ok((UserChanged::Done, mark))
            })
        });
        let (changed, mark) = write.await?;
        if let Some(mark) = mark {
            mark.log();
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_an_owner_still_changes_users() {
        let user = |id: &str, role: &str| PortalUser {
            id: id.to_owned(),
            tool_id: "tool".to_owned(),
            profile_sealed: Vec::new(),
            password_hash: String::new(),
            totp_sealed: None,
            role: role.to_owned(),
            created_at: 0,
            seen_at: None,
            oidc_hash: None,
            sign_in_round: 0,
        };
        let users = [user("mara", "owner"), user("ines", "admin")];
        assert!(may_change_users(&users, "mara"));
        for other in ["ines", "gone"] {
            assert!(!may_change_users(&users, other), "{other}");
        }
    }
}
