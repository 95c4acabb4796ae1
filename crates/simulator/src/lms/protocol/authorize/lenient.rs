//! The checks of platforms that hardly examine an authentication request.

use super::{Parameters, Recognised, Refused};
use crate::{jose, lms::state::Platform};

/// Open edX's checks. A login can be completed more than once.
pub(super) fn check_as_open_edx(
    platform: &Platform,
    parameters: &Parameters,
) -> Result<Recognised, Refused> {
    let needed = |name: &str, why| {
        let value = parameters.get(name).filter(|value| !value.is_empty());
        value.ok_or(Refused::Page(why))
    };
    let hint = needed(
        "lti_message_hint",
        "The lti_message_hint is missing or empty.",
    )?;
    needed("login_hint", "The login_hint is missing or empty.")?;
    let memory = platform.memory();
    let login = memory.logins.get(hint).ok_or(Refused::Page(
        "Unable to find record of an OIDC launch for the provided lti_message_hint",
    ))?;
    let failed = "There was an error while launching the LTI tool.";
    let redirect_uri = needed("redirect_uri", failed)?;
    needed("nonce", failed)?;
    needed("state", failed)?;
    let tool = memory.tool(&login.launch.tool);
    let tool = tool.map_err(|_| Refused::Page(failed))?;
    let right = tool.facts.redirect_uris.contains(redirect_uri)
        && needed("client_id", failed)? == &tool.client_id;
    if right {
        Ok((login.clone(), redirect_uri.clone()))
    } else {
        Err(Refused::Page(failed))
    }
}

/// OpenOLAT's checks: its own signature on the hint, and the redirect URI if one is configured.
pub(super) fn check_as_openolat(
    platform: &Platform,
    parameters: &Parameters,
) -> Result<Recognised, Refused> {
    let memory = platform.memory();
    let hint = parameters.get("login_hint").map_or("", String::as_str);
    let hint = jose::verify(hint, &memory.jwks());
    let hint = hint.map_err(|_| Refused::Page("The login_hint is not one of this LMS"))?;
    let login = memory
        .logins
        .get(hint["launchid"].as_str().unwrap_or_default());
    let login = login.ok_or(Refused::Page("This launch was not begun here"))?;
    let tool = memory.tool(&login.launch.tool);
    let tool = tool.map_err(|_| Refused::Page("The tool is gone"))?;
    let allowed = &tool.facts.redirect_uris;
    match parameters.get("redirect_uri") {
        Some(uri) if allowed.is_empty() || allowed.contains(uri) => {
            Ok((login.clone(), uri.clone()))
        }
        _ => Err(Refused::Page("Unregistered redirect_uri")),
    }
}
