//! `GET /admin/studyreel`: what the tool's owner registers with StudyReel.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::auth::WithApiKey;

/// The launch URLs. The one with the capability is a secret between the owner and StudyReel (studyreel.md §5, item 2).
pub(super) async fn read(State(app): State<App>, WithApiKey(tool): WithApiKey) -> Json<Value> {
    let launch_url = app.config.public_url.join("/studyreel/launch");
    let capability = app.studyreel.keys.capability(&tool.id);
    Json(json!({
        "capabilityLaunchUrl": format!("{launch_url}/{capability}"),
        "launchUrl": launch_url,
    }))
}
