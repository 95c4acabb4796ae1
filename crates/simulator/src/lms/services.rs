//! What the roster and the grade service have in common: who asks, and how a service refuses and pages.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::Url;

use super::{platform::Platform, registration::bearer, tool::Tool};

/// A refusal of a service: a status and a reason in JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServiceError(pub(super) StatusCode, pub(super) String);

impl ServiceError {
    pub(super) fn bad(reason: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, reason.into())
    }

    pub(super) fn missing(what: &str, id: impl std::fmt::Display) -> Self {
        Self(
            StatusCode::NOT_FOUND,
            format!("Not Found: {what} {id} doesn't exist"),
        )
    }
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        (
            self.0,
            Json(json!({ "status": self.0.as_u16(), "reason": self.1 })),
        )
            .into_response()
    }
}

/// The tool whose access token this is, if the token is good for one of `scopes`.
pub(super) fn caller(
    platform: &Platform,
    headers: &HeaderMap,
    scopes: &[&str],
) -> Result<Tool, ServiceError> {
    let refused = || ServiceError(StatusCode::UNAUTHORIZED, "Unauthorized".to_owned());
    let token = bearer(headers).ok_or_else(refused)?;
    let state = platform.state();
    let access = state.access_tokens.get(token).ok_or_else(refused)?;
    if access.expires <= platform.clock.seconds()
        || !scopes
            .iter()
            .any(|scope| access.scopes.iter().any(|s| s == scope))
    {
        return Err(refused());
    }
    state
        .tool(&access.client_id)
        .cloned()
        .map_err(|_| refused())
}

/// A body must come under exactly this type; a parameter such as `charset` may follow.
pub(super) fn require_type(headers: &HeaderMap, media_type: &str) -> Result<(), ServiceError> {
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if sent.split(';').next().unwrap_or_default().trim() == media_type {
        Ok(())
    } else {
        Err(ServiceError::bad(format!("No handler found for {sent}")))
    }
}

/// One page of a list, with the `Link` to the next one if there is more.
pub(super) struct Paged {
    pub(super) items: Vec<Value>,
    link: Option<HeaderValue>,
}

impl Paged {
    /// Cuts out what `from` and `limit` in the query of `url` ask for.
    pub(super) fn cut(all: Vec<Value>, url: &Url) -> Self {
        let number = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .and_then(|(_, value)| value.parse::<usize>().ok())
        };
        let from = number("from").unwrap_or(0);
        let limit = number("limit")
            .filter(|limit| *limit > 0)
            .unwrap_or(usize::MAX);
        let more = all.len() > from.saturating_add(limit);
        let link = more.then(|| {
            let mut next = url.clone();
            let kept: Vec<(String, String)> = url
                .query_pairs()
                .filter(|(key, _)| key != "from")
                .map(|(k, v)| (k.into_owned(), v.into_owned()))
                .collect();
            next.query_pairs_mut()
                .clear()
                .extend_pairs(kept)
                .append_pair("from", &from.saturating_add(limit).to_string());
            HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()
        });
        Self {
            items: all.into_iter().skip(from).take(limit).collect(),
            link: link.flatten(),
        }
    }

    /// Answers with `body` under `media_type`.
    pub(super) fn respond(self, media_type: &'static str, body: &Value) -> Response {
        let mut response = typed(StatusCode::OK, media_type, body);
        if let Some(link) = self.link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// JSON under a service's own media type.
pub(super) fn typed(status: StatusCode, media_type: &'static str, body: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, media_type)],
        body.to_string(),
    )
        .into_response()
}
