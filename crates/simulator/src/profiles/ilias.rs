//! ILIAS, according to its source: nothing is validated, missing members result in its 500 page,
//! and the deployment id is returned as a number.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    AGS_SCOPES, Endpoints, LaunchStyle, ListStyle, PLATFORM_CONFIGURATION, Paths, Profile, Refusal,
    RegistrationStyle, ServiceStyle, TOOL_CONFIGURATION, TokenPlace, TokenProblem, grades,
    standard,
};
use crate::{random, tool::Tool};

pub(super) fn profile() -> Profile {
    Profile {
        name: "ilias",
        title: "ILIAS",
        manual: None,
        paths: Paths {
            configuration: "/lticonfig.php",
            registration: "/ltiregistration.php",
            authorization: "/ltiauth.php",
            jwks: "/lticerts.php",
            token: "/ltitoken.php",
            audience: None,
            services: "/ltiservices.php",
            deep_linking_return: "/lticontentselection.php",
        },
        registration: RegistrationStyle {
            configuration,
            token_place: TokenPlace::Parameter,
            configuration_parameters: &[],
            configuration_once: false,
            token_seconds: 3600,
            check,
            refuse_token,
            read: |request| standard::read(request, |scope| AGS_SCOPES.contains(&scope)),
            answer: |tool, request| {
                let number = tool.deployment_id.parse::<u64>().ok();
                standard::echo(tool, request, number.map(Value::from))
            },
            status: StatusCode::OK,
            client_id: || random::alphanumeric(15),
            deployment_id: |number| (16 + number).to_string(),
            active_at_once: false,
        },
        launch: LaunchStyle {
            token_seconds: 60,
            prompt_required: false,
            storage: None,
            basic_outcomes: None,
            shape: |_| {},
            product_family_code: "ilias",
            version: "10.0",
        },
        deep_linking: standard::DEEP_LINKING,
        services: ServiceStyle {
            check_assertion: |claims, _, now| match claims["exp"].as_i64() {
                Some(exp) if exp <= now => Err("invalid_request"),
                _ if claims["iss"] == claims["sub"] => Ok(()),
                _ => Err("invalid_request"),
            },
            assertions_once: false,
            token_content_type: "application/json; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::ILIAS,
        },
    }
}

fn configuration(at: &Endpoints) -> Value {
    let scopes: Vec<&str> = ["openid"].into_iter().chain(AGS_SCOPES).collect();
    let mut document = standard::configuration(at, "ilias.de", &scopes, &["iss", "aud"]);
    let platform = &mut document[PLATFORM_CONFIGURATION];
    for message in platform["messages_supported"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        message["placements"] = json!([]);
    }
    platform["version"] = json!("10.0 2025-04-01");
    document
}

fn refuse_token(problem: TokenProblem) -> Refusal {
    match problem {
        TokenProblem::Missing => standard::refusal(StatusCode::METHOD_NOT_ALLOWED, &json!({})),
        _ => standard::refusal(
            StatusCode::BAD_REQUEST,
            &json!({ "error": "invalid_token" }),
        ),
    }
}

/// Members that its code reads without checking whether they exist.
fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    let configuration = &request[TOOL_CONFIGURATION];
    let deep_linking =
        standard::messages(request).filter(|message| message["type"] == "LtiDeepLinkingRequest");
    let there = request["client_name"].is_string()
        && request["redirect_uris"].is_array()
        && request["initiate_login_uri"].is_string()
        && configuration["target_link_uri"].is_string()
        && configuration["messages"].is_array()
        && deep_linking
            .into_iter()
            .all(|message| message["target_link_uri"].is_string());
    if there {
        Ok(())
    } else {
        Err(Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            content_type: "text/html; charset=utf-8",
            body: "error in ltiregistration.php".to_owned(),
        })
    }
}
