//! `POST /tools/register`. The request is documented; the format of the answer is this simulator's
//! own, because StudyReel's is unknown.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use url::Url;

use super::{message::deployment_of, system::System, tool::StudyReelTool};
use crate::random;

/// Handles POST of a tool's registration.
pub(super) async fn register(
    State(system): State<Arc<System>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let error = |status: StatusCode, message: String| {
        (
            status,
            Json(json!({ "status": "error", "message": message })),
        )
            .into_response()
    };
    if headers.get("x-api-key").and_then(|key| key.to_str().ok()) != Some(system.api_key.as_str()) {
        return error(
            StatusCode::UNAUTHORIZED,
            "x-api-key is missing or wrong".to_owned(),
        );
    }
    let Ok(Value::Object(request)) = serde_json::from_slice(&body) else {
        return error(
            StatusCode::BAD_REQUEST,
            "The body is not a JSON object".to_owned(),
        );
    };
    if let Some(problem) = problem(&request) {
        return error(StatusCode::BAD_REQUEST, problem);
    }
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let mut state = system.state();
    if state
        .tools
        .iter()
        .any(|tool| tool.name == text("name") && tool.version == text("version"))
    {
        return error(
            StatusCode::CONFLICT,
            "A tool of this name and version is registered already".to_owned(),
        );
    }
    let tool = StudyReelTool {
        id: random::alphanumeric(12),
        name: text("name"),
        version: text("version"),
        launch_url: text("launchUrl"),
        deployment_id: deployment_of(&text("name"), &text("version")),
        registration: request,
    };
    let answer = json!({
        "status": "success",
        "message": "Tool registered",
        "toolId": tool.id,
        "deployment_id": tool.deployment_id,
    });
    state.tools.push(tool);
    (StatusCode::CREATED, Json(answer)).into_response()
}

/// The first problem with a registration.
fn problem(request: &Map<String, Value>) -> Option<String> {
    let is_url =
        |text: &str| Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    for name in [
        "name",
        "description",
        "launchUrl",
        "logoUrl",
        "status",
        "platform",
        "version",
    ] {
        let text = request
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if text.is_empty() {
            return Some(format!("{name} is required and must be a text"));
        }
    }
    for name in [
        "launchUrl",
        "logoUrl",
        "coverImageUrl",
        "namesAndRolesService",
        "gradeService",
    ] {
        if request
            .get(name)
            .is_some_and(|value| !value.as_str().is_some_and(is_url))
        {
            return Some(format!("{name} must be an http or https URL"));
        }
    }
    let uris = request.get("redirectUris").map(|value| {
        value
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![Value::Null])
    });
    if uris.is_some_and(|uris| {
        !uris
            .iter()
            .all(|uri| uri.as_str().is_some_and(|uri| Url::parse(uri).is_ok()))
    }) {
        return Some("redirectUris must be a list of URLs".to_owned());
    }
    let contact = |contact: &Value| contact["name"].is_string() && contact["email"].is_string();
    let contacts = request.get("contacts");
    if contacts.is_some_and(|value| {
        !value
            .as_array()
            .is_some_and(|contacts| contacts.iter().all(contact))
    }) {
        return Some("contacts must be a list of objects with name and email".to_owned());
    }
    None
}
