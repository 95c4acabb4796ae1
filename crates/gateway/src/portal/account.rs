//! `/portal/account`: the user's own password, second step, identity provider and sessions.

use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use store::portal_sessions::{self, ListedSession};
use store::portal_users::{self, PortalUser};
use store::{StoreError, portal_links};

use super::ask::ConfirmQuestion;
use super::confirm::OwnPassword;
use super::entrance::wait_words;
use super::flash::PortalFlash;
use super::frame::{Nav, PortalFrame};
use super::page::{PortalAnswer, retry_after};
use super::people::passwords::{Familiarity, wrong_with};
use super::people::person::Person;
use super::people::profile::totp_identity;
use super::people::rights::Anyone;
use super::people::totp::Totp;
use super::qr_code::qr_code;
use super::query::ListPart;
use super::room::Portal;
use super::signed_in::{PortalForm, SignedIn};
use crate::audit::AuditAction;
use crate::web::texts::{Phrase, portal_access as texts, portal_oidc, portal_pages as pages};

const PATH: &str = "/portal/account";
/// Sessions per page.
const PAGE_SIZE: usize = 15;
/// Counts wrong codes for a secret that is not stored yet.
const FIRST_CODE: &str = "portal first code";
const SECOND_STEP_OFF: &str = "/portal/account/second-step/off";

#[derive(Template)]
#[template(path = "portal/account.html")]
struct AccountPage<'a> {
    frame: &'a PortalFrame,
    about: Phrase,
    login: &'a str,
    has_password: bool,
    has_second_step: bool,
    provider: Option<ProviderPanel>,
    sessions: Vec<SessionLine>,
    first: Option<String>,
    next: Option<String>,
}

/// The identity provider, if there is one.
struct ProviderPanel {
    /// Its name for people.
    label: String,
    is_connected: bool,
}

struct SessionLine {
    id: String,
    agent: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "portal/second_step_secret.html")]
struct SecretPage<'a> {
    frame: &'a PortalFrame,
    problem: Option<Phrase>,
    secret: String,
    link: String,
    /// The link as a QR code, unless it is too long for one.
    picture: Option<String>,
    carried: String,
}

/// `GET /portal/account`
pub(crate) async fn page(
    State(portal): State<Portal>,
    who: SignedIn<Anyone>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), person.id.clone()).await?;
    let mut sessions = portal_sessions::of_user(&mut reader.tx(), person.id.clone()).await?;
    drop(reader);
    let user = user.as_ref();
    let is_connected = user.is_some_and(|user| user.oidc_hash.is_some());
    let provider = portal.own.oidc.as_ref().map(|oidc| ProviderPanel {
        label: oidc.settings().label.clone(),
        is_connected,
    });
    let now = portal.clock.now_ms();
    let line = |session: ListedSession| SessionLine {
        is_this: session.id == person.session_id,
        id: session.id,
        agent: session.agent,
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    };
    sessions.retain(|session| now < session.expires_at);
    // This one first, then the newest.
    sessions.sort_by_key(|session| (session.id != person.session_id, Reverse(session.created_at)));
    let (number, part) = (sessions.len(), ListPart::new(query, PAGE_SIZE));
    let frame = portal.frame(person, Nav::Account, texts::TITLE).await?;
    let page = AccountPage {
        frame: &frame,
        about: texts::SIGNED_IN_AS
            .with("login", &*person.profile.login)
            .with("role", person.role.title().to(person.language))
            .with("may", person.role.says().to(person.language)),
        login: &person.profile.login,
        has_password: user.is_some_and(PortalUser::has_password),
        has_second_step: user.is_some_and(|user| user.totp_sealed.is_some()),
        provider,
        sessions: part.of(sessions.into_iter()).map(line).collect(),
        first: part.first(PATH),
        next: part.next(PATH, number),
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST /portal/account/password`
pub(crate) async fn set_password(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    let person = &form.person;
    let [current, new] = ["current", "new"].map(|name| form.field(name).unwrap_or_default());
    let refuse = |field: &str, says: Phrase| {
        let flash = PortalFlash::refused(says, person.language);
        portal.tell(person, PATH, &flash.because_of(field))
    };
    match portal.has_password(person, current).await? {
        // Their code is asked for as well, as before other changes that could do harm.
        OwnPassword::Right(user) if user.totp_sealed.is_some() => form.confirmed(&portal, PATH)?,
        OwnPassword::Right(_) => {}
        OwnPassword::Unset => form.confirmed(&portal, PATH)?,
        OwnPassword::Wrong => return refuse("current", texts::WRONG_PASSWORD.into()),
        OwnPassword::Wait(seconds) => return refuse("current", wait_words(seconds)),
    }
    if let Some(wrong) = wrong_with(&new, &person.profile.login) {
        return refuse("new", wrong.into());
    }
    let hash = portal.own.passwords.hash(new, Familiarity::Known).await?;
    let (id, session) = (person.id.clone(), person.session_id.clone());
    let (entry, audit) = (
        person.entry(AuditAction::UserPasswordChanged, &*person.id),
        portal.audit.clone(),
    );
    let write = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            portal_users::set_password(&mut tx, id.clone(), hash).await?;
            portal_sessions::end_others(&mut tx, id.clone(), session).await?;
            // Anyone with a pending link could set another password.
            portal_links::take_of_user(&mut tx, id).await?;
            audit.append(&mut tx, entry).await
        })
    });
    write.await?.log();
    portal.done(person, PATH, texts::PASSWORD_CHANGED)
}

/// `POST /portal/account/second-step`: shows a secret for the app, which is not stored until its
/// first code is right.
pub(crate) async fn new_second_step(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    form.confirmed(&portal, PATH)?;
    let person = &form.person;
    let totp = Totp::generate(&portal.random);
    show_secret(&portal, person, &totp, StatusCode::OK, None).await
}

/// The page with a secret that is not stored yet.
async fn show_secret(
    portal: &Portal,
    person: &Person,
    totp: &Totp,
    status: StatusCode,
    problem: Option<Phrase>,
) -> PortalAnswer {
    let sealed = portal
        .own
        .carried
        .seal(&secret_of(&person.session_id), totp.bytes());
    let frame = portal
        .frame(person, Nav::Account, texts::SECRET_TITLE)
        .await?;
    let link = totp.link(&frame.tool, &person.profile.login);
    let page = SecretPage {
        frame: &frame,
        problem,
        secret: totp.in_groups(),
        picture: qr_code(&link, frame.say(texts::QR_CODE)),
        link,
        carried: URL_SAFE_NO_PAD.encode(sealed),
    };
    portal.send(status, &frame, page)
}

/// `POST /portal/account/second-step/on`. After a wrong code the secret stays: the app has it
/// already.
pub(crate) async fn second_step_on(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    form.confirmed(&portal, PATH)?;
    let person = &form.person;
    let carried = form.field("carried").unwrap_or_default();
    let secret = URL_SAFE_NO_PAD.decode(carried).ok().and_then(|sealed| {
        let opened = portal
            .own
            .carried
            .open(&secret_of(&person.session_id), &sealed);
        opened.ok()
    });
    let Some(totp) = secret.as_deref().and_then(Totp::of_bytes) else {
        // It is from another session, or no secret of ours.
        return portal.refused(person, PATH, texts::WRONG_CODE);
    };
    let tries = &portal.own.tries;
    if let Err(seconds) = tries.of(FIRST_CODE, &person.tool.id, &person.id) {
        let (status, problem) = (StatusCode::TOO_MANY_REQUESTS, wait_words(seconds));
        let mut page = show_secret(&portal, person, &totp, status, Some(problem)).await?;
        retry_after(&mut page, seconds);
        return Ok(page);
    }
    let code = form.field("code").unwrap_or_default();
    let Some(step) = totp.step_of(&code, portal.clock.now_seconds()) else {
        let problem = Phrase::from(texts::WRONG_FIRST_CODE);
        return show_secret(&portal, person, &totp, StatusCode::FORBIDDEN, Some(problem)).await;
    };
    tries.was_right(FIRST_CODE, &person.tool.id, &person.id);
    let sealed = portal.rows.seal(&totp_identity(&person.id), totp.bytes());
    portal
        .set_second_step(&form, Some(sealed), step, AuditAction::UserSecondStepOn)
        .await?;
    portal.done(person, PATH, texts::TURNED_ON)
}

/// `GET /portal/account/second-step/off`: asks before.
pub(crate) async fn ask_second_step_off(
    State(portal): State<Portal>,
    who: SignedIn<Anyone>,
) -> PortalAnswer {
    let question = ConfirmQuestion {
        title: texts::TAKE_AWAY_QUESTION,
        name: String::new(),
        says: texts::TAKE_AWAY_SAYS.into(),
        button: texts::TAKE_AWAY.into(),
        action: SECOND_STEP_OFF.to_owned(),
        fields: Vec::new(),
        back: PATH.to_owned(),
    };
    portal.ask(&who.person, Nav::Account, question).await
}

/// `POST /portal/account/second-step/off`
pub(crate) async fn second_step_off(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    form.confirmed(&portal, SECOND_STEP_OFF)?;
    portal
        .set_second_step(&form, None, 0, AuditAction::UserSecondStepOff)
        .await?;
    portal.done(&form.person, PATH, texts::TURNED_OFF)
}

fn secret_of(session_id: &str) -> String {
    format!("new second step/{session_id}")
}

/// `POST /portal/account/sessions/{id}/end`
pub(crate) async fn end_session(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    let person = &form.person;
    let (user_id, audit) = (person.id.clone(), portal.audit.clone());
    let entry = person.entry(AuditAction::SessionEnded, &*person.id);
    let entry = entry.after(json!({"session": id}));
    let end = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            if !portal_sessions::end_one(&mut tx, id, user_id).await? {
                return Ok(None);
            }
            audit.append(&mut tx, entry).await.map(Some)
        })
    });
    let Some(mark) = end.await? else {
        return portal.nothing(person).await;
    };
    mark.log();
    portal.done(person, PATH, texts::ENDED)
}

/// `POST /portal/account/sessions/end-others`
pub(crate) async fn end_others(
    State(portal): State<Portal>,
    form: PortalForm<Anyone>,
) -> PortalAnswer {
    let person = &form.person;
    let (user_id, session) = (person.id.clone(), person.session_id.clone());
    let (entry, audit) = (
        person.entry(AuditAction::UserSessionsEnded, &*person.id),
        portal.audit.clone(),
    );
    let end = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let ended = portal_sessions::end_others(&mut tx, user_id, session).await?;
            if ended == 0 {
                return Ok(None);
            }
            let entry = entry.after(json!({"ended": ended}));
            audit.append(&mut tx, entry).await.map(Some)
        })
    });
    if let Some(mark) = end.await? {
        mark.log();
    }
    portal.done(person, PATH, texts::OTHERS_ENDED)
}

impl Portal {
    async fn set_second_step(
        &self,
        form: &PortalForm<Anyone>,
        sealed: Option<Vec<u8>>,
        step: i64,
        action: AuditAction,
    ) -> Result<(), StoreError> {
        let person = &form.person;
        let (id, audit) = (person.id.clone(), self.audit.clone());
        let entry = person.entry(action, &*person.id);
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                portal_users::set_totp(&mut tx, id, sealed, step).await?;
                audit.append(&mut tx, entry).await
            })
        });
        write.await?.log();
        Ok(())
    }
}
