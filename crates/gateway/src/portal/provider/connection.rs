//! The signed-in user's account and the provider: connecting, disconnecting, and reauthenticating.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use store::portal_sessions::{self, PortalSession};
use store::{StoreError, portal_users};

use super::arrival::of_allowed_domain;
use super::flow::ProviderFlow;
use super::refusal::OidcRefusal;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::oidc::ProviderPerson;
use crate::portal::again::again;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::cookies::PortalCookie;
use crate::portal::flash::PortalFlash;
use crate::portal::frame::Nav;
use crate::portal::page::{PortalAnswer, set_cookies};
use crate::portal::people::profile::UserProfile;
use crate::portal::people::rights::Anyone;
use crate::portal::room::Portal;
use crate::portal::second_step::{self, CodePurpose};
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal as words, portal_access, portal_oidc as texts};

const ACCOUNT: &str = "/portal/account";
const DISCONNECT: &str = "/portal/account/oidc/disconnect";
/// How far the provider's clock may be off, in seconds.
const LEEWAY: i64 = 60;

/// `GET /portal/account/oidc/disconnect`: asks before.
pub(crate) async fn ask(State(portal): State<Portal>, who: SignedIn<Anyone>) -> PortalAnswer {
    let question = ConfirmQuestion {
        title: texts::DISCONNECT_QUESTION,
        name: String::new(),
        says: texts::DISCONNECT_SAYS.into(),
        button: texts::DISCONNECT.into(),
        action: DISCONNECT.to_owned(),
        fields: Vec::new(),
        back: ACCOUNT.to_owned(),
    };
    portal.ask(&who.person, Nav::Account, question).await
}

/// `POST /portal/account/oidc/disconnect`
pub(crate) async fn disconnect(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    form.confirmed(&portal, DISCONNECT)?;
    let person = &form.person;
    let id = person.id.clone();
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), id.clone()).await?;
    drop(reader);
    let Some(user) = user.filter(|user| user.oidc_hash.is_some()) else {
        return portal.done(person, ACCOUNT, texts::DISCONNECTED);
    };
    if !user.has_password() {
        return portal.refused(person, ACCOUNT, texts::NO_OTHER_WAY);
    }
    let entry = person.entry(AuditAction::UserOidcDisconnected, &*person.id);
    portal.set_provider(id, None, entry).await?;
    portal.done(person, ACCOUNT, texts::DISCONNECTED)
}

impl Portal {
    async fn set_provider(
        &self,
        user_id: String,
        oidc_hash: Option<Vec<u8>>,
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let audit = self.audit.clone();
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if !portal_users::set_oidc(&mut tx, user_id, oidc_hash).await? {
                    return Ok(None);
                }
                audit.append(&mut tx, entry).await.map(Some)
            })
        });
        if let Some(mark) = write.await? {
            mark.log();
        }
        Ok(())
    }

    /// The session that started this, if it is still valid and belongs to this tool's portal.
    async fn session_behind(&self, tool: &Tool, id: &str) -> Result<PortalSession, OidcRefusal> {
        let mut reader = self.db.read().await?;
        let session = portal_sessions::by_id(&mut reader.tx(), id.to_owned()).await?;
        drop(reader);
        let now = self.clock.now_ms();
        let session =
            session.filter(|session| session.tool_id == tool.id && now < session.expires_at);
        session.ok_or(OidcRefusal::SignedOut)
    }

    /// Connects a session's account with the person whom the provider named.
    pub(super) async fn connect(
        &self,
        tool: &Tool,
        language: Language,
        session_id: &str,
        who: &ProviderPerson,
    ) -> PortalAnswer {
        let session = self.session_behind(tool, session_id).await?;
        let provider = self.provider()?;
        of_allowed_domain(provider, who)?;
        let hash = self.oidc_hash(provider, tool, who);
        let profile = UserProfile::open(&self.rows, &session.user_id, &session.profile_sealed)?;
        let actor = Actor::new(ActorKind::User, &*session.user_id, &*profile.name);
        let entry = AuditEntry::new(
            &tool.id,
            actor,
            AuditAction::UserOidcConnected,
            &*session.user_id,
        );
        let set = self.set_provider(session.user_id, Some(hash), entry).await;
        set.map_err(|error| match error {
            error if error.is_taken() => OidcRefusal::ConnectedElsewhere,
            error => error.into(),
        })?;
        Ok(self.back_with(language, &session.id, ACCOUNT, texts::CONNECTED)?)
    }

    /// Confirms a session if the provider has just asked its user to sign in again.
    pub(super) async fn confirm_by_provider(
        &self,
        tool: &Tool,
        headers: &HeaderMap,
        session_id: &str,
        flow: &ProviderFlow,
        who: &ProviderPerson,
    ) -> PortalAnswer {
        let session = self.session_behind(tool, session_id).await?;
        let hash = self.oidc_hash(self.provider()?, tool, who);
        let mut reader = self.db.read().await?;
        let user = portal_users::by_id(&mut reader.tx(), session.user_id.clone()).await?;
        drop(reader);
        let user = user.filter(|user| user.oidc_hash.as_ref() == Some(&hash));
        let user = user.ok_or(OidcRefusal::OtherPerson)?;
        let now = self.clock.now_ms();
        let fresh = flow.at / 1000 - LEEWAY..=now / 1000 + LEEWAY;
        if !who.signed_in_at.is_some_and(|at| fresh.contains(&at)) {
            return Err(OidcRefusal::NotFresh.into());
        }
        if user.totp_sealed.is_some() {
            let purpose = CodePurpose::Confirm(&session.id);
            return second_step::ask(self, tool, headers, &user, purpose, &flow.next);
        }
        self.confirm_session(&session.id).await?;
        let (language, says) = (Language::accepted(headers), portal_access::CONFIRMED);
        Ok(self.back_with(language, &session.id, &flow.next, says)?)
    }

    /// A page that continues to a path of the portal, whose page says what was done.
    fn back_with(
        &self,
        language: Language,
        session_id: &str,
        path: &str,
        says: Text,
    ) -> Result<Response, Problem> {
        let mut page = again(language, words::OPENING, path)?;
        let flash = self.carry(session_id, &PortalFlash::done(says, language));
        set_cookies(
            &mut page,
            [PortalCookie::Flash.set(&flash, &self.public_url)],
        );
        Ok(page)
    }
}
