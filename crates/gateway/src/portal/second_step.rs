//! `/portal/sign-in/code`: the second step, for users who have set it up, after the password as
//! well as after the identity provider. It belongs to signing in as well as to proving it again. A
//! ticket in the page proves the first step: in the browser that took it, once, and until the
//! user's password or sessions end (decision 0510).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use store::portal_users::{self, PortalUser};
use store::{StoreError, portal_states};

use super::cookies::PortalCookie;
use super::entrance::{SignInProof, sign_in_again, wait_words};
use super::flash::PortalFlash;
use super::outside::Outside;
use super::page::{PortalAnswer, PortalRefusal, next, plain, retry_after, set_cookies};
use super::people::keys::same;
use super::people::profile::totp_identity;
use super::people::totp::Totp;
use super::room::Portal;
use super::signed_in::{FORGED, with_next};
use crate::directory::tools::{AtTool, Tool};
use crate::kit::id::is_token;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::page::posted_by_us;
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Phrase, Text, portal_access, portal_sign_in as texts};

/// How long the first step stays valid, in milliseconds.
const TICKET_MS: i64 = 5 * 60 * 1000;

/// How many wrong codes are allowed in a row, on all servers and across restarts. Trying them
/// requires the password, so by then the password must be replaced.
const MOST_WRONG: i64 = 100;

/// Proof of the first step.
#[derive(Serialize, Deserialize)]
struct FirstStep {
    /// Used up with the right code: a ticket is good for one sign-in.
    id: String,
    user: String,
    at: i64,
    /// The keyed hash of the cookie of the browser that took the first step.
    browser: String,
    /// The user's round of sign-ins.
    round: i64,
    /// Whether the first step was the identity provider rather than the password.
    #[serde(default)]
    by_provider: bool,
    /// The session that the user is to confirm; none when signing in.
    #[serde(default)]
    session: Option<String>,
}

/// What the right code is for.
#[derive(Clone, Copy)]
pub(super) enum CodePurpose<'a> {
    /// To sign in, after this proof.
    SignIn(SignInProof),
    /// To confirm the session with this id.
    Confirm(&'a str),
}

#[derive(Template)]
#[template(path = "portal/second_step.html")]
struct SecondStepPage<'a> {
    outside: Outside<'a>,
    problem: Option<Phrase>,
    ticket: &'a str,
    next: &'a str,
    button: Text,
}

fn ticket_of(tool: &Tool) -> String {
    format!("second step/{}", tool.id)
}

/// Asks for the code of a user who passed the first step in the browser with these headers.
pub(super) fn ask(
    portal: &Portal,
    tool: &Tool,
    headers: &HeaderMap,
    user: &PortalUser,
    purpose: CodePurpose<'_>,
    next: &str,
) -> PortalAnswer {
    let (by_provider, session) = match purpose {
        CodePurpose::SignIn(proof) => (!matches!(proof, SignInProof::Here), None),
        CodePurpose::Confirm(session) => (false, Some(session.to_owned())),
    };
    // Kept if there is one, because another window may be asking for a code as well.
    let cookie = PortalCookie::SecondStep.read(headers, &portal.public_url);
    let cookie = cookie.filter(|cookie| is_token(cookie));
    let cookie = cookie.unwrap_or_else(|| portal.random.token());
    let first = FirstStep {
        id: portal.random.token(),
        user: user.id.clone(),
        at: portal.clock.now_ms(),
        browser: portal.own.keys.browser(&cookie),
        round: user.sign_in_round,
        by_provider,
        session,
    };
    let button = first.button();
    let first = serde_json::to_vec(&first).map_err(Problem::internal)?;
    let sealed = portal.own.carried.seal(&ticket_of(tool), &first);
    let ticket = URL_SAFE_NO_PAD.encode(sealed);
    let page = SecondStepPage {
        outside: Outside::new(tool, Language::accepted(headers), texts::TITLE_CODE),
        problem: None,
        ticket: &ticket,
        next,
        button,
    };
    let mut response = plain(StatusCode::OK, page)?;
    let cookie = PortalCookie::SecondStep.set(&cookie, &portal.public_url);
    set_cookies(&mut response, [cookie]);
    Ok(response)
}

/// `POST /portal/sign-in/code`
pub(crate) async fn answer(
    State(portal): State<Portal>,
    AtTool(tool): AtTool,
    language: Language,
    headers: HeaderMap,
    body: Bytes,
) -> PortalAnswer {
    if !posted_by_us(&headers, &tool.address(&portal.public_url)) {
        return Err(FORGED.broken("the form came from elsewhere").into());
    }
    let ticket = field(&body, "ticket").unwrap_or_default();
    let next = next(field(&body, "next"));
    let Some(first) = FirstStep::open(&portal, &tool, &ticket) else {
        return sign_in_again(&next);
    };
    let Some(user) = user_of(&portal, &tool, &headers, &first).await? else {
        // The first step was too long ago, was taken elsewhere, or counts no more.
        return first.ask_again(&portal, &tool, &headers, &next).await;
    };
    let (status, problem, wait) = match portal.own.tries.of("portal code", &tool.id, &user.id) {
        Err(seconds) => (
            StatusCode::TOO_MANY_REQUESTS,
            wait_words(seconds),
            Some(seconds),
        ),
        Ok(()) => {
            let code = field(&body, "code").unwrap_or_default();
            let says = match spend(&portal, &user, &first, &code).await? {
                SpentCode::Right => {
                    return passed(&portal, &tool, &user, &first, &headers, &next).await;
                }
                SpentCode::Wrong => texts::WRONG_CODE,
                SpentCode::NoMore => texts::NO_MORE_CODES,
            };
            (StatusCode::FORBIDDEN, Phrase::from(says), None)
        }
    };
    let page = SecondStepPage {
        outside: Outside::new(&tool, language, texts::TITLE_CODE),
        problem: Some(problem),
        ticket: &ticket,
        next: &next,
        button: first.button(),
    };
    let mut response = plain(status, page)?;
    if let Some(seconds) = wait {
        retry_after(&mut response, seconds);
    }
    Ok(response)
}

/// The user who took this first step, if it still counts and was taken in this browser.
async fn user_of(
    portal: &Portal,
    tool: &Tool,
    headers: &HeaderMap,
    first: &FirstStep,
) -> Result<Option<PortalUser>, PortalRefusal> {
    if !first.is_recent_and_here(portal, headers) {
        return Ok(None);
    }
    let (id, ticket) = (first.user.clone(), portal.own.keys.ticket(&first.id));
    let mut reader = portal.db.read().await?;
    let user = portal_users::by_id(&mut reader.tx(), id).await?;
    let is_used = portal_states::is_spent(&mut reader.tx(), ticket).await?;
    drop(reader);
    let is_good = |user: &PortalUser| {
        !is_used && user.tool_id == tool.id && user.sign_in_round == first.round
    };
    Ok(user.filter(is_good))
}

impl FirstStep {
    /// What a ticket of this tool's portal says, whether it still counts or not.
    fn open(portal: &Portal, tool: &Tool, ticket: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
        let first = portal.own.carried.open(&ticket_of(tool), &sealed).ok()?;
        serde_json::from_slice(&first).ok()
    }

    /// Leads to where it is taken once more, and from there to `next`. In the session that was to
    /// be confirmed, what was filled in before comes back then; no other session can open it.
    async fn ask_again(
        &self,
        portal: &Portal,
        tool: &Tool,
        headers: &HeaderMap,
        next: &str,
    ) -> PortalAnswer {
        if let Some(id) = &self.session
            && let Some(session) = portal.session(headers, tool).await?
            && session.id == *id
        {
            return Ok(see_other_here(&with_next("/portal/confirm", next))?);
        }
        sign_in_again(next)
    }

    /// Whether it was taken in the last minutes, in the browser with these headers.
    fn is_recent_and_here(&self, portal: &Portal, headers: &HeaderMap) -> bool {
        let cookie = PortalCookie::SecondStep.read(headers, &portal.public_url);
        let is_here =
            cookie.is_some_and(|cookie| same(&portal.own.keys.browser(&cookie), &self.browser));
        is_here && (0..TICKET_MS).contains(&(portal.clock.now_ms() - self.at))
    }

    fn button(&self) -> Text {
        match self.session {
            Some(_) => portal_access::CONFIRM,
            None => texts::SIGN_IN,
        }
    }
}

/// Continues after the right code.
async fn passed(
    portal: &Portal,
    tool: &Tool,
    user: &PortalUser,
    first: &FirstStep,
    headers: &HeaderMap,
    next: &str,
) -> PortalAnswer {
    let Some(session) = &first.session else {
        let proof = if first.by_provider {
            SignInProof::ProviderAndHere
        } else {
            SignInProof::Here
        };
        return portal.enter(tool, user, headers, proof, next).await;
    };
    portal.confirm_session(session).await?;
    let flash = PortalFlash::done(portal_access::CONFIRMED, Language::accepted(headers));
    let flash = portal.carry(session, &flash);
    let mut response = see_other_here(next)?;
    set_cookies(
        &mut response,
        [PortalCookie::Flash.set(&flash, &portal.public_url)],
    );
    Ok(response)
}

/// The result of a code.
enum SpentCode {
    /// It is right, and was not used before.
    Right,
    Wrong,
    /// Not checked: too many wrong ones came before.
    NoMore,
}

/// Counts a code, then checks it. The right one uses up the ticket as well.
async fn spend(
    portal: &Portal,
    user: &PortalUser,
    first: &FirstStep,
    code: &str,
) -> Result<SpentCode, StoreError> {
    let Some(totp) = totp_of(portal, user)? else {
        return Ok(SpentCode::Wrong);
    };
    let id = user.id.clone();
    // Counted before it is checked: otherwise many at once would count as one.
    let counted = portal.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { portal_users::try_totp(&mut tx, id, MOST_WRONG).await })
    });
    if !counted.await? {
        tracing::warn!(
            user = user.id,
            "a user of the portal needs a new password: too many wrong codes came for their second step"
        );
        return Ok(SpentCode::NoMore);
    }
    let Some(step) = totp.step_of(code, portal.clock.now_seconds()) else {
        return Ok(SpentCode::Wrong);
    };
    let id = user.id.clone();
    let (ticket, until) = (portal.own.keys.ticket(&first.id), first.at + TICKET_MS);
    let spend = portal.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            Ok(portal_users::use_totp(&mut tx, id, step).await?
                && portal_states::spend(&mut tx, ticket, until).await?)
        })
    });
    Ok(match spend.await? {
        true => SpentCode::Right,
        false => SpentCode::Wrong,
    })
}

/// The secret of a user's second step.
fn totp_of(portal: &Portal, user: &PortalUser) -> Result<Option<Totp>, StoreError> {
    let Some(sealed) = &user.totp_sealed else {
        return Ok(None);
    };
    let row = totp_identity(&user.id);
    let secret = portal.rows.open(&row, sealed);
    let secret = secret.map_err(|error| StoreError::Corrupt(format!("{row}: {error}")))?;
    Ok(Totp::of_bytes(&secret))
}
