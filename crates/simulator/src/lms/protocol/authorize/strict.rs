//! The checks of an authentication request according to the specification.

use serde_json::Value;

use super::{Parameters, Recognised, Refused};
use crate::lms::state::{PendingLogin, Platform};

/// The required parameters of an authentication request.
struct Required<'a> {
    client_id: &'a str,
    redirect_uri: &'a str,
    login_hint: &'a str,
    launch_id: String,
}

/// Runs the checks in Moodle's order. The login is consumed once its hint is recognised, even if a
/// later check fails. Until then, it is not known whether a redirect URI is the tool's.
pub(super) fn check(platform: &Platform, parameters: &Parameters) -> Result<Recognised, Refused> {
    let asked = required(parameters)?;
    let login = begun(platform, &asked)?;
    let refuse = |error, description| {
        Err(Refused::Tool {
            redirect_uri: asked.redirect_uri.to_owned(),
            error,
            description,
        })
    };
    if login.launch.tool != asked.client_id {
        return refuse("unauthorized_client", "");
    }
    if login.login_hint != asked.login_hint {
        return refuse("access_denied", "");
    }
    if get(parameters, "response_mode") != Some("form_post") {
        return refuse("invalid_request", "Invalid response_mode");
    }
    match get(parameters, "prompt") {
        Some("none") => {}
        None if !platform.profile.launch.prompt_required => {}
        _ => return refuse("invalid_request", "Invalid prompt"),
    }
    Ok((login, asked.redirect_uri.to_owned()))
}

/// A parameter that is present and not empty.
fn get<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let value = parameters.get(name).map(String::as_str);
    value.filter(|value| !value.is_empty())
}

fn required(parameters: &Parameters) -> Result<Required<'_>, Refused> {
    let needed = |name, why| get(parameters, name).ok_or(Refused::Page(why));
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
    Ok(Required {
        client_id,
        redirect_uri,
        login_hint,
        launch_id,
    })
}

/// The login that was started here, if the redirect URI belongs to its tool.
fn begun(platform: &Platform, asked: &Required) -> Result<PendingLogin, Refused> {
    let mut memory = platform.memory();
    let login = memory.logins.remove(&asked.launch_id).ok_or(Refused::Page(
        "This launch was not begun here, or was used already. Start again from the course.",
    ))?;
    let tool = memory
        .tool(&login.launch.tool)
        .map_err(|_| Refused::Page("The tool is gone"))?;
    let registered = &tool.facts.redirect_uris;
    if registered.iter().any(|uri| uri == asked.redirect_uri) {
        Ok(login)
    } else {
        Err(Refused::Page(
            "redirect_uri is not registered for this tool",
        ))
    }
}
