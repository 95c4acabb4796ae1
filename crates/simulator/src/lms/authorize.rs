//! The OIDC authorization endpoint: the tool's authentication request in, a form that posts the `id_token` out.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{
    launch::PendingLogin,
    pages::{AutoPost, ErrorPage},
    platform::Platform,
};
use crate::Error;

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
    match check(&platform, &parameters) {
        Ok((login, redirect_uri)) => match id_token(&platform, &login, &parameters["nonce"]) {
            Ok(token) => AutoPost::response(
                "Opening the tool",
                &redirect_uri,
                vec![("id_token", token), ("state", state)],
            ),
            Err(error) => {
                ErrorPage::response(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
            }
        },
        Err(Refused::Page(why)) => ErrorPage::response(StatusCode::NOT_FOUND, why),
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

fn id_token(platform: &Platform, login: &PendingLogin, nonce: &str) -> Result<String, Error> {
    let claims = platform.claims(
        &login.launch,
        login.launch.nonce.as_deref().unwrap_or(nonce),
    )?;
    let current = platform.state().key().clone();
    let key = login.launch.key.clone().unwrap_or(current);
    let header = login.launch.header.clone().unwrap_or_else(|| key.header());
    key.sign(&header, &claims)
}

/// GET of the key set.
pub(super) async fn jwks(State(platform): State<Arc<Platform>>) -> Response {
    axum::Json(platform.state().jwks()).into_response()
}
