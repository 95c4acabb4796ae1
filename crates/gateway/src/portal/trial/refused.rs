//! A test person's launch that was refused: back to the portal's pages, with the cause
//! (docs/decisions/0501-a-refused-test-launch-stays-in-the-portal.md).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use crate::directory::auth::WithApiKey;
use crate::kit::id::correlation_id;
use crate::kit::text::for_log;
use crate::portal::failures::advice::by_meaning;
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::traces::{Recorder, api as traces};
use crate::web::problem::Problem;
use crate::web::texts::portal_trial as texts;

const HOME: &str = "/portal";

/// To the page about the attempt; to Home with the cause, if no trace of it was kept. Nothing else
/// of a refusal reaches the browser. What is no refusal does: an address of the application that is
/// too long for a header comes on a page that leads on. Its cookies end those of the login, which
/// this browser never had.
pub(super) async fn lead_back(
    portal: &Portal,
    person: &Person,
    mut answer: Response,
) -> PortalAnswer {
    let Some(problem) = answer.extensions_mut().remove::<Arc<Problem>>() else {
        answer.headers_mut().remove(SET_COOKIE);
        return Ok(answer);
    };
    let recorder = answer.extensions_mut().remove::<Arc<Recorder>>();
    let reference = correlation_id(&portal.random);
    let reason = problem.reason.as_ref();
    let code = reason.map_or(problem.code, |reason| reason.code);
    log(&problem, code, &reference);
    if let Some(recorder) = recorder {
        let host = person.tool.host.as_deref().unwrap_or_default();
        portal.traces.failed(&reference, &problem, recorder, host);
    }
    let (room, key) = (portal.traces.clone(), WithApiKey::granted(&person.tool));
    let kept = traces::one(State(room), key, Path(reference.clone())).await;
    if kept.is_ok() {
        let there = format!("/portal/failures/{reference}");
        return portal.refused(person, &there, texts::WAS_REFUSED);
    }
    let (meaning, language) = (portal.traces.meaning(code).name, person.language);
    let advice = by_meaning(meaning).map_or("", |advice| advice.to(language));
    let told = texts::WAS_REFUSED_BECAUSE
        .with("why", meaning.to(language))
        .with("reference", reference)
        .with("advice", advice);
    portal.refused(person, HOME, told)
}

/// Such a launch is no request, so nothing else logs its cause.
fn log(problem: &Problem, code: &str, correlation_id: &str) {
    let status = problem.status.as_u16();
    let cause = problem.cause.as_deref().map(for_log);
    tracing::warn!(
        correlation_id,
        status,
        code,
        cause,
        "a test person's launch was refused"
    );
}
