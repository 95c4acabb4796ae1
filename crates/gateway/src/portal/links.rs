//! One-time links: the first owner's, invitations, new passwords. Anyone who has such a link can
//! use it, so it is shown to one person, once, and expires within hours or days.

use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::{StoreError, Tx, portal_users};

use super::people::keys::PortalKeys;
use super::people::profile::invited_identity;
use super::people::role::Role;
use crate::kit::clock::Random;
use crate::kit::id::new_id;
use crate::kit::seal::Sealer;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// An invitation is valid for a week, in milliseconds.
const INVITATION_MS: i64 = 7 * 24 * HOUR_MS;
/// Links that give access to everything are valid for a day, in milliseconds.
const OTHERS_MS: i64 = 24 * HOUR_MS;

/// A link to create.
pub(crate) struct NewPortalLink {
    code: String,
    row: PortalLink,
    made_by: Option<String>,
}

impl NewPortalLink {
    fn new(tool_id: &str, kind: PortalLinkKind, role: Role, now_ms: i64, random: &Random) -> Self {
        let life = match kind {
            PortalLinkKind::Invitation => INVITATION_MS,
            PortalLinkKind::FirstOwner | PortalLinkKind::NewPassword => OTHERS_MS,
        };
        Self {
            code: random.token(),
            row: PortalLink {
                id: new_id(now_ms, random),
                tool_id: tool_id.to_owned(),
                kind,
                role: role.as_str().to_owned(),
                mail_sealed: None,
                user_id: None,
                created_at: now_ms,
                expires_at: now_ms + life,
            },
            made_by: None,
        }
    }

    /// Makes its user the first owner of a tool's portal.
    pub(crate) fn to_own(tool_id: &str, now_ms: i64, random: &Random) -> Self {
        Self::new(
            tool_id,
            PortalLinkKind::FirstOwner,
            Role::Owner,
            now_ms,
            random,
        )
    }

    /// Invites a person with this role and address.
    pub(crate) fn to_join(
        tool_id: &str,
        role: Role,
        mail: &str,
        rows: &Sealer,
        now_ms: i64,
        random: &Random,
    ) -> Self {
        let mut link = Self::new(tool_id, PortalLinkKind::Invitation, role, now_ms, random);
        let identity = invited_identity(&link.row.id);
        link.row.mail_sealed = Some(rows.seal(&identity, mail.as_bytes()));
        link
    }

    /// Lets this user choose a new password.
    pub(crate) fn to_new_password(
        tool_id: &str,
        user_id: &str,
        now_ms: i64,
        random: &Random,
    ) -> Self {
        let kind = PortalLinkKind::NewPassword;
        let mut link = Self::new(tool_id, kind, Role::Viewer, now_ms, random);
        link.row.user_id = Some(user_id.to_owned());
        link
    }

    /// Sets who made it: the link dies with their account, or once they may no longer make any.
    #[must_use]
    pub(crate) fn made_by(mut self, user_id: &str) -> Self {
        self.made_by = Some(user_id.to_owned());
        self
    }

    /// The user who makes it; `None` for a command or an API key.
    pub(crate) fn maker(&self) -> Option<&str> {
        self.made_by.as_deref()
    }

    /// The link's id.
    pub(crate) fn id(&self) -> &str {
        &self.row.id
    }

    /// The link as it will be stored.
    pub(crate) fn row(&self) -> &PortalLink {
        &self.row
    }

    /// Where it leads. Shown once, and not stored.
    pub(crate) fn path(&self) -> String {
        format!("/portal/welcome/{}", self.code)
    }

    /// Stores the link. Whoever makes one to a new password may fear that the present one is known:
    /// sign-ins by it that are under way end.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn store(self, tx: &mut Tx<'_>, keys: &PortalKeys) -> Result<(), StoreError> {
        if let Some(user) = &self.row.user_id {
            portal_users::end_sign_ins(tx, user.clone()).await?;
        }
        portal_links::insert(tx, keys.link(&self.code), self.row, self.made_by).await
    }
}

/// The address that was invited.
///
/// # Errors
/// It can't be opened.
pub(crate) fn invited(rows: &Sealer, link: &PortalLink) -> Result<Option<String>, StoreError> {
    let Some(sealed) = &link.mail_sealed else {
        return Ok(None);
    };
    let row = invited_identity(&link.id);
    let mail = rows.open(&row, sealed);
    let mail = mail.map_err(|error| StoreError::Corrupt(format!("{row}: {error}")))?;
    Ok(Some(String::from_utf8_lossy(&mail).into_owned()))
}

/// Withdraws the invitations to an address, so that a removed user can't return with an older one.
///
/// # Errors
/// One can't be opened, or the store failed.
pub(crate) async fn withdraw_invitations(
    tx: &mut Tx<'_>,
    (rows, keys): (&Sealer, &PortalKeys),
    tool_id: &str,
    login: &str,
) -> Result<(), StoreError> {
    let wanted = keys.login(tool_id, login);
    for link in portal_links::of_tool(tx, tool_id.to_owned()).await? {
        let mail = invited(rows, &link)?;
        if mail.is_some_and(|mail| keys.login(tool_id, &mail) == wanted) {
            portal_links::take(tx, link.id).await?;
        }
    }
    Ok(())
}
