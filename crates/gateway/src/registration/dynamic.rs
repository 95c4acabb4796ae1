//! `GET /lti/register`: an LMS's administrator opened the registration URL (lti.md D.1, ltiaas-api.md §5).

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use lti::registration::PrivacyLevel;
use url::{Url, form_urlencoded};

use super::offer::Offer;
use super::refusal::RegistrationError;
use crate::app::App;
use crate::error::Problem;
use crate::pages;
use crate::tool::Tool;

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

/// `GET /lti/register`, `/register`.
pub async fn start(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let host = headers
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let tool = app
        .tool_at(host)
        .ok_or_else(|| Problem::internal("no tool"))?;
    admit(&tool, &headers)?;
    let start = Start::parse(query.as_deref().unwrap_or(""))?;
    let offer = Offer::fetch(&app, &start.configuration, start.token).await?;
    let platform = offer.register(&app, &tool, start.privacy).await?.platform;
    Ok(pages::registered(
        &app.random,
        &offer.frame_origins(),
        &tool.settings.name,
        platform.active,
    ))
}

fn admit(tool: &Tool, headers: &HeaderMap) -> Result<(), RegistrationError> {
    let registration = &tool.settings.registration;
    if !registration.enabled {
        return Err(RegistrationError::Disabled);
    }
    if !registration.open {
        return Err(RegistrationError::NotOpen);
    }
    if tool.settings.launch_url.is_none() {
        return Err(RegistrationError::NotReady);
    }
    let prefetches = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().contains("prefetch"))
    });
    if prefetches {
        Err(RegistrationError::Prefetch)
    } else {
        Ok(())
    }
}
