//! The pre-approval flow: the tool reads who wants to register, and approves (ltiaas-api.md §5.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use lti::json::mended_value;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::asker::Asker;
use super::attempt::{RegistrationAttempt, RegistrationId};
use super::preset::Preset;
use super::refusal::RegistrationError;
use super::registered;
use super::room::Registrations;
use super::send::send;
use super::wanted_message::WantedMessage;
use crate::directory::api_keys::scope::{ForManagement, ForSecrets};
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::settings::messages::MessageSettings;
use crate::traces::{Kind, Recorder, Step};
use crate::web::json::{json_body_or_default, wants_raw};
use crate::web::problem::Problem;
use store::registrations::RegistrationStatus;

/// The messages that LTIAAS's SDKs know; other messages in an answer make them fail.
const SDK_KNOWS: [&str; 2] = ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"];

/// The settings for completing a registration; all are optional.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RegistrationDecision)]
pub(super) struct CompleteRequest {
    /// The platform's display name here.
    platform_name: Option<String>,
    /// Whether the platform may launch at once.
    auto_activate: Option<bool>,
    /// Messages to ask for, instead of those of the settings.
    messages: Option<Vec<WantedMessage>>,
}

/// The platform that wants to register.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = RegistrationAnswer)]
pub(crate) enum WaitingAnswer {
    /// In our format.
    Formatted(FormattedOffer),
    /// As the platform sent it.
    Raw(RawOffer),
}

/// A platform that wants to register the tool.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormattedOffer {
    #[serde(flatten)]
    offer: OfferingPlatform,
    /// The same again: LTIAAS's guide shows it in this member, but its clients read it without.
    value: OfferingPlatform,
}

/// What a platform says about itself.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlatformOffer)]
pub(crate) struct OfferingPlatform {
    /// The issuer.
    url: String,
    /// Such as `moodle`; may be empty.
    family_code: String,
    /// May be empty.
    version: String,
    supported_scopes: Vec<String>,
    /// Messages that it sends and the tool can receive.
    supported_messages: Vec<OfferedMessage>,
}

/// A message that a platform sends, and where it may be placed.
#[derive(Clone, Serialize, ToSchema)]
struct OfferedMessage {
    r#type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    placements: Vec<String>,
}

/// What the platform sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawOffer {
    /// The platform's configuration as it wrote it.
    #[schema(value_type = serde_json::Map<String, Value>)]
    open_id_configuration: Value,
    /// May be empty.
    registration_token: String,
}

/// A completed registration.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CompletedRegistration)]
pub(crate) struct CompletedAnswer {
    /// Put this into the page in the platform's frame: it tells the platform to close the window.
    pub(crate) html: &'static str,
    /// Our id for the new platform.
    pub(crate) platform_id: String,
}

async fn find(
    room: &Registrations,
    tool: &Tool,
    id: &RegistrationId,
) -> Result<RegistrationAttempt, Problem> {
    let found = room.waiting(tool, id, RegistrationStatus::Pending).await?;
    found.ok_or_else(|| api_problem(RegistrationError::NotWaiting, None))
}

/// Returns the platform that wants to register.
#[utoipa::path(
    get, path = "/api/registrations/{id}", tag = "Application: registrations", operation_id = "readRegistration", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "`registrationId` from the address of the tool's approval page."),
        ("raw" = Option<bool>, Query, description = "The platform's configuration as it wrote it.")),
    responses(
        (status = 200, description = "Our form; with `raw`, what the platform sent.", body = WaitingAnswer),
        (status = 404, description = "`REGISTRATION_NOT_FOUND`: no such registration waits; it is done, given up or too old."),
    ),
)]
pub(crate) async fn read(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForSecrets>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<WaitingAnswer>, Problem> {
    let attempt = find(&room, &tool, &RegistrationId::new(id)).await?;
    let offer = attempt.offer;
    if wants_raw(query.as_deref()) {
        return Ok(Json(WaitingAnswer::Raw(RawOffer {
            open_id_configuration: mended_value(offer.document.as_bytes())
                .map_err(Problem::internal)?,
            // SDKs expect a text even if the platform sent none.
            registration_token: offer.registration_token.unwrap_or_default(),
        })));
    }
    let configuration = offer.configuration;
    let messages = configuration.messages.into_iter().flatten();
    let messages = messages.filter(|message| SDK_KNOWS.contains(&message.message_type.as_str()));
    let messages = messages.map(|message| OfferedMessage {
        r#type: message.message_type,
        placements: message.placements,
    });
    let offer = OfferingPlatform {
        url: configuration.issuer,
        family_code: configuration.product_family_code.unwrap_or_default(),
        version: configuration.version.unwrap_or_default(),
        supported_scopes: configuration.scopes_supported.unwrap_or_default(),
        supported_messages: messages.collect(),
    };
    Ok(Json(WaitingAnswer::Formatted(FormattedOffer {
        value: offer.clone(),
        offer,
    })))
}

/// Approves a registration.
///
/// Registers the tool at the platform. The body is optional: the tool's settings apply to anything
/// omitted.
#[utoipa::path(
    post, path = "/api/registrations/{id}/complete", tag = "Application: registrations", operation_id = "completeRegistration", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "`registrationId` from the address of the tool's approval page."),),
    request_body = CompleteRequest,
    responses(
        (status = 200, description = "The platform is registered.", body = CompletedAnswer),
        (status = 404, description = "`REGISTRATION_NOT_FOUND`: no such registration waits; it is done, given up or too old."),
        (status = "4XX", description = "`REGISTRATION_REFUSED`: the platform refused with this status; its 401 comes as 403."),
        (status = 400, description = "`NOTHING_IN_COMMON`: the platform takes no message that the tool has.\n`ADDRESS_NOT_ALLOWED`: the platform's address may not be called; the setting `outbound_allow` can open it."),
        (status = 409, description = "`PLATFORM_ALREADY_REGISTERED`: its issuer and client id are known already."),
        (status = 502, description = "`REGISTRATION_NOT_ANSWERED`: the platform did not answer, or sent us elsewhere.\n`REGISTRATION_REFUSED`: it refused with an error of its own.\n`REGISTRATION_ANSWER_INVALID`: its answer can't be used."),
        (status = 503, description = "`REGISTRATIONS_BUSY`: too many requests are on their way; try again.\n`KEY_NOT_MADE`, `STORE_FAILED`: try again.\n`LAUNCH_URL_NOT_SET`: the tool's settings name no launch URL."),
    ),
)]
pub(crate) async fn complete(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
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
    let wanted: CompleteRequest = json_body_or_default(body)?;
    trace.done(Step::BodyRead);
    let id = RegistrationId::new(id);
    let attempt = find(room, tool, &id).await?;
    trace.facts.issuer = Some(attempt.offer.configuration.issuer.clone());
    trace.done(Step::ConfigurationRead);
    let preset = attempt.preset;
    let preset = Preset {
        platform_name: named(wanted.platform_name)?.or(preset.platform_name),
        auto_activate: wanted
            .auto_activate
            .or(preset.auto_activate)
            .or(Some(tool.settings.registration.auto_activate)),
        messages: messages(wanted.messages, tool)?.or(preset.messages),
        ..preset
    };
    let attempt = RegistrationAttempt { preset, ..attempt };
    let endpoint = &attempt.offer.configuration.registration_endpoint;
    let endpoint = endpoint.as_str().to_owned();
    let from = Some((id, RegistrationStatus::Pending));
    let asked = room.asked(&attempt, tool);
    let asked = asked.map_err(|error| api_problem(error, Some(&endpoint)))?;
    trace.facts.registration = Some(asked.traced(None));
    let done = send(room, tool, attempt, Asker::tool(), from).await;
    let done = done.map_err(|error| api_problem(error, Some(&endpoint)))?;
    trace.done(Step::PlatformAnswered);
    trace.facts.registration = Some(asked.traced(Some(&done)));
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
            Err(Problem::wrong_body(
                "platformName must have 1 to 255 characters",
            ))
        }
        name => Ok(name),
    }
}

fn messages(
    wanted: Option<Vec<WantedMessage>>,
    tool: &Tool,
) -> Result<Option<Vec<MessageSettings>>, Problem> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let mut messages = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let pictures = wanted.check_pictures();
        let message = wanted.into_settings(&tool.settings);
        pictures
            .and_then(|()| message.check())
            .map_err(|problem| Problem::wrong_body(format!("messages: {problem}")))?;
        messages.push(message);
    }
    Ok(Some(messages))
}

/// The error as a program needs it: if the platform failed, it says so. The platform's 401 never
/// becomes our own, because clients take that for an invalid API key (§8, question 8).
fn api_problem(error: RegistrationError, endpoint: Option<&str>) -> Problem {
    let external = matches!(
        error,
        RegistrationError::Send(_)
            | RegistrationError::Redirected
            | RegistrationError::Answer(_)
            | RegistrationError::Refused { .. }
    );
    let refused = match &error {
        RegistrationError::Refused { refusal, bodies } => {
            Some((refusal.status, bodies.sent.clone(), bodies.received.clone()))
        }
        _ => None,
    };
    let mut problem = Problem::from(error);
    if external {
        problem = problem
            .with("externalError", true)
            .with("externalUrl", endpoint);
    }
    if let Some((status, sent, received)) = refused {
        problem.status = match status {
            401 | 403 => StatusCode::FORBIDDEN,
            400..=499 => StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
            _ => StatusCode::BAD_GATEWAY,
        };
        problem = problem
            .with("bodySent", sent)
            .with("bodyReceived", received);
    }
    problem
}
