//! The pre-approval flow: the tool reads who wants in, and says yes (ltiaas-api.md §5.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use lti::message::MessageType;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::attempt::{RegistrationAttempt, RegistrationId};
use super::preset::Preset;
use super::refusal::RegistrationError;
use super::registered;
use super::room::Registrations;
use super::send::send;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::settings::registration::Message;
use crate::traces::{Kind, Recorder, Step};
use crate::web::json::{json_body, wants_raw};
use crate::web::problem::Problem;
use store::registrations::RegistrationStatus;

/// What the tool's word may set; everything is optional.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ToolsWord {
    platform_name: Option<String>,
    auto_activate: Option<bool>,
    messages: Option<Vec<WantedMessage>>,
}

#[derive(Deserialize)]
struct WantedMessage {
    r#type: String,
    placements: Option<Vec<String>>,
}

async fn find(
    room: &Registrations,
    tool: &Tool,
    id: &RegistrationId,
) -> Result<RegistrationAttempt, Problem> {
    let found = room.waiting(tool, id, RegistrationStatus::Pending).await?;
    found.ok_or_else(|| api_problem(RegistrationError::NotWaiting, None))
}

/// The answer to `GET /api/registrations/:id`.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum WaitingAnswer {
    /// With `?raw=true`.
    #[serde(rename_all = "camelCase")]
    Raw {
        /// As the platform wrote it.
        open_id_configuration: Value,
        /// SDKs want a text even if the platform gave none.
        registration_token: String,
    },
    /// In LTIAAS's words.
    #[serde(rename_all = "camelCase")]
    Read {
        url: String,
        family_code: String,
        version: String,
        supported_scopes: Vec<String>,
        supported_messages: Vec<SupportedMessage>,
    },
}

/// A message that the platform can send.
#[derive(Serialize)]
pub(crate) struct SupportedMessage {
    r#type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    placements: Vec<String>,
}

/// The answer to `POST /api/registrations/:id/complete`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompletedAnswer {
    /// For the tool's page: ends the LMS's dialogue.
    html: &'static str,
    platform_id: String,
}

/// `GET /api/registrations/:id`, `?raw=true` for the configuration as the platform wrote it.
pub(crate) async fn read(
    State(room): State<Registrations>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<WaitingAnswer>, Problem> {
    let attempt = find(&room, &tool, &RegistrationId::new(id)).await?;
    let offer = attempt.offer;
    if wants_raw(query.as_deref()) {
        return Ok(Json(WaitingAnswer::Raw {
            open_id_configuration: serde_json::from_str(&offer.document)
                .map_err(Problem::internal)?,
            registration_token: offer.registration_token.unwrap_or_default(),
        }));
    }
    let configuration = offer.configuration;
    let messages = configuration.messages.into_iter().flatten();
    // SDKs refuse types they don't know.
    let messages = messages.filter(|message| {
        MessageType::from_name(&message.message_type).is_some_and(MessageType::is_supported)
    });
    Ok(Json(WaitingAnswer::Read {
        url: configuration.issuer,
        family_code: configuration.product_family_code.unwrap_or_default(),
        version: configuration.version.unwrap_or_default(),
        supported_scopes: configuration.scopes_supported.unwrap_or_default(),
        supported_messages: messages
            .map(|message| SupportedMessage {
                r#type: message.message_type,
                placements: message.placements,
            })
            .collect(),
    }))
}

/// `POST /api/registrations/:id/complete`.
pub(crate) async fn complete(
    State(room): State<Registrations>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Registration, &room.clock, &headers);
    trace.tool_id = Some(tool.id.clone());
    let done = go_on(&room, &tool, id, &body, &mut trace).await;
    room.traces.of_registration(done, trace)
}

async fn go_on(
    room: &Registrations,
    tool: &Arc<Tool>,
    id: String,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Json<CompletedAnswer>, Problem> {
    let word: ToolsWord = if body.iter().all(u8::is_ascii_whitespace) {
        ToolsWord::default()
    } else {
        json_body(body)?
    };
    trace.done(Step::BodyRead);
    let id = RegistrationId::new(id);
    let attempt = find(room, tool, &id).await?;
    trace.facts.issuer = Some(attempt.offer.configuration.issuer.clone());
    trace.done(Step::ConfigurationRead);
    let preset = attempt.preset;
    let preset = Preset {
        platform_name: named(word.platform_name)?.or(preset.platform_name),
        auto_activate: word
            .auto_activate
            .or(preset.auto_activate)
            .or(Some(tool.settings.registration.auto_activate)),
        messages: messages(word.messages, tool)?.or(preset.messages),
        ..preset
    };
    let attempt = RegistrationAttempt { preset, ..attempt };
    let endpoint = &attempt.offer.configuration.registration_endpoint;
    let endpoint = endpoint.as_str().to_owned();
    let done = send(room, tool, attempt, Some((id, RegistrationStatus::Pending))).await;
    let done = done.map_err(|error| api_problem(error, Some(&endpoint)))?;
    trace.done(Step::PlatformAnswered);
    trace.platform = Some(Arc::new(done.platform.clone()));
    Ok(Json(CompletedAnswer {
        html: registered::CLOSE_SCRIPT,
        platform_id: done.platform.id.clone(),
    }))
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
fn messages(
    wanted: Option<Vec<WantedMessage>>,
    tool: &Tool,
) -> Result<Option<Vec<Message>>, Problem> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let mut messages = Vec::with_capacity(wanted.len());
    for WantedMessage { r#type, placements } in wanted {
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
