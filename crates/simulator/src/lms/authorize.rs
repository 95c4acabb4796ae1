//! The OIDC authorization endpoint: the tool's authentication request in, a form that posts the `id_token` out.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    launch::PendingLogin,
    pages::{AutoPost, ErrorPage},
    platform::Platform,
};
use crate::{Error, jose, profiles::AuthorizationStyle};

/// An authentication request that is not answered with an `id_token`.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// Nobody may be told: a page for the person, as where no redirect URI can be trusted.
    Page(&'static str),
    /// Posted to the redirect URI.
    Tool {
        redirect_uri: String,
        error: &'static str,
        description: &'static str,
    },
}

/// GET and POST of an authentication request.
pub(super) async fn authorize(
    State(platform): State<Arc<Platform>>,
    method: Method,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let raw = if method == Method::POST {
        body
    } else {
        Bytes::from(query.unwrap_or_default())
    };
    let mut parameters = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(&raw) {
        if parameters
            .insert(name.into_owned(), value.into_owned())
            .is_some()
        {
            return ErrorPage::response(
                StatusCode::NOT_FOUND,
                "A parameter of the authentication request occurs twice",
            );
        }
    }
    let state = parameters.get("state").cloned().unwrap_or_default();
    let style = platform.authorization_style();
    let checked = match style {
        AuthorizationStyle::Strict => check(&platform, &parameters),
        AuthorizationStyle::OpenEdx => check_as_open_edx(&platform, &parameters),
        AuthorizationStyle::OpenOlat => check_as_openolat(&platform, &parameters),
    };
    match checked {
        Ok((login, redirect_uri)) => match id_token(&platform, &login, parameters.get("nonce")) {
            Ok(token) => {
                let mut fields = vec![("id_token", token), ("state", state)];
                let storage = platform.profile.launch.storage;
                if let Some(storage) = storage.filter(|storage| storage.at_launch) {
                    fields.push(("lti_storage_target", storage.target().to_owned()));
                }
                AutoPost::response("Opening the tool", &redirect_uri, fields)
            }
            Err(error) => {
                ErrorPage::response(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
            }
        },
        Err(Refused::Page(why)) => {
            let status = match style {
                AuthorizationStyle::Strict => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_REQUEST,
            };
            ErrorPage::response(status, why)
        }
        Err(Refused::Tool {
            redirect_uri,
            error,
            description,
        }) => {
            let mut fields = vec![("error", error.to_owned())];
            if !description.is_empty() {
                fields.push(("error_description", description.to_owned()));
            }
            fields.push(("state", state));
            AutoPost::response("Going back to the tool", &redirect_uri, fields)
        }
    }
}

/// The checks in the order in which Moodle makes them. The login is spent as soon as its hint was recognised, also when
/// a later check fails; before that no redirect URI is known to be the tool's.
fn check(
    platform: &Platform,
    parameters: &HashMap<String, String>,
) -> Result<(PendingLogin, String), Refused> {
    let get = |name: &str| {
        parameters
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    };
    let needed = |name, why| get(name).ok_or(Refused::Page(why));

    let scope = needed("scope", "scope is missing")?;
    let response_type = needed("response_type", "response_type is missing")?;
    let client_id = needed("client_id", "client_id is missing")?;
    let redirect_uri = needed("redirect_uri", "redirect_uri is missing")?;
    let login_hint = needed("login_hint", "login_hint is missing")?;
    let message_hint = needed("lti_message_hint", "lti_message_hint is missing")?;
    needed("nonce", "nonce is missing")?;
    if scope != "openid" {
        return Err(Refused::Page("scope must be exactly openid"));
    }
    if response_type != "id_token" {
        return Err(Refused::Page("response_type must be id_token"));
    }
    let launch_id = serde_json::from_str::<Value>(message_hint)
        .ok()
        .and_then(|hint| hint["launchid"].as_str().map(str::to_owned))
        .ok_or(Refused::Page("lti_message_hint is not one of this LMS"))?;

    let mut state = platform.state();
    let login = state.logins.remove(&launch_id).ok_or(Refused::Page(
        "This launch was not begun here, or was used already. Start again from the course.",
    ))?;
    let tool = state
        .tool(&login.launch.tool)
        .map_err(|_| Refused::Page("The tool is gone"))?;
    if !tool
        .facts
        .redirect_uris
        .iter()
        .any(|registered| registered == redirect_uri)
    {
        return Err(Refused::Page(
            "redirect_uri is not registered for this tool",
        ));
    }
    let refuse = |error, description| {
        Err(Refused::Tool {
            redirect_uri: redirect_uri.to_owned(),
            error,
            description,
        })
    };
    if tool.client_id != client_id {
        return refuse("unauthorized_client", "");
    }
    if login.login_hint != login_hint {
        return refuse("access_denied", "");
    }
    if get("response_mode") != Some("form_post") {
        return refuse("invalid_request", "Invalid response_mode");
    }
    match get("prompt") {
        Some("none") => {}
        None if !platform.profile.launch.prompt_required => {}
        _ => return refuse("invalid_request", "Invalid prompt"),
    }
    Ok((login, redirect_uri.to_owned()))
}

/// What Open edX looks at. A login can be finished more than once.
fn check_as_open_edx(
    platform: &Platform,
    parameters: &HashMap<String, String>,
) -> Result<(PendingLogin, String), Refused> {
    let needed = |name: &str, why| {
        let value = parameters.get(name).filter(|value| !value.is_empty());
        value.ok_or(Refused::Page(why))
    };
    let hint = needed(
        "lti_message_hint",
        "The lti_message_hint is missing or empty.",
    )?;
    needed("login_hint", "The login_hint is missing or empty.")?;
    let state = platform.state();
    let login = state.logins.get(hint).ok_or(Refused::Page(
        "Unable to find record of an OIDC launch for the provided lti_message_hint",
    ))?;
    let failed = "There was an error while launching the LTI tool.";
    let redirect_uri = needed("redirect_uri", failed)?;
    needed("nonce", failed)?;
    needed("state", failed)?;
    let tool = state.tool(&login.launch.tool);
    let tool = tool.map_err(|_| Refused::Page(failed))?;
    let right = tool.facts.redirect_uris.contains(redirect_uri)
        && needed("client_id", failed)? == &tool.client_id;
    if right {
        Ok((login.clone(), redirect_uri.clone()))
    } else {
        Err(Refused::Page(failed))
    }
}

/// What OpenOLAT looks at: its own signature on the hint, and the redirect URI if any is configured.
fn check_as_openolat(
    platform: &Platform,
    parameters: &HashMap<String, String>,
) -> Result<(PendingLogin, String), Refused> {
    let state = platform.state();
    let hint = parameters.get("login_hint").map_or("", String::as_str);
    let hint = jose::verify(hint, &state.jwks());
    let hint = hint.map_err(|_| Refused::Page("The login_hint is not one of this LMS"))?;
    let login = state
        .logins
        .get(hint["launchid"].as_str().unwrap_or_default());
    let login = login.ok_or(Refused::Page("This launch was not begun here"))?;
    let tool = state.tool(&login.launch.tool);
    let tool = tool.map_err(|_| Refused::Page("The tool is gone"))?;
    let allowed = &tool.facts.redirect_uris;
    match parameters.get("redirect_uri") {
        Some(uri) if allowed.is_empty() || allowed.contains(uri) => {
            Ok((login.clone(), uri.clone()))
        }
        _ => Err(Refused::Page("Unregistered redirect_uri")),
    }
}

fn id_token(
    platform: &Platform,
    login: &PendingLogin,
    nonce: Option<&String>,
) -> Result<String, Error> {
    let nonce = login.launch.nonce.as_ref().or(nonce);
    let mut claims = platform.claims(&login.launch, nonce.map_or("", String::as_str))?;
    if let (None, Some(claims)) = (nonce, claims.as_object_mut()) {
        claims.shift_remove("nonce");
    }
    let state = platform.state();
    let tool = state.tool(&login.launch.tool)?;
    let current = state.key_of(tool).clone();
    drop(state);
    let key = login.launch.key.clone().unwrap_or(current);
    let header = login.launch.header.clone().unwrap_or_else(|| key.header());
    key.sign(&header, &claims)
}

/// GET of the key set: the platform's, or that of one tool.
pub(super) async fn jwks(
    State(platform): State<Arc<Platform>>,
    passport: Option<Path<String>>,
) -> Response {
    let state = platform.state();
    let Some(Path(passport)) = passport else {
        return axum::Json(state.jwks()).into_response();
    };
    match state.own_keys.get(&passport) {
        Some(key) => axum::Json(json!({ "keys": [key.jwk()] })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
