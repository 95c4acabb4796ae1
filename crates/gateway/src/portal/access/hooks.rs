//! `/portal/keys/webhooks`: the webhooks of a tool, and creating one.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;

use super::event_line::name_of;
use super::{AccessLink, AccessTab, tabs};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::events::EventType;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfKeys;
use crate::portal::query::{body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::cut_for_page;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::texts::{Text, portal_keys as texts, portal_pages as pages};
use crate::webhooks::api::{self as webhooks, WebhookAnswer};

/// The page's path.
const HOOKS: &str = "/portal/keys/webhooks";
/// How many bytes of the page an address may take; a tool has at most 20 webhooks.
const URL_BYTES: usize = 150;

/// A webhook in a list.
pub(super) struct HookLine {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) events: String,
    pub(super) kind: &'static str,
    pub(super) word: String,
    pub(super) active: bool,
}

impl HookLine {
    pub(super) fn new(hook: WebhookAnswer, frame: &PortalFrame) -> Self {
        let (kind, word) = match (&hook.disabled_reason, &hook.failing_since) {
            (Some(reason), _) => {
                let word = texts::HOOK_ENDED.with("reason", &**reason);
                ("bad", frame.phrase(word))
            }
            (None, Some(since)) => {
                let word = texts::HOOK_FAILING.with("when", frame.when(ms_of(since)));
                ("warn", frame.phrase(word))
            }
            (None, None) if hook.active => ("ok", frame.say(texts::HOOK_ACTIVE).to_owned()),
            (None, None) => ("off", frame.say(texts::HOOK_OFF).to_owned()),
        };
        let events: Vec<&str> = hook.events.iter().map(|event| event.as_str()).collect();
        Self {
            events: match events.is_empty() {
                true => frame.say(texts::ALL_EVENTS).to_owned(),
                false => events.join(", "),
            },
            id: hook.id,
            url: hook.url,
            active: hook.active,
            kind,
            word,
        }
    }
}

/// A secret that is shown once.
pub(super) struct MadeSecret {
    pub(super) title: Text,
    pub(super) secret: String,
}

/// A type of events to tick.
pub(super) struct EventChoice {
    pub(super) code: &'static str,
    pub(super) name: Text,
    pub(super) is_ticked: bool,
}

#[derive(Template)]
#[template(path = "portal/access_webhooks.html")]
struct HooksPage<'a> {
    frame: &'a PortalFrame,
    tabs: [AccessLink; 4],
    made: Option<MadeSecret>,
    rows: Vec<HookLine>,
    fields: Vec<FormField>,
    kinds: Vec<EventChoice>,
    errors: FormErrors,
}

pub(crate) async fn show(State(portal): State<Portal>, who: SignedIn<OfKeys>) -> PortalAnswer {
    let filled = (String::new(), Vec::new(), FormErrors::default(), None);
    send(&portal, &who.person, filled, StatusCode::OK).await
}

/// `POST`: creates a webhook and shows its secret, just once.
pub(crate) async fn make(State(portal): State<Portal>, form: PortalForm<OfKeys>) -> PortalAnswer {
    form.confirmed(&portal, HOOKS)?;
    let person = &form.person;
    let url = form.field("url").unwrap_or_default().trim().to_owned();
    let events = ticked(&form);
    let asked = json!({"url": url, "events": events});
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let made = match webhooks::create(State(room), key, body_of(&asked)).await {
        Ok((_, Json(made))) => made,
        Err(problem) => {
            let filled = (url, events, FormErrors::of_problem(problem)?, None);
            return send(&portal, person, filled, StatusCode::BAD_REQUEST).await;
        }
    };
    let entry = person
        .entry(AuditAction::WebhookMade, &made.id)
        .after(asked);
    portal.audit.write(&portal.db, entry).await?;
    let made = MadeSecret {
        title: texts::HOOK_MADE,
        secret: made.secret.unwrap_or_default(),
    };
    let filled = (String::new(), Vec::new(), FormErrors::default(), Some(made));
    send(&portal, person, filled, StatusCode::OK).await
}

async fn send(
    portal: &Portal,
    person: &Person,
    (url, events, errors, made): (String, Vec<&str>, FormErrors, Option<MadeSecret>),
    status: StatusCode,
) -> PortalAnswer {
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = webhooks::list(State(room), key).await?;
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let line = |hook| {
        let line = HookLine::new(hook, &frame);
        let url = cut_for_page(line.url, URL_BYTES);
        HookLine { url, ..line }
    };
    let fields = vec![FormField::line("url", frame.say(texts::HOOK_URL), url).checked(&errors)];
    let page = HooksPage {
        tabs: tabs(AccessTab::Webhooks),
        rows: list.webhooks.into_iter().map(line).collect(),
        errors: errors.labelled(&fields),
        fields,
        kinds: kinds(&events),
        frame: &frame,
        made,
    };
    portal.send(status, &frame, page)
}

/// The types that were ticked.
pub(super) fn ticked(form: &PortalForm<OfKeys>) -> Vec<&'static str> {
    let codes = EventType::ALL.iter().map(|kind| kind.as_str());
    codes.filter(|code| form.field(code).is_some()).collect()
}

/// Every type, to tick.
pub(super) fn kinds(ticked: &[&str]) -> Vec<EventChoice> {
    let kinds = EventType::ALL.iter().map(|kind| EventChoice {
        code: kind.as_str(),
        name: name_of(*kind),
        is_ticked: ticked.contains(&kind.as_str()),
    });
    kinds.collect()
}
