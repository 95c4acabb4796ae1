//! The confirmation page: who wants to register, what is requested, and a button. Nothing is sent
//! before the click (lti.md D-06, I-33).

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use lti::registration::PlatformConfiguration;
use url::form_urlencoded;

use super::asked::{RequestedAccess, UpdatingPlatform};
use super::asker::Asker;
use super::attempt::{RegistrationAttempt, RegistrationId};
use super::preset::Decision;
use super::proceed::proceed;
use super::refusal::RegistrationError;
use super::room::Registrations;
use crate::directory::tools::AtTool;
use crate::directory::tools::Tool;
use crate::traces::{Kind, Recorder, Step};
use crate::web::client::Source;
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::problem::Problem;
use crate::web::texts::{Text, registration as texts};
use store::registrations::RegistrationStatus;

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage<'a> {
    shell: Shell<'a>,
    question: &'a str,
    issuer: &'a str,
    hosts: Vec<String>,
    services: Vec<Text>,
    /// Empty if none is requested.
    personal: Vec<Text>,
    next: Text,
    button: Text,
    id: &'a str,
}

/// Shows the page; the registration waits for the click.
pub(super) async fn ask(
    room: &Registrations,
    tool: &Tool,
    language: Language,
    attempt: &RegistrationAttempt,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let id = room
        .wait(attempt, tool, RegistrationStatus::Confirm)
        .await?;
    let configuration = &attempt.offer.configuration;
    let settings = &tool.settings;
    let asked = room.asked(attempt, tool)?;
    trace.facts.registration = Some(asked.traced(None));
    let update = room.updated(tool, attempt).await?;
    let (next, form_action) = match (attempt.decision(settings), update) {
        // The tool's own page may redirect the browser, for instance to its sign-in page.
        (Decision::PreApproval, _) => (texts::THEN_PRE_APPROVAL, FormAction::Anywhere),
        (_, Some(UpdatingPlatform { active: true })) => {
            (texts::THEN_STAYS_ACTIVE, FormAction::Ourselves)
        }
        (_, Some(UpdatingPlatform { active: false })) => {
            (texts::THEN_STAYS_INACTIVE, FormAction::Ourselves)
        }
        (Decision::Automatic, None) => (texts::THEN_AUTOMATIC, FormAction::Ourselves),
        (Decision::Approval, None) => (texts::THEN_APPROVAL, FormAction::Ourselves),
    };
    let (question, button) = match update {
        Some(_) => (texts::QUESTION_UPDATE, texts::UPDATE),
        None => (texts::QUESTION, texts::REGISTER),
    };
    let origins = attempt.offer.frame_origins().policy();
    let question = question
        .with("tool", tool.name_in(language))
        .with("platform", attempt.platform_name())
        .to(language);
    let page = Page {
        language,
        // The question already contains the tool's name.
        tool: tool.face_in(language).nameless(),
        framing: Framing::Origin(&origins),
        form_action,
    };
    Ok(page::html(&room.random, page, |shell| {
        ConfirmPage {
            shell,
            question: &question,
            issuer: &configuration.issuer,
            hosts: hosts(configuration),
            services: services(&asked),
            personal: personal(&asked),
            next,
            button,
            id: id.as_str(),
        }
        .render()
    }))
}

/// The hosts in the platform's configuration, without duplicates.
pub(super) fn hosts(configuration: &PlatformConfiguration) -> Vec<String> {
    let mut hosts: Vec<String> = [
        &configuration.registration_endpoint,
        &configuration.authorization_endpoint,
        &configuration.token_endpoint,
        &configuration.jwks_uri,
    ]
    .iter()
    .filter_map(|endpoint| endpoint.url().host_str().map(str::to_owned))
    .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// What the request asks for besides launches.
pub(super) fn services(asked: &RequestedAccess) -> Vec<Text> {
    let services = [
        (asked.deep_linking, texts::DEEP_LINKING),
        (asked.asks_for("/lti-ags/"), texts::GRADES),
        (asked.asks_for("/lti-nrps/"), texts::ROSTER),
        (asked.asks_for("/lti-gs/"), texts::GROUPS),
    ];
    let asked = services.into_iter().filter(|(asked, _)| *asked);
    asked.map(|(_, text)| text).collect()
}

/// The personal data that the request asks for.
pub(super) fn personal(asked: &RequestedAccess) -> Vec<Text> {
    let named = |names: &[&str]| asked.claims.iter().any(|claim| names.contains(&&**claim));
    let data = [
        (
            named(&["name", "given_name", "family_name"]),
            texts::PERSONAL_NAME,
        ),
        (named(&["email"]), texts::PERSONAL_EMAIL),
        (named(&["picture"]), texts::PERSONAL_PICTURE),
        (named(&["locale"]), texts::PERSONAL_LANGUAGE),
    ];
    let asked = data.into_iter().filter(|(asked, _)| *asked);
    asked.map(|(_, text)| text).collect()
}

/// `POST /lti/register/confirm`: the click. The id in the form proves that it came from our page,
/// because it appears nowhere else.
pub(crate) async fn answer(
    State(room): State<Registrations>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Registration, &room.clock, &headers);
    trace.tool_id = Some(tool.id.clone());
    let clicked = ConfirmClick {
        language,
        source,
        headers: &headers,
        body: &body,
    };
    let answered = go_on(&room, &tool, clicked, &mut trace).await;
    room.traces.of_registration(answered, trace)
}

/// The click as received.
struct ConfirmClick<'a> {
    language: Language,
    source: Source,
    headers: &'a HeaderMap,
    body: &'a Bytes,
}

async fn go_on(
    room: &Registrations,
    tool: &Arc<Tool>,
    clicked: ConfirmClick<'_>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let language = clicked.language;
    let cross_site = clicked
        .headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin");
    if cross_site {
        return Err(RegistrationError::Forged.into());
    }
    let id = form_urlencoded::parse(clicked.body)
        .find(|(name, _)| name == "registration")
        .map(|(_, value)| value.into_owned());
    let id = RegistrationId::new(id.ok_or(RegistrationError::Forged)?);
    trace.done(Step::FormRead);
    let turn = room.turns.take(clicked.source).await?;
    let attempt = room.waiting(tool, &id, RegistrationStatus::Confirm).await?;
    let attempt = attempt.ok_or(RegistrationError::NotWaiting)?;
    if attempt.invite_id.is_none() {
        room.admission.admit_registration(tool).await?;
    }
    drop(turn);
    trace.done(Step::ConfigurationRead);
    let asker = Asker::administrator(clicked.source, attempt.invite_id.as_deref());
    proceed(room, tool, language, attempt, asker, Some(id), trace).await
}
