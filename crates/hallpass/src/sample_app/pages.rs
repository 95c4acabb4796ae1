//! The application's pages.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;

use super::{Client, Facts, Failure, Settings};

struct App {
    settings: Settings,
    client: Client,
}

/// Every address of the application.
pub(super) fn router(settings: Settings, client: Client) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/launch", get(launch))
        .route("/platforms", get(platforms))
        .route("/platforms/{id}/{verb}", post(switch))
        .route("/style.css", get(style))
        .layer(middleware::from_fn(headers))
        .with_state(Arc::new(App { settings, client }))
}

/// No scripts, nothing from elsewhere, and no address with an `ltik` told to others. Only launches may be framed.
async fn headers(request: Request, next: Next) -> Response {
    let framed = request.uri().path() == "/launch";
    let mut response = next.run(request).await;
    let policy = if framed {
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'"
    } else {
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    };
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn style() -> Response {
    (
        [(CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("../../templates/sample_app/style.css"),
    )
        .into_response()
}

#[derive(Template)]
#[template(path = "sample_app/problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    what: &'a str,
    why: Option<String>,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title, what) = match &self {
            Self::NoLaunch => (
                StatusCode::UNAUTHORIZED,
                "Please open this from your course",
                "This page belongs to a launch that is over, or never was. Go back to your course, or to StudyReel, and open it again.",
            ),
            Self::Gateway(_) => (
                StatusCode::BAD_GATEWAY,
                "Please try again in a moment",
                "The application can't ask Hallpass who you are.",
            ),
        };
        let why = match self {
            Self::NoLaunch => None,
            Self::Gateway(why) => Some(why),
        };
        page(status, &ProblemPage { title, what, why })
    }
}

#[derive(Template)]
#[template(path = "sample_app/home.html")]
struct HomePage<'a> {
    settings: &'a Settings,
}

async fn home(State(app): State<Arc<App>>) -> Response {
    let settings = &app.settings;
    page(StatusCode::OK, &HomePage { settings })
}

#[derive(Template)]
#[template(path = "sample_app/launch.html")]
struct LaunchPage {
    facts: Facts,
}

#[derive(Deserialize)]
struct Ltik {
    #[serde(default)]
    ltik: String,
}

/// The tool's Launch URL: a launch of any kind ends here.
async fn launch(
    State(app): State<Arc<App>>,
    Query(query): Query<Ltik>,
) -> Result<Response, Failure> {
    if query.ltik.is_empty() {
        return Err(Failure::NoLaunch);
    }
    let facts = app.client.who(&query.ltik).await?;
    Ok(page(StatusCode::OK, &LaunchPage { facts }))
}

#[derive(Template)]
#[template(path = "sample_app/platforms.html")]
struct PlatformsPage<'a> {
    settings: &'a Settings,
    platforms: Vec<PlatformRow>,
}

struct PlatformRow {
    id: String,
    name: String,
    url: String,
    client_id: String,
    active: bool,
}

impl PlatformRow {
    fn of(platform: &Value) -> Self {
        let text = |name: &str| platform[name].as_str().unwrap_or_default().to_owned();
        Self {
            id: text("id"),
            name: text("name"),
            url: text("url"),
            client_id: text("clientId"),
            active: platform["active"] == true,
        }
    }
}

async fn platforms(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let platforms = app.client.platforms().await?;
    let shown = PlatformsPage {
        settings: &app.settings,
        platforms: platforms.iter().map(PlatformRow::of).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// The buttons of the page of platforms, and only those: another site's form has another origin.
async fn switch(
    State(app): State<Arc<App>>,
    Path((id, verb)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    if origin != Some(app.settings.base.as_str()) {
        return Ok(StatusCode::FORBIDDEN.into_response());
    }
    let on = match verb.as_str() {
        "activate" => true,
        "deactivate" => false,
        _ => return Ok(StatusCode::NOT_FOUND.into_response()),
    };
    app.client.switch(&id, on).await?;
    Ok(Redirect::to("/platforms").into_response())
}
