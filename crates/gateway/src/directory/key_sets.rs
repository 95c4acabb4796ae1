//! `GET /lti/keys`, `/lti/keys/<platform>`: our public keys, with which platforms verify our
//! assertions.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::directory::tools::AtTool;
use crate::keys::ours::OurKeys;
use crate::keys::published::{KeySetAnswer, KeySetDocument};
use crate::kit::id::is_id;
use crate::kit::media_type::JSON;
use crate::web::api_rule::ApiRule;
use crate::web::client::Source;
use crate::web::problem::Problem;

const NO_KEY_SET: ApiRule = ApiRule::new(
    "KEY_SET_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no key set at this address. Check the platform's id in it.",
);

/// Gives our public keys for all platforms that were added by hand.
///
/// `/keys` is the same.
#[utoipa::path(
    get, path = "/lti/keys",
    tag = "Platform: LTI", operation_id = "readKeySet",
    responses((status = 200, description = "A JSON Web Key Set.", body = KeySetAnswer)),
)]
pub(crate) async fn of_tool(
    State(keys): State<OurKeys>,
    AtTool(tool): AtTool,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let document = keys.of_tool(&tool.id).await?;
    Ok(answer(&document, &headers))
}

/// Gives our public keys for one platform.
#[utoipa::path(
    get, path = "/lti/keys/{platform}",
    tag = "Platform: LTI", operation_id = "readPlatformKeySet",
    params(("platform" = String, Path, description = "Id of a platform.")),
    responses(
        (status = 200, description = "A JSON Web Key Set.", body = KeySetAnswer),
        (status = 404, description = "`KEY_SET_NOT_FOUND`: there is no platform with this id."),
    ),
)]
pub(crate) async fn of_platform(
    State(keys): State<OurKeys>,
    Path(platform_id): Path<String>,
    source: Source,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !is_id(&platform_id) {
        return Err(NO_KEY_SET.problem());
    }
    let document = keys.of_platform(&platform_id, source).await?;
    let document = document.ok_or_else(|| NO_KEY_SET.problem())?;
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
    let json = [(CONTENT_TYPE, HeaderValue::from_static(JSON))];
    (headers, json, document.body.clone()).into_response()
}
