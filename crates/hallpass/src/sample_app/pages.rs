//! The application's pages.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::Value;

use gateway::kit::clock::Clock;

use super::course;
use super::grade::GradeState;
use super::hook::Accounts;
use super::picker::{Exercise, Picker, PickerPage, hand_back};
use super::{Client, Facts, Failure, HOOK, LastAnswer, Settings, page};

struct SamplePages {
    accounts: Accounts,
    picker: Picker,
    settings: Settings,
    client: Arc<Client>,
    last: LastAnswer,
}

/// All routes of the application.
pub(super) fn router(settings: Settings, client: Client, last: LastAnswer) -> Router {
    let client = Arc::new(client);
    Router::new()
        .route("/", get(home))
        .route("/launch", get(launch))
        .route("/choose", post(choose))
        .route(HOOK, post(provision))
        .route("/platforms", get(platforms))
        .route("/platforms/{id}/{verb}", post(switch))
        .route("/traces/{reference}", get(trace))
        .route("/style.css", get(style))
        .with_state(Arc::new(SamplePages {
            accounts: Accounts::new(&settings.hook_secret),
            picker: Picker::new(&settings.api_key),
            settings,
            client: Arc::clone(&client),
            last,
        }))
        .merge(course::router(client))
        .layer(middleware::from_fn(headers))
}

/// No scripts, nothing from other hosts, and no referrer to them, because addresses contain an
/// `ltik`. Only launches and their following pages may be framed.
async fn headers(request: Request, next: Next) -> Response {
    let framed = ["/launch", "/choose", "/students", "/grade"].contains(&request.uri().path());
    let mut response = next.run(request).await;
    let policy = if framed {
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"
    } else {
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    };
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ] {
        // A page's own policy takes precedence.
        let header = response.headers_mut().entry(name);
        header.or_insert(HeaderValue::from_static(value));
    }
    response
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
            Self::NoExercise => (
                StatusCode::NOT_FOUND,
                "This exercise is not here",
                "The link in your course opens an exercise that was not chosen for it. Ask your teacher to choose it again.",
            ),
            Self::NoTeacher => (
                StatusCode::FORBIDDEN,
                "This page is for teachers",
                "Your learning platform says that you are not a teacher of this course.",
            ),
            Self::NoTrace => (
                StatusCode::NOT_FOUND,
                "Nothing is known under this reference",
                "Hallpass keeps traces for a week, and counts only, after a few, failures for the same reason.",
            ),
            Self::Refused(_) => (
                StatusCode::CONFLICT,
                "Please open this again from your course",
                "Your learning platform can't be given what you chose.",
            ),
            Self::Gateway(_) => (
                StatusCode::BAD_GATEWAY,
                "Please try again in a moment",
                "The application can't ask Hallpass who you are.",
            ),
        };
        let why = match self {
            Self::NoLaunch | Self::NoExercise | Self::NoTeacher | Self::NoTrace => None,
            Self::Gateway(why) | Self::Refused(why) => Some(why),
        };
        page(status, &ProblemPage { title, what, why })
    }
}

#[derive(Template)]
#[template(path = "sample_app/home.html")]
struct HomePage<'a> {
    settings: &'a Settings,
}

async fn home(State(app): State<Arc<SamplePages>>) -> Response {
    let settings = &app.settings;
    page(StatusCode::OK, &HomePage { settings })
}

#[derive(Template)]
#[template(path = "sample_app/launch.html")]
struct LaunchPage {
    facts: Facts,
    /// The exercise that the link opens.
    exercise: Option<&'static Exercise>,
    /// The state of a learner's grade.
    grade: Option<GradeState>,
    /// Whether the account was created for this launch.
    is_first: bool,
    ltik: String,
}

#[derive(Deserialize)]
struct LtikQuery {
    #[serde(default)]
    ltik: String,
    /// A parameter of the hook's landing path.
    welcome: Option<String>,
}

/// Hallpass announces a student: the application creates an account, and answers with its id for
/// the student and where to land.
async fn provision(
    State(app): State<Arc<SamplePages>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, StatusCode> {
    let now = Clock::default().now_seconds();
    let answer = app.accounts.answer(&headers, &body, now);
    answer.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

/// The tool's launch URL: every kind of launch ends here.
async fn launch(
    State(app): State<Arc<SamplePages>>,
    Query(query): Query<LtikQuery>,
) -> Result<Response, Failure> {
    if query.ltik.is_empty() {
        return Err(Failure::NoLaunch);
    }
    let facts = app.client.who(&query.ltik).await?;
    app.last.keep(&facts);
    if facts.asks_for_content {
        return Ok(page(StatusCode::OK, &PickerPage::new(facts, query.ltik)));
    }
    let grade = app.grade_of(&facts, &query.ltik).await;
    let launched = LaunchPage {
        exercise: app.picker.opened(&facts)?,
        grade,
        is_first: query.welcome.is_some(),
        facts,
        ltik: query.ltik,
    };
    Ok(page(StatusCode::OK, &launched))
}

impl SamplePages {
    /// The state of a learner's grade, if any. The exercise works without it.
    async fn grade_of(&self, facts: &Facts, ltik: &str) -> Option<GradeState> {
        if facts.teaches || facts.line_item.is_empty() {
            return None;
        }
        let delivery = self.client.grade_state(ltik, &facts.line_item).await;
        match delivery {
            Ok(delivery) => delivery.as_ref().map(GradeState::of),
            Err(error) => {
                tracing::warn!(%error, "the state of a grade can't be shown");
                None
            }
        }
    }
}

/// Sends the chosen content back to the platform. Only the launch's own page knows the `ltik`.
async fn choose(State(app): State<Arc<SamplePages>>, body: Bytes) -> Result<Response, Failure> {
    let (mut ltik, mut chosen) = (String::new(), Vec::new());
    for (name, value) in url::form_urlencoded::parse(&body) {
        match &*name {
            "ltik" => ltik = value.into_owned(),
            "exercise" => chosen.push(value.into_owned()),
            _ => {}
        }
    }
    let facts = app.client.who(&ltik).await?;
    let answer = app.picker.answer(&facts, &chosen);
    let (message, target) = app.client.answer(&ltik, &answer).await?;
    hand_back(message, target)
}

#[derive(Template)]
#[template(path = "sample_app/platforms.html")]
struct PlatformsPage<'a> {
    settings: &'a Settings,
    platforms: Vec<PlatformLine>,
}

struct PlatformLine {
    id: String,
    name: String,
    url: String,
    client_id: String,
    active: bool,
}

impl PlatformLine {
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

async fn platforms(State(app): State<Arc<SamplePages>>) -> Result<Response, Failure> {
    let platforms = app.client.platforms().await?;
    let shown = PlatformsPage {
        settings: &app.settings,
        platforms: platforms.iter().map(PlatformLine::of).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

#[derive(Template)]
#[template(path = "sample_app/trace.html")]
struct TraceView {
    outcome: String,
    /// What went wrong and what to do, if there was an error.
    reason: Option<(String, String)>,
    whole: String,
}

/// Hallpass's trace of a launch. The pretend LMS links here from its Wire page.
async fn trace(
    State(app): State<Arc<SamplePages>>,
    Path(reference): Path<String>,
) -> Result<Response, Failure> {
    let trace = app.client.trace(&reference).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let shown = TraceView {
        outcome: format!("{} {}", text(&trace["kind"]), text(&trace["outcome"])),
        reason: trace["reason"].is_object().then(|| {
            (
                text(&trace["reason"]["text"]),
                text(&trace["reason"]["advice"]),
            )
        }),
        whole: format!("{trace:#}"),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// Handles the buttons on the page of platforms, and only those: a form on another site has another
/// origin.
async fn switch(
    State(app): State<Arc<SamplePages>>,
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::body::Body;
    use axum::http::Method;
    use serde_json::json;
    use simulator::browser::Browser;

    use super::*;

    const BASE: &str = "http://127.0.0.3:7";

    /// The application with an unreachable gateway.
    fn app() -> Router {
        let gateway = "http://127.0.0.1:9".to_owned();
        let client = Client {
            browser: Browser::new().unwrap(),
            gateway: gateway.clone(),
            api_key: "key".to_owned(),
        };
        let settings = Settings {
            gateway,
            api_key: "key".to_owned(),
            base: BASE.to_owned(),
            lms: String::new(),
            studyreel: String::new(),
            hook_secret: "whsec_c2VjcmV0".to_owned(),
        };
        router(settings, client, LastAnswer::default())
    }

    async fn answer(method: Method, path: &str, origin: Option<&str>) -> Response {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let request = request.body(Body::empty()).unwrap();
        tower::ServiceExt::oneshot(app(), request).await.unwrap()
    }

    #[tokio::test]
    async fn only_its_own_pages_press_its_buttons() {
        for origin in [None, Some("null"), Some("http://127.0.0.1:7")] {
            let refused = answer(Method::POST, "/platforms/1/activate", origin).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{origin:?}");
        }
        let own = answer(Method::POST, "/platforms/1/activate", Some(BASE)).await;
        assert_eq!(own.status(), StatusCode::BAD_GATEWAY, "it asks the gateway");
    }

    #[tokio::test]
    async fn only_launches_may_be_framed() {
        for (path, framed) in [
            ("/", false),
            ("/platforms", false),
            ("/launch", true),
            ("/choose", true),
            ("/students", true),
            ("/grade", true),
        ] {
            let answer = answer(Method::GET, path, None).await;
            let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert_eq!(!policy.contains("frame-ancestors 'none'"), framed, "{path}");
        }
    }

    #[test]
    fn nothing_that_was_sent_becomes_markup() {
        let bad = "<script>alert(1)</script>\"'";
        let facts = Facts::of(&json!({
            "user": {"name": bad, "email": bad, "role": bad},
            "platform": {"name": bad, "url": bad},
            "launch": {"type": bad, "context": {"title": bad}, "resourceLink": {"title": bad}},
            "student": {"placement": [{"subject": bad, "grade": bad, "reason": bad, "explanation": bad}]},
        }));
        let html = LaunchPage {
            facts,
            exercise: None,
            grade: None,
            is_first: true,
            ltik: String::new(),
        }
        .render()
        .unwrap();
        let trace = TraceView {
            outcome: bad.to_owned(),
            reason: Some((bad.to_owned(), bad.to_owned())),
            whole: format!("{:#}", json!({"clientId": bad})),
        };
        let trace = trace.render().unwrap();
        assert!(!trace.contains("<script"), "{trace}");
        assert!(!html.contains("<script"), "{html}");
        let shown = html.matches("&#60;script&#62;alert(1)").count();
        assert!(
            shown > 10 && shown == html.matches("alert(1)").count(),
            "{html}"
        );
    }

    #[test]
    fn what_is_not_told_leaves_no_gap() {
        let facts = Facts::of(&json!({}));
        let html = LaunchPage {
            facts,
            exercise: None,
            grade: None,
            is_first: true,
            ltik: String::new(),
        }
        .render()
        .unwrap();
        assert!(html.contains("not told") && html.contains("none"), "{html}");
    }
}
