//! A trace as it is shown: as JSON by the API and the command line.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::advice::advice;
use super::claims::Name;
use super::{Binding, Browser, Facts, Login};
use crate::keys::theirs::KeySource;
use crate::kit::id::is_id;
use store::platforms::PlatformRow;
use store::traces::{self, FAILED, Row, WAITING};
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
) -> Result<Option<Row>, StoreError> {
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
    row: &Row,
    platform: Option<&PlatformRow>,
    now_ms: i64,
) -> Result<Value, StoreError> {
    let facts: Facts = serde_json::from_str(&row.trace)
        .map_err(|error| StoreError::Corrupt(format!("the trace {}: {error}", row.id)))?;
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    };
    put("id", json!(row.correlation_id.as_ref().unwrap_or(&row.id)));
    match &row.correlation_id {
        None => put("launchId", json!(row.id)),
        Some(_) => put("launchId", json!(facts.launch_id)),
    }
    put("kind", json!(row.kind));
    put("outcome", json!(row.outcome));
    put("at", time(row.created_at));
    put("tool", json!(row.tool_id));
    put("platform", platform_of(row, platform));
    if row.reason.as_deref().is_some_and(is_of_keys) {
        let key_set = platform.filter(|platform| platform.key_method == "JWK_SET");
        put(
            "keySetUrl",
            json!(key_set.map(|platform| &platform.key_value)),
        );
    }
    put("deploymentId", json!(row.deployment_id));
    if let Some(failure) = &facts.failure {
        if failure.status > 0 {
            put("status", json!(failure.status));
        }
        put("more", json!(failure.more));
    }
    put("reason", reason(row, &facts, now_ms));
    put("issuer", json!(facts.issuer));
    put("clientId", json!(facts.client_id));
    put(
        "kid",
        json!(
            facts
                .failure
                .as_ref()
                .and_then(|failure| failure.kid.as_ref())
        ),
    );
    put("dialect", json!(facts.dialect));
    put("messageType", json!(facts.message));
    put("skewSeconds", json!(facts.skew_seconds));
    put("browser", json!(facts.browser.map(Browser::name)));
    put("binding", json!(facts.binding.map(Binding::name)));
    put("frameOriginNotListed", json!(facts.unlisted_origin));
    put("keys", json!(facts.keys.map(KeySource::name)));
    let names: Vec<&str> = facts.claims.iter().map(Name::text).collect();
    if !names.is_empty() {
        put("claims", json!(names));
    }
    put("values", json!(facts.values));
    put(
        "login",
        facts
            .login
            .map_or(Value::Null, |login| login_of(login, row.created_at)),
    );
    let steps = facts.steps.iter();
    let steps: Vec<Value> = steps
        .map(|(step, micros)| json!({"step": step.words(), "micros": micros}))
        .collect();
    if !steps.is_empty() {
        put("steps", steps.into());
    }
    Ok(Value::Object(shown))
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
fn platform_of(row: &Row, platform: Option<&PlatformRow>) -> Value {
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

fn reason(row: &Row, facts: &Facts, now_ms: i64) -> Value {
    let waits = row.outcome == WAITING && row.correlation_id.is_none();
    if waits && now_ms > row.created_at + ANSWER_MS {
        let text = "the browser sent none of this login's cookies, and the platform's window never answered";
        return json!({"code": NOT_ANSWERED, "text": text, "advice": advice(NOT_ANSWERED)});
    }
    let Some(code) = row.reason.as_deref().filter(|_| row.outcome == FAILED) else {
        return Value::Null;
    };
    let failure = facts.failure.as_deref();
    let mut reason = json!({
        "code": code,
        "text": failure.map_or("", |failure| &failure.text),
        "advice": advice(code),
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
