//! `GET /register/canvas`: the configuration of a Canvas developer key, for "Enter URL" (lti.md D-81).

use axum::Json;
use axum::extract::{RawQuery, State};
use lti::message::MessageType;
use lti::registration::{PrivacyLevel, ToolMessage, ToolRegistration};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::room::Registrations;
use super::wanted::wanted;
use crate::directory::tools::AtTool;
use crate::web::problem::Problem;

/// What Canvas's own placements and members begin with.
const PREFIX: &str = "https://canvas.instructure.com/lti/";

/// `GET /register/canvas`, `/lti/register/canvas`, also with `?privacyLevel=`.
pub(crate) async fn configuration(
    State(room): State<Registrations>,
    AtTool(tool): AtTool,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "privacyLevel")
        .map(|(_, value)| value.into_owned());
    let privacy = match asked {
        None => tool.settings.privacy_level,
        Some(name) => PrivacyLevel::from_name(&name).ok_or_else(|| {
            Problem::bad_request(
                "INVALID_PRIVACY_LEVEL",
                "privacyLevel must be public, name_only, email_only or anonymous",
            )
        })?,
    };
    // One developer key serves a whole Canvas, so these addresses name no platform.
    let wanted = wanted(&tool.settings, &room.public_url, "", None);
    let placements = placements(&wanted);
    let tool_id = format!("{PREFIX}tool_id");
    let tool_id = wanted.extensions.get(&tool_id).cloned();
    let mut settings = json!({"text": wanted.name, "placements": placements});
    if let Some(icon) = &wanted.logo_uri {
        settings["icon_url"] = json!(icon);
    }
    let domain = room.public_url.domain();
    Ok(Json(json!({
        "title": wanted.name,
        "description": wanted.description.as_deref().unwrap_or(&wanted.name),
        "target_link_uri": wanted.target_link_uri,
        "oidc_initiation_url": wanted.initiate_login_uri,
        "public_jwk_url": wanted.jwks_uri,
        "scopes": wanted.services.scopes().collect::<Vec<_>>(),
        "custom_fields": wanted.custom_parameters,
        "extensions": [{
            "platform": "canvas.instructure.com",
            "domain": domain,
            "tool_id": tool_id.unwrap_or_else(|| json!(tool.id)),
            "privacy_level": privacy.name(),
            "settings": settings,
        }],
    })))
}

/// Every placement of the messages, or the usual ones where the tool's settings name none. Canvas has one entry a
/// placement: the last message that names it has it.
fn placements(wanted: &ToolRegistration) -> Vec<Value> {
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
    let mut entries: Vec<Value> = Vec::new();
    for message in &messages {
        for placement in &message.placements {
            let entry = entry(wanted, message, name_of(placement));
            match entries
                .iter_mut()
                .find(|known| known["placement"] == entry["placement"])
            {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
    }
    entries
}

/// A placement by the name that developer keys know.
fn name_of(placement: &str) -> &str {
    match placement {
        "ContentArea" => "link_selection",
        "RichTextEditor" => "editor_button",
        other => other.strip_prefix(PREFIX).unwrap_or(other),
    }
}

fn entry(wanted: &ToolRegistration, message: &ToolMessage, placement: &str) -> Value {
    let target = message
        .target_link_uri
        .as_ref()
        .unwrap_or(&wanted.target_link_uri);
    let mut entry = json!({
        "placement": placement,
        "message_type": message.message_type.name(),
        "target_link_uri": target,
        "text": message.label.as_ref().unwrap_or(&wanted.name),
    });
    if let Some(icon) = message.icon_uri.as_ref().or(wanted.logo_uri.as_ref()) {
        entry["icon_url"] = json!(icon);
    }
    for (name, value) in &message.extensions {
        match name.strip_prefix(PREFIX) {
            Some(member @ ("display_type" | "visibility" | "launch_width" | "launch_height")) => {
                entry[member] = value.clone();
            }
            Some("course_navigation/default_enabled") if placement == "course_navigation" => {
                entry["default"] = json!(if *value == true {
                    "enabled"
                } else {
                    "disabled"
                });
            }
            _ => {}
        }
    }
    entry
}
