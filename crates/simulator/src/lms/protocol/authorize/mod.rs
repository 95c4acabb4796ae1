//! The OIDC authorization endpoint: receives the tool's authentication request, and answers with a
//! form that posts the `id_token`.

mod lenient;
mod strict;

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{Method, StatusCode},
    response::Response,
};

use serde_json::Value;

use super::{claims, login::authorization_style};
use crate::{
    Error, jose,
    lms::{
        answer::{AutoPost, ErrorPage},
        state::{Ending, PendingLogin, Platform},
    },
    profiles::AuthorizationStyle,
};

type Parameters = HashMap<String, String>;

/// The login that an authentication request belongs to, and the redirect URI for its token.
type Recognised = (PendingLogin, String);

/// Why an authentication request is not answered with an `id_token`.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// Shown to the person, because no redirect URI can be trusted.
    Page(&'static str),
    /// Posted to the redirect URI.
    Tool {
        redirect_uri: String,
        error: &'static str,
        description: &'static str,
    },
}

/// Handles GET and POST of an authentication request.
pub(crate) async fn authorize(
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
    let Some(parameters) = once_each(&raw) else {
        return ErrorPage::response(
            StatusCode::NOT_FOUND,
            "A parameter of the authentication request occurs twice",
        );
    };
    let checked = match authorization_style(&platform) {
        AuthorizationStyle::Strict => strict::check(&platform, &parameters),
        AuthorizationStyle::OpenEdx => lenient::check_as_open_edx(&platform, &parameters),
        AuthorizationStyle::OpenOlat => lenient::check_as_openolat(&platform, &parameters),
    };
    let ending = match &checked {
        Ok((_, redirect_uri)) => Ending::Sent(redirect_uri.clone()),
        Err(Refused::Page(why)) => Ending::Refused((*why).to_owned()),
        Err(Refused::Tool { error, .. }) => Ending::Refused((*error).to_owned()),
    };
    if let Some(id) = launch_id(&platform, &parameters) {
        let history = &mut platform.memory().history;
        history.end(ending, |begun| begun.id == id);
    }
    match checked {
        Ok((login, redirect_uri)) => accept(&platform, &login, &redirect_uri, &parameters),
        Err(refused) => refuse(&platform, refused, &parameters),
    }
}

/// The parameters of a request, provided that each occurs only once.
fn once_each(raw: &[u8]) -> Option<Parameters> {
    let mut parameters = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(raw) {
        let before = parameters.insert(name.into_owned(), value.into_owned());
        if before.is_some() {
            return None;
        }
    }
    Some(parameters)
}

/// The launch that a request refers to, whether or not it may be answered.
fn launch_id(platform: &Platform, parameters: &Parameters) -> Option<String> {
    let hint = parameters.get("lti_message_hint");
    let claims: Value = match authorization_style(platform) {
        AuthorizationStyle::OpenEdx => return hint.cloned(),
        AuthorizationStyle::Strict => serde_json::from_str(hint?).ok()?,
        AuthorizationStyle::OpenOlat => jose::decode(parameters.get("login_hint")?)?.claims,
    };
    claims["launchid"].as_str().map(str::to_owned)
}

fn accept(
    platform: &Platform,
    login: &PendingLogin,
    redirect_uri: &str,
    parameters: &Parameters,
) -> Response {
    let token = match id_token(platform, login, parameters.get("nonce")) {
        Ok(token) => token,
        Err(error) => {
            let why = error.to_string();
            return ErrorPage::response(StatusCode::INTERNAL_SERVER_ERROR, &why);
        }
    };
    let mut fields = vec![("id_token", token), ("state", returned_state(parameters))];
    let storage = platform.profile.launch.storage;
    if let Some(storage) = storage.filter(|storage| storage.at_launch) {
        fields.push(("lti_storage_target", storage.target().to_owned()));
    }
    AutoPost::response("Opening the tool", redirect_uri, fields)
}

fn refuse(platform: &Platform, refused: Refused, parameters: &Parameters) -> Response {
    match refused {
        Refused::Page(why) => {
            let status = match authorization_style(platform) {
                AuthorizationStyle::Strict => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_REQUEST,
            };
            ErrorPage::response(status, why)
        }
        Refused::Tool {
            redirect_uri,
            error,
            description,
        } => {
            let mut fields = vec![("error", error.to_owned())];
            if !description.is_empty() {
                fields.push(("error_description", description.to_owned()));
            }
            fields.push(("state", returned_state(parameters)));
            AutoPost::response("Going back to the tool", &redirect_uri, fields)
        }
    }
}

fn returned_state(parameters: &Parameters) -> String {
    parameters.get("state").cloned().unwrap_or_default()
}

fn id_token(
    platform: &Platform,
    login: &PendingLogin,
    nonce: Option<&String>,
) -> Result<String, Error> {
    let nonce = login.launch.nonce.as_ref().or(nonce);
    let mut claims = claims::of(platform, &login.launch, nonce.map_or("", String::as_str))?;
    if let (None, Some(claims)) = (nonce, claims.as_object_mut()) {
        claims.shift_remove("nonce");
    }
    let memory = platform.memory();
    let tool = memory.tool(&login.launch.tool)?;
    let current = memory.key_of(tool).clone();
    drop(memory);
    let key = login.launch.key.clone().unwrap_or(current);
    let header = login.launch.header.clone().unwrap_or_else(|| key.header());
    key.sign(&header, &claims)
}
