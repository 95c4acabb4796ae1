//! What the pages of the pretend StudyReel do, for programs: everything under `/sim/`.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Attack, Overrides, Student, Switches, System, Verdict};

pub(super) fn router() -> Router<Arc<System>> {
    Router::new()
        .route("/sim/launch", post(launch))
        .route("/sim/students", get(students).post(save_student))
        .route("/sim/students/{sub}", delete(remove_student))
        .route("/sim/switches", get(writing).put(set_writing))
        .route("/sim/transcript", get(transcript))
}

/// A launch as a program asks for it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LaunchRequest {
    /// The student's `sub`.
    student_id: String,
    /// The newest tool if left out.
    tool_id: Option<String>,
    /// Written as one of [`Switches::PROFILES`]; as the switches stand if left out.
    profile: Option<String>,
    /// The name of an [`Attack`].
    fault: Option<String>,
    /// Members to set.
    #[serde(default)]
    overrides: Map<String, Value>,
    /// Members to leave out.
    #[serde(default)]
    removed: Vec<String>,
    /// Members to give a second time.
    #[serde(default)]
    repeated: Map<String, Value>,
}

type Refusal = (StatusCode, Json<Value>);

fn refusal(status: StatusCode, message: &str) -> Refusal {
    (
        status,
        Json(json!({ "status": "error", "message": message })),
    )
}

fn known<T>(name: Option<&str>, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || refusal(StatusCode::BAD_REQUEST, &format!("There is no {name:?}"));
    find(name).map(Some).ok_or_else(unknown)
}

async fn launch(
    State(system): State<Arc<System>>,
    Json(request): Json<LaunchRequest>,
) -> Result<Json<Value>, Refusal> {
    let newest = || system.newest_tool().map(|tool| tool.id);
    let tool = request.tool_id.or_else(newest).unwrap_or_default();
    let (student, tool) = system
        .find(&request.student_id, &tool)
        .ok_or_else(|| refusal(StatusCode::NOT_FOUND, "No such student or tool"))?;
    let profile = known(request.profile.as_deref(), Switches::named)?;
    let attack = known(request.fault.as_deref(), Attack::named)?;
    let mut overrides = Overrides::none();
    for (name, value) in request.overrides {
        overrides = overrides.with(&name, value);
    }
    for name in request.removed {
        overrides = overrides.without(&name);
    }
    for (name, value) in request.repeated {
        overrides = overrides.repeated(&name, value);
    }
    let verdict = match (attack, profile) {
        (Some(attack), _) => system.attack(&student, &tool, attack, &overrides).await,
        (None, Some(profile)) => {
            system
                .launch_as(&profile, &student, &tool, &overrides)
                .await
        }
        (None, None) => system.launch(&student, &tool, &overrides).await,
    };
    let mut answer = describe(&verdict);
    if let Some(attack) = attack {
        answer["held"] = json!(attack.held(&verdict));
    }
    Ok(Json(answer))
}

fn describe(verdict: &Verdict) -> Value {
    json!({
        "accepted": verdict.accepted(),
        "refused": verdict.refused(),
        "problems": verdict.problems,
        "request": verdict.request,
        "status": verdict.status,
        "answer": verdict.json(),
    })
}

async fn students(State(system): State<Arc<System>>) -> Json<Vec<Student>> {
    Json(system.state().students.clone())
}

async fn save_student(
    State(system): State<Arc<System>>,
    Json(student): Json<Student>,
) -> (StatusCode, Json<Student>) {
    system.save_student(student.clone());
    (StatusCode::CREATED, Json(student))
}

async fn remove_student(State(system): State<Arc<System>>, Path(sub): Path<String>) -> StatusCode {
    let students = &mut system.state().students;
    let before = students.len();
    students.retain(|student| student.sub != sub);
    if students.len() < before {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

/// How launches are written.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Writing {
    issuer: Option<String>,
    #[serde(default)]
    switches: Switches,
}

async fn writing(State(system): State<Arc<System>>) -> Json<Writing> {
    let state = system.state();
    Json(Writing {
        issuer: Some(state.issuer.clone()),
        switches: state.switches.clone(),
    })
}

/// Members left out go back to the documented form.
async fn set_writing(
    State(system): State<Arc<System>>,
    Json(written): Json<Writing>,
) -> StatusCode {
    let mut state = system.state();
    if let Some(issuer) = written.issuer {
        state.issuer = issuer;
    }
    state.switches = written.switches;
    StatusCode::NO_CONTENT
}

async fn transcript(State(system): State<Arc<System>>) -> Json<Value> {
    let state = system.state();
    let launches = state.transcript.iter().map(|launched| {
        let mut line = describe(&launched.verdict);
        line["at"] = json!(launched.at.to_string());
        line["tool"] = json!(launched.tool);
        if let Some(fault) = launched.fault {
            line["fault"] = json!(fault.name());
            line["held"] = json!(launched.held());
        }
        line
    });
    Json(launches.collect())
}
