//! The router of the pretend StudyReel and its pages for people.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Launched, Overrides, Student, Subjects, System, Tool, Verdict, register};
use crate::web::{page, style};

pub(super) fn router(system: &Arc<System>) -> Router {
    Router::new()
        .route("/tools/register", post(register::register))
        .route("/sim/launch", post(launch_api))
        .route("/", get(students))
        .route("/style.css", get(style))
        .route("/students", post(add_student))
        .route("/launch", post(launch))
        .route("/transcript", get(transcript))
        .with_state(Arc::clone(system))
}

#[derive(Template)]
#[template(path = "studyreel/students.html")]
struct StudentsPage {
    base: String,
    api_key: String,
    issuer: String,
    students: Vec<Student>,
    tools: Vec<Tool>,
    chosen: Option<Tool>,
}

#[derive(Deserialize)]
struct Choice {
    tool: Option<String>,
}

async fn students(State(system): State<Arc<System>>, Query(choice): Query<Choice>) -> Response {
    let state = system.state();
    let named = choice
        .tool
        .and_then(|id| state.tools.iter().find(|tool| tool.id == id));
    let shown = StudentsPage {
        base: system.base.clone(),
        api_key: system.api_key.clone(),
        issuer: state.issuer.clone(),
        students: state.students.clone(),
        tools: state.tools.clone(),
        chosen: named.or(state.tools.last()).cloned(),
    };
    page(StatusCode::OK, &shown)
}

/// A student as the page's form gives it; what is left empty is unknown.
#[derive(Deserialize)]
struct StudentForm {
    sub: String,
    given_name: String,
    family_name: String,
    age_grade: String,
    grades: String,
    rit: String,
}

/// Four values, separated by commas or blanks; missing ones and `-` are unknown.
fn subjects(text: &str) -> Subjects {
    let mut values = text.split([',', ' ']).filter(|value| !value.is_empty());
    let mut next = || values.next().unwrap_or("-");
    Subjects::new(next(), next(), next(), next())
}

async fn add_student(State(system): State<Arc<System>>, Form(form): Form<StudentForm>) -> Redirect {
    let age_grade = form.age_grade.trim();
    let student = Student {
        age_grade: (!age_grade.is_empty()).then(|| age_grade.to_owned()),
        grades: subjects(&form.grades),
        rit: subjects(&form.rit),
        ..Student::new(
            form.sub.trim(),
            form.given_name.trim(),
            form.family_name.trim(),
        )
    };
    system.state().students.push(student);
    Redirect::to("/")
}

#[derive(Template)]
#[template(path = "studyreel/verdict.html")]
struct VerdictPage {
    name: String,
    tool: Tool,
    verdict: Verdict,
}

#[derive(Deserialize)]
struct LaunchForm {
    student: String,
    tool: String,
}

async fn launch(State(system): State<Arc<System>>, Form(form): Form<LaunchForm>) -> Response {
    let Some((student, tool)) = system.find(&form.student, &form.tool) else {
        return (StatusCode::NOT_FOUND, "No such student or tool").into_response();
    };
    let verdict = system.launch(&student, &tool, &Overrides::none()).await;
    page(
        StatusCode::OK,
        &VerdictPage {
            name: student.name(),
            tool,
            verdict,
        },
    )
}

/// A launch as a program asks for it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LaunchRequest {
    /// The student's `sub`.
    student_id: String,
    /// The newest tool if left out.
    tool_id: Option<String>,
    /// Members to set.
    #[serde(default)]
    overrides: Map<String, Value>,
    /// Members to leave out.
    #[serde(default)]
    removed: Vec<String>,
}

async fn launch_api(
    State(system): State<Arc<System>>,
    Json(request): Json<LaunchRequest>,
) -> Response {
    let newest = || system.newest_tool().map(|tool| tool.id);
    let tool = request.tool_id.or_else(newest).unwrap_or_default();
    let Some((student, tool)) = system.find(&request.student_id, &tool) else {
        let body = json!({ "status": "error", "message": "No such student or tool" });
        return (StatusCode::NOT_FOUND, Json(body)).into_response();
    };
    let set = request
        .overrides
        .into_iter()
        .map(|(key, value)| (key, Some(value)));
    let overrides = Overrides(
        set.chain(request.removed.into_iter().map(|key| (key, None)))
            .collect(),
    );
    let verdict = system.launch(&student, &tool, &overrides).await;
    Json(json!({
        "accepted": verdict.accepted(),
        "problems": verdict.problems,
        "request": verdict.request,
        "status": verdict.status,
        "answer": verdict.json(),
    }))
    .into_response()
}

#[derive(Template)]
#[template(path = "studyreel/transcript.html")]
struct TranscriptPage {
    launches: Vec<Launched>,
}

async fn transcript(State(system): State<Arc<System>>) -> Response {
    let launches = system.state().transcript.iter().rev().cloned().collect();
    page(StatusCode::OK, &TranscriptPage { launches })
}

impl System {
    fn find(&self, sub: &str, tool: &str) -> Option<(Student, Tool)> {
        let state = self.state();
        let student = state
            .students
            .iter()
            .find(|student| student.sub == sub)?
            .clone();
        let tool = state.tools.iter().find(|known| known.id == tool)?.clone();
        Some((student, tool))
    }

    async fn launch(&self, student: &Student, tool: &Tool, overrides: &Overrides) -> Verdict {
        let message = self.payload(student, &tool.deployment_id, overrides);
        self.deliver(tool, "application/json", message.to_string().into_bytes())
            .await
    }
}
