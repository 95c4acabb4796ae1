//! Manages the portal's users directly in the store, even while servers are running: the way back
//! in when no one can sign in.

use store::StoreError;
use store::installation;
use store::portal_users::{self, PortalUser};
use store::tools::ToolRow;

use super::{Operator, OperatorError};
use crate::audit::{Actor, Audit, AuditAction, AuditEntry};
use crate::operator::setup;
use crate::portal::links::NewPortalLink;
use crate::portal::people::keys::PortalKeys;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::role::has_owner;
use crate::settings::installation::DEFAULT_BASE;
use crate::settings::public_url::PublicUrl;

/// A user of the portal.
pub struct ListedPortalUser {
    /// What they sign in with.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// The role, which says what they may do.
    pub role: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970, to the minute.
    pub seen_at: Option<i64>,
    /// Whether a code is required after the password.
    pub has_second_step: bool,
}

/// An address that works once, within a day.
pub struct PortalAddress {
    /// The whole address.
    pub address: String,
    /// The user whose new password it sets; `None` if it makes the owner.
    pub login: Option<String>,
    /// Where we assume that Hallpass answers, if the settings don't say.
    pub assumed: Option<String>,
}

impl Operator {
    /// The users of the first tool's portal, oldest first.
    ///
    /// # Errors
    /// The secret key isn't the store's, or the store failed.
    pub async fn portal_users(&self) -> Result<Vec<ListedPortalUser>, OperatorError> {
        self.portal_users_at(None).await
    }

    /// The same for the tool with this host name.
    ///
    /// # Errors
    /// As [`Self::portal_users`], or there is no such tool.
    pub async fn portal_users_at(
        &self,
        host: Option<&str>,
    ) -> Result<Vec<ListedPortalUser>, OperatorError> {
        let (rows, _) = setup::secrets_in_use(&self.config, &self.db, &self.random).await?;
        let (_, users) = self.tool_and_users(host).await?;
        let mut listed = Vec::new();
        for user in users {
            let profile = UserProfile::open(&rows, &user.id, &user.profile_sealed)?;
            listed.push(ListedPortalUser {
                login: profile.login,
                name: profile.name,
                role: user.role,
                created_at: user.created_at,
                seen_at: user.seen_at,
                has_second_step: user.totp_sealed.is_some(),
            });
        }
        Ok(listed)
    }

    async fn tool_and_users(
        &self,
        host: Option<&str>,
    ) -> Result<(ToolRow, Vec<PortalUser>), OperatorError> {
        let tool = self.tool_at(host).await?;
        let mut reader = self.db.read().await?;
        let users = portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?;
        Ok((tool, users))
    }

    /// Creates an address for choosing a new password: for the user with this login, or for the
    /// only user if no login is given. Without a login, and while no user is an owner, the address
    /// creates the owner.
    ///
    /// # Errors
    /// No user has this login, or there are several users; the secret key isn't the store's, or the
    /// store failed.
    pub async fn portal_address(
        &self,
        login: Option<&str>,
    ) -> Result<PortalAddress, OperatorError> {
        self.portal_address_at(None, login).await
    }

    /// The same for the tool with this host name.
    ///
    /// # Errors
    /// As [`Self::portal_address`], or there is no such tool.
    pub async fn portal_address_at(
        &self,
        host: Option<&str>,
        login: Option<&str>,
    ) -> Result<PortalAddress, OperatorError> {
        let (rows, root) = setup::secrets_in_use(&self.config, &self.db, &self.random).await?;
        let keys = PortalKeys::new(&root);
        let (row, users) = self.tool_and_users(host).await?;
        let tool = row.id;
        let user = match (login, &*users) {
            (None, users) if !has_owner(users) => None,
            (None, [only]) => Some(only.clone()),
            (None, _) => return Err(OperatorError::WhichPortalUser),
            (Some(login), _) => {
                let hash = keys.login(&tool, login);
                let mut reader = self.db.read().await?;
                let user = portal_users::by_login(&mut reader.tx(), tool.clone(), hash).await?;
                let missing = || OperatorError::NoPortalUser(login.to_owned());
                Some(user.ok_or_else(missing)?)
            }
        };
        let now = self.clock.now_ms();
        let entry =
            |action, subject: &str| AuditEntry::new(&tool, Actor::command(), action, subject);
        let (link, entry, login) = match user {
            None => {
                let link = NewPortalLink::to_own(&tool, now, &self.random);
                let entry = entry(AuditAction::UserOwnerLinkMade, link.id());
                (link, entry, None)
            }
            Some(user) => {
                let profile = UserProfile::open(&rows, &user.id, &user.profile_sealed)?;
                let link = NewPortalLink::to_new_password(&tool, &user.id, now, &self.random);
                let entry = entry(AuditAction::UserPasswordLinkMade, &user.id).named(profile.name);
                (link, entry, Some(profile.login))
            }
        };
        let (base, is_assumed) = self.base().await?;
        let public_url = base.at(row.host.as_deref());
        let address = public_url.join(&link.path());
        let assumed = is_assumed.then(|| public_url.as_str().to_owned());
        let audit = Audit::new(rows, &root, self.clock.clone(), self.random.clone());
        let store = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                link.store(&mut tx, &keys).await?;
                audit.append(&mut tx, entry).await
            })
        });
        store.await?.log();
        Ok(PortalAddress {
            address,
            login,
            assumed,
        })
    }

    /// The base of our addresses, and whether it is a guess: without the setting, a server's base
    /// depends on where that one listens, so the one that started last is taken.
    async fn base(&self) -> Result<(PublicUrl, bool), OperatorError> {
        let set = &self.config.public_url;
        let by_default = [
            format!("http://{}", self.config.listen),
            DEFAULT_BASE.to_owned(),
        ];
        if by_default.iter().all(|url| url != set.as_str()) {
            return Ok((set.clone(), false));
        }
        let mut reader = self.db.read().await?;
        let noted = installation::public_url(&mut reader.tx()).await?;
        let noted = noted.and_then(|url| PublicUrl::parse(&url).ok());
        Ok((noted.unwrap_or_else(|| set.clone()), true))
    }
}
