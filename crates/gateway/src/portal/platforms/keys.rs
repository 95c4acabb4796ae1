//! `/portal/platforms/{id}/keys`: our keys for a platform, and rotating them.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use store::platforms::KeyMethod;

use super::head::{self, PlatformHead, PlatformTab, address_of, platform_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::key_rotation;
use crate::keys::rotation::KeyEntry;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::{OfPlatformForms, OfPlatforms};
use crate::portal::query::{body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::texts::{Text, portal_pages as pages, portal_platforms as texts};

/// A key of ours.
struct KeyLine {
    kid: String,
    kind: &'static str,
    word: Text,
    signs_from: i64,
    published_until: Option<i64>,
}

impl From<KeyEntry> for KeyLine {
    fn from(key: KeyEntry) -> Self {
        let (kind, word) = match key.state {
            "signing" => ("ok", texts::KEY_SIGNS),
            "next" => ("wait", texts::KEY_NEXT),
            _ => ("off", texts::KEY_RETIRING),
        };
        Self {
            kid: key.kid,
            kind,
            word,
            signs_from: ms_of(&key.signs_from),
            published_until: key.published_until.as_deref().map(ms_of),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/platform_keys.html")]
struct KeysPage<'a> {
    frame: &'a PortalFrame,
    head: PlatformHead,
    may_change: bool,
    rows: Vec<KeyLine>,
    rotate_says: String,
    /// Whether the LMS reads our key set itself, so that a key can change without its
    /// administrator.
    by_url: bool,
    is_changing: bool,
    key_set: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatforms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let (platform, head) = head::open(&portal, person, &id, PlatformTab::Keys).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = key_rotation::list(State(room), key, Path(platform.id.clone())).await?;
    let hours = person.tool.settings.keys.sign_after_hours;
    let rotate_says = texts::ROTATE_SAYS.with("hours", hours.to_string());
    let is_set = platform.key_method == KeyMethod::JwkSet;
    let frame = portal.frame(person, Nav::Platforms, texts::TITLE).await?;
    portal.send(
        StatusCode::OK,
        &frame,
        KeysPage {
            may_change: person.may_change::<OfPlatforms>(),
            rotate_says: rotate_says.to(person.language).into_owned(),
            by_url: list.key_delivery == "url",
            is_changing: list.keys.iter().any(|key| key.state == "next"),
            rows: list.keys.into_iter().map(KeyLine::from).collect(),
            key_set: is_set.then(|| platform.key_value.clone()),
            frame: &frame,
            head,
        },
    )
}

/// `GET /portal/platforms/{id}/keys/now`: asks before a new key signs at once.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfPlatformForms>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let platform = platform_of(&portal, person, &id).await?;
    let there = PlatformTab::Keys.address(&platform.id);
    let question = ConfirmQuestion {
        title: texts::EMERGENCY_QUESTION,
        name: platform.name.clone(),
        says: texts::STOLEN_SAYS.into(),
        button: texts::EMERGENCY.into(),
        action: there.clone(),
        fields: vec![("do", "now".to_owned())],
        back: there,
    };
    portal.ask(person, Nav::Platforms, question).await
}

/// `POST`: makes a new key, which signs later or at once.
pub(crate) async fn rotate(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfPlatforms>,
) -> PortalAnswer {
    let at_once = form.field("do").as_deref() == Some("now");
    if at_once {
        let asked = format!("{}/now", PlatformTab::Keys.address(&id));
        form.confirmed(&portal, &asked)?;
    }
    let person = &form.person;
    let platform = platform_of(&portal, person, &id).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let body = body_of(&json!({"now": at_once}));
    let path = Path(platform.id.clone());
    let there = PlatformTab::Keys.address(&platform.id);
    let ordered = key_rotation::order(State(room), key, path, body).await;
    let Json(list) = portal.unless_refused(person, &there, ordered).await?;
    let kids: Vec<&String> = list.keys.iter().map(|key| &key.kid).collect();
    let entry = person
        .entry(AuditAction::PlatformKeyRotated, &platform.id)
        .named(&*platform.name);
    let entry = entry.after(json!({"now": at_once, "keys": kids}));
    portal.audit.write(&portal.db, entry).await?;
    let told = texts::ROTATED.with("name", &*platform.name);
    portal.done(person, &there, told)
}
