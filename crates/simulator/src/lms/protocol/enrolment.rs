//! The start of a registration: the one-time secret, and the address that passes it to the tool.

use serde_json::json;
use url::Url;

use crate::{
    Error,
    lms::state::{Platform, Secret},
    profiles::{TokenPlace, TokenProblem},
};

/// The address for an administrator's browser that starts a tool's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationStart {
    /// The tool's registration URL with all parameters.
    pub url: String,
    /// The openid-configuration URL passed to the tool.
    pub configuration: String,
    /// The one-time secret, wherever it is sent.
    pub token: String,
    /// The client id that the tool will get.
    pub client_id: String,
}

/// Starts a registration: creates a secret and the address that opens the tool's registration page.
pub(crate) fn begin(
    platform: &Platform,
    tool_registration_url: &str,
) -> Result<RegistrationStart, Error> {
    if let Some(manual) = platform.profile.manual {
        return Err(Error::ByHand(manual.why));
    }
    let mut url = Url::parse(tool_registration_url.trim())
        .map_err(|_| Error::Url(tool_registration_url.to_owned()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::Url(tool_registration_url.to_owned()));
    }
    let (token, client_id) = make_secret(platform)?;
    let place = platform.profile.registration.token_place;
    let configuration = configuration_url(platform, &token, &client_id);
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

fn configuration_url(platform: &Platform, token: &str, client_id: &str) -> String {
    let style = platform.profile.registration;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in style.configuration_parameters {
        let memory = platform.memory();
        let number = (style.deployment_id)(memory.tools.len() + 1);
        let value = match *name {
            "clientId" => client_id,
            "issuerURL" => &memory.issuer,
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
    let url = platform.url(platform.profile.paths.configuration);
    if query.is_empty() {
        url
    } else {
        format!("{url}?{query}")
    }
}

/// Creates a secret, and the client id for the tool that registers with it.
pub(crate) fn make_secret(platform: &Platform) -> Result<(String, String), Error> {
    let now = platform.clock.seconds();
    let client_id = (platform.profile.registration.client_id)();
    let expires = now + platform.profile.registration.token_seconds;
    let mut memory = platform.memory();
    let claims = json!({ "sub": client_id, "scope": "reg", "iat": now, "exp": expires });
    let token = memory.key().sign(&memory.key().header(), &claims)?;
    let secret = Secret {
        client_id: client_id.clone(),
        expires,
        used: false,
        configuration_fetched: false,
    };
    memory.secrets.insert(token.clone(), secret);
    Ok((token, client_id))
}

/// The secret and its client id, if it can still be used to register.
pub(crate) fn check_secret(
    platform: &Platform,
    token: Option<&str>,
) -> Result<(String, String), TokenProblem> {
    let token = token.ok_or(TokenProblem::Missing)?;
    let memory = platform.memory();
    let secret = memory.secrets.get(token).ok_or(TokenProblem::Unknown)?;
    if secret.used {
        return Err(TokenProblem::Used);
    }
    if secret.expires <= platform.clock.seconds() {
        return Err(TokenProblem::Expired);
    }
    Ok((token.to_owned(), secret.client_id.clone()))
}
