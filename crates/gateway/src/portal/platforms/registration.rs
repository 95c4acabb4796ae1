//! `/portal/platforms/{id}/registration`: our addresses for its administrator, what the LMS told
//! us, and its copy of our registration.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::Value;
use store::StoreError;
use store::platforms::{self, KeyMethod};

use super::compared::{RegistrationGap, gaps};
use super::head::{self, PlatformHead, PlatformTab, address_of, platform_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms_api;
use crate::portal::fact::Fact;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::query::PageQuery;
use crate::portal::room::Portal;
use crate::portal::short::cut_for_page;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::registration::management;
use crate::registration::undecided::granted;
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// How many bytes of the page the copy may take.
const COPY_BYTES: usize = 6_000;

/// One of our addresses to copy.
struct OurAddress {
    id: &'static str,
    name: Text,
    value: String,
}

#[derive(Template)]
#[template(path = "portal/platform_registration.html")]
struct RegistrationPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    ours: Vec<OurAddress>,
    pem: String,
    theirs: Vec<Fact>,
    /// The services that it grants, and their scopes as the LMS has them.
    grants: String,
    scopes: Vec<String>,
    /// The LMS's copy, if it was requested.
    copy: Option<String>,
    /// Where the copy differs from what we would ask for now; `None` if they can't be compared.
    gaps: Option<Vec<RegistrationGap>>,
    /// Why it couldn't be read.
    problem: Option<String>,
    /// Whether the LMS has an address for reading and changing it.
    is_manageable: bool,
}

/// With `copy=1`, requests the LMS's copy.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Registration).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(answer) = platforms_api::read(State(room), key, Path(id)).await?;
    // Reading the copy sends a request to the LMS, so only users who may change something there may
    // cause it.
    let may_change = person.may_change::<OfPlatforms>();
    let is_asked = may_change && PageQuery::new(query).text("copy").is_some();
    let theirs_of_us = match is_asked {
        true => TheirCopy::read(&portal, person, &head.id).await,
        false => TheirCopy::default(),
    };
    let is_manageable = is_manageable(&portal, &head.id).await?;
    let ours = [
        ("ours-login", pages::LOGIN_URL, answer.login_url),
        ("ours-launch", pages::LAUNCH_URL, answer.launch_url),
        ("ours-keys", pages::KEYSET_URL, answer.keyset_url),
    ];
    let key = label_of(platform.key_method);
    let version = platform.row.version.unwrap_or_default();
    let theirs = [
        (texts::ISSUER, answer.url),
        (texts::CLIENT_ID, answer.client_id),
        (texts::AUTHENTICATION, answer.authentication_endpoint),
        (texts::TOKENS, answer.accesstoken_endpoint),
        (key, answer.auth_config.key),
        (texts::VERSION, version),
    ];
    let scopes = platform.row.scopes;
    let grants = granted(&scopes);
    let grants: Vec<&str> = grants.iter().map(|text| text.to(person.language)).collect();
    let theirs = theirs.into_iter().filter(|(_, value)| !value.is_empty());
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        RegistrationPage {
            may_change,
            ours: ours
                .map(|(id, name, value)| OurAddress { id, name, value })
                .into(),
            pem: answer.public_key,
            theirs: theirs.map(|(name, value)| Fact { name, value }).collect(),
            grants: grants.join(" · "),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            copy: theirs_of_us.copy,
            gaps: theirs_of_us.gaps,
            problem: theirs_of_us.problem,
            is_manageable,
            frame: &frame,
            head,
        },
    )
}

/// The label of a platform's keys, by the way we get them.
fn label_of(keys: KeyMethod) -> Text {
    match keys {
        KeyMethod::JwkSet => texts::KEY_SET,
        KeyMethod::JwkKey | KeyMethod::RsaKey => texts::ITS_KEY,
    }
}

/// Whether the LMS has an address at which our registration can be read and changed.
async fn is_manageable(portal: &Portal, id: &str) -> Result<bool, StoreError> {
    let mut reader = portal.db.read().await?;
    let managed = platforms::management(&mut reader.tx(), id.to_owned()).await?;
    Ok(managed.is_some_and(|managed| managed.uri.is_some()))
}

/// The LMS's copy of our registration, if it was requested.
#[derive(Default)]
struct TheirCopy {
    copy: Option<String>,
    gaps: Option<Vec<RegistrationGap>>,
    problem: Option<String>,
}

impl TheirCopy {
    /// Requests the copy.
    async fn read(portal: &Portal, person: &Person, id: &str) -> Self {
        let (room, key) = (
            portal.registrations.clone(),
            WithApiKey::granted(&person.tool),
        );
        let document = match management::read(State(room), key, Path(id.to_owned())).await {
            Ok(Json(document)) => document,
            Err(refused) => {
                return Self {
                    problem: Some(refused.description.into_owned()),
                    ..Self::default()
                };
            }
        };
        // If we can't tell what we would ask for, there is nothing to compare with.
        let asked = management::asked_now(&portal.registrations, &person.tool, id).await;
        let asked = asked.ok().flatten();
        Self {
            gaps: asked.map(|asked| gaps(&asked, &document)),
            copy: Some(shown(&document)),
            problem: None,
        }
    }
}

/// `POST`: sends the tool's settings to the LMS.
pub(crate) async fn send_ours(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let person = &form.person;
    let platform = platform_of(&portal, person, &id).await?;
    let room = State(portal.registrations.clone());
    let key = WithApiKey::granted(&person.tool);
    let there = PlatformTab::Registration.address(&platform.id);
    let updated = management::update(room, key, Path(platform.id.clone())).await;
    let Json(copy) = portal.unless_refused(person, &there, updated).await?;
    let entry = person
        .entry(AuditAction::PlatformRegistrationSent, &platform.id)
        .named(&*platform.name);
    portal.audit.write(&portal.db, entry.after(copy)).await?;
    let told = texts::COPY_SENT.with("name", &*platform.name);
    portal.done(person, &there, told)
}

/// A document as text, cut if it is too long for a page.
fn shown(document: &Value) -> String {
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    cut_for_page(text, COPY_BYTES)
}
