//! A trace as the API and the command line show it, as JSON.

use std::borrow::Cow;

use jiff::Timestamp;

use super::advice::{self, Advice};
use super::answer::{
    Trace, TracedLogin, TracedPlatform, TracedReason, TracedRegistration, TracedStep,
};
use super::{Binding, Browser, Login, RegistrationFacts, TraceFacts};
use crate::keys::theirs::KeySource;
use crate::kit::id::is_id;
use store::platforms::PlatformRow;
use store::traces::{self, FAILED, TraceRow, WAITING};
use store::{StoreError, Tx};

/// How long a browser may take to get an answer from the platform's window, in milliseconds.
const ANSWER_MS: i64 = 120_000;
/// Placeholder for a platform's id in advice.
const PLATFORM_ID: &str = "<id>";
/// The code of a launch that has waited longer than that.
const NOT_ANSWERED: &str = "STORAGE_NOT_ANSWERED";

/// Finds the trace of a reference or of a launch's id, in one tool if given.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
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

/// Everything we can say about an attempt.
///
/// # Errors
/// This version doesn't understand the row.
pub(crate) fn describe(
    row: &TraceRow,
    platform: Option<&PlatformRow>,
    now_ms: i64,
    advice: Advice,
) -> Result<Trace, StoreError> {
    let facts: TraceFacts = serde_json::from_str(&row.trace)
        .map_err(|error| StoreError::Corrupt(format!("the trace {}: {error}", row.id)))?;
    let reason = reason(row, &facts, now_ms, advice);
    let failure = facts.failure.as_deref();
    let steps = facts.steps.iter();
    Ok(Trace {
        id: row.correlation_id.as_ref().unwrap_or(&row.id).clone(),
        launch_id: match &row.correlation_id {
            None => Some(row.id.clone()),
            Some(_) => facts.launch_id,
        },
        kind: row.kind.clone(),
        outcome: row.outcome.clone(),
        at: time(row.created_at),
        tool: row.tool_id.clone(),
        platform: platform_of(row, platform),
        key_set_url: failure.and_then(|failure| failure.key_set.clone()),
        deployment_id: row.deployment_id.clone(),
        status: failure
            .map(|failure| failure.status)
            .filter(|status| *status > 0),
        more: failure.and_then(|failure| failure.more),
        reason,
        issuer: facts.issuer,
        client_id: facts.client_id,
        kid: failure.and_then(|failure| failure.kid.clone()),
        dialect: facts.dialect.map(Cow::into_owned),
        message_type: facts.message.map(Cow::into_owned),
        skew_seconds: facts.skew_seconds,
        browser: facts.browser.map(Browser::name),
        binding: facts.binding.map(Binding::name),
        frame_origin_not_listed: facts.unlisted_origin,
        keys: facts.keys.map(KeySource::name),
        claims: facts
            .claims
            .iter()
            .map(|name| name.text().to_owned())
            .collect(),
        values: facts.values,
        registration: facts.registration.map(|facts| registration_of(*facts)),
        login: facts.login.map(|login| login_of(login, row.created_at)),
        steps: steps
            .map(|(step, micros)| TracedStep {
                step: step.words(),
                name: step.text(),
                micros,
            })
            .collect(),
    })
}

fn time(ms: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(ms).ok()?;
    Some(format!("{time:.3}"))
}

/// The platform as it is now, or only its id if it was removed.
fn platform_of(row: &TraceRow, platform: Option<&PlatformRow>) -> Option<TracedPlatform> {
    let id = platform.map(|platform| &platform.id);
    Some(TracedPlatform {
        id: id.or(row.platform_id.as_ref())?.clone(),
        name: platform.map(|platform| platform.name.clone()),
        issuer: platform.map(|platform| platform.issuer.clone()),
        client_id: platform.map(|platform| platform.client_id.clone()),
    })
}

fn reason(row: &TraceRow, facts: &TraceFacts, now_ms: i64, advice: Advice) -> Option<TracedReason> {
    let waits = row.outcome == WAITING && row.correlation_id.is_none();
    if waits && now_ms > row.created_at + ANSWER_MS {
        let text = "the browser sent none of this login's cookies, and the platform's window never answered";
        let explained = advice::on(NOT_ANSWERED, advice);
        return Some(TracedReason {
            code: NOT_ANSWERED.to_owned(),
            text: text.to_owned(),
            advice: explained.advice.to_owned(),
            meaning: explained.meaning,
            cause: None,
        });
    }
    let code = row.reason.as_deref().filter(|_| row.outcome == FAILED)?;
    let failure = facts.failure.as_deref();
    let explained = advice::on(code, advice);
    Some(TracedReason {
        code: code.to_owned(),
        text: failure.map_or_else(String::new, |failure| failure.text.clone()),
        advice: for_platform(explained.advice, row.platform_id.as_deref()),
        meaning: explained.meaning,
        cause: failure.and_then(|failure| failure.cause.clone()),
    })
}

/// Advice with the platform's id filled into its commands and addresses, if known.
fn for_platform(advice: &str, platform_id: Option<&str>) -> String {
    match platform_id {
        Some(id) => advice.replace(PLATFORM_ID, id),
        None => advice.to_owned(),
    }
}

fn registration_of(facts: RegistrationFacts) -> TracedRegistration {
    let RegistrationFacts { asked, done } = facts;
    TracedRegistration {
        result: done
            .as_ref()
            .map(|done| if done.is_update { "update" } else { "new" }),
        active: done.as_ref().map(|done| done.active),
        asked,
        granted: done.and_then(|done| done.granted),
    }
}

fn login_of(login: Login, launched_at: i64) -> TracedLogin {
    TracedLogin {
        at: time(login.at),
        method: login.method(),
        new_window: login.in_new_window(),
        micros: login.micros(),
        millis_before: launched_at - login.at,
        platform_url: login.at_platforms_url(),
    }
}
