//! The pages of launches: one, its login link, and all of them.

use std::sync::Arc;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use super::problem::problem;
use crate::{
    studyreel::{
        attack::Attack, overrides::Overrides, system::System, tool::StudyReelTool,
        transcript::Launched, verdict::Verdict, visit::Visit,
    },
    web::page,
};

#[derive(Template)]
#[template(path = "studyreel/verdict.html")]
struct VerdictPage {
    name: String,
    tool: StudyReelTool,
    launched: Launched,
}

#[derive(Deserialize)]
pub(crate) struct LaunchInput {
    student: String,
    tool: String,
    #[serde(default)]
    fault: String,
    #[serde(default)]
    changes: String,
}

pub(crate) async fn launch(
    State(system): State<Arc<System>>,
    Form(form): Form<LaunchInput>,
) -> Response {
    let Some((student, tool)) = system.find(&form.student, &form.tool) else {
        return problem(StatusCode::NOT_FOUND, "No such student or tool");
    };
    let overrides: Overrides = match form.changes.parse() {
        Ok(overrides) => overrides,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error),
    };
    let fault = Attack::named(&form.fault);
    let verdict = match fault {
        Some(attack) => system.attack(&student, &tool, attack, &overrides).await,
        None => system.launch(&student, &tool, &overrides).await,
    };
    let shown = VerdictPage {
        name: student.name(),
        launched: Launched {
            at: system.clock.now(),
            tool: tool.name.clone(),
            fault,
            verdict,
        },
        tool,
    };
    page(StatusCode::OK, &shown)
}

#[derive(Template)]
#[template(path = "studyreel/visit.html")]
struct VisitPage {
    sub: String,
    visit: Visit,
}

#[derive(Deserialize)]
pub(crate) struct VisitForm {
    link: String,
}

/// Opens a login link in the browser of the student it was issued for.
pub(crate) async fn visit(
    State(system): State<Arc<System>>,
    Form(form): Form<VisitForm>,
) -> Response {
    let given = {
        let state = system.state();
        let launches = state.transcript.iter().map(|launched| &launched.verdict);
        let given = |verdict: &&Verdict| verdict.login_link().as_deref() == Some(&*form.link);
        launches.rev().find(given).cloned()
    };
    let Some(verdict) = given else {
        return problem(StatusCode::NOT_FOUND, "No tool answered with this link");
    };
    match system.visit(&verdict).await {
        Ok(visit) => {
            let sub = verdict.sub;
            page(StatusCode::OK, &VisitPage { sub, visit })
        }
        Err(error) => problem(StatusCode::BAD_GATEWAY, &error.to_string()),
    }
}

#[derive(Template)]
#[template(path = "studyreel/transcript.html")]
struct TranscriptPage {
    launches: Vec<Launched>,
}

pub(crate) async fn transcript(State(system): State<Arc<System>>) -> Response {
    let launches = system.state().transcript.iter().rev().cloned().collect();
    page(StatusCode::OK, &TranscriptPage { launches })
}
