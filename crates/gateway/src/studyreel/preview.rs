//! `POST /admin/placement/preview`: where a payload would place a student, and why. Nothing is
//! stored.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use studyreel::placement::Preview;

use super::room::StudyReel;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::web::problem::Problem;

/// Shows where a launch would place a student, and why.
///
/// The body is a whole launch, or only its placement members. Nothing is stored.
#[utoipa::path(
    post, path = "/admin/placement/preview", tag = "Operator: StudyReel", operation_id = "previewPlacement", security(("apiKey" = ["manage"])),
    request_body = Map<String, Value>,
    responses((status = 200, description = "One placement for each path, with everything it was made from.", body = Preview)),
)]
pub(crate) async fn preview(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<Json<Preview>, Problem> {
    let paths = room.paths.of(&tool.id).await?;
    Preview::of(&body, &paths, &tool.settings.studyreel.placement)
        .map(Json)
        .map_err(|refusal| Problem::wrong_body(refusal.to_string()))
}
