//! Sakai, according to its source: four parameters in the configuration URL, an answer that echoes
//! the request, strict token requests.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    AccessProblem, Endpoints, LaunchStyle, ListStyle, PLATFORM_CONFIGURATION, Paths, Profile,
    Refusal, RegistrationStyle, ServiceStyle, TokenPlace, TokenProblem, grades, standard,
};
use crate::{random, tool::Tool};

const BODY_LIMIT: usize = 300_000;

pub(super) fn profile() -> Profile {
    Profile {
        name: "sakai",
        title: "Sakai",
        manual: None,
        paths: Paths {
            configuration: "/imsblis/lti13/well_known",
            registration: "/imsblis/lti13/registration_endpoint/42",
            authorization: "/imsoidc/lti13/oidc_auth",
            jwks: "/imsblis/lti13/keyset",
            token: "/imsblis/lti13/token/42",
            audience: None,
            services: "/imsblis/lti13/services",
            deep_linking_return: "/imsoidc/lti13/deep_link",
        },
        registration: RegistrationStyle {
            configuration,
            token_place: TokenPlace::Parameter,
            configuration_parameters: &["key", "clientId", "issuerURL", "deploymentId"],
            configuration_once: false,
            token_seconds: 3600,
            check,
            refuse_token: |problem| match problem {
                TokenProblem::Missing => plain(StatusCode::BAD_REQUEST, "invalid_authorization"),
                _ => plain(StatusCode::FORBIDDEN, ""),
            },
            // An administrator ticks the services by hand; here, the requested ones are granted.
            read: |request| standard::read(request, |scope| standard::scopes().contains(&scope)),
            answer: |tool, request| standard::echo(tool, request, Some(json!(tool.deployment_id))),
            status: StatusCode::OK,
            client_id: || random::alphanumeric(32),
            deployment_id: |_| "1".to_owned(),
            active_at_once: false,
        },
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: false,
            storage: None,
            basic_outcomes: None,
            shape: |_| {},
            product_family_code: "sakai",
            version: "25.0",
        },
        deep_linking: standard::DEEP_LINKING,
        services: ServiceStyle {
            check_assertion: standard::check_assertion,
            assertions_once: true,
            token_content_type: "application/json",
            token_seconds: 3600,
            all_scopes_or_none: true,
            refuse_access,
            lists: ListStyle {
                encodes_names: true,
                one_column_per_label: true,
                whole: true,
                ..ListStyle::PLAIN
            },
            grades: grades::SAKAI,
        },
    }
}

fn configuration(at: &Endpoints) -> Value {
    let mut document = standard::configuration(at, "sakailms.org", &["openid"], &["iss", "aud"]);
    let platform = &mut document[PLATFORM_CONFIGURATION];
    for message in platform["messages_supported"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        message["placements"] = json!([]);
    }
    platform["variables"] = json!(["User.id", "Person.email.primary"]);
    document
}

/// Sakai creates the key for its tokens at startup, and answers 403 to a token signed with an
/// earlier key. A missing scope gives 400, like most of its refusals.
fn refuse_access(problem: AccessProblem, scope: &str) -> Refusal {
    let (status, words) = match problem {
        AccessProblem::Token => (StatusCode::FORBIDDEN, "signature_error".to_owned()),
        AccessProblem::Scope => (
            StatusCode::BAD_REQUEST,
            format!("Scope {scope} not in access token"),
        ),
    };
    standard::refusal(status, &json!({ "error": words }))
}

fn plain(status: StatusCode, body: &str) -> Refusal {
    Refusal {
        status,
        content_type: "text/plain; charset=utf-8",
        body: body.to_owned(),
    }
}

fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    if request.to_string().len() > BODY_LIMIT {
        return Err(plain(StatusCode::BAD_REQUEST, "request too long"));
    }
    for name in ["initiate_login_uri", "jwks_uri"] {
        if request[name].as_str().is_none_or(str::is_empty) {
            return Err(plain(StatusCode::BAD_REQUEST, &format!("Missing {name}")));
        }
    }
    if request["redirect_uris"]
        .as_array()
        .is_none_or(Vec::is_empty)
    {
        return Err(plain(StatusCode::BAD_REQUEST, "Missing redirect_uris"));
    }
    Ok(())
}
