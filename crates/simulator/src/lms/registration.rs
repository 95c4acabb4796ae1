//! Dynamic registration: the document, the one-time secret, the endpoint.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{OriginalUri, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::Url;

use super::{Lms, Tool, platform::Platform};
use crate::{
    Error,
    profiles::{Refusal, TokenPlace, TokenProblem},
};

/// Where an administrator's browser goes to let a tool register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationStart {
    /// The tool's registration URL with all parameters.
    pub url: String,
    /// The openid-configuration URL as handed to the tool.
    pub configuration: String,
    /// The one-time secret, wherever it travels.
    pub token: String,
    /// The client id that the tool will get.
    pub client_id: String,
}

/// What is known about a registration that was begun.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    client_id: String,
    expires: i64,
    used: bool,
    configuration_fetched: bool,
}

impl Lms {
    /// Begins a registration: makes a secret and the address to open the tool's registration page with.
    pub fn begin_registration(
        &self,
        tool_registration_url: &str,
    ) -> Result<RegistrationStart, Error> {
        self.platform.begin_registration(tool_registration_url)
    }

    /// A fresh registration secret on its own, for requests made by hand.
    pub fn registration_token(&self) -> Result<String, Error> {
        Ok(self.platform.make_secret()?.0)
    }
}

impl Platform {
    pub(super) fn begin_registration(
        &self,
        tool_registration_url: &str,
    ) -> Result<RegistrationStart, Error> {
        if let Some(manual) = self.profile.manual {
            return Err(Error::ByHand(manual.why));
        }
        let mut url = Url::parse(tool_registration_url.trim())
            .map_err(|_| Error::Url(tool_registration_url.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::Url(tool_registration_url.to_owned()));
        }
        let (token, client_id) = self.make_secret()?;
        let place = self.profile.registration.token_place;
        let configuration = self.configuration_url(&token, &client_id);
        let mut query = url.query_pairs_mut();
        query.append_pair("openid_configuration", &configuration);
        if !matches!(place, TokenPlace::Configuration(_)) {
            query.append_pair("registration_token", &token);
        }
        drop(query);
        Ok(RegistrationStart {
            url: url.into(),
            configuration,
            token,
            client_id,
        })
    }

    fn configuration_url(&self, token: &str, client_id: &str) -> String {
        let style = self.profile.registration;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in style.configuration_parameters {
            let state = self.state();
            let number = (style.deployment_id)(state.tools.len() + 1);
            let value = match *name {
                "clientId" => client_id,
                "issuerURL" => &state.issuer,
                _ => &number,
            };
            query.append_pair(name, value);
        }
        match style.token_place {
            TokenPlace::Parameter => &mut query,
            TokenPlace::ParameterAndConfiguration => query.append_pair("registration_token", token),
            TokenPlace::Configuration(name) => query.append_pair(name, token),
        };
        let query = query.finish();
        let url = self.url(self.profile.paths.configuration);
        if query.is_empty() {
            url
        } else {
            format!("{url}?{query}")
        }
    }

    fn make_secret(&self) -> Result<(String, String), Error> {
        let now = self.clock.seconds();
        let client_id = (self.profile.registration.client_id)();
        let expires = now + self.profile.registration.token_seconds;
        let mut state = self.state();
        let claims = json!({ "sub": client_id, "scope": "reg", "iat": now, "exp": expires });
        let token = state.key().sign(&state.key().header(), &claims)?;
        let secret = Secret {
            client_id: client_id.clone(),
            expires,
            used: false,
            configuration_fetched: false,
        };
        state.secrets.insert(token.clone(), secret);
        Ok((token, client_id))
    }

    fn check_secret(&self, token: Option<&str>) -> Result<(String, String), TokenProblem> {
        let token = token.ok_or(TokenProblem::Missing)?;
        let state = self.state();
        let secret = state.secrets.get(token).ok_or(TokenProblem::Unknown)?;
        if secret.used {
            return Err(TokenProblem::Used);
        }
        if secret.expires <= self.clock.seconds() {
            return Err(TokenProblem::Expired);
        }
        Ok((token.to_owned(), secret.client_id.clone()))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (
            self.status,
            [(header::CONTENT_TYPE, self.content_type)],
            self.body,
        )
            .into_response()
    }
}

fn parameter(uri: &OriginalUri, name: &str) -> Option<String> {
    url::form_urlencoded::parse(uri.query()?.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// GET of the openid-configuration document.
pub(super) async fn configuration(
    State(platform): State<Arc<Platform>>,
    uri: OriginalUri,
) -> Response {
    let style = platform.profile.registration;
    let mut endpoints = platform.endpoints();
    if let Some(missing) = style
        .configuration_parameters
        .iter()
        .find(|name| parameter(&uri, name).is_none())
    {
        return (
            StatusCode::BAD_REQUEST,
            format!("Missing parameter {missing}"),
        )
            .into_response();
    }
    let name = match style.token_place {
        TokenPlace::Parameter => return Json((style.configuration)(&endpoints)).into_response(),
        TokenPlace::ParameterAndConfiguration => "registration_token",
        TokenPlace::Configuration(name) => name,
    };
    let token = match platform.check_secret(parameter(&uri, name).as_deref()) {
        Ok((token, _)) => token,
        Err(problem) => return (style.refuse_token)(problem).into_response(),
    };
    if let Some(secret) = platform.state().secrets.get_mut(&token) {
        if style.configuration_once && secret.configuration_fetched {
            return (style.refuse_token)(TokenProblem::Used).into_response();
        }
        secret.configuration_fetched = true;
    }
    if matches!(style.token_place, TokenPlace::Configuration(_)) {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(name, &token)
            .finish();
        endpoints.registration = format!("{}?{query}", endpoints.registration);
    }
    Json((style.configuration)(&endpoints)).into_response()
}

/// POST of a registration request.
pub(super) async fn register(
    State(platform): State<Arc<Platform>>,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let style = platform.profile.registration;
    let token = match style.token_place {
        TokenPlace::Configuration(name) => parameter(&uri, name),
        TokenPlace::Parameter | TokenPlace::ParameterAndConfiguration => {
            bearer(&headers).map(str::to_owned)
        }
    };
    let (token, client_id) = match platform.check_secret(token.as_deref()) {
        Ok(found) => found,
        Err(problem) => return (style.refuse_token)(problem).into_response(),
    };
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut state = platform.state();
    if let Err(refusal) = (style.check)(&request, &state.tools) {
        return refusal.into_response();
    }
    if let Some(secret) = state.secrets.get_mut(&token) {
        secret.used = true;
    }
    let tool = Tool {
        client_id,
        deployment_id: (style.deployment_id)(state.tools.len() + 1),
        active: style.active_at_once,
        passport: None,
        facts: (style.read)(&request),
    };
    let answer = (style.answer)(&tool, &request);
    state.tools.push(tool);
    (style.status, Json(answer)).into_response()
}

/// Anything else at the registration endpoint.
pub(super) async fn unsupported() -> Response {
    (StatusCode::BAD_REQUEST, "Unsupported operation").into_response()
}

/// The token of an `Authorization: Bearer …` header. The word is compared with its capital letter, as LMSs do.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .filter(|token| !token.is_empty())
}
