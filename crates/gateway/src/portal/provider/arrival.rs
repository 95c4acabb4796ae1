//! Who may come in from the provider: users who are connected with it, people who were invited by
//! their address, and, if the operator wants that, everyone in a domain. An address alone opens no
//! existing account (decision 0347).

use axum::http::HeaderMap;
use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::portal_users::{self, PortalUser};
use store::{StoreError, tools};

use super::refusal::OidcRefusal;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::oidc::{Oidc, ProviderPerson};
use crate::portal::again::again;
use crate::portal::entrance::{SignInProof, sign_in_again};
use crate::portal::links::invited;
use crate::portal::page::{PortalAnswer, set_cookies};
use crate::portal::people::keys::normal;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::role::has_owner;
use crate::portal::room::Portal;
use crate::portal::second_step::{self, CodePurpose};
use crate::portal::users::invite::{MOST_UNINVITED, taken};
use crate::web::language::Language;
use crate::web::texts::portal as words;

impl Portal {
    /// Signs in the person whom the provider named, and continues to `next`.
    pub(super) async fn arrive(
        &self,
        tool: &Tool,
        language: Language,
        headers: &HeaderMap,
        who: &ProviderPerson,
        next: &str,
    ) -> PortalAnswer {
        let user = match self.user_named(tool, who).await {
            Ok(user) => user,
            Err(refusal) => {
                self.note_refusal(tool, &refusal).await?;
                return Err(refusal.into());
            }
        };
        let proof = SignInProof::Provider {
            signed_in_at: who.signed_in_at,
        };
        if user.totp_sealed.is_some() {
            let purpose = CodePurpose::SignIn(proof);
            return second_step::ask(self, tool, headers, &user, purpose, next);
        }
        let Some(cookies) = self.let_in(tool, &user, headers, proof).await? else {
            return sign_in_again(next);
        };
        let mut page = again(language, words::OPENING, next)?;
        set_cookies(&mut page, cookies);
        Ok(page)
    }

    /// The person's user, or a new one if they may join.
    async fn user_named(
        &self,
        tool: &Tool,
        who: &ProviderPerson,
    ) -> Result<PortalUser, OidcRefusal> {
        let provider = self.provider()?;
        let oidc_hash = self.oidc_hash(provider, tool, who);
        let known = match self.connected_user(oidc_hash.clone()).await? {
            Some(user) => user,
            None => match self.join(provider, tool, who, oidc_hash.clone()).await {
                Ok(user) => return Ok(user),
                // If a person comes twice at once, one request creates the user, whatever error the
                // other runs into.
                Err(refusal) => self.connected_user(oidc_hash).await?.ok_or(refusal)?,
            },
        };
        of_allowed_domain(provider, who)?;
        Ok(known)
    }

    /// The user connected with this person of the provider.
    async fn connected_user(&self, oidc_hash: Vec<u8>) -> Result<Option<PortalUser>, StoreError> {
        let mut reader = self.db.read().await?;
        portal_users::by_oidc(&mut reader.tx(), oidc_hash).await
    }

    /// The hash that a person of the provider is found by.
    pub(super) fn oidc_hash(&self, provider: &Oidc, tool: &Tool, who: &ProviderPerson) -> Vec<u8> {
        let issuer = &provider.settings().issuer;
        self.own.keys.provider(&tool.id, issuer, &who.subject)
    }

    /// Creates a user who was invited by this address or is let in by the operator's settings.
    async fn join(
        &self,
        provider: &Oidc,
        tool: &Tool,
        who: &ProviderPerson,
        oidc_hash: Vec<u8>,
    ) -> Result<PortalUser, OidcRefusal> {
        let mail = who.mail.as_deref().map_err(|problem| *problem)?;
        let mail = UserProfile::mail(mail).ok_or(OidcRefusal::NoMail)?;
        let login_hash = self.own.keys.login(&tool.id, &mail);
        let (id, hash) = (tool.id.clone(), login_hash.clone());
        let mut reader = self.db.read().await?;
        let same_login = portal_users::by_login(&mut reader.tx(), id.clone(), hash).await?;
        let users = portal_users::of_tool(&mut reader.tx(), id.clone()).await?;
        let links = portal_links::of_tool(&mut reader.tx(), id).await?;
        drop(reader);
        if same_login.is_some() {
            return Err(OidcRefusal::NotConnected);
        }
        let number = users.len() + links.len();
        let invitation = self.invitation_of(links, &mail)?;
        let role = match &invitation {
            Some(link) => link.role.clone(),
            None => self.role_uninvited(provider, tool, &users)?,
        };
        if invitation.is_none() && number >= MOST_UNINVITED {
            return Err(OidcRefusal::Full);
        }
        let name = who.name.as_deref().and_then(UserProfile::name);
        let profile = UserProfile {
            name: name.unwrap_or_else(|| mail.clone()),
            login: mail,
        };
        let now = self.clock.now_ms();
        let id = new_id(now, &self.random);
        let user = PortalUser {
            profile_sealed: profile.seal(&self.rows, &id)?,
            id,
            tool_id: tool.id.clone(),
            password_hash: String::new(),
            totp_sealed: None,
            role,
            created_at: now,
            seen_at: None,
            oidc_hash: Some(oidc_hash),
            sign_in_round: 0,
        };
        self.store_joined(user, login_hash, profile.name, invitation)
            .await
    }

    /// The newest invitation waiting for this address.
    fn invitation_of(
        &self,
        links: Vec<PortalLink>,
        mail: &str,
    ) -> Result<Option<PortalLink>, StoreError> {
        let now = self.clock.now_ms();
        let is_open =
            |link: &PortalLink| link.kind == PortalLinkKind::Invitation && now < link.expires_at;
        for link in links.into_iter().rev().filter(is_open) {
            let whose = invited(&self.rows, &link)?;
            if whose.is_some_and(|whose| normal(&whose) == normal(mail)) {
                return Ok(Some(link));
            }
        }
        Ok(None)
    }

    /// The role of people without an invitation. The operator's settings only cover the first tool,
    /// the operator's own.
    fn role_uninvited(
        &self,
        provider: &Oidc,
        tool: &Tool,
        users: &[PortalUser],
    ) -> Result<String, OidcRefusal> {
        let role = provider.settings().role.clone();
        let role = role.filter(|_| self.tools.is_first(&tool.id));
        match role {
            Some(_) if !has_owner(users) => Err(OidcRefusal::NoOwner),
            role => role.ok_or(OidcRefusal::NoAccount),
        }
    }

    async fn store_joined(
        &self,
        user: PortalUser,
        login_hash: Vec<u8>,
        name: String,
        invitation: Option<PortalLink>,
    ) -> Result<PortalUser, OidcRefusal> {
        let actor = match &invitation {
            Some(link) => Actor::new(ActorKind::Link, &*link.id, &*name),
            None => Actor::new(ActorKind::User, &*user.id, &*name),
        };
        let entry =
            AuditEntry::new(&user.tool_id, actor, AuditAction::UserJoined, &*user.id).named(name);
        let entry = entry.after(serde_json::json!({"role": user.role, "by": "oidc"}));
        let (stored, audit) = (user.clone(), self.audit.clone());
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Serialises concurrent requests: the second one finds that the invitation or the
                // place is taken.
                tools::lock(&mut tx, stored.tool_id.clone()).await?;
                let (may_come, refusal) = match invitation {
                    Some(link) => {
                        let is_there = portal_links::take(&mut tx, link.id).await?;
                        (is_there, OidcRefusal::NoAccount)
                    }
                    None => {
                        let number = taken(&mut tx, &stored.tool_id).await?;
                        (number < MOST_UNINVITED, OidcRefusal::Full)
                    }
                };
                if !may_come {
                    return Ok(Err(refusal));
                }
                portal_users::insert(&mut tx, login_hash, stored).await?;
                Ok(Ok(audit.append(&mut tx, entry).await?))
            })
        });
        match write.await {
            Ok(Ok(mark)) => {
                mark.log();
                Ok(user)
            }
            Ok(Err(refusal)) => Err(refusal),
            Err(error) if error.is_taken() => Err(OidcRefusal::NotConnected),
            Err(error) => Err(error.into()),
        }
    }

    /// Records in the audit that a person of the provider was turned away, but not who: it may be a
    /// student.
    async fn note_refusal(&self, tool: &Tool, refusal: &OidcRefusal) -> Result<(), OidcRefusal> {
        let tries = &self.own.tries;
        let has_room = || tries.of("portal refusals", &tool.id, "").is_ok();
        if !refusal.is_of_a_person() || !has_room() {
            return Ok(());
        }
        let settings = self.provider()?.settings();
        let actor = Actor::new(ActorKind::Provider, settings.host(), &*settings.label);
        let code = refusal.rule().code;
        let entry = AuditEntry::new(&tool.id, actor, AuditAction::SessionOidcRefused, code);
        Ok(self.audit.write(&self.db, entry).await?)
    }
}

/// Checks the person's domain, if domains are restricted.
pub(super) fn of_allowed_domain(provider: &Oidc, who: &ProviderPerson) -> Result<(), OidcRefusal> {
    match &who.mail {
        Err(problem) if !provider.settings().domains.is_empty() => Err((*problem).into()),
        _ => Ok(()),
    }
}
