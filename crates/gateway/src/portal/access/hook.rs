//! `/portal/keys/webhooks/{id}`: one webhook, what was sent to it, and the actions on it.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::hooks::{EventChoice, HookLine, MadeSecret, kinds, ticked};
use super::{AccessLink, AccessTab, tabs};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::jobs::JobAttempt;
use crate::kit::clock::iso;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::job_attempts::{JobAttemptLine, outcome_of, short};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfKeys;
use crate::portal::query::{ListPosition, body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::short::cut_for_page;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_keys as texts, portal_pages as pages};
use crate::webhooks::api::{self as webhooks, WebhookAnswer};
use crate::webhooks::deliveries::{self, WebhookDelivery};
use crate::webhooks::{replay, rotation, test_message};

/// Messages per page.
const PAGE_SIZE: &str = "10";
/// How many attempts of a message are shown.
const ATTEMPTS: usize = 3;
/// How many bytes of the page an answer to an attempt may take, and the webhook's address.
const SAID_BYTES: usize = 100;
const URL_BYTES: usize = 2_100;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// A message in the list.
struct MessageLine {
    event: String,
    kind: &'static str,
    word: Text,
    reason: String,
    created_at: i64,
    next: Option<String>,
    tries: usize,
    attempts: Vec<JobAttemptLine>,
}

impl MessageLine {
    fn new(message: WebhookDelivery, frame: &PortalFrame) -> Self {
        let (kind, word) = match message.state {
            "delivered" => ("ok", texts::D_DELIVERED),
            "queued" => ("wait", texts::D_QUEUED),
            "sending" => ("wait", texts::D_SENDING),
            "refused" => ("bad", texts::D_REFUSED),
            _ => ("bad", texts::D_EXPIRED),
        };
        let next = message.next_attempt_at.as_deref().map(|at| {
            let phrase = texts::NEXT_TRY.with("when", frame.when(ms_of(at)));
            frame.phrase(phrase)
        });
        let attempts = message.attempts.iter().rev().take(ATTEMPTS);
        Self {
            attempts: attempts
                .map(|attempt| attempt_line(attempt, frame))
                .collect(),
            tries: message.attempts.len(),
            reason: message.reason.unwrap_or_default(),
            created_at: ms_of(&message.created_at),
            event: message.event,
            kind,
            word,
            next,
        }
    }
}

/// An attempt, with as much of the answer as the page has room for.
fn attempt_line(attempt: &JobAttempt, frame: &PortalFrame) -> JobAttemptLine {
    let line = JobAttemptLine::new(attempt, frame.language);
    JobAttemptLine {
        said: line.said.map(|said| cut_for_page(said, SAID_BYTES)),
        ..line
    }
}

#[derive(Template)]
#[template(path = "portal/access_webhook.html")]
struct HookPage<'a> {
    frame: &'a PortalFrame,
    tabs: [AccessLink; 4],
    made: Option<MadeSecret>,
    hook: HookLine,
    kinds: Vec<EventChoice>,
    rows: Vec<MessageLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let hook = find(&portal, &who.person, &id).await?;
    send(&portal, &who.person, hook, query, None).await
}

fn path_of(id: &str) -> String {
    format!("/portal/keys/webhooks/{id}")
}

async fn find(portal: &Portal, person: &Person, id: &str) -> Result<WebhookAnswer, PortalRefusal> {
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = webhooks::list(State(room), key).await?;
    let found = list.webhooks.into_iter().find(|hook| hook.id == id);
    match found {
        Some(hook) => Ok(hook),
        None => Err(portal.nothing(person).await?.into()),
    }
}

async fn send(
    portal: &Portal,
    person: &Person,
    hook: WebhookAnswer,
    query: Option<String>,
    made: Option<MadeSecret>,
) -> PortalAnswer {
    let position = ListPosition::new(path_of(&hook.id), query);
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let asked = position.asking("cursor", PAGE_SIZE);
    let list = deliveries::list(State(room), key, Path(hook.id.clone()), asked);
    let Json(list) = list.await?;
    let frame = portal.frame(person, Nav::Keys, texts::TITLE).await?;
    let messages = list.deliveries.into_iter();
    let sent: Vec<&str> = hook.events.iter().map(|event| event.as_str()).collect();
    let kinds = kinds(&sent);
    let mut hook = HookLine::new(hook, &frame);
    hook.url = cut_for_page(hook.url, URL_BYTES);
    let page = HookPage {
        tabs: tabs(AccessTab::Webhooks),
        kinds,
        hook,
        rows: messages
            .map(|message| MessageLine::new(message, &frame))
            .collect(),
        next: position.next(list.next_cursor.as_deref()),
        first: position.first(),
        frame: &frame,
        made,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST`: tests, switches, changes, rotates, replays or deletes it.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfKeys>,
) -> PortalAnswer {
    match form.field("do").unwrap_or_default().as_str() {
        "test" => test(&portal, &form, id).await,
        "on" => switch(&portal, &form, id, true).await,
        "off" => switch(&portal, &form, id, false).await,
        "events" => choose(&portal, &form, id).await,
        "rotate" => rotate(&portal, &form, id).await,
        "replay" => send_again(&portal, &form, id).await,
        "delete" => delete(&portal, &form, id).await,
        _ => Err(Problem::wrong_body("Which action?").into()),
    }
}

async fn test(portal: &Portal, form: &PortalForm<OfKeys>, id: String) -> PortalAnswer {
    let person = &form.person;
    let hook = find(portal, person, &id).await?;
    portal.count_check(person, &hook.id, &path_of(&id), pages::WAIT_FOR_A_TEST)?;
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let tried = test_message::test(State(room), key, Path(id.clone())).await;
    let Json(tried) = portal.unless_refused(person, &path_of(&id), tried).await?;
    let status = tried
        .status
        .map_or_else(String::new, |status| status.to_string());
    if tried.delivered {
        let told = texts::TESTED_WELL.with("status", status);
        let told = told.with("millis", tried.millis.to_string());
        return portal.done(person, &path_of(&id), told);
    }
    let said = tried.said.as_deref().map(short).unwrap_or_default();
    let word = outcome_of(tried.outcome, person.language);
    let outcome = format!("{word} {status} {said}");
    let told = texts::TESTED_BADLY.with("outcome", outcome.trim());
    portal.refused(person, &path_of(&id), told)
}

async fn switch(
    portal: &Portal,
    form: &PortalForm<OfKeys>,
    id: String,
    active: bool,
) -> PortalAnswer {
    let before = find(portal, &form.person, &id).await?;
    let before = json!({"active": before.active});
    changed(portal, form, id, (before, json!({"active": active}))).await
}

/// Chooses the events that are sent.
async fn choose(portal: &Portal, form: &PortalForm<OfKeys>, id: String) -> PortalAnswer {
    let before = find(portal, &form.person, &id).await?;
    let before = json!({"events": before.events});
    changed(portal, form, id, (before, json!({"events": ticked(form)}))).await
}

/// Changes these members, and records what they were and are.
async fn changed(
    portal: &Portal,
    form: &PortalForm<OfKeys>,
    id: String,
    (before, asked): (Value, Value),
) -> PortalAnswer {
    let (person, there) = (&form.person, path_of(&id));
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let changed = webhooks::change(State(room), key, Path(id.clone()), body_of(&asked)).await;
    let _ = portal.unless_refused(person, &there, changed).await?;
    let entry = person.entry(AuditAction::WebhookChanged, &id);
    let entry = entry.before(before).after(asked);
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, &there, texts::SWITCHED)
}

async fn rotate(portal: &Portal, form: &PortalForm<OfKeys>, id: String) -> PortalAnswer {
    let there = path_of(&id);
    form.confirmed(portal, &there)?;
    let person = &form.person;
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let rotated = rotation::rotate(State(room), key, Path(id.clone())).await;
    let Json(mut hook) = portal.unless_refused(person, &there, rotated).await?;
    let entry = person.entry(AuditAction::WebhookRotated, id);
    portal.audit.write(&portal.db, entry).await?;
    let made = MadeSecret {
        title: texts::ROTATE,
        secret: hook.secret.take().unwrap_or_default(),
    };
    send(portal, person, hook, None, Some(made)).await
}

async fn send_again(portal: &Portal, form: &PortalForm<OfKeys>, id: String) -> PortalAnswer {
    let person = &form.person;
    let asked = match form.field("event") {
        Some(event) => json!({"event": event}),
        None => {
            let hours = form.field("hours").and_then(|text| text.parse().ok());
            let hours: i64 = hours.unwrap_or(1).clamp(1, 192);
            json!({"since": iso(portal.clock.now_ms() - hours * HOUR_MS)})
        }
    };
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let (there, body) = (path_of(&id), body_of(&asked));
    let replayed = replay::replay(State(room), key, Path(id.clone()), body).await;
    let Json(replayed) = portal.unless_refused(person, &there, replayed).await?;
    let entry = person.entry(AuditAction::WebhookReplayed, &id).after(asked);
    portal.audit.write(&portal.db, entry).await?;
    let told = texts::REPLAYED.with("number", replayed.replayed.to_string());
    portal.done(person, &there, told)
}

/// `GET /portal/keys/webhooks/{id}/delete`: asks before.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfKeys>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let hook = find(&portal, person, &id).await?;
    let question = ConfirmQuestion {
        title: texts::DELETE_QUESTION,
        name: hook.url,
        says: texts::DELETE_SAYS.into(),
        button: texts::DELETE_HOOK.into(),
        action: path_of(&id),
        fields: vec![("do", "delete".to_owned())],
        back: path_of(&id),
    };
    portal.ask(person, Nav::Keys, question).await
}

async fn delete(portal: &Portal, form: &PortalForm<OfKeys>, id: String) -> PortalAnswer {
    let there = path_of(&id);
    form.confirmed(portal, &format!("{there}/delete"))?;
    let person = &form.person;
    let (room, key) = (portal.webhooks.clone(), WithApiKey::granted(&person.tool));
    let before = find(portal, person, &id).await?;
    let deleted = webhooks::delete(State(room), key, Path(id.clone())).await;
    let _ = portal.unless_refused(person, &there, deleted).await?;
    let entry = person.entry(AuditAction::WebhookDeleted, id);
    let entry = entry.before(json!({"events": before.events, "active": before.active}));
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, "/portal/keys/webhooks", texts::HOOK_DELETED)
}
