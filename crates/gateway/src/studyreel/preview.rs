//! `POST /admin/placement/preview`: what a payload would give, and why, with nothing stored.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::web::problem::Problem;
use studyreel::placement::Preview;

/// Takes a whole launch, or only its placement members; answers one placement a path, with everything it was made from.
pub(super) async fn preview(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<Json<Preview>, Problem> {
    let paths = app.studyreel.paths.of(&app, &tool.id).await?;
    Preview::of(&body, &paths, &tool.settings.studyreel.placement)
        .map(Json)
        .map_err(|refusal| Problem::bad_request("INVALID_BODY", refusal.to_string()))
}
