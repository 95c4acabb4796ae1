//! Brightspace, according to its documentation: the secret is only in the configuration URL, which
//! works once; names and domains are unique; the audience of token requests is not the token
//! endpoint. The wording of its refusals is undocumented and invented here.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{
    DeepLinkingStyle, Endpoints, LaunchStyle, ListStyle, PLATFORM_CONFIGURATION, Paths, Profile,
    Refusal, RegistrationStyle, ServiceStyle, TOOL_CONFIGURATION, TokenPlace, grades, standard,
};
use crate::{random, tool::Tool};

/// The audience of token requests at the real one. Ours names an address below its own, because
/// tools ignore an audience elsewhere; it also accepts this one, which administrators know and
/// enter by hand.
const REAL_AUDIENCE: &str = "https://api.brightspace.com/auth/token";

pub(super) fn profile() -> Profile {
    Profile {
        name: "brightspace",
        title: "Brightspace",
        manual: None,
        paths: Paths {
            configuration: "/d2l/lti/registration/configuration",
            registration: "/d2l/lti/registration",
            authorization: "/d2l/lti/authenticate",
            jwks: "/d2l/.well-known/jwks",
            token: "/core/connect/token",
            audience: Some("/auth/token"),
            services: "/d2l/api/lti",
            deep_linking_return: "/d2l/lti/deeplinking",
        },
        registration: RegistrationStyle {
            configuration,
            token_place: TokenPlace::Configuration("token"),
            configuration_parameters: &[],
            configuration_once: true,
            token_seconds: 3600,
            check,
            refuse_token: |_| {
                standard::refusal(StatusCode::NOT_FOUND, &json!({ "error": "not_found" }))
            },
            read: |request| standard::read(request, |scope| standard::scopes().contains(&scope)),
            answer: |tool, request| standard::echo(tool, request, None),
            status: StatusCode::CREATED,
            client_id: || random::alphanumeric(22),
            deployment_id: |number| format!("d2l-deployment-{number}"),
            active_at_once: false,
        },
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: true,
            storage: None,
            basic_outcomes: None,
            shape: standard::shape,
            product_family_code: "desire2learn",
            version: "20.26.2",
        },
        // Its documentation lists these types; the rest is a guess.
        deep_linking: DeepLinkingStyle {
            types: &["ltiResourceLink", "link", "html", "image"],
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            check_assertion,
            assertions_once: true,
            token_content_type: "application/json; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::BRIGHTSPACE,
        },
    }
}

fn configuration(at: &Endpoints) -> Value {
    let scopes: Vec<&str> = ["openid"].into_iter().chain(standard::scopes()).collect();
    let claims = ["sub", "iss", "name", "given_name", "family_name", "email"];
    let mut document = standard::configuration(at, "desire2learn", &scopes, &claims);
    document["authorization_server"] = json!(at.audience);
    document[PLATFORM_CONFIGURATION]["version"] = json!("20.26.2");
    document[PLATFORM_CONFIGURATION]["variables"] = json!([]);
    document
}

fn check_assertion(claims: &Value, audience: &str, now: i64) -> Result<(), &'static str> {
    standard::check_assertion(claims, audience, now)
        .or_else(|_| standard::check_assertion(claims, REAL_AUDIENCE, now))
}

/// Tool URLs must be https; loopback is allowed so that it can be tried on one machine.
fn check(request: &Value, tools: &[Tool]) -> Result<(), Refusal> {
    let secure = |value: &Value| {
        let url = value.as_str().and_then(|text| Url::parse(text).ok());
        url.is_some_and(|url| {
            url.scheme() == "https" || url.host_str().is_some_and(|host| host.starts_with("127."))
        })
    };
    for name in ["initiate_login_uri", "jwks_uri"] {
        if !secure(&request[name]) {
            return Err(standard::invalid(&format!("{name} is not an https URL")));
        }
    }
    if !request["redirect_uris"]
        .as_array()
        .is_some_and(|all| !all.is_empty() && all.iter().all(secure))
    {
        return Err(standard::invalid(
            "redirect_uris is not a list of https URLs",
        ));
    }
    let (name, domain) = (
        &request["client_name"],
        &request[TOOL_CONFIGURATION]["domain"],
    );
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if !text(name) || !text(domain) {
        return Err(standard::invalid("client_name and domain are required"));
    }
    if tools
        .iter()
        .any(|tool| *name == tool.facts.name.as_str() || *domain == tool.facts.domain.as_str())
    {
        return Err(standard::invalid(
            "The name or the domain is in use by another registration",
        ));
    }
    Ok(())
}
