//! The confirmation page: who wants to register, what is asked for, and a button; nothing is sent before the click
//! (lti.md D-06, I-33).

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
use crate::app::{App, AtTool};
use crate::error::Problem;
use crate::pages::{self, FormAction, Framing};
use crate::store::registrations::Status;
use crate::tool::Tool;

#[derive(Template)]
#[template(path = "confirm.html")]
struct Page<'a> {
    tool: &'a str,
    platform: String,
    issuer: &'a str,
    hosts: Vec<String>,
    services: Vec<&'static str>,
    personal: &'static str,
    next: &'static str,
    id: &'a str,
    nonce: &'a str,
    style: &'static str,
}

/// Shows the page; the registration waits for the click.
pub(super) async fn ask(
    app: &App,
    tool: &Tool,
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
        services.push("Teachers choose content in the tool");
    }
    if settings.services.assignment_and_grades {
        services.push("Read and write grades of its own assignments");
    }
    if settings.services.names_and_roles {
        services.push("Read who is in a course");
    }
    let personal = match registration
        .preset
        .privacy_level
        .unwrap_or(settings.privacy_level)
    {
        PrivacyLevel::Public => "Name, e-mail address, picture and language",
        PrivacyLevel::NameOnly => "Name",
        PrivacyLevel::EmailOnly => "E-mail address",
        PrivacyLevel::Anonymous => "None: an opaque number for each person",
    };
    let next = match registration.mode(tool) {
        Mode::Automatic => {
            "After your click the tool is registered and can be used as soon as you switch it on."
        }
        Mode::Approval => {
            "After your click the tool is registered; its owner then activates the registration."
        }
        Mode::PreApproval => "After your click the tool's own page asks a few more questions.",
    };
    let mode = registration.mode(tool);
    // The tool's own page may send the browser on, to its sign-in for instance.
    let form_action = match mode {
        Mode::PreApproval => FormAction::Anywhere,
        Mode::Automatic | Mode::Approval => FormAction::Ourselves,
    };
    let origins = registration.offer.frame_origins().policy();
    Ok(pages::html(
        &app.random,
        Framing::Origin(&origins),
        form_action,
        |nonce| {
            Page {
                tool: &settings.name,
                platform: registration
                    .preset
                    .platform_name
                    .clone()
                    .unwrap_or_else(|| registration.offer.name()),
                issuer: &configuration.issuer,
                hosts,
                services,
                personal,
                next,
                id: id.as_str(),
                nonce,
                style: pages::STYLE,
            }
            .render()
        },
    ))
}

/// `POST /lti/register/confirm`: the click. The id in the form is the proof that it came from our page: nobody else
/// ever saw it.
pub async fn answer(
    State(app): State<App>,
    AtTool(tool): AtTool,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin");
    if cross_site {
        return Err(RegistrationError::Forged.into());
    }
    let id = form_urlencoded::parse(&body)
        .find(|(name, _)| name == "registration")
        .map(|(_, value)| value.into_owned());
    let id = RegistrationId::new(id.ok_or(RegistrationError::Forged)?);
    let registration = Registration::load(&app, &tool, &id, Status::Confirm)
        .await?
        .ok_or(RegistrationError::NotWaiting)?;
    dynamic::proceed(&app, &tool, registration, Some(id)).await
}
