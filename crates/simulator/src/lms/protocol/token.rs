//! The OAuth 2 token endpoint: client credentials with a signed assertion.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::tool_keys::verified;
use crate::{
    jose,
    lms::state::{AccessToken, Platform},
    random,
    tool::Tool,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Handles POST of a token request.
pub(crate) async fn token(
    State(platform): State<Arc<Platform>>,
    passport: Option<Path<String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let style = platform.profile.services;
    let granted = match passport {
        Some(Path(passport)) => grant_to(&platform, &passport, &body).await,
        None => grant(&platform, &headers, &body).await,
    };
    let (status, answer) = match granted {
        Ok(answer) => (StatusCode::OK, answer),
        Err(error) => (StatusCode::BAD_REQUEST, json!({ "error": error })),
    };
    (
        status,
        [(header::CONTENT_TYPE, style.token_content_type)],
        answer.to_string(),
    )
        .into_response()
}

async fn grant(platform: &Platform, headers: &HeaderMap, body: &[u8]) -> Result<Value, String> {
    let style = platform.profile.services;
    let form = headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if !form {
        return Err("invalid_request".to_owned());
    }
    let parameters: HashMap<String, String> =
        url::form_urlencoded::parse(body).into_owned().collect();
    let get = |name: &str| parameters.get(name).map(String::as_str).unwrap_or_default();
    let (assertion, scope) = (get("client_assertion"), get("scope"));
    if get("grant_type") != "client_credentials"
        || get("client_assertion_type") != ASSERTION_TYPE
        || scope.is_empty()
    {
        return Err("invalid_request".to_owned());
    }
    let unverified = jose::decode(assertion).ok_or("invalid_request")?;
    let client_id = unverified.claims["sub"].as_str().unwrap_or_default();
    let tool = platform
        .memory()
        .tool(client_id)
        .cloned()
        .map_err(|_| "invalid_client")?;
    let claims = verified(platform, &tool.facts, assertion).await?;
    let now = platform.clock.seconds();
    (style.check_assertion)(&claims, &platform.endpoints().audience, now)?;
    if style.assertions_once && !platform.memory().take_assertion(client_id, &claims, now) {
        return Err("invalid_client".to_owned());
    }

    let asked: Vec<&str> = scope.split_whitespace().collect();
    let granted: Vec<String> = asked
        .iter()
        .filter(|scope| tool.facts.scopes.iter().any(|own| own == *scope))
        .map(|s| (*s).to_owned())
        .collect();
    if granted.is_empty() || (style.all_scopes_or_none && granted.len() < asked.len()) {
        return Err("invalid_scope".to_owned());
    }
    Ok(give(platform, &tool, granted, "Bearer"))
}

/// Creates an access token.
pub(crate) fn give(
    platform: &Platform,
    tool: &Tool,
    scopes: Vec<String>,
    token_type: &str,
) -> Value {
    let seconds = platform.profile.services.token_seconds;
    let token = random::alphanumeric(40);
    let answer = json!({
        "access_token": token,
        "token_type": token_type,
        "expires_in": seconds,
        "scope": scopes.join(" "),
    });
    let record = AccessToken {
        client_id: tool.client_id.clone(),
        scopes,
        expires: platform.clock.seconds() + seconds,
    };
    platform.memory().access_tokens.insert(token, record);
    answer
}

/// Handles a request to a tool's own endpoint, with Open edX's checks and errors: the endpoint
/// determines whose keys to use, whatever the assertion says, and scopes that are not granted are
/// silently dropped.
async fn grant_to(platform: &Platform, passport: &str, body: &[u8]) -> Result<Value, String> {
    let parameters: HashMap<String, String> =
        url::form_urlencoded::parse(body).into_owned().collect();
    let needed = [
        "grant_type",
        "client_assertion_type",
        "client_assertion",
        "scope",
    ];
    if !needed.iter().all(|name| parameters.contains_key(*name)) {
        return Err("invalid_request".to_owned());
    }
    if parameters["grant_type"] != "client_credentials" {
        return Err("unsupported_grant_type".to_owned());
    }
    let tools = platform.memory().tools.clone();
    let tool = tools
        .into_iter()
        .find(|tool| tool.passport.as_deref() == Some(passport));
    let tool = tool.ok_or("invalid_client")?;
    let assertion = &parameters["client_assertion"];
    if jose::decode(assertion).is_none() {
        return Err("invalid_grant".to_owned());
    }
    let claims = verified(platform, &tool.facts, assertion)
        .await
        .map_err(|_| "invalid_client")?;
    let now = platform.clock.seconds();
    let audience = platform.endpoints_of(&tool).audience;
    (platform.profile.services.check_assertion)(&claims, &audience, now)?;
    let asked = parameters["scope"].split_whitespace();
    let granted = asked
        .filter(|scope| tool.facts.scopes.iter().any(|own| own == scope))
        .map(str::to_owned)
        .collect();
    Ok(give(platform, &tool, granted, "bearer"))
}
