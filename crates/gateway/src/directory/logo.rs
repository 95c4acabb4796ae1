//! `GET /lti/logo/{name}`: a tool's logo, for our own pages about it.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::directory::tools::AtTool;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const NO_LOGO: ApiRule = ApiRule::new(
    "LOGO_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The tool has no such logo, or another by now.",
);
/// The address changes with the picture.
const A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// If opened directly, it is a picture and can do nothing else.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// The picture with this name, if it is the current one.
pub(crate) async fn picture(
    AtTool(tool): AtTool,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let logo = tool.settings.theme.logo.as_ref();
    let logo = logo.filter(|logo| logo.name() == name);
    let logo = logo.ok_or_else(|| NO_LOGO.problem())?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(logo.media_type())),
        (CACHE_CONTROL, A_YEAR),
        (CONTENT_SECURITY_POLICY, NOTHING),
    ];
    Ok((headers, logo.bytes()).into_response())
}
