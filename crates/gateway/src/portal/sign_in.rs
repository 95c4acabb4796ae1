//! `/portal/sign-in`, `/portal/sign-out`: signing in with a password, and with a second step for
//! users who have one; a button leads to the identity provider, if there is one. Nothing here
//! reveals whether an account exists (portal.md PO-3).

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::StoreError;
use store::portal_users::{self, PortalUser};

use super::cookies::{KeptSlot, PortalCookie};
use super::entrance::{SignInProof, wait_words};
use super::outside::Outside;
use super::page::{PortalAnswer, next, plain, retry_after, set_cookies};
use super::people::device::Device;
use super::people::passwords::Familiarity;
use super::people::rights::Anyone;
use super::provider::ProviderButton;
use super::room::Portal;
use super::second_step::{self, CodePurpose};
use super::signed_in::{FORGED, PortalForm};
use crate::audit::AuditAction;
use crate::directory::tools::{AtTool, Tool};
use crate::web::client::Source;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::page::posted_by_us;
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Phrase, portal_sign_in as texts};

/// Counts strangers' attempts at an account.
const ACCOUNT: &str = "portal account";

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage<'a> {
    outside: Outside<'a>,
    problem: Option<Phrase>,
    login: &'a str,
    next: &'a str,
    /// Whether there is no user yet.
    is_new: bool,
    provider: Option<ProviderButton>,
}

/// `GET /portal/sign-in`
pub(crate) async fn form(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let next = next(field(query.unwrap_or_default().as_bytes(), "next"));
    if portal.session(&headers, &tool).await?.is_some() {
        return Ok(see_other_here(&next)?);
    }
    let is_new = !portal.has_users(&tool).await?;
    let provider = portal.provider_button(language, &next);
    let page = SignInPage {
        outside: Outside::new(&tool, language, texts::TITLE),
        problem: None,
        login: "",
        next: &next,
        is_new,
        // The first owner uses a one-time link.
        provider: provider.filter(|_| !is_new),
    };
    Ok(plain(StatusCode::OK, page)?)
}

/// `POST /portal/sign-in`
pub(crate) async fn sign_in(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    headers: HeaderMap,
    body: Bytes,
) -> PortalAnswer {
    if !posted_by_us(&headers, &tool.address(&portal.public_url)) {
        return Err(FORGED.broken("the form came from elsewhere").into());
    }
    let [login, password] = ["login", "password"].map(|name| field(&body, name));
    let (login, password) = (login.unwrap_or_default(), password.unwrap_or_default());
    let next = next(field(&body, "next"));
    let tried = portal
        .try_password(&tool, source, &headers, &login, password)
        .await?;
    let (status, problem, wait) = match tried {
        TriedPassword::Right(user) if user.totp_sealed.is_some() => {
            let purpose = CodePurpose::SignIn(SignInProof::Here);
            return second_step::ask(&portal, &tool, &headers, &user, purpose, &next);
        }
        TriedPassword::Right(user) => {
            let proof = SignInProof::Here;
            return portal.enter(&tool, &user, &headers, proof, &next).await;
        }
        TriedPassword::Wrong => (StatusCode::FORBIDDEN, Phrase::from(texts::WRONG), None),
        TriedPassword::Wait(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            wait_words(seconds),
            Some(seconds),
        ),
    };
    let page = SignInPage {
        outside: Outside::new(&tool, language, texts::TITLE),
        problem: Some(problem),
        login: &login,
        next: &next,
        is_new: false,
        provider: portal.provider_button(language, &next),
    };
    let mut response = plain(status, page)?;
    if let Some(seconds) = wait {
        retry_after(&mut response, seconds);
    }
    Ok(response)
}

/// `POST /portal/sign-out`
pub(crate) async fn sign_out(
    State(portal): State<Portal>,
    headers: HeaderMap,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    let person = &form.person;
    let entry = person.entry(AuditAction::SessionEnded, &*person.id);
    portal.end_session(&headers, entry).await?;
    let mut response = see_other_here("/portal/sign-in")?;
    let cookies = [PortalCookie::Session, PortalCookie::Flash].into_iter();
    let cookies = cookies.chain(KeptSlot::ALL.map(PortalCookie::Kept));
    set_cookies(
        &mut response,
        cookies.map(|cookie| cookie.clear(&portal.public_url)),
    );
    Ok(response)
}

/// The result of a password.
enum TriedPassword {
    Right(Box<PortalUser>),
    Wrong,
    /// Not checked: try again after this many seconds.
    Wait(u32),
}

impl Portal {
    /// Whether the tool's portal has users.
    async fn has_users(&self, tool: &Tool) -> Result<bool, StoreError> {
        if self.own.memory.has_users(&tool.id) {
            return Ok(true);
        }
        let mut reader = self.db.read().await?;
        let users = portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?;
        if !users.is_empty() {
            self.own.memory.note_users(&tool.id);
        }
        Ok(!users.is_empty())
    }

    async fn try_password(
        &self,
        tool: &Tool,
        source: Source,
        headers: &HeaderMap,
        login: &str,
        password: String,
    ) -> Result<TriedPassword, Problem> {
        let (keys, tries) = (&self.own.keys, &self.own.tries);
        let login_hash = keys.login(&tool.id, login);
        let device = PortalCookie::Device.read(headers, &self.public_url);
        let device = device.and_then(|text| Device::read(&text));
        let device = device
            .as_ref()
            .and_then(|device| device.id_for(keys, &login_hash));
        if device.is_none()
            && let Err(seconds) = tries.of_address(&tool.id, source)
        {
            return Ok(TriedPassword::Wait(seconds));
        }
        let (id, hash) = (tool.id.clone(), login_hash.clone());
        let user = portal_users::by_login(&mut self.db.read().await?.tx(), id, hash).await?;
        let account = URL_SAFE_NO_PAD.encode(&login_hash);
        let counted = match (device, &user) {
            // Strangers at the same address can't lock out a user who was here before.
            (Some(device), _) => tries.of_known(&tool.id, &account, device),
            (None, Some(user)) => tries.of(ACCOUNT, &tool.id, &user.id),
            // Counted like accounts, but separately: anyone can make up any number of these.
            (None, None) => tries.of("portal account of nobody", &tool.id, &account),
        };
        if let Err(seconds) = counted {
            return Ok(TriedPassword::Wait(seconds));
        }
        let who = match device {
            Some(_) => Familiarity::Known,
            None => Familiarity::Stranger,
        };
        let may = user.as_ref().filter(|user| self.may_use_password(user));
        let hash = may.map(|user| user.password_hash.clone());
        let fits = self.own.passwords.fits(password, hash, who).await?;
        Ok(match user {
            Some(user) if fits => {
                // Strangers' browsers may be its user's own, without cookies. Their address counts.
                if device.is_none() {
                    tries.was_right(ACCOUNT, &tool.id, &user.id);
                }
                TriedPassword::Right(Box::new(user))
            }
            _ => TriedPassword::Wrong,
        })
    }

    /// Whether a user may sign in by password.
    fn may_use_password(&self, user: &PortalUser) -> bool {
        let oidc = self.own.oidc.as_ref().filter(|_| user.oidc_hash.is_some());
        user.has_password() && oidc.is_none_or(|oidc| oidc.settings().keeps_passwords)
    }
}
