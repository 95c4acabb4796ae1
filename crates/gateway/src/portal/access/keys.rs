//! `/portal/keys`: API keys.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::json;

use super::{AccessLink, AccessTab, tabs};
use crate::audit::AuditAction;
use crate::directory::api_keys::api::{self as api_keys, ApiKeyAnswer, LAST};
use crate::directory::api_keys::scope::Scope;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::{OfKeys, OfUsers, Right};
use crate::portal::query::{ListPart, body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn, forbidden};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_keys as texts, portal_pages as pages};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Keys per page; a tool has at most 200.
const PAGE_SIZE: usize = 25;
/// The first page.
const FIRST: ListPart = ListPart::first_of(PAGE_SIZE);
/// The page's path.
const KEYS: &str = "/portal/keys";
/// The scope of keys that can assign roles and create tools, so only owners may create one
/// (decision 0353).
const ALL: &str = Scope::All.as_str();

/// A key in the list.
struct ApiKeyLine {
    id: String,
    name: String,
    may: Text,
    last_used: Option<i64>,
    ends: Option<i64>,
    has_ended: bool,
}

fn may(scope: &str) -> Text {
    match Scope::named(scope) {
        Some(Scope::All) => texts::SCOPE_ALL,
        Some(Scope::Services) => texts::SCOPE_SERVICES,
        Some(Scope::Manage) => texts::SCOPE_MANAGE,
        _ => texts::SCOPE_READ,
    }
}

impl ApiKeyLine {
    /// `unstored_use` is a use that this server hasn't stored yet.
    fn new(key: ApiKeyAnswer, unstored_use: Option<i64>, now: i64) -> Self {
        let ends = key.expires_at.as_deref().map(ms_of);
        Self {
            may: may(&key.scope),
            last_used: key.last_used_at.as_deref().map(ms_of).max(unstored_use),
            has_ended: ends.is_some_and(|end| end <= now),
            id: key.id,
            name: key.name,
            ends,
        }
    }
}

/// The values of the form for a new key.
struct NewKeyForm {
    name: String,
    scope: String,
    ends: String,
}

impl NewKeyForm {
    fn fields(&self, person: &Person, errors: &FormErrors) -> Vec<FormField> {
        let say = |text: Text| text.to(person.language).to_owned();
        let mut scopes = vec![
            ("services", say(texts::SCOPE_SERVICES)),
            ("manage", say(texts::SCOPE_MANAGE)),
            ("read", say(texts::SCOPE_READ)),
        ];
        if person.may_change::<OfUsers>() {
            scopes.push((ALL, say(texts::SCOPE_ALL)));
        }
        let ends = [
            ("", say(texts::ENDS_NEVER)),
            ("90", say(texts::ENDS_90)),
            ("365", say(texts::ENDS_YEAR)),
        ];
        vec![
            FormField::line("name", say(texts::KEY_NAME), &self.name).checked(errors),
            FormField::choice("scope", say(texts::MAY), &self.scope, scopes),
            FormField::choice("ends", say(texts::ENDS), &self.ends, ends),
        ]
    }
}

#[derive(Template)]
#[template(path = "portal/access_keys.html")]
struct ApiKeysPage<'a> {
    frame: &'a PortalFrame,
    tabs: [AccessLink; 4],
    /// A new key with its name.
    made: Option<(String, String)>,
    rows: Vec<ApiKeyLine>,
    first: Option<String>,
    next: Option<String>,
    fields: Vec<FormField>,
    errors: FormErrors,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let kept = |name: &str, otherwise: &str| {
        let kept = who.person.kept(KEYS, name);
        kept.unwrap_or(otherwise).to_owned()
    };
    let form = NewKeyForm {
        name: kept("name", ""),
        scope: kept("scope", "services"),
        ends: kept("ends", ""),
    };
    let filled = (form, FormErrors::default(), None);
    let part = ListPart::new(query, PAGE_SIZE);
    send(&portal, &who.person, part, filled, StatusCode::OK).await
}

/// `POST`: creates a key and shows it, just once.
pub(crate) async fn make(State(portal): State<Portal>, posted: PortalForm<OfKeys>) -> PortalAnswer {
    posted.confirmed(&portal, KEYS)?;
    let person = &posted.person;
    let of = |name: &str| posted.field(name).unwrap_or_default();
    let form = NewKeyForm {
        name: of("name"),
        scope: of("scope"),
        ends: of("ends"),
    };
    if form.scope == ALL && !person.may_change::<OfUsers>() {
        return Err(forbidden(&portal, person, OfUsers::CHANGE).await);
    }
    let days: Option<i64> = form.ends.parse().ok();
    let now = portal.clock.now_ms();
    let end = days.map(|days| iso(now.saturating_add(days.saturating_mul(DAY_MS))));
    let asked = json!({"name": form.name, "scope": form.scope, "expiresAt": end});
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let made = match api_keys::create(State(room), key, body_of(&asked)).await {
        Ok((_, Json(made))) => made,
        Err(problem) => {
            let filled = (form, FormErrors::of_problem(problem)?, None);
            return send(&portal, person, FIRST, filled, StatusCode::BAD_REQUEST).await;
        }
    };
    let entry = person.entry(AuditAction::ApiKeyMade, &made.id).after(asked);
    portal.audit.write(&portal.db, entry).await?;
    let form = NewKeyForm {
        name: String::new(),
        ..form
    };
    let made = (made.name, made.key.unwrap_or_default());
    let filled = (form, FormErrors::default(), Some(made));
    send(&portal, person, FIRST, filled, StatusCode::OK).await
}

/// `GET /portal/keys/{id}/revoke`: asks before.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let key = find(&portal, person, &id).await?;
    let question = ConfirmQuestion {
        title: texts::REVOKE_QUESTION,
        name: key.name,
        says: texts::REVOKE_SAYS.into(),
        button: texts::REVOKE.into(),
        action: revocation_of(&key.id),
        fields: Vec::new(),
        back: KEYS.to_owned(),
    };
    portal.ask(person, Nav::Keys, question).await
}

fn revocation_of(id: &str) -> String {
    format!("{KEYS}/{id}/revoke")
}

/// `POST /portal/keys/{id}/revoke`.
pub(crate) async fn revoke(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfKeys>,
) -> PortalAnswer {
    form.confirmed(&portal, &revocation_of(&id))?;
    let person = &form.person;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let was = find(&portal, person, &id).await?;
    let revoked = api_keys::revoke(State(room), key, Path(id.clone()), RawQuery(None)).await;
    let is_last = |problem: &Problem| problem.is(&LAST);
    if revoked.as_ref().is_err_and(is_last) {
        return portal.refused(person, KEYS, texts::KEY_IS_LAST);
    }
    let _ = portal.unless_refused(person, KEYS, revoked).await?;
    let entry = person.entry(AuditAction::ApiKeyRevoked, id);
    let entry = entry.before(json!({"name": was.name, "scope": was.scope}));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, KEYS, texts::KEY_REVOKED)
}

/// A key of the tool, or the page that says that there is none.
async fn find(portal: &Portal, person: &Person, id: &str) -> Result<ApiKeyAnswer, PortalRefusal> {
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = api_keys::list(State(room), key).await?;
    match list.api_keys.into_iter().find(|key| key.id == id) {
        Some(key) => Ok(key),
        None => Err(portal.nothing(person).await?.into()),
    }
}

async fn send(
    portal: &Portal,
    person: &Person,
    part: ListPart,
    (form, errors, made): (NewKeyForm, FormErrors, Option<(String, String)>),
    status: StatusCode,
) -> PortalAnswer {
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = api_keys::list(State(room), key).await?;
    let now = portal.clock.now_ms();
    let number = list.api_keys.len();
    // Newest first.
    let keys = part.of(list.api_keys.into_iter().rev());
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let fields = form.fields(person, &errors);
    let line = |key: ApiKeyAnswer| {
        let unstored_use = portal.directory.api_keys.unstored_use(&key.id);
        ApiKeyLine::new(key, unstored_use, now)
    };
    let page = ApiKeysPage {
        tabs: tabs(AccessTab::Keys),
        first: part.first(KEYS),
        next: part.next(KEYS, number),
        rows: keys.map(line).collect(),
        errors: errors.labelled(&fields),
        fields,
        frame: &frame,
        made,
    };
    portal.send(status, &frame, page)
}
