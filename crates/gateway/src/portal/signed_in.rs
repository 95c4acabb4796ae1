//! Requests of signed-in users who are allowed what they ask for. A handler's argument says it all:
//! [`SignedIn`] to show something, [`PortalForm`] to change something, each with its area.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use store::portal_users;

use super::again::again;
use super::cookies::{KeptSlot, PortalCookie};
use super::kept::{KeptForm, KeptForms};
use super::page::{PortalAnswer, PortalRefusal, next, set_cookies};
use super::people::keys::same;
use super::people::person::Person;
use super::people::profile::UserProfile;
use super::people::rights::Right;
use super::people::role::Role;
use super::room::Portal;
use super::sessions::is_live;
use crate::audit::BegunChange;
use crate::directory::tools::host_of;
use crate::kit::id::correlation_id;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::meaning::Remedy;
use crate::web::multipart;
use crate::web::page::posted_by_us;
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::rule::{LOOK_INTO_THE_LOG, Rule, rows};
use crate::web::texts::meanings;
use crate::web::texts::{Phrase, portal as words};

rows! {
    /// Why the portal may refuse a form.
    pub(crate) const RULES: [Rule];

    /// The form was not sent by one of our pages.
    pub(super) const FORGED = Rule::new(
        "PORTAL_FORM_FORGED",
        StatusCode::FORBIDDEN,
        words::TITLE_FORGED,
        words::FORGED,
        LOOK_INTO_THE_LOG,
    )
    .meaning(meanings::FORM_FORGED, Remedy::Nothing);
    /// The form was sent without a session.
    const SIGNED_OUT = Rule::new(
        "PORTAL_SIGNED_OUT",
        StatusCode::UNAUTHORIZED,
        words::TITLE_SIGNED_OUT,
        words::SIGNED_OUT,
        "Sign in again: the session was over, or ended elsewhere.",
    )
    .meaning(meanings::SESSION_OVER, Remedy::Nothing);
}

/// A request of a user who may see the area `R`.
pub(crate) struct SignedIn<R> {
    pub(crate) person: Person,
    right: PhantomData<fn() -> R>,
}

/// A form sent by one of our pages, from a user who may change something in the area `R`.
pub(crate) struct PortalForm<R> {
    pub(crate) person: Person,
    fields: Bytes,
    right: PhantomData<fn() -> R>,
}

impl<S, R> FromRequestParts<S> for SignedIn<R>
where
    S: Send + Sync,
    R: Right,
    Portal: FromRef<S>,
{
    type Rejection = PortalRefusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PortalRefusal> {
        let portal = Portal::from_ref(state);
        let person = signed_in(&portal, parts).await?;
        if !person.may_read::<R>() {
            return Err(forbidden(&portal, &person, R::READ).await);
        }
        Ok(Self {
            person,
            right: PhantomData,
        })
    }
}

impl<S, R> FromRequest<S> for PortalForm<R>
where
    S: Send + Sync,
    R: Right,
    Portal: FromRef<S>,
{
    type Rejection = PortalRefusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, PortalRefusal> {
        let portal = Portal::from_ref(state);
        let (parts, body) = request.into_parts();
        let tool = portal.tools.at(host_of(&parts.uri, &parts.headers));
        let host = tool.as_deref().and_then(|tool| tool.host.as_deref());
        if !posted_by_us(&parts.headers, &portal.public_url.at(host)) {
            return Err(FORGED.broken("the form came from elsewhere").into());
        }
        let boundary = multipart::boundary(&parts.headers);
        let request = Request::from_parts(parts.clone(), body);
        let fields = Bytes::from_request(request, state).await;
        let fields = fields.map_err(|rejection| PortalRefusal::from(rejection.into_response()))?;
        // Checked after the body, which may take a minute to arrive: a user who has been signed out
        // or has lost a role meanwhile must not change anything.
        let person = signed_in(&portal, &parts).await?;
        let fields = match boundary {
            Some(boundary) => {
                let form = multipart::as_form(&boundary, &fields);
                Bytes::from(
                    form.ok_or_else(|| FORGED.broken("the form's parts can't be told apart"))?,
                )
            }
            None => fields,
        };
        let token = field(&fields, "token").unwrap_or_default();
        if !same(&token, &person.token) {
            return Err(FORGED
                .broken("the form's token is not this session's")
                .into());
        }
        if !person.may_change::<R>() {
            return Err(forbidden(&portal, &person, R::CHANGE).await);
        }
        if let Some(change) = parts.extensions.get::<BegunChange>() {
            change.begin(&person.tool.id, &person.actor()).await?;
        }
        Ok(Self {
            person,
            fields,
            right: PhantomData,
        })
    }
}

impl<R> PortalForm<R> {
    /// The value of a field; `None` if it is missing or comes twice.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        field(&self.fields, name)
    }

    /// Succeeds only if the person proved recently who they are; otherwise asks them to, and leads
    /// back to `page`, which may have kept what they filled in.
    ///
    /// # Errors
    /// The redirect to the page that asks.
    pub(crate) fn confirmed(&self, portal: &Portal, page: &str) -> Result<(), PortalRefusal> {
        if self.person.is_confirmed(portal.clock.now_ms()) {
            return Ok(());
        }
        let kept = KeptForm::of(page, &|name| self.field(name));
        let kept = kept.and_then(|form| {
            let form = form.sent(correlation_id(&portal.random), portal.clock.now_ms());
            let sealed = portal.keep(&self.person.session_id, &form)?;
            Some((form.address(), sealed))
        });
        // Without an id in the address, what an earlier form left behind doesn't come back instead.
        let there = kept.as_ref().map_or(page, |(there, _)| there);
        let mut asks = see_other_here(&with_next("/portal/confirm", there))?;
        let cookie = PortalCookie::Kept(self.person.kept.free());
        let cookie = kept.and_then(|(_, sealed)| cookie.set(&sealed, &portal.public_url));
        set_cookies(&mut asks, [cookie]);
        Err(asks.into())
    }
}

/// A path with the address to continue to.
pub(super) fn with_next(path: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

/// The path of the sign-in, with the address to continue to unless it is the portal's first page.
pub(super) fn sign_in_to(next: &str) -> String {
    match next {
        "/portal" => "/portal/sign-in".to_owned(),
        next => with_next("/portal/sign-in", next),
    }
}

/// The signed-in user, whatever they may do.
pub(super) async fn signed_in(portal: &Portal, parts: &Parts) -> Result<Person, PortalRefusal> {
    let headers = &parts.headers;
    let tool = portal.tools.at(host_of(&parts.uri, headers));
    let tool = tool.ok_or_else(Problem::unavailable)?;
    let Some(session) = portal.session(headers, &tool).await? else {
        return Err(to_sign_in(parts).unwrap_or_else(PortalRefusal::from));
    };
    let role = Role::named(&session.role);
    let role = role.ok_or_else(|| Problem::internal("a role that this version doesn't know"))?;
    let profile = UserProfile::open(&portal.rows, &session.user_id, &session.profile_sealed)?;
    let flash = PortalCookie::Flash.read(headers, &portal.public_url);
    // The message is for the page that a form leads to, not for another window's.
    let flash = flash.filter(|_| !is_live(headers));
    let kept = KeptSlot::ALL.into_iter().filter_map(|slot| {
        let text = PortalCookie::Kept(slot).read(headers, &portal.public_url)?;
        Some((slot, portal.kept(&session.id, &text)?))
    });
    let kept = KeptForms::new(kept.collect(), &parts.uri);
    Ok(Person {
        flash: flash.and_then(|text| portal.carried(&session.id, &text)),
        kept,
        token: portal.own.keys.form(&session.id),
        language: Language::accepted(headers),
        id: session.user_id,
        session_id: session.id,
        confirmed_at: session.confirmed_at,
        profile,
        role,
        tool,
    })
}

/// Where to send requests without a session.
fn to_sign_in(parts: &Parts) -> Result<PortalRefusal, Problem> {
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(SIGNED_OUT.problem());
    }
    let address = parts
        .uri
        .path_and_query()
        .map_or("/portal", |path| path.as_str());
    let site = parts.headers.get("sec-fetch-site");
    if site.is_some_and(|site| site == "cross-site") {
        // Browsers leave out the session's cookie if another site led here. If our own page opens
        // the address, they send it.
        let language = Language::accepted(&parts.headers);
        return Ok(again(language, words::OPENING, address)?.into());
    }
    // Omit an address that we wouldn't lead back to, for example because it is too long.
    let path = sign_in_to(&next(Some(address.to_owned())));
    Ok(see_other_here(&path)?.into())
}

/// 403, naming the roles that may.
pub(super) async fn forbidden(
    portal: &Portal,
    person: &Person,
    roles: &'static [Role],
) -> PortalRefusal {
    let page = forbidden_page(portal, person, roles).await;
    page.map_or_else(|refusal| refusal, PortalRefusal::from)
}

async fn forbidden_page(portal: &Portal, person: &Person, roles: &'static [Role]) -> PortalAnswer {
    let mut reader = portal.db.read().await?;
    let users = portal_users::of_tool(&mut reader.tx(), person.tool.id.clone()).await?;
    drop(reader);
    let may = users.into_iter().filter(|user| {
        let role = Role::named(&user.role);
        role.is_some_and(|role| roles.contains(&role))
    });
    let names = may.take(5).filter_map(|user| {
        let profile = UserProfile::open(&portal.rows, &user.id, &user.profile_sealed);
        profile.ok().map(|profile| profile.name)
    });
    let names: Vec<String> = names.collect();
    let language = person.language;
    let yours = words::FORBIDDEN_YOURS
        .with("name", &*person.profile.name)
        .with("role", person.role.title().to(language))
        .with("may", person.role.says().to(language));
    let theirs = if names.is_empty() {
        Phrase::from(words::FORBIDDEN_NOBODY)
    } else {
        words::FORBIDDEN_THEIRS.with("names", names.join(", "))
    };
    let response: Response = portal
        .message(
            person,
            StatusCode::FORBIDDEN,
            words::TITLE_FORBIDDEN,
            [yours, theirs],
        )
        .await?;
    Ok(response)
}
