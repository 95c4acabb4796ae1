//! Blackboard, according to its documentation: a registration token in the endpoints' query, no
//! deployment id in the answer (schools assign deployments later). The wording of its refusals is
//! undocumented and invented here.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    DeepLinkingStyle, Endpoints, LaunchStyle, ListStyle, PLATFORM_CONFIGURATION, Paths, Profile,
    Refusal, RegistrationStyle, ServiceStyle, StorageStyle, TOOL_CONFIGURATION, TokenPlace,
    TokenProblem, grades, standard,
};
use crate::{
    random,
    tool::{GROUPS_SCOPE, Tool, ToolFacts},
};

pub(super) fn profile() -> Profile {
    Profile {
        name: "blackboard",
        title: "Blackboard Learn",
        manual: None,
        paths: Paths {
            configuration: "/.well-known/openid-configuration",
            registration: "/api/v1/gateway/registerLti",
            authorization: "/api/v1/gateway/oidcauth",
            jwks: "/.well-known/jwks.json",
            token: "/api/v1/gateway/oauth2/jwttoken",
            audience: None,
            services: "/learn/api/v1/lti",
            deep_linking_return: "/webapps/blackboard/controller/lti/v2/deepLinking",
        },
        registration: registration(),
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: false,
            storage: Some(StorageStyle {
                frame: None,
                at_launch: false,
            }),
            basic_outcomes: None,
            shape: standard::shape,
            product_family_code: "BlackboardLearn",
            version: "3900.98.0",
        },
        // Documented: `data` is checked, and a link without an address is invalid.
        deep_linking: DeepLinkingStyle {
            types: &["link", "file", "html", "ltiResourceLink", "image"],
            targets: &["embed", "iframe", "window"],
            data: true,
            without_url: Some("Tool (Invalid Link)"),
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            check_assertion: standard::check_assertion,
            assertions_once: true,
            token_content_type: "application/json",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::BLACKBOARD,
        },
    }
}

fn registration() -> RegistrationStyle {
    RegistrationStyle {
        configuration,
        token_place: TokenPlace::Configuration("registrationToken"),
        configuration_parameters: &[],
        configuration_once: false,
        token_seconds: 3600,
        check,
        refuse_token,
        read,
        answer: |tool, request| standard::echo(tool, request, None),
        status: StatusCode::OK,
        client_id: uuid,
        deployment_id: |_| uuid(),
        active_at_once: true,
    }
}

fn refuse_token(_: TokenProblem) -> Refusal {
    let error = json!({ "error": "invalid_token" });
    standard::refusal(StatusCode::UNAUTHORIZED, &error)
}

fn read(request: &Value) -> ToolFacts {
    standard::read(request, |scope| {
        scope == GROUPS_SCOPE || standard::scopes().contains(&scope)
    })
}

fn configuration(at: &Endpoints) -> Value {
    let scopes = [
        "openid",
        "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
        "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        "https://purl.imsglobal.org/spec/lti-reg/scope/registration",
    ];
    let claims = [
        "sub",
        "iss",
        "name",
        "given_name",
        "family_name",
        "nickname",
        "picture",
        "email",
        "locale",
    ];
    let mut document = standard::configuration(at, "BlackboardLearn", &scopes, &claims);
    for name in [
        "token_endpoint_auth_signing_alg_values_supported",
        "id_token_signing_alg_values_supported",
    ] {
        document[name] = json!(["RS256", "RS512"]);
    }
    document[PLATFORM_CONFIGURATION]["messages_supported"] = json!([
        { "type": "LtiResourceLinkRequest" },
        { "type": "LtiDeepLinkingRequest" },
        { "type": "ContextLaunchRequest" },
    ]);
    document
}

/// The form of a UUID.
fn uuid() -> String {
    let digits = random::digits(32);
    [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ]
    .join("-")
}

fn check(request: &Value, tools: &[Tool]) -> Result<(), Refusal> {
    for name in ["client_name", "initiate_login_uri", "jwks_uri"] {
        if request[name].as_str().is_none_or(str::is_empty) {
            return Err(standard::invalid(&format!("{name} is required")));
        }
    }
    let domain = &request[TOOL_CONFIGURATION]["domain"];
    if tools
        .iter()
        .any(|tool| *domain == tool.facts.domain.as_str())
    {
        return Err(standard::invalid(
            "The domain belongs to another application",
        ));
    }
    Ok(())
}
