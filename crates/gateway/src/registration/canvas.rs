//! `GET /register/canvas`: the configuration of a Canvas developer key, for "Enter URL" (lti.md D-81).

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use lti::registration::PrivacyLevel;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{attempt, dynamic};
use crate::app::App;
use crate::error::Problem;

/// Placements where the tool's settings name none.
const USUAL: [(&str, &str); 2] = [
    ("course_navigation", "LtiResourceLinkRequest"),
    ("link_selection", "LtiDeepLinkingRequest"),
];

/// `GET /register/canvas`, `/lti/register/canvas`, also with `?privacyLevel=`.
pub async fn configuration(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let tool = dynamic::tool_of(&app, &headers)?;
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
    let wanted = attempt::wanted(&app, &tool, "", None);
    let mut placements: Vec<Value> = Vec::new();
    let mut place = |placement: &str,
                     message_type: &str,
                     label: Option<&str>,
                     target: Option<&str>,
                     icon: Option<&str>| {
        let placement = placement
            .strip_prefix("https://canvas.instructure.com/lti/")
            .unwrap_or(placement);
        let mut entry = Map::new();
        entry.insert("placement".into(), json!(placement));
        entry.insert("message_type".into(), json!(message_type));
        entry.insert(
            "target_link_uri".into(),
            json!(target.unwrap_or(&wanted.target_link_uri)),
        );
        entry.insert("text".into(), json!(label.unwrap_or(&wanted.name)));
        if let Some(icon) = icon.or(wanted.logo_uri.as_deref()) {
            entry.insert("icon_url".into(), json!(icon));
        }
        placements.push(Value::Object(entry));
    };
    for message in &wanted.messages {
        for placement in &message.placements {
            place(
                placement,
                message.message_type.name(),
                message.label.as_deref(),
                message.target_link_uri.as_deref(),
                message.icon_uri.as_deref(),
            );
        }
    }
    if placements_are_missing(&wanted.messages) {
        for (placement, message_type) in USUAL {
            if message_type == "LtiResourceLinkRequest" || tool.settings.services.deep_linking {
                place(placement, message_type, None, None, None);
            }
        }
    }
    let domain = app.config.public_url.domain();
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
            "tool_id": tool.id,
            "privacy_level": privacy.name(),
            "settings": {"text": wanted.name, "icon_url": wanted.logo_uri, "placements": placements},
        }],
    })))
}

fn placements_are_missing(messages: &[lti::registration::ToolMessage]) -> bool {
    messages.iter().all(|message| message.placements.is_empty())
}
