//! The pre-approval flow: the tool reads who wants in, and says yes (ltiaas-api.md §5.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use lti::message::MessageType;
use serde::Deserialize;
use serde_json::{Value, json};

use super::attempt::{Preset, Registration, RegistrationId};
use super::refusal::RegistrationError;
use super::registered;
use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::settings::registration::Message;
use crate::traces::{Kind, Recorder, Step};
use crate::web::json::{json_body, wants_raw};
use crate::web::problem::Problem;
use store::registrations::Status;

/// What the tool's word may set; everything is optional.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Word {
    platform_name: Option<String>,
    auto_activate: Option<bool>,
    messages: Option<Vec<Wanted>>,
}

#[derive(Deserialize)]
struct Wanted {
    r#type: String,
    placements: Option<Vec<String>>,
}

async fn find(app: &App, tool: &Tool, id: &RegistrationId) -> Result<Registration, Problem> {
    Registration::load(app, tool, id, Status::Pending)
        .await?
        .ok_or_else(|| api_problem(RegistrationError::NotWaiting, None))
}

/// `GET /api/registrations/:id`, `?raw=true` for the configuration as the platform wrote it.
pub async fn read(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let registration = find(&app, &tool, &RegistrationId::new(id)).await?;
    let offer = &registration.offer;
    let raw = wants_raw(query.as_deref());
    if raw {
        let configuration: Value =
            serde_json::from_str(&offer.document).map_err(Problem::internal)?;
        // SDKs want a text even where the platform gave none.
        let token = offer.registration_token.clone().unwrap_or_default();
        return Ok(Json(
            json!({"openIdConfiguration": configuration, "registrationToken": token}),
        ));
    }
    let configuration = &offer.configuration;
    let messages = configuration.messages.iter().flatten();
    // SDKs refuse types they don't know.
    let messages = messages.filter(|message| {
        MessageType::from_name(&message.message_type).is_some_and(MessageType::is_supported)
    });
    let messages: Vec<Value> = messages
        .map(|message| match message.placements.as_slice() {
            [] => json!({"type": message.message_type}),
            placements => json!({"type": message.message_type, "placements": placements}),
        })
        .collect();
    Ok(Json(json!({
        "url": configuration.issuer,
        "familyCode": configuration.product_family_code.as_deref().unwrap_or(""),
        "version": configuration.version.as_deref().unwrap_or(""),
        "supportedScopes": configuration.scopes_supported.as_deref().unwrap_or_default(),
        "supportedMessages": messages,
    })))
}

/// `POST /api/registrations/:id/complete`.
pub async fn complete(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Registration, &app.clock, &headers);
    trace.tool_id = Some(tool.id.clone());
    let done = go_on(&app, &tool, id, &body, &mut trace).await;
    app.traces.of_registration(done, trace)
}

async fn go_on(
    app: &App,
    tool: &Arc<Tool>,
    id: String,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Json<Value>, Problem> {
    let word: Word = if body.iter().all(u8::is_ascii_whitespace) {
        Word::default()
    } else {
        json_body(body)?
    };
    trace.done(Step::BodyRead);
    let id = RegistrationId::new(id);
    let registration = find(app, tool, &id).await?;
    trace.facts.issuer = Some(registration.offer.configuration.issuer.clone());
    trace.done(Step::ConfigurationRead);
    let preset = registration.preset;
    let preset = Preset {
        platform_name: named(word.platform_name)?.or(preset.platform_name),
        auto_activate: word
            .auto_activate
            .or(preset.auto_activate)
            .or(Some(tool.settings.registration.auto_activate)),
        messages: messages(word.messages, tool)?.or(preset.messages),
        ..preset
    };
    let registration = Registration {
        preset,
        ..registration
    };
    let endpoint = registration
        .offer
        .configuration
        .registration_endpoint
        .as_str()
        .to_owned();
    let done = registration
        .send(app, tool, Some((id, Status::Pending)))
        .await;
    let done = done.map_err(|error| api_problem(error, Some(&endpoint)))?;
    trace.done(Step::PlatformAnswered);
    trace.platform = Some(Arc::new(done.platform.clone()));
    Ok(Json(
        json!({"html": registered::CLOSE_SCRIPT, "platformId": done.platform.id}),
    ))
}

fn named(name: Option<String>) -> Result<Option<String>, Problem> {
    match name {
        Some(name)
            if name.trim().is_empty()
                || name.chars().count() > 255
                || name.contains(char::is_control) =>
        {
            Err(Problem::bad_request(
                "INVALID_BODY",
                "platformName must have 1 to 255 characters",
            ))
        }
        name => Ok(name),
    }
}

/// The messages asked for; label, icon and the rest come from the tool's own settings for that type.
fn messages(wanted: Option<Vec<Wanted>>, tool: &Tool) -> Result<Option<Vec<Message>>, Problem> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let mut messages = Vec::with_capacity(wanted.len());
    for Wanted { r#type, placements } in wanted {
        let set = tool
            .settings
            .messages
            .iter()
            .find(|message| message.message_type == r#type);
        let mut message = set.cloned().unwrap_or_else(|| Message::new(r#type));
        message.placements = placements.unwrap_or(message.placements);
        message.check().map_err(|problem| {
            Problem::bad_request("INVALID_BODY", format!("messages: {problem}"))
        })?;
        messages.push(message);
    }
    Ok(Some(messages))
}

/// The error as a program wants it: where the platform failed, it says so; the platform's 401 is never ours, since
/// clients read that as a bad API key (§8, question 8).
fn api_problem(error: RegistrationError, endpoint: Option<&str>) -> Problem {
    let external = matches!(
        error,
        RegistrationError::Send(_)
            | RegistrationError::Redirected
            | RegistrationError::Answer(_)
            | RegistrationError::Refused { .. }
    );
    let received = match &error {
        RegistrationError::Refused { refusal, .. } => {
            Some((refusal.status, refusal.message.clone()))
        }
        _ => None,
    };
    let mut problem = Problem::from(error);
    if external {
        problem = problem
            .with("externalError", Value::Bool(true))
            .with("externalUrl", json!(endpoint));
    }
    if let Some((status, message)) = received {
        problem.status = match status {
            401 | 403 => StatusCode::FORBIDDEN,
            400..=499 => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
            _ => StatusCode::BAD_GATEWAY,
        };
        problem = problem.with(
            "bodyReceived",
            json!({"status": status, "message": message}),
        );
    }
    problem
}
