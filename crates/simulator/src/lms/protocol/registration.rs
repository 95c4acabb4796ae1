//! Dynamic registration: the document and the endpoint.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{enrolment::check_secret, services::bearer};
use crate::{
    lms::state::Platform,
    profiles::{Refusal, TokenPlace, TokenProblem},
    tool::Tool,
};

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (
            self.status,
            [(header::CONTENT_TYPE, self.content_type)],
            self.body,
        )
            .into_response()
    }
}

fn parameter(uri: &OriginalUri, name: &str) -> Option<String> {
    url::form_urlencoded::parse(uri.query()?.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Handles GET of the openid-configuration document.
pub(crate) async fn configuration(
    State(platform): State<Arc<Platform>>,
    uri: OriginalUri,
) -> Response {
    let style = platform.profile.registration;
    let mut endpoints = platform.endpoints();
    if let Some(missing) = style
        .configuration_parameters
        .iter()
        .find(|name| parameter(&uri, name).is_none())
    {
        return (
            StatusCode::BAD_REQUEST,
            format!("Missing parameter {missing}"),
        )
            .into_response();
    }
    let name = match style.token_place {
        TokenPlace::Parameter => return Json((style.configuration)(&endpoints)).into_response(),
        TokenPlace::ParameterAndConfiguration => "registration_token",
        TokenPlace::Configuration(name) => name,
    };
    let token = match check_secret(&platform, parameter(&uri, name).as_deref()) {
        Ok((token, _)) => token,
        Err(problem) => return (style.refuse_token)(problem).into_response(),
    };
    if let Some(secret) = platform.memory().secrets.get_mut(&token) {
        if style.configuration_once && secret.configuration_fetched {
            return (style.refuse_token)(TokenProblem::Used).into_response();
        }
        secret.configuration_fetched = true;
    }
    if matches!(style.token_place, TokenPlace::Configuration(_)) {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(name, &token)
            .finish();
        endpoints.registration = format!("{}?{query}", endpoints.registration);
    }
    Json((style.configuration)(&endpoints)).into_response()
}

/// Handles POST of a registration request.
pub(crate) async fn register(
    State(platform): State<Arc<Platform>>,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let style = platform.profile.registration;
    let token = match style.token_place {
        TokenPlace::Configuration(name) => parameter(&uri, name),
        TokenPlace::Parameter | TokenPlace::ParameterAndConfiguration => {
            bearer(&headers).map(str::to_owned)
        }
    };
    let (token, client_id) = match check_secret(&platform, token.as_deref()) {
        Ok(found) => found,
        Err(problem) => return (style.refuse_token)(problem).into_response(),
    };
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut memory = platform.memory();
    if let Err(refusal) = (style.check)(&request, &memory.tools) {
        return refusal.into_response();
    }
    if let Some(secret) = memory.secrets.get_mut(&token) {
        secret.used = true;
    }
    let tool = Tool {
        client_id,
        deployment_id: (style.deployment_id)(memory.tools.len() + 1),
        active: style.active_at_once,
        passport: None,
        facts: (style.read)(&request),
    };
    let answer = (style.answer)(&tool, &request);
    memory.tools.push(tool);
    (style.status, Json(answer)).into_response()
}

/// Handles any other method at the registration endpoint.
pub(crate) async fn unsupported() -> Response {
    (StatusCode::BAD_REQUEST, "Unsupported operation").into_response()
}
