//! The OAuth 2 token endpoint: client credentials with a signed assertion.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::platform::Platform;
use crate::{
    jose::{self, BadToken},
    random,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An access token that was given out.
#[derive(Clone, Debug)]
pub(super) struct AccessToken {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires: i64,
}

/// POST of a token request.
pub(super) async fn token(
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let style = platform.profile.services;
    let (status, answer) = match grant(&platform, &headers, &body).await {
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
        .state()
        .tool(client_id)
        .cloned()
        .map_err(|_| "invalid_client")?;
    let claims = verified(platform, &tool.facts.jwks_url, assertion).await?;
    let now = platform.clock.seconds();
    (style.check_assertion)(&claims, &platform.url(platform.profile.paths.token), now)?;

    let asked: Vec<&str> = scope.split_whitespace().collect();
    let granted: Vec<String> = asked
        .iter()
        .filter(|scope| tool.facts.scopes.iter().any(|own| own == *scope))
        .map(|s| (*s).to_owned())
        .collect();
    if granted.is_empty() || (style.all_scopes_or_none && granted.len() < asked.len()) {
        return Err("invalid_scope".to_owned());
    }
    let token = random::alphanumeric(40);
    let answer = json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": style.token_seconds,
        "scope": granted.join(" "),
    });
    let record = AccessToken {
        client_id: tool.client_id,
        scopes: granted,
        expires: now + style.token_seconds,
    };
    platform.state().access_tokens.insert(token, record);
    Ok(answer)
}

/// The claims of a tool's token, checked with its key set; an unknown key makes the set be fetched again.
pub(super) async fn verified(
    platform: &Platform,
    jwks_url: &str,
    token: &str,
) -> Result<Value, String> {
    let keys = platform
        .tool_keys(jwks_url, false)
        .await
        .map_err(|error| error.to_string())?;
    let result = match jose::verify(token, &keys) {
        Err(BadToken::UnknownKid) => {
            let keys = platform
                .tool_keys(jwks_url, true)
                .await
                .map_err(|error| error.to_string())?;
            jose::verify(token, &keys)
        }
        other => other,
    };
    result.map_err(|problem| problem.to_string())
}
