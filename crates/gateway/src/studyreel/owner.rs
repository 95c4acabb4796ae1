//! `GET /admin/studyreel`: what the tool's owner registers with StudyReel and its like.

use axum::extract::State;
use axum::response::Response;
use lti::studyreel::{Dialect, STUDYREEL};
use serde_json::{Map, Value, json};

use super::students::private;
use crate::app::App;
use crate::auth::WithApiKey;
use crate::tool::Tool;

/// What to register for StudyReel and, under `dialects`, for every further dialect that is taken.
pub(super) async fn read(State(app): State<App>, WithApiKey(tool): WithApiKey) -> Response {
    let further: Map<String, Value> = Dialect::ALL
        .into_iter()
        .filter(|dialect| dialect.name != STUDYREEL.name && tool.settings.studyreel.takes(dialect))
        .map(|dialect| (dialect.name.to_owned(), describe(&app, &tool, dialect)))
        .collect();
    let mut all = describe(&app, &tool, &STUDYREEL);
    if !further.is_empty() {
        all["dialects"] = further.into();
    }
    private(all)
}

/// A dialect's launch URLs and signing secrets in force, the newest apart. Those with a capability are a secret between
/// the owner and the platform (studyreel.md §5, items 2 and 3).
fn describe(app: &App, tool: &Tool, dialect: &Dialect) -> Value {
    let (keys, public_url) = (&app.studyreel.keys, &app.config.public_url);
    let launch_url = public_url.join(&format!("/{}/launch", dialect.name));
    let secret = |number: u32| {
        let capability = keys.capability(dialect, &tool.id, number);
        json!({
            "number": number,
            "capabilityLaunchUrl": format!("{launch_url}/{capability}"),
            "signingSecret": keys.signing_secret(dialect, &tool.id, number),
        })
    };
    let secrets = &tool.settings.studyreel.secrets;
    let secrets: Vec<Value> = secrets.iter().map(|number| secret(*number)).collect();
    let newest = secrets.last().cloned().unwrap_or_default();
    json!({
        "launchUrl": launch_url,
        "capabilityLaunchUrl": newest["capabilityLaunchUrl"],
        "signingSecret": newest["signingSecret"],
        "secrets": secrets,
    })
}
