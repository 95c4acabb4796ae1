//! `POST /admin/platforms/:id/check`: whether a platform is what launches and services need.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use super::clock::look_at_clock;
use super::found::PlatformFinding;
use super::platform::examine;
use super::report::{Finding, Verdict};
use crate::directory::acceptance::may_be_asked_for_tokens;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::Platform;
use crate::directory::room::Directory;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;

/// What was found at a platform.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlatformCheck {
    /// The worst of all findings: `right`, `odd` (it works, but you should know) or `wrong` (it
    /// can't work).
    pub(crate) verdict: &'static str,
    /// In the order of the checks.
    pub(crate) findings: Vec<CheckFinding>,
}

/// The result of one check.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckFinding {
    /// `right`, `odd` or `wrong`.
    pub(crate) verdict: &'static str,
    /// What was found, in one sentence.
    pub(crate) what: String,
    /// What it means and what to do; absent if nothing needs doing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) advice: Option<String>,
}

impl From<Finding> for CheckFinding {
    fn from(finding: Finding) -> Self {
        Self {
            verdict: finding.verdict.name(),
            what: finding.what,
            advice: Some(finding.advice).filter(|advice| !advice.is_empty()),
        }
    }
}

/// Checks a platform.
///
/// Its state, its keys and its endpoints, as this server sees them now. The keys are fetched again,
/// even if they were fetched a moment ago, and launches use them from now on. The token endpoint is
/// asked for an access token, as before a grade, unless the platform registered itself and isn't
/// active.
#[utoipa::path(
    post, path = "/admin/platforms/{id}/check", tag = "Operator: platforms", operation_id = "checkPlatform",
    security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform.")),
    responses(
        (status = 200, description = "What was found.", body = PlatformCheck),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn check(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<PlatformCheck>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    let found = look_at(&room, &tool, &platform).await?;
    let verdicts = found.iter().map(PlatformFinding::verdict);
    let findings = found.iter().map(Finding::from);
    Ok(Json(PlatformCheck {
        verdict: verdicts.max().unwrap_or(Verdict::Right).name(),
        findings: findings.map(CheckFinding::from).collect(),
    }))
}

/// Fetches a platform's keys again, and checks it.
///
/// # Errors
/// The store failed.
pub(crate) async fn look_at(
    room: &Directory,
    tool: &Tool,
    platform: &Platform,
) -> Result<Vec<PlatformFinding>, StoreError> {
    let clock = look_at_clock(room, tool, platform).await?;
    // If this fails, the check of the same address says why.
    let _ = room.platform_keys.renew(platform).await;
    let may_be_asked = may_be_asked_for_tokens(&room.db, platform).await?;
    let tokens = may_be_asked.then_some(&room.service_tokens);
    Ok(examine(&room.outbound, tokens, platform, clock).await)
}
