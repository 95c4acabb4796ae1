//! Canvas's schema for registrations: it reports everything that is wrong.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{OF_DEEP_LINKING, OF_LINKS, PREFIX, STANDARD, scopes};
use crate::{
    profiles::{Refusal, TOOL_CONFIGURATION, standard},
    tool::Tool,
};

pub(super) fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    client(request, &mut errors);
    configuration(&request[TOOL_CONFIGURATION], &mut errors);
    for message in standard::messages(request) {
        placed(message, &mut errors);
    }
    if errors.0.is_empty() {
        return Ok(());
    }
    Err(standard::refusal(
        StatusCode::UNPROCESSABLE_ENTITY,
        &json!({ "errors": errors.0 }),
    ))
}

#[derive(Default)]
struct Errors(Vec<String>);

impl Errors {
    fn expect(&mut self, good: bool, error: impl Into<String>) {
        if !good {
            self.0.push(error.into());
        }
    }
}

fn holds(list: &Value, value: &str) -> bool {
    let list = list.as_array();
    list.is_some_and(|all| all.iter().any(|one| one == value))
}

fn is_uri(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Url::parse(text).is_ok())
}

fn is_visibility(value: &Value) -> bool {
    ["admins", "members", "public"]
        .iter()
        .any(|one| value == one)
}

/// The members of RFC 7591.
fn client(request: &Value, errors: &mut Errors) {
    errors.expect(
        request["application_type"] == "web",
        "the application_type is not web",
    );
    for grant in ["client_credentials", "implicit"] {
        errors.expect(
            holds(&request["grant_types"], grant),
            format!("grant_types lacks {grant}"),
        );
    }
    errors.expect(
        holds(&request["response_types"], "id_token"),
        "response_types lacks id_token",
    );
    let redirects = request["redirect_uris"].as_array();
    errors.expect(
        redirects.is_some_and(|all| !all.is_empty() && all.iter().all(is_uri)),
        "redirect_uris is not a list of URIs",
    );
    for name in ["initiate_login_uri", "jwks_uri"] {
        errors.expect(is_uri(&request[name]), format!("{name} is not a URI"));
    }
    let name = request["client_name"].as_str().unwrap_or_default();
    errors.expect(!name.is_empty(), "client_name is missing");
    errors.expect(
        request["token_endpoint_auth_method"] == "private_key_jwt",
        "token_endpoint_auth_method is not private_key_jwt",
    );
    let asked = request["scope"].as_str().unwrap_or_default();
    for scope in asked.split_whitespace() {
        errors.expect(
            scope == "openid" || scopes().contains(&scope),
            format!("invalid scope {scope}"),
        );
    }
}

/// The members of LTI.
fn configuration(configuration: &Value, errors: &mut Errors) {
    let domain = configuration["domain"].as_str().unwrap_or_default();
    errors.expect(
        !domain.is_empty() && !domain.contains('/'),
        "domain is not a host",
    );
    errors.expect(
        is_uri(&configuration["target_link_uri"]),
        "target_link_uri is not a URI",
    );
    errors.expect(configuration["claims"].is_array(), "claims is missing");
    errors.expect(configuration["messages"].is_array(), "messages is missing");
    let custom = configuration["custom_parameters"].as_object();
    let mut custom = custom.into_iter().flatten();
    errors.expect(
        custom.all(|(_, value)| value.is_string()),
        "a custom parameter is no text",
    );
}

/// Whether a value is of the right form.
type IsGood = fn(&Value) -> bool;

/// A message and its placements.
fn placed(message: &Value, errors: &mut Errors) {
    let kind = message["type"].as_str().unwrap_or_default();
    errors.expect(
        ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"].contains(&kind),
        format!("invalid type {kind}"),
    );
    let visibility = format!("{PREFIX}visibility");
    let enabled = format!("{PREFIX}course_navigation/default_enabled");
    let members: [(&str, IsGood); 6] = [
        ("label", Value::is_string),
        ("icon_uri", is_uri),
        ("target_link_uri", is_uri),
        ("custom_parameters", Value::is_object),
        (&visibility, is_visibility),
        (&enabled, Value::is_boolean),
    ];
    for (name, is_good) in members {
        let value = &message[name];
        errors.expect(
            value.is_null() || is_good(value),
            format!("invalid {name} {value}"),
        );
    }
    let placements = message["placements"].as_array().into_iter().flatten();
    for placement in placements.filter_map(Value::as_str) {
        let name = placement.strip_prefix(PREFIX).unwrap_or(placement);
        let mut known = OF_LINKS.iter().chain(&OF_DEEP_LINKING).chain(&STANDARD);
        errors.expect(
            known.any(|one| *one == name),
            format!("invalid placement {placement}"),
        );
    }
}
