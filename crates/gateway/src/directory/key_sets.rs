//! `GET /lti/keys`, `/lti/keys/<platform>`: our public keys, for platforms to check our assertions with.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::directory::tools::AtTool;
use crate::keys::ours::OurKeys;
use crate::keys::published::KeySetDocument;
use crate::kit::id::is_id;
use crate::web::problem::Problem;

/// `GET /lti/keys`: the public keys of every platform of the tool.
pub async fn of_tool(
    State(keys): State<OurKeys>,
    AtTool(tool): AtTool,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let document = keys.of_tool(&tool.id).await?;
    Ok(answer(&document, &headers))
}

/// `GET /lti/keys/<platform>`: the public keys of one.
pub async fn of_platform(
    State(keys): State<OurKeys>,
    Path(platform_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let none = || {
        Problem::not_found(
            "KEY_SET_NOT_FOUND",
            "There is no key set at this address. Check the platform's id in it.",
        )
    };
    if !is_id(&platform_id) {
        return Err(none());
    }
    let document = keys.of_platform(&platform_id).await?.ok_or_else(none)?;
    Ok(answer(&document, &headers))
}

fn answer(document: &KeySetDocument, asked: &HeaderMap) -> Response {
    let headers = [
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=3600"),
        ),
        (ETAG, document.tag.clone()),
    ];
    if asked.get(IF_NONE_MATCH) == Some(&document.tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (headers, json, document.body.clone()).into_response()
}
