//! `GET /lti/register`: an LMS's administrator opened the registration URL (lti.md D.1,
//! ltiaas-api.md §5).

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use lti::registration::PrivacyLevel;
use url::{Url, form_urlencoded};
use utoipa::IntoResponses;

use super::asker::Asker;
use super::attempt::RegistrationAttempt;
use super::offer::PlatformOffer;
use super::preset::Preset;
use super::proceed::proceed;
use super::refusal::RegistrationError;
use super::room::Registrations;
use super::{confirm, invite};
use crate::directory::tools::AtTool;
use crate::directory::tools::Tool;
use crate::traces::{Kind, Recorder, Step};
use crate::web::client::Source;
use crate::web::language::Language;
use crate::web::problem::Problem;

/// The query of a registration URL.
struct RegistrationQuery {
    configuration: Url,
    token: Option<String>,
    privacy: Option<PrivacyLevel>,
}

impl RegistrationQuery {
    /// Whether nothing in the query is what an LMS adds.
    fn is_missing(query: &str) -> bool {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        !pairs.any(|(name, _)| {
            matches!(
                &*name,
                "openid_configuration" | "registration_token" | "privacyLevel"
            )
        })
    }

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

/// The query of a registration URL, for the API description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "`RegistrationQuery` reads them; the document needs their names alone"
)]
struct RegistrationParameters {
    /// Address of the platform's configuration.
    openid_configuration: String,
    /// A token that the platform wants back.
    registration_token: Option<String>,
    /// How much personal data to request, instead of the tool's setting.
    #[param(rename = "privacyLevel")]
    privacy: Option<String>,
}

/// The answers to opening a registration URL, for the API description.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document needs the descriptions alone")]
enum RegistrationStarted {
    /// A page: the registration is complete, or its administrator is asked first.
    #[response(status = 200, content_type = "text/html")]
    Page(String),
    /// A redirect to the tool's own approval page, with `registrationId`.
    #[response(status = 302)]
    Approval,
    /// Registration is refused: a page for people, or an error for programs.
    #[response(status = "4XX")]
    Refused,
    /// The platform's configuration or its answer could not be fetched: a page, or an error.
    #[response(status = 502)]
    PlatformFailed,
    /// Not now: too many registrations are in progress, or the tool isn't set up yet. A page, or an
    /// error.
    #[response(status = 503)]
    NotNow,
}

/// Registers the tool at a platform.
///
/// An administrator's browser comes here from the platform. `/register` is the same.
#[utoipa::path(
    get,
    path = "/lti/register",
    tag = "Platform: LTI",
    operation_id = "startRegistration",
    params(RegistrationParameters),
    responses(RegistrationStarted)
)]
pub(crate) async fn start(
    State(room): State<Registrations>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let opened = OpenedUrl {
        code: None,
        query: query.as_deref().unwrap_or(""),
        language,
        source,
        headers: &headers,
    };
    let mut trace = Recorder::new(Kind::Registration, &room.clock, &headers);
    let begun = begin(&room, &tool, opened, &mut trace).await;
    answered(&room, begun, trace)
}

/// Registers the tool through an invitation.
#[utoipa::path(
    get, path = "/lti/register/{invite}", tag = "Platform: LTI", operation_id = "startInvitedRegistration",
    params(
        ("invite" = String, Path, description = "The code at the end of an invitation's link."),
        RegistrationParameters,
    ),
    responses(RegistrationStarted),
)]
pub(crate) async fn start_invited(
    State(room): State<Registrations>,
    AtTool(tool): AtTool,
    language: Language,
    source: Source,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let opened = OpenedUrl {
        code: Some(&code),
        query: query.as_deref().unwrap_or(""),
        language,
        source,
        headers: &headers,
    };
    let mut trace = Recorder::new(Kind::Registration, &room.clock, &headers);
    let begun = begin(&room, &tool, opened, &mut trace).await;
    answered(&room, begun, trace)
}

/// The answer, and its trace, unless a person just looked at the address: that is no attempt.
fn answered(room: &Registrations, begun: Result<Response, Problem>, trace: Recorder) -> Response {
    match begun {
        Err(problem) if !problem.is_attempt => problem.into_response(),
        begun => room.traces.of_registration(begun, trace),
    }
}

/// A registration URL opened in an administrator's browser.
struct OpenedUrl<'a> {
    code: Option<&'a str>,
    query: &'a str,
    language: Language,
    source: Source,
    headers: &'a HeaderMap,
}

async fn begin(
    room: &Registrations,
    tool: &Arc<Tool>,
    opened: OpenedUrl<'_>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    trace.tool_id = Some(tool.id.clone());
    let language = opened.language;
    // Before anything is fetched: strangers may not be admitted, and prefetching browsers never
    // are.
    admit(tool, opened.headers)?;
    let turn = room.turns.take(opened.source).await?;
    let (invite_id, preset) = match opened.code {
        Some(code) => invite::open(room, tool, code).await?,
        None if tool.settings.registration.open => {
            room.admission.admit_registration(tool).await?;
            (None, Preset::default())
        }
        None => return Err(RegistrationError::NotOpen.into()),
    };
    drop(turn);
    trace.done(Step::Admitted);
    if RegistrationQuery::is_missing(opened.query) {
        let path = match opened.code {
            Some(code) => format!("/lti/register/{code}"),
            None => "/lti/register".to_owned(),
        };
        let address = tool.address(&room.public_url).join(&path);
        return Err(RegistrationError::ByHand(address).into());
    }
    let start = RegistrationQuery::parse(opened.query)?;
    let preset = Preset {
        privacy_level: preset.privacy_level.or(start.privacy),
        ..preset
    };
    trace.done(Step::FormRead);
    let asker = Asker::administrator(opened.source, invite_id.as_deref());
    let offer = PlatformOffer::fetch(&room.outbound, &asker, start.configuration, start.token);
    let offer = offer.await?;
    trace.done(Step::ConfigurationRead);
    let attempt = RegistrationAttempt {
        offer,
        preset,
        invite_id,
    };
    if attempt.invite_id.is_none() {
        attempt.offer.check_token_endpoint()?;
        if attempt.waits(&tool.settings) {
            room.admission.admit_newcomer(tool, opened.source)?;
        }
    }
    if attempt.asks_first(&tool.settings) {
        trace.facts.issuer = Some(attempt.offer.configuration.issuer.clone());
        return confirm::ask(room, tool, language, &attempt, trace).await;
    }
    proceed(room, tool, language, attempt, asker, None, trace).await
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_registration_url_is_read_once_and_whole() {
        let query = "openid_configuration=https%3A%2F%2Flms.example%2Fc%3Fa%3Db&registration_token=t&x=y&x=z";
        let read = RegistrationQuery::parse(query).unwrap();
        assert_eq!(read.configuration.as_str(), "https://lms.example/c?a=b");
        assert_eq!((read.token.as_deref(), read.privacy), (Some("t"), None));
        for wrong in [
            "",
            "openid_configuration=",
            "openid_configuration=/c",
            "openid_configuration=https://a.example&openid_configuration=https://a.example",
            "openid_configuration=https://a.example&privacyLevel=secret",
        ] {
            let refused = RegistrationQuery::parse(wrong);
            assert!(
                matches!(refused, Err(RegistrationError::Parameter(_))),
                "{wrong}"
            );
        }
    }
}
