//! `GET /lti/register`: an LMS's administrator opened the registration URL (lti.md D.1, ltiaas-api.md §5).

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lti::registration::PrivacyLevel;
use url::{Url, form_urlencoded};

use super::attempt::{Mode, Preset, Registration, RegistrationId};
use super::offer::Offer;
use super::refusal::RegistrationError;
use super::{confirm, invite, registered};
use crate::app::App;
use crate::directory::tools::AtTool;
use crate::directory::tools::Tool;
use crate::traces::{Kind, Recorder, Step};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect;
use store::registrations::Status;

/// The query of a registration URL.
struct Start {
    configuration: Url,
    token: Option<String>,
    privacy: Option<PrivacyLevel>,
}

impl Start {
    fn parse(query: &str) -> Result<Self, RegistrationError> {
        let (mut configuration, mut token, mut privacy) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "openid_configuration" => &mut configuration,
                "registration_token" => &mut token,
                "privacyLevel" => &mut privacy,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(RegistrationError::Parameter(
                    "openid_configuration, registration_token or privacyLevel came twice",
                ));
            }
        }
        let configuration = configuration.filter(|text| !text.is_empty());
        let configuration = configuration.ok_or(RegistrationError::Parameter(
            "openid_configuration is missing",
        ))?;
        let privacy = privacy.map(|name| {
            PrivacyLevel::from_name(&name).ok_or(RegistrationError::Parameter(
                "privacyLevel is none of public, name_only, email_only, anonymous",
            ))
        });
        Ok(Self {
            configuration: Url::parse(&configuration).map_err(|_| {
                RegistrationError::Parameter("openid_configuration is not an absolute address")
            })?,
            token: token.filter(|token| !token.is_empty()),
            privacy: privacy.transpose()?,
        })
    }
}

/// Registers the tool at a platform.
///
/// An administrator's browser comes here from the platform. `/register` is the same.
#[utoipa::path(
    get, path = "/lti/register", tag = "Platform: LTI", operation_id = "startRegistration",
    params(
        ("openid_configuration" = String, Query, description = "Address of the platform's configuration."),
        ("registration_token" = Option<String>, Query, description = "What the platform wants to see again."),
        ("privacyLevel" = Option<String>, Query, description = "How much personal data is asked for, instead of the tool's setting."),
    ),
    responses(
        (status = 200, description = "A page: the registration is done, or its administrator is asked first.", content_type = "text/html", body = String),
        (status = 302, description = "On to the tool's own approval page, with `registrationId`."),
        (status = "4XX", description = "Registration is refused: a page for people, or an error for programs."),
        (status = 502, description = "The platform's configuration or its answer could not be had: a page, or an error."),
    ),
)]
pub async fn start(
    State(app): State<App>,
    AtTool(tool): AtTool,
    language: Language,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.as_deref().unwrap_or("");
    let mut trace = Recorder::new(Kind::Registration, &app.clock, &headers);
    let begun = begin(&app, &tool, language, None, query, &headers, &mut trace).await;
    app.traces.of_registration(begun, trace)
}

/// Registers the tool by an invitation.
#[utoipa::path(
    get, path = "/lti/register/{invite}", tag = "Platform: LTI", operation_id = "startInvitedRegistration",
    params(
        ("invite" = String, Path, description = "The code at the end of an invitation's link."),
        ("openid_configuration" = String, Query, description = "Address of the platform's configuration."),
        ("registration_token" = Option<String>, Query, description = "What the platform wants to see again."),
        ("privacyLevel" = Option<String>, Query, description = "How much personal data is asked for, instead of the tool's setting."),
    ),
    responses(
        (status = 200, description = "A page: the registration is done, or its administrator is asked first.", content_type = "text/html", body = String),
        (status = 302, description = "On to the tool's own approval page, with `registrationId`."),
        (status = "4XX", description = "Registration is refused: a page for people, or an error for programs."),
        (status = 502, description = "The platform's configuration or its answer could not be had: a page, or an error."),
    ),
)]
pub async fn start_invited(
    State(app): State<App>,
    AtTool(tool): AtTool,
    language: Language,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.as_deref().unwrap_or("");
    let mut trace = Recorder::new(Kind::Registration, &app.clock, &headers);
    let code = Some(code.as_str());
    let begun = begin(&app, &tool, language, code, query, &headers, &mut trace).await;
    app.traces.of_registration(begun, trace)
}

async fn begin(
    app: &App,
    tool: &Arc<Tool>,
    language: Language,
    code: Option<&str>,
    query: &str,
    headers: &HeaderMap,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    trace.tool_id = Some(tool.id.clone());
    // Before anything is fetched: whoever asks must be welcome, and a browser that only looks ahead is not.
    admit(tool, headers)?;
    let (invite_id, preset) = match code {
        Some(code) => invite::open(app, tool, code).await?,
        None if tool.settings.registration.open => {
            app.admission.admit_registration(tool).await?;
            (None, Preset::default())
        }
        None => return Err(RegistrationError::NotOpen.into()),
    };
    trace.done(Step::Admitted);
    let start = Start::parse(query)?;
    let preset = Preset {
        privacy_level: preset.privacy_level.or(start.privacy),
        ..preset
    };
    trace.done(Step::FormRead);
    let offer = Offer::fetch(app, start.configuration, start.token).await?;
    trace.done(Step::ConfigurationRead);
    let registration = Registration {
        offer,
        preset,
        invite_id,
    };
    if registration
        .preset
        .confirm
        .unwrap_or(tool.settings.registration.confirm)
    {
        trace.facts.issuer = Some(registration.offer.configuration.issuer.clone());
        return confirm::ask(app, tool, language, &registration).await;
    }
    proceed(app, tool, language, registration, None, trace).await
}

fn admit(tool: &Tool, headers: &HeaderMap) -> Result<(), RegistrationError> {
    if !tool.settings.registration.enabled {
        return Err(RegistrationError::Disabled);
    }
    if tool.settings.launch_url.is_none() {
        return Err(RegistrationError::NotReady);
    }
    let prefetches = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        let value = headers.get(*name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.to_ascii_lowercase().contains("prefetch"))
    });
    if prefetches {
        Err(RegistrationError::Prefetch)
    } else {
        Ok(())
    }
}

/// What comes after the click, or where none is wanted: the tool's own page, or the registration itself.
pub(super) async fn proceed(
    app: &App,
    tool: &Arc<Tool>,
    language: Language,
    registration: Registration,
    confirmed: Option<RegistrationId>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    trace.facts.issuer = Some(registration.offer.configuration.issuer.clone());
    if registration.mode(tool) == Mode::PreApproval {
        let page = tool
            .settings
            .registration
            .pre_approval
            .url
            .clone()
            .ok_or(RegistrationError::NoApprovalPage)?;
        let id = match confirmed {
            None => registration.wait(app, tool, Status::Pending).await?,
            Some(id) if Registration::confirmed(app, tool, &id).await? => id,
            Some(_) => return Err(RegistrationError::NotWaiting.into()),
        };
        return to_approval_page(page, &id);
    }
    let from = confirmed.map(|id| (id, Status::Confirm));
    let origins = registration.offer.frame_origins().policy();
    let done = registration.send(app, tool, from).await?;
    trace.done(Step::PlatformAnswered);
    trace.platform = Some(Arc::new(done.platform.clone()));
    let page = registered::page(&app.random, tool, language, &origins, &done);
    Ok(page)
}

fn to_approval_page(mut page: Url, id: &RegistrationId) -> Result<Response, Problem> {
    page.query_pairs_mut()
        .append_pair("registrationId", id.as_str());
    redirect::see_other(&page)
}
