//! The router of the pretend LMS and its pages for people.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    adding, authorize, deep_linking,
    frames::{self, LaunchForm, StorageFault},
    grades,
    launch::Launch,
    platform::Platform,
    registration, roster, token,
    tool::Tool,
    wire::{Endpoint, Exchange, observed},
};
use crate::{
    Error,
    people::{Course, Person, Position},
    profiles::Endpoints,
    web::{page, style},
};

/// Every address of the pretend LMS.
pub(super) fn router(platform: &Arc<Platform>) -> Router {
    let paths = platform.profile.paths;
    let services = paths.services;
    let watch = |endpoint, routes| observed(platform, endpoint, routes);
    let own = |path: &str| match platform.profile.manual {
        Some(manual) if manual.own_keys => format!("{path}/{{passport}}"),
        _ => path.to_owned(),
    };
    let mut registration = Router::new();
    if platform.profile.manual.is_none() {
        registration = registration
            .route(
                paths.configuration,
                watch(Endpoint::Configuration, get(registration::configuration)),
            )
            .route(
                paths.registration,
                watch(
                    Endpoint::Registration,
                    post(registration::register).fallback(registration::unsupported),
                ),
            );
    }
    registration
        // protocol
        .route(
            paths.authorization,
            watch(
                Endpoint::Authorization,
                get(authorize::authorize).post(authorize::authorize),
            ),
        )
        .route(
            &own(paths.jwks),
            watch(Endpoint::Jwks, get(authorize::jwks)),
        )
        .route(
            &own(paths.token),
            watch(Endpoint::Token, post(token::token)),
        )
        .route(
            paths.deep_linking_return,
            watch(Endpoint::DeepLinkingReturn, post(deep_linking::receive)),
        )
        .route(
            &format!("{services}/CourseSection/{{course}}/bindings/{{binding}}/memberships"),
            watch(Endpoint::Memberships, get(roster::memberships)),
        )
        .route(
            &format!("{services}/{{course}}/lineitems"),
            watch(Endpoint::LineItems, get(grades::list).post(grades::create)),
        )
        .route(
            &format!("{services}/{{course}}/lineitems/{{item}}/lineitem"),
            watch(
                Endpoint::LineItem,
                get(grades::read)
                    .put(grades::replace)
                    .delete(grades::delete),
            ),
        )
        .route(
            &format!("{services}/{{course}}/lineitems/{{item}}/lineitem/scores"),
            watch(Endpoint::Scores, post(grades::score)),
        )
        .route(
            &format!("{services}/{{course}}/lineitems/{{item}}/lineitem/results"),
            watch(Endpoint::Results, get(grades::results)),
        )
        // people
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/tools/new", get(adding::new_tool))
        .route("/tools/dynamic", post(adding::register_tool))
        .route("/tools/manual", post(adding::add_tool))
        .route("/tools/{client_id}", get(tool))
        .route("/tools/{client_id}/activate", post(activate))
        .route("/launch", get(launch))
        .route("/launch/{ticket}", get(launch_ticket))
        .route("/frame", get(frames::chosen))
        .route("/frame/{ticket}", get(frames::prepared))
        .route("/storage.js", get(frames::script))
        .route(frames::FORWARDING, get(frames::forwarding))
        .route(frames::FOREIGN, get(frames::foreign))
        .route("/return", get(returned))
        .route("/wire", get(wire))
        .with_state(Arc::clone(platform))
}

/// A page that posts hidden fields by itself, with a button for browsers without scripts.
#[derive(Template)]
#[template(path = "post.html")]
pub(super) struct AutoPost<'a> {
    title: &'a str,
    action: &'a str,
    fields: Vec<(&'a str, String)>,
}

impl<'a> AutoPost<'a> {
    pub(super) fn response(
        title: &'a str,
        action: &'a str,
        fields: Vec<(&'a str, String)>,
    ) -> Response {
        let mut response = page(
            StatusCode::OK,
            &Self {
                title,
                action,
                fields,
            },
        );
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
        response
    }
}

/// A page that says what is wrong.
#[derive(Template)]
#[template(path = "lms/error.html")]
pub(super) struct ErrorPage<'a> {
    why: &'a str,
}

impl<'a> ErrorPage<'a> {
    pub(super) fn response(status: StatusCode, why: &'a str) -> Response {
        page(status, &ErrorPage { why })
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Unknown { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        ErrorPage::response(status, &self.to_string())
    }
}

#[derive(Template)]
#[template(path = "lms/home.html")]
struct HomePage {
    title: &'static str,
    courses: Vec<Course>,
    people: Vec<Person>,
    tools: Vec<Tool>,
}

async fn home(State(platform): State<Arc<Platform>>) -> Response {
    let state = platform.state();
    let home = HomePage {
        title: platform.profile.title,
        courses: state.courses.clone(),
        people: state.people.clone(),
        tools: state.tools.clone(),
    };
    page(StatusCode::OK, &home)
}

#[derive(Template)]
#[template(path = "lms/tool.html")]
struct ToolPage {
    tool: Tool,
    endpoints: Endpoints,
    people: Vec<Person>,
    staff: Vec<Person>,
    courses: Vec<Course>,
    grades: Vec<GradeRow>,
    has_storage: bool,
    faults: &'static [StorageFault],
}

struct GradeRow {
    item: String,
    course: String,
    person: String,
    score: String,
    comment: String,
}

async fn tool(
    State(platform): State<Arc<Platform>>,
    Path(client_id): Path<String>,
) -> Result<Response, Error> {
    let opened = platform.state().tool(&client_id)?.clone();
    let endpoints = platform.endpoints_of(&opened);
    let state = platform.state();
    let mut grades = Vec::new();
    for item in state.gradebook.of_tool(&client_id) {
        for (user, record) in &item.scores {
            grades.push(GradeRow {
                item: item
                    .members
                    .get("label")
                    .and_then(|label| label.as_str())
                    .unwrap_or_default()
                    .to_owned(),
                course: state.course(&item.course)?.title.clone(),
                person: state.person(user)?.name(),
                score: record.score.map_or_else(
                    || "none".to_owned(),
                    |score| format!("{score} of {}", item.score_maximum),
                ),
                comment: record.comment.clone().unwrap_or_default(),
            });
        }
    }
    let shown = ToolPage {
        tool: opened,
        endpoints,
        people: state.people.clone(),
        staff: state
            .people
            .iter()
            .filter(|person| person.position != Position::Student)
            .cloned()
            .collect(),
        courses: state.courses.clone(),
        grades,
        has_storage: platform.profile.launch.storage.is_some(),
        faults: &StorageFault::ALL,
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn activate(
    State(platform): State<Arc<Platform>>,
    Path(client_id): Path<String>,
) -> Result<Redirect, Error> {
    platform.state().tool_mut(&client_id)?.active = true;
    Ok(Redirect::to(&format!("/tools/{client_id}")))
}

async fn launch(
    State(platform): State<Arc<Platform>>,
    Query(form): Query<LaunchForm>,
) -> Result<Response, Error> {
    begin(&platform, &form.launch())
}

async fn launch_ticket(
    State(platform): State<Arc<Platform>>,
    Path(ticket): Path<String>,
) -> Result<Response, Error> {
    let launch = platform
        .state()
        .tickets
        .remove(&ticket)
        .ok_or_else(|| Error::unknown("launch", ticket))?;
    begin(&platform, &launch)
}

fn begin(platform: &Platform, launch: &Launch) -> Result<Response, Error> {
    let request = platform.login_request(launch)?;
    if request.by_get {
        return Ok(Redirect::to(&request.address()?).into_response());
    }
    let fields = request
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    Ok(AutoPost::response("Opening the tool", &request.url, fields))
}

/// What a tool may say when it sends a person back.
#[derive(Deserialize, Template)]
#[template(path = "lms/return.html")]
#[serde(default)]
#[derive(Default)]
struct ReturnPage {
    lti_msg: String,
    lti_errormsg: String,
    lti_log: String,
    lti_errorlog: String,
}

async fn returned(Query(said): Query<ReturnPage>) -> Response {
    page(StatusCode::OK, &said)
}

#[derive(Template)]
#[template(path = "lms/wire.html")]
struct WirePage {
    exchanges: Vec<Exchange>,
}

async fn wire(State(platform): State<Arc<Platform>>) -> Response {
    let exchanges = platform.state().wire.iter().rev().cloned().collect();
    page(StatusCode::OK, &WirePage { exchanges })
}

/// What came of selecting content.
#[derive(Template)]
#[template(path = "lms/chosen.html")]
pub(super) struct ChosenPage {
    tool: String,
    problems: Vec<String>,
    items: Vec<String>,
    claims: String,
}

impl ChosenPage {
    pub(super) fn new(tool: &str, response: &deep_linking::Response) -> Self {
        Self {
            tool: tool.to_owned(),
            problems: response.problems.clone(),
            items: response
                .items()
                .iter()
                .map(|item| format!("{item:#}"))
                .collect(),
            claims: format!("{:#}", response.claims),
        }
    }
}

impl IntoResponse for ChosenPage {
    fn into_response(self) -> Response {
        page(StatusCode::OK, &self)
    }
}
