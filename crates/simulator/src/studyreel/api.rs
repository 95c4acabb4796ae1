//! The functions of the pretend StudyReel's pages, for programs: everything under `/sim/`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    attack::Attack, overrides::Overrides, students::Student, switches::Switches, system::System,
    verdict::Verdict,
};

/// A launch requested by a program.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LaunchRequest {
    /// The student's `sub`.
    student_id: String,
    /// If omitted, the newest tool.
    tool_id: Option<String>,
    /// One of [`Switches::PROFILES`]; if omitted, the current switches.
    profile: Option<String>,
    /// The name of an [`Attack`].
    fault: Option<String>,
    /// Members to set.
    #[serde(default)]
    overrides: Map<String, Value>,
    /// Members to remove.
    #[serde(default)]
    removed: Vec<String>,
    /// Members to repeat.
    #[serde(default)]
    repeated: Map<String, Value>,
}

pub(super) type ApiError = (StatusCode, Json<Value>);

fn refused(status: StatusCode, message: &str) -> ApiError {
    (
        status,
        Json(json!({ "status": "error", "message": message })),
    )
}

fn known<T>(name: Option<&str>, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || refused(StatusCode::BAD_REQUEST, &format!("There is no {name:?}"));
    find(name).map(Some).ok_or_else(unknown)
}

pub(super) async fn launch(
    State(system): State<Arc<System>>,
    Json(request): Json<LaunchRequest>,
) -> Result<Json<Described>, ApiError> {
    let newest = || system.newest_tool().map(|tool| tool.id);
    let tool = request.tool_id.or_else(newest).unwrap_or_default();
    let (student, tool) = system
        .find(&request.student_id, &tool)
        .ok_or_else(|| refused(StatusCode::NOT_FOUND, "No such student or tool"))?;
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
    Ok(Json(Described {
        held: attack.map(|attack| attack.held(&verdict)),
        ..Described::of(&verdict)
    }))
}

/// A verdict, for programs.
#[derive(Serialize)]
pub(super) struct Described {
    accepted: bool,
    refused: bool,
    problems: Vec<String>,
    request: Value,
    status: Option<u16>,
    answer: Value,
    /// Whether the receiver withstood an attack.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<bool>,
}

impl Described {
    fn of(verdict: &Verdict) -> Self {
        Self {
            accepted: verdict.accepted(),
            refused: verdict.refused(),
            problems: verdict.problems.clone(),
            request: verdict.request.clone(),
            status: verdict.status,
            answer: verdict.json(),
            held: None,
        }
    }
}

pub(super) async fn students(State(system): State<Arc<System>>) -> Json<Vec<Student>> {
    Json(system.state().students.clone())
}

pub(super) async fn save_student(
    State(system): State<Arc<System>>,
    Json(student): Json<Student>,
) -> (StatusCode, Json<Student>) {
    system.save_student(student.clone());
    (StatusCode::CREATED, Json(student))
}

pub(super) async fn remove_student(
    State(system): State<Arc<System>>,
    Path(sub): Path<String>,
) -> StatusCode {
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
pub(super) struct Writing {
    issuer: Option<String>,
    #[serde(default)]
    switches: Switches,
}

pub(super) async fn writing(State(system): State<Arc<System>>) -> Json<Writing> {
    let state = system.state();
    Json(Writing {
        issuer: Some(state.issuer.clone()),
        switches: state.switches.clone(),
    })
}

/// Omitted members return to the documented form.
pub(super) async fn set_writing(
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

/// A line of the transcript, for programs.
#[derive(Serialize)]
pub(super) struct DescribedLaunch {
    #[serde(flatten)]
    verdict: Described,
    at: String,
    tool: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
}

pub(super) async fn transcript(State(system): State<Arc<System>>) -> Json<Vec<DescribedLaunch>> {
    let state = system.state();
    let launches = state.transcript.iter().map(|launched| DescribedLaunch {
        verdict: Described {
            held: launched.fault.map(|_| launched.held()),
            ..Described::of(&launched.verdict)
        },
        at: launched.at.to_string(),
        tool: launched.tool.clone(),
        fault: launched.fault.map(Attack::name),
    });
    Json(launches.collect())
}
