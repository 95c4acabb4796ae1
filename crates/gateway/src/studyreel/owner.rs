//! `GET /admin/studyreel`: what the tool's owner registers with StudyReel and its like.

use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use studyreel::{Dialect, STUDYREEL};

use super::students::private;
use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::web::problem::Problem;
use store::studyreel_registrations as registrations;
use store::studyreel_registrations::Registration;

/// What to register for StudyReel and, under `dialects`, for every further dialect that is taken.
pub(super) async fn read(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
) -> Result<Response, Problem> {
    let further: Map<String, Value> = Dialect::ALL
        .into_iter()
        .filter(|dialect| dialect.name != STUDYREEL.name && tool.settings.studyreel.takes(dialect))
        .map(|dialect| (dialect.name.to_owned(), describe(&app, &tool, dialect)))
        .collect();
    let mut all = describe(&app, &tool, &STUDYREEL);
    if !further.is_empty() {
        all["dialects"] = further.into();
    }
    if let Some(hook) = describe_hook(&app, &tool) {
        all["provisioning"] = hook;
    }
    let mut reader = app.db.read().await?;
    let registered = registrations::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    if !registered.is_empty() {
        all["registrations"] = registered.iter().map(describe_registration).collect();
    }
    Ok(private(all))
}

/// What `hallpass studyreel register` did, and what came of it.
fn describe_registration(registration: &Registration) -> Value {
    let mut all = json!({
        "studyreel": registration.base_url,
        "name": registration.name,
        "version": registration.version,
        "askedAt": iso(registration.asked_at),
        "answered": !registration.is_open(),
    });
    for (name, value) in [
        ("toolId", &registration.remote_id),
        ("deploymentId", &registration.deployment_id),
        ("registeredAt", &registration.registered_at.map(iso)),
    ] {
        if let Some(value) = value {
            all[name] = json!(value);
        }
    }
    all
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
            "headerSecret": keys.header_secret(dialect, &tool.id, number),
        })
    };
    let secrets = &tool.settings.studyreel.secrets;
    let secrets: Vec<Value> = secrets.iter().map(|number| secret(*number)).collect();
    let newest = secrets.last().cloned().unwrap_or_default();
    json!({
        "launchUrl": launch_url,
        "capabilityLaunchUrl": newest["capabilityLaunchUrl"],
        "signingSecret": newest["signingSecret"],
        "headerSecret": newest["headerSecret"],
        "secrets": secrets,
    })
}

/// The secrets that sign the provisioning hook's calls, in the form Standard Webhooks libraries take, and how this
/// replica finds the application.
fn describe_hook(app: &App, tool: &Tool) -> Option<Value> {
    let settings = &tool.settings.studyreel.provisioning;
    let url = settings.url.as_ref()?;
    let secret = |number: &u32| {
        let secret = STANDARD.encode(app.studyreel.keys.hook_secret(&tool.id, *number));
        json!({"number": number, "secret": format!("whsec_{secret}")})
    };
    let secrets: Vec<Value> = settings.secrets.iter().map(secret).collect();
    Some(json!({
        "url": url,
        "secret": secrets.last().map(|newest| newest["secret"].clone()),
        "secrets": secrets,
        "breaker": app.studyreel.hook.report(&tool.id, url),
    }))
}
