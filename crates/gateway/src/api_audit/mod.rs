//! Records in the audit what API keys change, after the request that changed it: one layer around
//! the API, and a table of what to record
//! (docs/decisions/0344-what-api-keys-change-is-noted-by-a-layer.md).
//!
//! The portal calls the same handlers without this layer, and records its users' changes itself.
//! Changes of settings are recorded in their own transaction (`directory/tool_api.rs`). All others
//! are stored before they begin, in case a crash comes between a change and its entry
//! (docs/decisions/0488-a-change-is-stored-before-it-begins.md).

mod changes;
mod copied;
mod forms;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use store::Db;

use self::changes::{ApiChange, EntryDetail};
use self::copied::BodyCopy;
use crate::audit::{Actor, ActorKind, Audit, AuditEntry, BegunChange, unconfirmed};
use crate::directory::auth::{KeyHolder, TakenKey};
use crate::kit::clock::{Clock, Random};
use crate::kit::on_its_own::on_its_own;

pub(crate) use self::forms::begin_form;

/// Its handler records what it changes, and stores before that it begins.
const APPLY: &str = "/admin/apply";

/// What the layer needs.
pub(crate) struct ApiAudit {
    pub db: Db,
    pub audit: Audit,
    pub clock: Clock,
    pub random: Random,
}

impl ApiAudit {
    /// A change that may begin.
    fn change(&self, request: String, subject: &str) -> BegunChange {
        let (clock, random) = (self.clock.clone(), self.random.clone());
        BegunChange::new(self.db.clone(), clock, random, request, subject)
    }
}

/// The layer around requests of the API that may change something.
pub(crate) async fn note(
    State(room): State<Arc<ApiAudit>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(change) = change_of(&request) else {
        if applies(&request) {
            let change = room.change(format!("POST {APPLY}"), "");
            request.extensions_mut().insert(change);
        }
        return next.run(request).await;
    };
    let noting = noted(room, change, request, next);
    if !change.outlives_request() {
        return noting.await;
    }
    // A change that the handler always finishes must be recorded even if the client has left or its
    // time is up.
    on_its_own(noting).await
}

/// Runs a request, and records it if it changed something.
async fn noted(
    room: Arc<ApiAudit>,
    change: &'static ApiChange,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let taken = TakenKey::default();
    let begun = room.change(change.name(), change.id_in(&path));
    let (mut head, body) = request.into_parts();
    head.extensions.insert(taken.clone());
    head.extensions.insert(begun.clone());
    let (body, copied) = BodyCopy::of(body);
    let response = next.run(Request::from_parts(head, body)).await;
    let Some(holder) = taken.holder().filter(|_| response.status().is_success()) else {
        return begun.end_with(response).await;
    };
    let (head, body) = response.into_parts();
    // The API's answers are already in memory.
    let Ok(answer) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let happened = SucceededRequest {
        asked: copied.json(),
        answer: serde_json::from_slice(&answer).unwrap_or_default(),
        path,
    };
    let Some(entry) = happened.entry(change, &holder) else {
        begun.end().await;
        return Response::from_parts(head, Body::from(answer));
    };
    if let Err(error) = begun.note(&room.audit, vec![entry]).await {
        let action = change.action.code();
        tracing::error!(%error, action, "what an API key changed is not in the audit log");
        return unconfirmed(error).into_response();
    }
    Response::from_parts(head, Body::from(answer))
}

/// The change that a request asks for, if it is recorded.
fn change_of(request: &Request) -> Option<&'static ApiChange> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let route = request.extensions().get::<MatchedPath>()?;
    ApiChange::of(request.method().as_str(), route.as_str())
}

/// Whether a request applies a configuration.
fn applies(request: &Request) -> bool {
    let route = request.extensions().get::<MatchedPath>();
    *request.method() == Method::POST && route.is_some_and(|route| route.as_str() == APPLY)
}

/// What an entry is made of.
struct SucceededRequest {
    path: String,
    /// Its body; null if it is not JSON, or too long to record.
    asked: Value,
    answer: Value,
}

impl SucceededRequest {
    /// The entry to record; `None` if nothing was changed after all.
    fn entry(self, change: &ApiChange, holder: &Arc<KeyHolder>) -> Option<AuditEntry> {
        let tool = &holder.tool;
        let actor = Actor::new(ActorKind::ApiKey, &*holder.id, &*holder.name);
        let subject = match change.noted {
            EntryDetail::Alone => String::new(),
            _ => self.subject(change, &tool.id),
        };
        let entry = AuditEntry::new(&tool.id, actor, change.action, subject);
        let entry = match self.answer.get("name").and_then(Value::as_str) {
            Some(name) => entry.named(name),
            None => entry,
        };
        Some(match change.noted {
            EntryDetail::Alone | EntryDetail::Subject => entry,
            EntryDetail::Asked => entry.after(self.asked),
            EntryDetail::Members(members) => {
                let mut after = some_of(&self.asked, members);
                if let Some(keys) = after.get_mut("authConfig") {
                    *keys = some_of(keys, &["method", "key"]);
                }
                entry.after(after)
            }
            EntryDetail::IfAny(member) => {
                let number = number_of(&self.answer[member]).filter(|number| *number > 0)?;
                let mut after = self.asked;
                if !after.is_object() {
                    after = json!({});
                }
                after[member] = number.into();
                entry.after(after)
            }
            EntryDetail::Deployment => {
                let mut after = some_of(&self.asked, &["deploymentId", "status"]);
                if let Some(id) = change.parameter(&self.path, "{deployment}") {
                    after["deployment"] = id.into();
                }
                entry.after(after)
            }
        })
    }

    /// The id in the path, or of what was created; otherwise the tool's.
    fn subject(&self, change: &ApiChange, tool_id: &str) -> String {
        let made = || self.answer.get("id").and_then(Value::as_str);
        let id = change.parameter(&self.path, "{id}").or_else(made);
        id.unwrap_or(tool_id).to_owned()
    }
}

/// A number, or the length of a list.
fn number_of(value: &Value) -> Option<u64> {
    let listed = value.as_array().and_then(|list| list.len().try_into().ok());
    value.as_u64().or(listed)
}

/// An object reduced to these members.
fn some_of(value: &Value, members: &[&str]) -> Value {
    let kept = members.iter().filter_map(|name| {
        let value = value.get(*name)?;
        Some(((*name).to_owned(), value.clone()))
    });
    Value::Object(kept.collect())
}
