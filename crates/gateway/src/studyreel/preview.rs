//! `POST /admin/placement/preview`: what a payload would give, and why, with nothing stored.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use lti::studyreel::PlacementReport;
use serde_json::{Value, json};

use super::placement::{SubjectInputs, place};
use crate::app::App;
use crate::auth::WithApiKey;
use crate::error::Problem;

/// Takes a whole launch, or only its placement members; answers one placement a path, with everything it was made from.
pub(super) async fn preview(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let report = PlacementReport::parse(&body)
        .map_err(|refusal| Problem::bad_request("INVALID_BODY", refusal.to_string()))?;
    let rules = &tool.settings.studyreel.placement;
    let paths = app.studyreel.paths.of(&app, &tool.id).await?;
    let placements: Vec<_> = paths
        .iter()
        .map(|path| place(&SubjectInputs::of(&report, &path.subject), path, rules))
        .collect();
    Ok(Json(
        json!({"ruleVersion": rules.version(), "placement": placements}),
    ))
}
