//! The page of students, tools and switches.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::problem::problem;
use crate::{
    studyreel::{
        ALPHALEARN_ISSUER, DOCUMENTED_ISSUER, PRODUCTION_ISSUER,
        attack::Attack,
        students::{Student, Subjects},
        switches::{Switches, Times},
        system::System,
        tool::StudyReelTool,
    },
    web::page,
};

#[derive(Template)]
#[template(path = "studyreel/students.html")]
struct StudentsPage {
    base: String,
    api_key: String,
    issuer: String,
    issuers: [&'static str; 3],
    switches: Switches,
    attacks: [Attack; Attack::ALL.len()],
    students: Vec<Student>,
    tools: Vec<StudyReelTool>,
    chosen: Option<StudyReelTool>,
}

impl StudentsPage {
    /// The current form of times: `documented`, `zone`, `iso` or `epoch`.
    fn times(&self) -> &'static str {
        match self.switches.times {
            Times::Documented => "documented",
            Times::Zone(_) => "zone",
            Times::Iso => "iso",
            Times::Epoch => "epoch",
        }
    }

    fn zone(&self) -> i8 {
        match self.switches.times {
            Times::Zone(hours) => hours,
            _ => 0,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    tool: Option<String>,
}

pub(crate) async fn students(
    State(system): State<Arc<System>>,
    Query(choice): Query<Choice>,
) -> Response {
    let state = system.state();
    let named = choice
        .tool
        .and_then(|id| state.tools.iter().find(|tool| tool.id == id));
    let shown = StudentsPage {
        base: system.base.clone(),
        api_key: system.api_key.clone(),
        issuer: state.issuer.clone(),
        issuers: [DOCUMENTED_ISSUER, PRODUCTION_ISSUER, ALPHALEARN_ISSUER],
        switches: state.switches.clone(),
        attacks: Attack::ALL,
        students: state.students.clone(),
        tools: state.tools.clone(),
        chosen: named.or(state.tools.last()).cloned(),
    };
    page(StatusCode::OK, &shown)
}

/// A student from the page's form; empty fields are unknown.
#[derive(Deserialize)]
pub(crate) struct StudentForm {
    sub: String,
    given_name: String,
    family_name: String,
    role: String,
    age_grade: String,
    grades: String,
    rit: String,
    learning_blocks: String,
}

/// Four values, separated by commas or spaces; missing ones and `-` are unknown.
fn subjects(text: &str) -> Subjects {
    let mut values = text.split([',', ' ']).filter(|value| !value.is_empty());
    let mut next = || values.next().unwrap_or("-");
    Subjects::new(next(), next(), next(), next())
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Adds a student, or changes the one with the same `sub`.
pub(crate) async fn save_student(
    State(system): State<Arc<System>>,
    Form(form): Form<StudentForm>,
) -> Response {
    let blocks = filled(&form.learning_blocks).map(|text| serde_json::from_str(&text));
    let learning_blocks = match blocks.transpose() {
        Ok(blocks) => blocks,
        Err(error) => {
            let why = format!("The learning blocks are not JSON: {error}");
            return problem(StatusCode::BAD_REQUEST, &why);
        }
    };
    let known = Student::new(
        form.sub.trim(),
        form.given_name.trim(),
        form.family_name.trim(),
    );
    system.save_student(Student {
        role: filled(&form.role).unwrap_or_else(|| known.role.clone()),
        age_grade: filled(&form.age_grade),
        grades: subjects(&form.grades),
        rit: subjects(&form.rit),
        learning_blocks,
        ..known
    });
    Redirect::to("/").into_response()
}

/// The switches from the page's form; unticked boxes aren't sent.
#[derive(Deserialize)]
pub(crate) struct SwitchesForm {
    issuer: String,
    json_null: Option<String>,
    numbers: Option<String>,
    times: String,
    zone: String,
    constant_nonce: String,
    learning_blocks_key: String,
    hmac_secret: String,
}

pub(crate) async fn set_switches(
    State(system): State<Arc<System>>,
    Form(form): Form<SwitchesForm>,
) -> Response {
    let times = match form.times.as_str() {
        "iso" => Times::Iso,
        "epoch" => Times::Epoch,
        "zone" => match form.zone.trim().parse() {
            Ok(hours @ -23..=23) => Times::Zone(hours),
            _ => {
                let why = "The zone must be hours from -23 to 23";
                return problem(StatusCode::BAD_REQUEST, why);
            }
        },
        _ => Times::Documented,
    };
    let documented = Switches::default();
    let mut state = system.state();
    state.issuer = filled(&form.issuer).unwrap_or_else(|| DOCUMENTED_ISSUER.to_owned());
    state.switches = Switches {
        json_null: form.json_null.is_some(),
        numbers: form.numbers.is_some(),
        times,
        constant_nonce: filled(&form.constant_nonce),
        learning_blocks_key: filled(&form.learning_blocks_key)
            .unwrap_or(documented.learning_blocks_key),
        hmac_secret: filled(&form.hmac_secret),
    };
    Redirect::to("/").into_response()
}
