//! `GET /register/canvas`: the configuration of a Canvas developer key, for "Enter URL"
//! (lti.md D-81).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use lti::message::MessageType;
use lti::registration::{PrivacyLevel, ToolMessage, ToolRegistration};
use serde::Serialize;
use serde_json::{Map, Value};
use url::form_urlencoded;
use utoipa::ToSchema;

use super::room::Registrations;
use super::wanted::wanted;
use crate::directory::tools::{AtTool, Tool};
use crate::traces::{Kind, Recorder};
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const NO_PRIVACY_LEVEL: ApiRule = ApiRule::new(
    "INVALID_PRIVACY_LEVEL",
    StatusCode::BAD_REQUEST,
    "privacyLevel must be public, name_only, email_only or anonymous",
);

/// The prefix of Canvas's own placements and members.
const PREFIX: &str = "https://canvas.instructure.com/lti/";

/// The configuration of a Canvas developer key.
#[derive(Serialize, ToSchema)]
pub(crate) struct CanvasConfiguration {
    title: String,
    description: String,
    target_link_uri: String,
    oidc_initiation_url: String,
    public_jwk_url: String,
    scopes: Vec<String>,
    custom_fields: BTreeMap<String, String>,
    extensions: [CanvasExtension; 1],
}

/// Members that only Canvas reads.
#[derive(Serialize, ToSchema)]
struct CanvasExtension {
    /// `canvas.instructure.com`.
    platform: &'static str,
    domain: String,
    /// The tool's id, or the one in its settings.
    tool_id: Value,
    /// `public`, `name_only`, `email_only` or `anonymous`.
    privacy_level: &'static str,
    settings: CanvasSettings,
}

/// The placements in Canvas.
#[derive(Serialize, ToSchema)]
struct CanvasSettings {
    text: String,
    placements: Vec<CanvasPlacement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon_url: Option<String>,
}

/// A placement in Canvas. `display_type`, `visibility`, `launch_width`, `launch_height` and
/// `default` come from the tool's settings.
#[derive(Serialize, ToSchema)]
struct CanvasPlacement {
    placement: String,
    message_type: &'static str,
    target_link_uri: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon_url: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    custom_fields: BTreeMap<String, String>,
    #[serde(flatten)]
    shown: Map<String, Value>,
}

/// Returns the configuration of a Canvas developer key.
///
/// It is for "Enter URL" in Canvas. `/lti/register/canvas` is the same.
#[utoipa::path(
    get, path = "/register/canvas", tag = "Platform: LTI", operation_id = "readCanvasConfiguration",
    params(("privacyLevel" = Option<String>, Query, description = "`public`, `name_only`, `email_only` or `anonymous`, instead of the tool's setting.")),
    responses(
        (status = 200, description = "The configuration.", body = CanvasConfiguration),
        (status = 400, description = "`INVALID_PRIVACY_LEVEL`: there is no such level."),
    ),
)]
pub(crate) async fn configuration(
    State(room): State<Registrations>,
    AtTool(tool): AtTool,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut trace = Recorder::new(Kind::Registration, &room.clock, &headers);
    trace.tool_id = Some(tool.id.clone());
    match configuration_of(&room, &tool, query.as_deref().unwrap_or_default()) {
        // An administrator is creating a key; the rest happens in Canvas.
        Ok(configuration) => room.traces.of_registration(Ok(Json(configuration)), trace),
        Err(problem) => problem.into_response(),
    }
}

fn configuration_of(
    room: &Registrations,
    tool: &Tool,
    query: &str,
) -> Result<CanvasConfiguration, Problem> {
    let asked = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "privacyLevel")
        .map(|(_, value)| value.into_owned());
    let privacy = match asked {
        None => tool.settings.privacy_level,
        Some(name) => PrivacyLevel::from_name(&name).ok_or_else(|| NO_PRIVACY_LEVEL.problem())?,
    };
    // One developer key serves a whole Canvas, so these addresses contain no platform.
    let public_url = tool.address(&room.public_url);
    let wanted = wanted(&tool.settings, &public_url, "", None);
    let placements = placements(&wanted);
    let tool_id = format!("{PREFIX}tool_id");
    let tool_id = wanted.extensions.get(&tool_id).cloned();
    Ok(CanvasConfiguration {
        description: wanted.description.as_ref().unwrap_or(&wanted.name).clone(),
        scopes: wanted.services.scopes().map(Into::into).collect(),
        extensions: [CanvasExtension {
            platform: "canvas.instructure.com",
            domain: public_url.domain().to_owned(),
            tool_id: tool_id.unwrap_or_else(|| tool.id.clone().into()),
            privacy_level: privacy.name(),
            settings: CanvasSettings {
                text: wanted.name.clone(),
                placements,
                icon_url: wanted.logo_uri,
            },
        }],
        title: wanted.name,
        target_link_uri: wanted.target_link_uri,
        oidc_initiation_url: wanted.initiate_login_uri,
        public_jwk_url: wanted.jwks_uri,
        custom_fields: wanted.custom_parameters,
    })
}

/// All placements of the messages, or the default ones if the tool's settings contain none. Canvas
/// has one entry per placement: if several messages use it, the last one wins.
fn placements(wanted: &ToolRegistration) -> Vec<CanvasPlacement> {
    let mut messages = wanted.messages.clone();
    if messages.iter().all(|message| message.placements.is_empty()) {
        let usual = [
            (MessageType::ResourceLink, "course_navigation", true),
            (
                MessageType::DeepLinking,
                "link_selection",
                wanted.deep_linking_uri.is_some(),
            ),
        ];
        messages = usual
            .into_iter()
            .filter(|(.., used)| *used)
            .map(|(kind, placement, _)| ToolMessage {
                placements: vec![placement.to_owned()],
                ..ToolMessage::new(kind)
            })
            .collect();
    }
    let mut entries: Vec<CanvasPlacement> = Vec::new();
    for message in messages.iter().flat_map(ToolMessage::by_placement) {
        for placement in &message.placements {
            let entry = entry(wanted, &message, name_of(placement));
            match entries
                .iter_mut()
                .find(|known| known.placement == entry.placement)
            {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
    }
    entries
}

/// A placement's name in developer keys.
fn name_of(placement: &str) -> &str {
    match placement {
        "ContentArea" => "link_selection",
        "RichTextEditor" => "editor_button",
        other => other.strip_prefix(PREFIX).unwrap_or(other),
    }
}

fn entry(wanted: &ToolRegistration, message: &ToolMessage, placement: &str) -> CanvasPlacement {
    let target = message.target_link_uri.as_ref();
    let icon = message.icon_uri.as_ref().or(wanted.logo_uri.as_ref());
    let default = |enabled: bool| if enabled { "enabled" } else { "disabled" };
    let is_navigation = placement == "course_navigation";
    let mut shown = Map::new();
    for (name, value) in &message.extensions {
        match name.strip_prefix(PREFIX) {
            Some(member @ ("display_type" | "visibility" | "launch_width" | "launch_height")) => {
                shown.insert(member.to_owned(), value.clone());
            }
            Some("course_navigation/default_enabled") if is_navigation => {
                shown.insert("default".to_owned(), default(*value == true).into());
            }
            _ => {}
        }
    }
    if let Some(visibility) = message.visibility {
        shown.insert("visibility".to_owned(), visibility.name().into());
    }
    if let Some(enabled) = message.default_enabled.filter(|_| is_navigation) {
        shown.insert("default".to_owned(), default(enabled).into());
    }
    CanvasPlacement {
        placement: placement.to_owned(),
        message_type: message.message_type.name(),
        target_link_uri: target.unwrap_or(&wanted.target_link_uri).clone(),
        text: message.label.as_ref().unwrap_or(&wanted.name).clone(),
        icon_url: icon.cloned(),
        custom_fields: message.custom_parameters.clone(),
        shown,
    }
}
