//! What Moodle refuses in a registration, with its wording.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::tool::host_and_port;
use crate::{
    profiles::{Refusal, TOOL_CONFIGURATION, TokenProblem},
    tool::Tool,
};

/// Moodle's refusals are plain text with an HTML type.
fn plain(status: StatusCode, body: impl Into<String>) -> Refusal {
    Refusal {
        status,
        content_type: "text/html; charset=utf-8",
        body: body.into(),
    }
}

/// When Moodle's PHP throws, it shows its 404 page.
fn exception(message: &str) -> Refusal {
    plain(
        StatusCode::NOT_FOUND,
        format!(
            "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><p>{message}</p></body></html>"
        ),
    )
}

pub(super) fn refuse_token(problem: TokenProblem) -> Refusal {
    match problem {
        TokenProblem::Missing => plain(StatusCode::UNAUTHORIZED, "missing_registration_token"),
        TokenProblem::Used => plain(StatusCode::UNAUTHORIZED, "token_already_used"),
        TokenProblem::Expired => exception("Exception - Expired token"),
        TokenProblem::Unknown => exception("Exception - Wrong number of segments"),
    }
}

/// PHP's idea of empty.
fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

pub(super) fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    let bad = |body: String| Err(plain(StatusCode::BAD_REQUEST, body));
    if !request.is_object() {
        return Err(exception(
            "Exception - registration_to_config(): Argument #1 must be of type array, null given",
        ));
    }
    let required = [
        "initiate_login_uri",
        "redirect_uris",
        "response_types",
        "client_name",
        "jwks_uri",
        "token_endpoint_auth_method",
        TOOL_CONFIGURATION,
    ];
    if let Some(missing) = required.iter().find(|name| empty(&request[**name])) {
        return bad(format!("missing required attribute {missing}"));
    }
    let Some(response_types) = request["response_types"].as_array() else {
        return Err(exception(
            "Exception - in_array(): Argument #2 ($haystack) must be of type array, string given",
        ));
    };
    if !response_types.contains(&json!("id_token")) {
        return bad("invalid_response_types".to_owned());
    }
    if !request["redirect_uris"].is_array() {
        return bad("invalid_redirect_uris".to_owned());
    }
    if request["token_endpoint_auth_method"] != "private_key_jwt" {
        return bad("invalid_token_endpoint_auth_method".to_owned());
    }
    if !empty(&request["application_type"]) && request["application_type"] != "web" {
        return bad("invalid_application_type".to_owned());
    }
    let configuration = &request[TOOL_CONFIGURATION];
    let Some(domain) = configuration["domain"]
        .as_str()
        .filter(|domain| !domain.is_empty())
    else {
        return bad("missing_domain".to_owned());
    };
    if let Some(target) = configuration["target_link_uri"]
        .as_str()
        .filter(|target| !target.is_empty())
        && host_and_port(target) != host_and_port(domain)
    {
        return bad("domain_targetlinkuri_mismatch".to_owned());
    }
    if request["client_name"]
        .as_str()
        .is_some_and(|name| name.chars().count() > 255)
    {
        return Err(exception(
            "Error writing to database - value too long for type character varying(255)",
        ));
    }
    Ok(())
}
