//! A trace as it is shown: as JSON by the API and the command line.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::advice::{self, Advice};
use super::claims::Name;
use super::{Binding, Browser, Facts, Login};
use crate::keys::theirs::KeySource;
use crate::kit::id::is_id;
use store::platforms::PlatformRow;
use store::traces::{self, FAILED, TraceRow, WAITING};
use store::{StoreError, Tx};

/// How long a browser may take to ask the platform's window, in milliseconds.
const ANSWER_MS: i64 = 120_000;
/// The code of a launch that waits for longer.
const NOT_ANSWERED: &str = "STORAGE_NOT_ANSWERED";

/// The trace of a reference, or of a launch's id; of one tool, where one is given.
///
/// # Errors
/// The store failed.
pub async fn find(
    tx: &mut Tx<'_>,
    id: &str,
    tool_id: Option<String>,
) -> Result<Option<TraceRow>, StoreError> {
    if is_id(id) {
        traces::of_launch(tx, id, tool_id).await
    } else {
        traces::by_reference(tx, id, tool_id).await
    }
}

/// Everything there is to say about an attempt.
///
/// # Errors
/// The row holds something this version doesn't understand.
pub fn describe(
    row: &TraceRow,
    platform: Option<&PlatformRow>,
    now_ms: i64,
    advice: Advice,
) -> Result<Value, StoreError> {
    let facts: Facts = serde_json::from_str(&row.trace)
        .map_err(|error| StoreError::Corrupt(format!("the trace {}: {error}", row.id)))?;
    let mut shown = Shown(Map::new());
    shown.put("id", row.correlation_id.as_ref().unwrap_or(&row.id));
    match &row.correlation_id {
        None => shown.put("launchId", &row.id),
        Some(_) => shown.put("launchId", &facts.launch_id),
    }
    shown.put("kind", &row.kind);
    shown.put("outcome", &row.outcome);
    shown.put("at", time(row.created_at));
    shown.put("tool", &row.tool_id);
    shown.put("platform", platform_of(row, platform));
    if row.reason.as_deref().is_some_and(is_of_keys) {
        let key_set = platform.filter(|platform| platform.key_method == "JWK_SET");
        shown.put("keySetUrl", key_set.map(|platform| &platform.key_value));
    }
    shown.put("deploymentId", &row.deployment_id);
    let failure = facts.failure.as_deref();
    if let Some(failure) = failure {
        shown.put("status", Some(failure.status).filter(|status| *status > 0));
        shown.put("more", failure.more);
    }
    shown.put("reason", reason(row, &facts, now_ms, advice));
    shown.add(&facts, row.created_at);
    Ok(Value::Object(shown.0))
}

/// What there is to say so far.
struct Shown(Map<String, Value>);

impl Shown {
    /// Says it, unless there is nothing to say.
    fn put(&mut self, name: &str, value: impl Serialize) {
        let value = json!(value);
        if !value.is_null() {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn add(&mut self, facts: &Facts, launched_at: i64) {
        self.put("issuer", &facts.issuer);
        self.put("clientId", &facts.client_id);
        let failure = facts.failure.as_deref();
        self.put("kid", failure.and_then(|failure| failure.kid.as_ref()));
        self.put("dialect", &facts.dialect);
        self.put("messageType", &facts.message);
        self.put("skewSeconds", facts.skew_seconds);
        self.put("browser", facts.browser.map(Browser::name));
        self.put("binding", facts.binding.map(Binding::name));
        self.put("frameOriginNotListed", &facts.unlisted_origin);
        self.put("keys", facts.keys.map(KeySource::name));
        let names: Vec<&str> = facts.claims.iter().map(Name::text).collect();
        self.put("claims", Some(names).filter(|names| !names.is_empty()));
        self.put("values", &facts.values);
        let login = facts.login.map(|login| login_of(login, launched_at));
        self.put("login", login);
        let steps = facts.steps.iter();
        let steps = steps.map(|(step, micros)| json!({"step": step.words(), "micros": micros}));
        let steps: Vec<Value> = steps.collect();
        self.put("steps", Some(steps).filter(|steps| !steps.is_empty()));
    }
}

/// Whether a reason has to do with the platform's keys, so that their address is worth a look.
fn is_of_keys(reason: &str) -> bool {
    matches!(
        reason,
        "KID_UNKNOWN"
            | "KEY_PASSED_OVER"
            | "INVALID_SIGNATURE"
            | "KEY_SET_UNREACHABLE"
            | "KEY_SET_UNREADABLE"
            | "OUTBOUND_BUSY"
    )
}

fn time(ms: i64) -> Value {
    Timestamp::from_millisecond(ms).map_or(Value::Null, |time| json!(format!("{time:.3}")))
}

/// The platform as it is now; of one that is gone, its id.
fn platform_of(row: &TraceRow, platform: Option<&PlatformRow>) -> Value {
    match (platform, &row.platform_id) {
        (Some(platform), _) => json!({
            "id": platform.id,
            "name": platform.name,
            "issuer": platform.issuer,
            "clientId": platform.client_id,
        }),
        (None, Some(id)) => json!({"id": id}),
        (None, None) => Value::Null,
    }
}

fn reason(row: &TraceRow, facts: &Facts, now_ms: i64, advice: Advice) -> Value {
    let waits = row.outcome == WAITING && row.correlation_id.is_none();
    if waits && now_ms > row.created_at + ANSWER_MS {
        let text = "the browser sent none of this login's cookies, and the platform's window never answered";
        return json!({"code": NOT_ANSWERED, "text": text, "advice": advice::on(NOT_ANSWERED, advice)});
    }
    let Some(code) = row.reason.as_deref().filter(|_| row.outcome == FAILED) else {
        return Value::Null;
    };
    let failure = facts.failure.as_deref();
    let mut reason = json!({
        "code": code,
        "text": failure.map_or("", |failure| &failure.text),
        "advice": advice::on(code, advice),
    });
    if let Some(cause) = failure.and_then(|failure| failure.cause.as_ref()) {
        reason["cause"] = json!(cause);
    }
    reason
}

fn login_of(login: Login, launched_at: i64) -> Value {
    let mut shown = json!({
        "at": time(login.at),
        "method": login.method(),
        "newWindow": login.in_new_window(),
        "micros": login.micros(),
        "millisBefore": launched_at - login.at,
    });
    if login.at_platforms_url() {
        shown["platformUrl"] = true.into();
    }
    shown
}
