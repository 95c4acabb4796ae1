//! `GET /admin/studyreel`: what the tool's owner registers with StudyReel.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::students::private;
use crate::app::App;
use crate::auth::WithApiKey;

/// The launch URLs and signing secrets in force, the newest apart. Those with a capability are a secret between the
/// owner and StudyReel (studyreel.md §5, items 2 and 3).
pub(super) async fn read(State(app): State<App>, WithApiKey(tool): WithApiKey) -> Response {
    let (keys, launch_url) = (
        &app.studyreel.keys,
        app.config.public_url.join("/studyreel/launch"),
    );
    let secret = |number: u32| {
        json!({
            "number": number,
            "capabilityLaunchUrl": format!("{launch_url}/{}", keys.capability(&tool.id, number)),
            "signingSecret": keys.signing_secret(&tool.id, number),
        })
    };
    let secrets = &tool.settings.studyreel.secrets;
    let secrets: Vec<Value> = secrets.iter().map(|number| secret(*number)).collect();
    let newest = secrets.last().cloned().unwrap_or_default();
    private(json!({
        "launchUrl": launch_url,
        "capabilityLaunchUrl": newest["capabilityLaunchUrl"],
        "signingSecret": newest["signingSecret"],
        "secrets": secrets,
    }))
}
