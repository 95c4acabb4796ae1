//! The confirmation page: who wants to register, what is asked for, and a button; nothing is sent before the click
//! (lti.md D-06, I-33).

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use lti::registration::PrivacyLevel;
use url::form_urlencoded;

use super::attempt::{Mode, Registration, RegistrationId};
use super::dynamic;
use super::refusal::RegistrationError;
use crate::app::App;
use crate::directory::tools::AtTool;
use crate::directory::tools::Tool;
use crate::traces::{Kind, Recorder, Step};
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::problem::Problem;
use crate::web::texts::{Text, registration as texts};
use store::registrations::Status;

#[derive(Template)]
#[template(path = "confirm.html")]
struct Question<'a> {
    shell: Shell<'a>,
    question: &'a str,
    issuer: &'a str,
    hosts: Vec<String>,
    services: Vec<Text>,
    personal: Text,
    next: Text,
    id: &'a str,
}

/// Shows the page; the registration waits for the click.
pub(super) async fn ask(
    app: &App,
    tool: &Tool,
    language: Language,
    registration: &Registration,
) -> Result<Response, Problem> {
    let id = registration.wait(app, tool, Status::Confirm).await?;
    let configuration = &registration.offer.configuration;
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
    let settings = &tool.settings;
    let mut services = Vec::new();
    if settings.services.deep_linking {
        services.push(texts::DEEP_LINKING);
    }
    if settings.services.assignment_and_grades {
        services.push(texts::GRADES);
    }
    if settings.services.names_and_roles {
        services.push(texts::ROSTER);
    }
    let personal = match registration
        .preset
        .privacy_level
        .unwrap_or(settings.privacy_level)
    {
        PrivacyLevel::Public => texts::PERSONAL_PUBLIC,
        PrivacyLevel::NameOnly => texts::PERSONAL_NAME,
        PrivacyLevel::EmailOnly => texts::PERSONAL_EMAIL,
        PrivacyLevel::Anonymous => texts::PERSONAL_NONE,
    };
    let next = match registration.mode(tool) {
        Mode::Automatic => texts::THEN_AUTOMATIC,
        Mode::Approval => texts::THEN_APPROVAL,
        Mode::PreApproval => texts::THEN_PRE_APPROVAL,
    };
    let mode = registration.mode(tool);
    // The tool's own page may send the browser on, to its sign-in for instance.
    let form_action = match mode {
        Mode::PreApproval => FormAction::Anywhere,
        Mode::Automatic | Mode::Approval => FormAction::Ourselves,
    };
    let origins = registration.offer.frame_origins().policy();
    let named = registration.preset.platform_name.clone();
    let question = texts::QUESTION
        .with("tool", tool.name_in(language))
        .with(
            "platform",
            named.unwrap_or_else(|| registration.offer.name()),
        )
        .to(language);
    let page = Page {
        language,
        // The question names the tool.
        name: "",
        framing: Framing::Origin(&origins),
        form_action,
    };
    Ok(page::html(&app.random, page, |shell| {
        Question {
            shell,
            question: &question,
            issuer: &configuration.issuer,
            hosts,
            services,
            personal,
            next,
            id: id.as_str(),
        }
        .render()
    }))
}

/// `POST /lti/register/confirm`: the click. The id in the form is the proof that it came from our page: nobody else
/// ever saw it.
pub async fn answer(
    State(app): State<App>,
    AtTool(tool): AtTool,
    language: Language,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut trace = Recorder::new(Kind::Registration, &app.clock, &headers);
    trace.tool_id = Some(tool.id.clone());
    let answered = go_on(&app, &tool, language, &headers, &body, &mut trace).await;
    app.traces.of_registration(answered, trace)
}

async fn go_on(
    app: &App,
    tool: &Arc<Tool>,
    language: Language,
    headers: &HeaderMap,
    body: &Bytes,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin");
    if cross_site {
        return Err(RegistrationError::Forged.into());
    }
    let id = form_urlencoded::parse(body)
        .find(|(name, _)| name == "registration")
        .map(|(_, value)| value.into_owned());
    let id = RegistrationId::new(id.ok_or(RegistrationError::Forged)?);
    trace.done(Step::FormRead);
    let registration = Registration::load(app, tool, &id, Status::Confirm)
        .await?
        .ok_or(RegistrationError::NotWaiting)?;
    trace.done(Step::ConfigurationRead);
    dynamic::proceed(app, tool, language, registration, Some(id), trace).await
}
