//! `POST /admin/tool/launch-url/test`: whether the application answers at its launch URL.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::room::Directory;
use crate::kit::outbound::{OutboundError, Purpose, Request};
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// How much of the page is read: enough to know that there is one.
const BYTES: usize = 64 * 1024;

const NO_LAUNCH_URL: ApiRule = ApiRule::new(
    "LAUNCH_URL_NOT_SET",
    StatusCode::CONFLICT,
    "The tool's settings name no launch URL. PATCH /admin/tool sets launchUrl.",
);

/// Whether the application answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct LaunchUrlTest {
    /// Whether any answer came.
    pub(crate) answers: bool,
    /// Its status; absent if there was no answer. A refusal counts as an answer, too, because the
    /// test is not a launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Why there was no answer; absent if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// Tests the launch URL.
///
/// This server opens it as a browser would, without a launch, and says whether the application
/// answers.
#[utoipa::path(
    post, path = "/admin/tool/launch-url/test", tag = "Operator: tool", operation_id = "testLaunchUrl",
    security(("apiKey" = ["manage"])),
    responses(
        (status = 200, description = "Whether it answers.", body = LaunchUrlTest),
        (status = 409, description = "`LAUNCH_URL_NOT_SET`: the tool's settings name no launch URL."),
    ),
)]
pub(crate) async fn test(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
) -> Result<Json<LaunchUrlTest>, Problem> {
    let Some(url) = &tool.settings.launch_url else {
        return Err(NO_LAUNCH_URL.problem());
    };
    let request = Request {
        purpose: Purpose::Invited,
        source: None,
        url,
        accept: "text/html",
        bearer: None,
        limit: BYTES,
    };
    let (status, problem) = match room.outbound.get(request).await {
        Ok(answer) => (Some(answer.status), None),
        Err(OutboundError::TooLarge(_)) => (Some(200), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(Json(LaunchUrlTest {
        answers: status.is_some(),
        status,
        problem,
    }))
}
