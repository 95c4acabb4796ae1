//! The pages on which an administrator adds a tool.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{Redirect, Response},
};
use serde::Deserialize;

use crate::{
    Error, jose,
    lms::{
        protocol::enrolment::{self, RegistrationStart},
        state::Platform,
    },
    profiles::Endpoints,
    tool::ManualTool,
    web::page,
};

#[derive(Template)]
#[template(path = "lms/new_tool.html")]
struct NewToolPage {
    title: &'static str,
    why_by_hand: Option<&'static str>,
    endpoints: Endpoints,
}

pub(crate) async fn new_tool(State(platform): State<Arc<Platform>>) -> Response {
    page(
        StatusCode::OK,
        &NewToolPage {
            title: platform.profile.title,
            why_by_hand: platform.profile.manual.map(|manual| manual.why),
            endpoints: platform.endpoints(),
        },
    )
}

#[derive(Deserialize)]
pub(crate) struct RegistrationForm {
    url: String,
}

#[derive(Template)]
#[template(path = "lms/registering.html")]
struct RegisteringPage {
    start: RegistrationStart,
}

pub(crate) async fn register_tool(
    State(platform): State<Arc<Platform>>,
    Form(form): Form<RegistrationForm>,
) -> Result<Response, Error> {
    let start = enrolment::begin(&platform, &form.url)?;
    Ok(page(StatusCode::OK, &RegisteringPage { start }))
}

#[derive(Deserialize)]
pub(crate) struct ManualForm {
    name: String,
    login_url: String,
    redirect_uris: String,
    jwks_url: String,
    #[serde(default)]
    public_key: String,
    target_link_uri: String,
    deep_linking_url: String,
}

pub(crate) async fn add_tool(
    State(platform): State<Arc<Platform>>,
    Form(form): Form<ManualForm>,
) -> Result<Redirect, Error> {
    let redirect_uris: Vec<String> = form
        .redirect_uris
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let first = redirect_uris.first().cloned().unwrap_or_default();
    let mut tool = ManualTool::new(form.login_url.trim(), &first, form.jwks_url.trim());
    let given = |text: String, default: String| {
        if text.trim().is_empty() {
            default
        } else {
            text.trim().to_owned()
        }
    };
    tool.facts.name = given(form.name, tool.facts.name);
    tool.facts.target_link_uri = given(form.target_link_uri, first.clone());
    tool.facts.deep_linking_url = Some(given(form.deep_linking_url, first));
    tool.facts.redirect_uris = redirect_uris;
    if !form.public_key.trim().is_empty() {
        let key = jose::pasted_key(&form.public_key);
        tool.facts.public_key = Some(key.ok_or(Error::Crypto("this is no RSA public key"))?);
    }
    let tool = platform.register_by_hand(tool);
    Ok(Redirect::to(&format!("/tools/{}", tool.client_id)))
}
