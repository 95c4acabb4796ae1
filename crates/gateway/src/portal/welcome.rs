//! `/portal/welcome/{code}`: where one-time links lead. Viewing the page doesn't use the link up,
//! because mail programs open links.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::portal_users::{self, PortalUser};
use store::{StoreError, Tx, portal_sessions, tools};

use super::entrance::{SignInProof, wait_words};
use super::links::invited;
use super::outside::Outside;
use super::page::{PortalAnswer, PortalRefusal, plain, retry_after};
use super::people::passwords::{Familiarity, wrong_with};
use super::people::profile::UserProfile;
use super::people::role::{Role, has_owner};
use super::provider::ProviderButton;
use super::room::Portal;
use super::signed_in::FORGED;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::{AtTool, Tool};
use crate::kit::id::new_id;
use crate::web::client::Source;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::page::{is_unseen, posted_by_us};
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, Text, portal_oidc, portal_sign_in as texts};

#[derive(Template)]
#[template(path = "portal/welcome.html")]
struct WelcomePage<'a> {
    outside: Outside<'a>,
    problem: Option<Phrase>,
    says: Phrase,
    action: String,
    /// Whether to ask for a name.
    is_new: bool,
    name: &'a str,
    /// The address, if it is known already.
    known: Option<&'a str>,
    login: &'a str,
    /// The other way in, for invited people.
    provider: Option<(String, ProviderButton)>,
}

#[derive(Template)]
#[template(path = "portal/gone.html")]
struct GonePage<'a> {
    outside: Outside<'a>,
    says: Phrase,
}

/// A valid link and what it is for.
struct GoodLink {
    link: PortalLink,
    /// The address that was invited.
    mail: Option<String>,
    /// The user whose password it sets.
    user: Option<(PortalUser, UserProfile)>,
}

/// The form's values.
#[derive(Default)]
struct WelcomeFields {
    name: String,
    login: String,
    password: String,
}

/// `GET /portal/welcome/{code}`
pub(crate) async fn form(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> PortalAnswer {
    // Any page can make its visitors' browsers request this, which must not use up the address's
    // attempts.
    if is_unseen(&headers) {
        return Err(FORGED
            .broken("a page of another site loads the link")
            .into());
    }
    let good = portal.good_link(&tool, source, language, &code).await?;
    let fields = WelcomeFields::default();
    let page = portal.welcome(&good, &tool, language, &code, &fields, None);
    Ok(plain(StatusCode::OK, page)?)
}

/// `POST /portal/welcome/{code}`
pub(crate) async fn accept(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    Path(code): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> PortalAnswer {
    if !posted_by_us(&headers, &tool.address(&portal.public_url)) {
        return Err(FORGED.broken("the form came from elsewhere").into());
    }
    let good = portal.good_link(&tool, source, language, &code).await?;
    let text = |name: &str| field(&body, name).unwrap_or_default();
    let fields = WelcomeFields {
        name: text("name"),
        login: text("login"),
        password: text("password"),
    };
    let accepted = match good.profile(&fields) {
        Ok(profile) => portal.accepted(&tool, &good, profile, &fields).await?,
        Err(problem) => WelcomeOutcome::Wrong(problem),
    };
    match accepted {
        WelcomeOutcome::By(user) => {
            let proof = SignInProof::Here;
            portal.enter(&tool, &user, &headers, proof, "/portal").await
        }
        WelcomeOutcome::Wrong(problem) => {
            let problem = Some(problem.into());
            let page = portal.welcome(&good, &tool, language, &code, &fields, problem);
            Ok(plain(StatusCode::UNPROCESSABLE_ENTITY, page)?)
        }
        WelcomeOutcome::TooLate => Err(gone(&tool, language)?.into()),
    }
}

/// Gives a user the password that their link lets them choose, and ends all other ways in. Returns
/// their round of sign-ins from then on.
async fn take_over(tx: &mut Tx<'_>, user: PortalUser) -> Result<i64, StoreError> {
    let (id, round) = (user.id, user.sign_in_round);
    portal_users::set_password(tx, id.clone(), user.password_hash).await?;
    portal_users::set_totp(tx, id.clone(), None, 0).await?;
    // The link must let them in even if the provider no longer does.
    portal_users::set_oidc(tx, id.clone(), None).await?;
    portal_sessions::end_others(tx, id.clone(), String::new()).await?;
    portal_links::take_of_user(tx, id.clone()).await?;
    let user = portal_users::by_id(tx, id).await?;
    Ok(user.map_or(round, |user| user.sign_in_round))
}

/// The result of a link.
enum WelcomeOutcome {
    By(Box<PortalUser>),
    /// A value has to be changed.
    Wrong(Text),
    /// The link was used meanwhile, or there is an owner by now.
    TooLate,
}

fn gone(tool: &Tool, language: Language) -> Result<Response, Problem> {
    let page = GonePage {
        outside: Outside::new(tool, language, texts::TITLE_GONE),
        says: Phrase::from(texts::GONE),
    };
    plain(StatusCode::GONE, page)
}

impl GoodLink {
    /// The profile of the person who will be able to sign in, or what is wrong with it.
    fn profile(&self, fields: &WelcomeFields) -> Result<UserProfile, Text> {
        let profile = match &self.user {
            Some((_, profile)) => profile.clone(),
            None => UserProfile {
                name: UserProfile::name(&fields.name).ok_or(texts::WRONG_NAME)?,
                login: match &self.mail {
                    Some(mail) => mail.clone(),
                    None => UserProfile::mail(&fields.login).ok_or(texts::WRONG_MAIL)?,
                },
            },
        };
        match wrong_with(&fields.password, &profile.login) {
            None => Ok(profile),
            Some(wrong) => Err(wrong),
        }
    }

    fn page<'a>(
        &'a self,
        tool: &'a Tool,
        language: Language,
        code: &str,
        fields: &'a WelcomeFields,
        problem: Option<Phrase>,
    ) -> WelcomePage<'a> {
        let role = Role::named(&self.link.role).unwrap_or(Role::Viewer);
        let (title, says) = match (self.link.kind, &self.user) {
            (PortalLinkKind::FirstOwner, _) => {
                (texts::TITLE_OWNER, Phrase::from(texts::OWNER_SAYS))
            }
            (PortalLinkKind::Invitation, _) => {
                let says = texts::INVITED_SAYS
                    .with("role", role.title().to(language))
                    .with("may", role.says().to(language));
                (texts::TITLE_INVITED, says)
            }
            (PortalLinkKind::NewPassword, user) => {
                let login = user.as_ref().map(|(_, profile)| profile.login.clone());
                let says = texts::NEW_PASSWORD_SAYS.with("login", login.unwrap_or_default());
                (texts::TITLE_NEW_PASSWORD, says)
            }
        };
        let users = self.user.as_ref().map(|(_, profile)| &*profile.login);
        WelcomePage {
            outside: Outside::new(tool, language, title),
            problem,
            says,
            action: format!("/portal/welcome/{code}"),
            is_new: self.user.is_none(),
            name: &fields.name,
            known: users.or(self.mail.as_deref()),
            login: &fields.login,
            provider: None,
        }
    }
}

impl Portal {
    /// The page of a valid link, with the provider's button for invited people.
    fn welcome<'a>(
        &self,
        good: &'a GoodLink,
        tool: &'a Tool,
        language: Language,
        code: &str,
        fields: &'a WelcomeFields,
        problem: Option<Phrase>,
    ) -> WelcomePage<'a> {
        let offer = || {
            let mail = good.mail.as_deref()?;
            let button = self.provider_button(language, "/portal")?;
            let says = portal_oidc::OR_THERE.with("mail", mail).to(language);
            Some((says.into_owned(), button))
        };
        let page = good.page(tool, language, code, fields, problem);
        WelcomePage {
            provider: offer(),
            ..page
        }
    }

    /// The link of a code, or the page that says it isn't valid.
    async fn good_link(
        &self,
        tool: &Arc<Tool>,
        source: Source,
        language: Language,
        code: &str,
    ) -> Result<GoodLink, PortalRefusal> {
        if let Err(seconds) = self.own.tries.of_address(&tool.id, source) {
            let page = GonePage {
                outside: Outside::new(tool, language, texts::TITLE),
                says: wait_words(seconds),
            };
            let mut response = plain(StatusCode::TOO_MANY_REQUESTS, page)?;
            retry_after(&mut response, seconds);
            return Err(response.into());
        }
        match self.find_link(tool, code).await? {
            Some(good) => Ok(good),
            None => Err(gone(tool, language)?.into()),
        }
    }

    async fn find_link(&self, tool: &Tool, code: &str) -> Result<Option<GoodLink>, StoreError> {
        let mut reader = self.db.read().await?;
        let link = portal_links::by_code(&mut reader.tx(), self.own.keys.link(code)).await?;
        let now = self.clock.now_ms();
        let Some(link) = link.filter(|link| link.tool_id == tool.id && now < link.expires_at)
        else {
            return Ok(None);
        };
        let user = match &link.user_id {
            Some(id) => portal_users::by_id(&mut reader.tx(), id.clone()).await?,
            None => None,
        };
        let is_owned = link.kind == PortalLinkKind::FirstOwner
            && has_owner(&portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?);
        drop(reader);
        if is_owned || (link.kind == PortalLinkKind::NewPassword && user.is_none()) {
            return Ok(None);
        }
        let opened = user.map(|user| {
            let profile = UserProfile::open(&self.rows, &user.id, &user.profile_sealed);
            profile.map(|profile| (user, profile))
        });
        Ok(Some(GoodLink {
            mail: invited(&self.rows, &link)?,
            user: opened.transpose()?,
            link,
        }))
    }

    /// The user that a link creates or changes, with this password.
    fn user_behind(
        &self,
        tool: &Tool,
        good: &GoodLink,
        profile: &UserProfile,
        password_hash: String,
    ) -> Result<PortalUser, StoreError> {
        if let Some((user, _)) = &good.user {
            return Ok(PortalUser {
                password_hash,
                totp_sealed: None,
                oidc_hash: None,
                ..user.clone()
            });
        }
        let now = self.clock.now_ms();
        let id = new_id(now, &self.random);
        Ok(PortalUser {
            profile_sealed: profile.seal(&self.rows, &id)?,
            id,
            tool_id: tool.id.clone(),
            password_hash,
            totp_sealed: None,
            role: good.link.role.clone(),
            created_at: now,
            seen_at: None,
            oidc_hash: None,
            sign_in_round: 0,
        })
    }

    /// Uses the link up and does what it is for.
    async fn accepted(
        &self,
        tool: &Tool,
        good: &GoodLink,
        profile: UserProfile,
        fields: &WelcomeFields,
    ) -> Result<WelcomeOutcome, PortalRefusal> {
        let password = fields.password.clone();
        // Strangers don't have a valid code.
        let hash = self
            .own
            .passwords
            .hash(password, Familiarity::Known)
            .await?;
        let user = self.user_behind(tool, good, &profile, hash)?;
        let login_hash = self.own.keys.login(&tool.id, &profile.login);
        let is_new = good.user.is_none();
        let action = if is_new {
            AuditAction::UserJoined
        } else {
            AuditAction::UserPasswordReset
        };
        let actor = Actor::new(ActorKind::Link, &*good.link.id, &*profile.name);
        let entry = AuditEntry::new(&tool.id, actor, action, &*user.id).named(profile.name);
        let entry = entry.after(serde_json::json!({"role": user.role}));
        let (link, stored, audit) = (good.link.clone(), user.clone(), self.audit.clone());
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Serialises concurrent requests: the second one finds the link used.
                tools::lock(&mut tx, link.tool_id.clone()).await?;
                let users = portal_users::of_tool(&mut tx, link.tool_id.clone()).await?;
                let is_late = link.kind == PortalLinkKind::FirstOwner && has_owner(&users);
                if is_late || !portal_links::take(&mut tx, link.id).await? {
                    return Ok(None);
                }
                let round = if is_new {
                    let round = stored.sign_in_round;
                    portal_users::insert(&mut tx, login_hash, stored).await?;
                    round
                } else {
                    take_over(&mut tx, stored).await?
                };
                let mark = audit.append(&mut tx, entry).await?;
                Ok(Some((round, mark)))
            })
        });
        match write.await {
            Ok(Some((sign_in_round, mark))) => {
                mark.log();
                Ok(WelcomeOutcome::By(Box::new(PortalUser {
                    sign_in_round,
                    ..user
                })))
            }
            Ok(None) => Ok(WelcomeOutcome::TooLate),
            Err(error) if error.is_taken() => Ok(WelcomeOutcome::Wrong(texts::TAKEN)),
            Err(error) => Err(error.into()),
        }
    }
}
