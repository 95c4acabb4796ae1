//! `/portal/confirm`: asks for the password again, or for the identity provider, before changes
//! that could do harm in the wrong hands. Users with a second step are asked for its code as well.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use store::portal_users::{self, PortalUser};
use store::{StoreError, portal_sessions};

use super::entrance::wait_words;
use super::frame::{Nav, PortalFrame};
use super::page::{PortalAnswer, next, retry_after};
use super::people::passwords::Familiarity;
use super::people::person::Person;
use super::people::rights::Anyone;
use super::provider::ProviderButton;
use super::room::Portal;
use super::second_step::{self, CodePurpose};
use super::signed_in::{PortalForm, SignedIn};
use crate::web::form::field;
use crate::web::problem::Problem;
use crate::web::texts::{Phrase, portal_access as texts, portal_oidc};

/// Counts wrong passwords of signed-in users.
const CONFIRMATION: &str = "portal confirmation";

#[derive(Template)]
#[template(path = "portal/confirm.html")]
struct ConfirmPasswordPage<'a> {
    frame: &'a PortalFrame,
    problem: Option<Phrase>,
    login: &'a str,
    next: &'a str,
    has_password: bool,
    /// Whether what was filled in comes back.
    is_kept: bool,
    /// Leads to the identity provider, if it can reauthenticate the user.
    provider: Option<ProviderButton>,
}

/// `GET /portal/confirm`
pub(crate) async fn form(
    State(portal): State<Portal>,
    RawQuery(query): RawQuery,
    who: SignedIn<Anyone>,
) -> PortalAnswer {
    let next = next(field(query.unwrap_or_default().as_bytes(), "next"));
    ask(&portal, &who.person, &next, StatusCode::OK, None).await
}

/// `POST /portal/confirm`
pub(crate) async fn answer(
    State(portal): State<Portal>,
    headers: HeaderMap,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    let person = &form.person;
    let next = next(form.field("next"));
    let password = form.field("password").unwrap_or_default();
    match portal.has_password(person, password).await? {
        OwnPassword::Right(user) if user.totp_sealed.is_some() => {
            let purpose = CodePurpose::Confirm(&person.session_id);
            second_step::ask(&portal, &person.tool, &headers, &user, purpose, &next)
        }
        OwnPassword::Right(_) => {
            portal.confirm_session(&person.session_id).await?;
            portal.done(person, &next, texts::CONFIRMED)
        }
        OwnPassword::Wrong | OwnPassword::Unset => {
            let problem = Phrase::from(texts::WRONG_PASSWORD);
            ask(&portal, person, &next, StatusCode::FORBIDDEN, Some(problem)).await
        }
        OwnPassword::Wait(seconds) => {
            let problem = wait_words(seconds);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut page = ask(&portal, person, &next, status, Some(problem)).await?;
            retry_after(&mut page, seconds);
            Ok(page)
        }
    }
}

async fn ask(
    portal: &Portal,
    person: &Person,
    next: &str,
    status: StatusCode,
    problem: Option<Phrase>,
) -> PortalAnswer {
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), person.id.clone()).await?;
    drop(reader);
    let has_password = user.as_ref().is_some_and(PortalUser::has_password);
    let is_connected = user.is_some_and(|user| user.oidc_hash.is_some());
    let provider = portal.confirmation_button(person.language, next);
    let title = if has_password {
        texts::CONFIRM_TITLE
    } else {
        portal_oidc::CONFIRM_TITLE
    };
    let frame = portal.frame(person, Nav::Nowhere, title).await?;
    let page = ConfirmPasswordPage {
        frame: &frame,
        problem,
        login: &person.profile.login,
        next,
        has_password,
        is_kept: person.kept.is_at(next),
        provider: provider.filter(|_| is_connected),
    };
    portal.send(status, &frame, page)
}

/// The result of checking the user's own password.
pub(super) enum OwnPassword {
    Right(Box<PortalUser>),
    Wrong,
    /// They have none.
    Unset,
    /// Not checked: try again after this many seconds.
    Wait(u32),
}

impl Portal {
    /// Records that the user of this session has just proven their identity.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn confirm_session(&self, id: &str) -> Result<(), StoreError> {
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let confirm = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { portal_sessions::confirm(&mut tx, id, now).await })
        });
        confirm.await.map(drop)
    }

    /// Whether this is the password of the signed-in user. Attempts are counted, because someone
    /// else may be sitting at the browser.
    ///
    /// # Errors
    /// The store failed, or too many passwords are being hashed.
    pub(super) async fn has_password(
        &self,
        person: &Person,
        password: String,
    ) -> Result<OwnPassword, Problem> {
        let tries = &self.own.tries;
        if let Err(seconds) = tries.of(CONFIRMATION, &person.tool.id, &person.id) {
            return Ok(OwnPassword::Wait(seconds));
        }
        let mut reader = self.db.read().await?;
        let user = portal_users::by_id(&mut reader.tx(), person.id.clone()).await?;
        drop(reader);
        let user = user.filter(PortalUser::has_password);
        let Some(user) = user else {
            return Ok(OwnPassword::Unset);
        };
        let (passwords, hash) = (&self.own.passwords, user.password_hash.clone());
        let fits = passwords
            .fits(password, Some(hash), Familiarity::Known)
            .await?;
        Ok(if fits {
            tries.was_right(CONFIRMATION, &person.tool.id, &person.id);
            OwnPassword::Right(Box::new(user))
        } else {
            OwnPassword::Wrong
        })
    }
}
