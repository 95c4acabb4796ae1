//! Canvas, from its source: a schema for registrations, errors as lists, the deployment id at the top level.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{
    Endpoints, LaunchStyle, PLATFORM_CONFIGURATION, Paths, Profile, Refusal, RegistrationStyle,
    ServiceStyle, StorageStyle, TOOL_CONFIGURATION, TokenPlace, TokenProblem, standard,
};
use crate::{lms::Tool, random};

const OTHER_SCOPES: [&str; 5] = [
    "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
    "https://canvas.instructure.com/lti/public_jwk/scope/update",
    "https://canvas.instructure.com/lti/account_lookup/scope/show",
    "https://canvas.instructure.com/lti-ags/progress/scope/show",
    "https://canvas.instructure.com/lti/page_content/show",
];
const PREFIX: &str = "https://canvas.instructure.com/lti/";
/// Placements that may be asked for, as far as a tool like this is likely to.
const PLACEMENTS: [&str; 14] = [
    "ContentArea",
    "RichTextEditor",
    "account_navigation",
    "assignment_menu",
    "assignment_selection",
    "course_navigation",
    "editor_button",
    "global_navigation",
    "homework_submission",
    "link_selection",
    "module_menu",
    "post_grades",
    "tool_configuration",
    "user_navigation",
];

pub(super) fn profile() -> Profile {
    Profile {
        name: "canvas",
        title: "Canvas",
        manual: None,
        paths: Paths {
            configuration: "/api/lti/security/openid-configuration",
            registration: "/api/lti/registrations",
            authorization: "/api/lti/authorize_redirect",
            jwks: "/api/lti/security/jwks",
            token: "/login/oauth2/token",
            services: "/api/lti/services",
            deep_linking_return: "/courses/deep_linking_response",
        },
        registration: RegistrationStyle {
            configuration,
            token_place: TokenPlace::ParameterAndConfiguration,
            configuration_parameters: &[],
            configuration_once: false,
            token_seconds: 3600,
            check,
            refuse_token: |problem| {
                let message = match problem {
                    TokenProblem::Missing => "JWT signature invalid: no token",
                    TokenProblem::Unknown => "JWT signature invalid",
                    TokenProblem::Expired => "JWT expired",
                    TokenProblem::Used => "JWT has already been used",
                };
                standard::refusal(
                    StatusCode::UNAUTHORIZED,
                    &json!({ "errorMessage": message }),
                )
            },
            read: |request| standard::read(request, |_| true),
            answer,
            status: StatusCode::OK,
            client_id: || random::digits(17),
            deployment_id: |number| format!("{number}:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"),
            active_at_once: false,
        },
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: true,
            storage: Some(StorageStyle {
                frame: Some("post_message_forwarding"),
                at_launch: true,
            }),
            basic_outcomes: None,
            shape: standard::shape,
            product_family_code: "canvas",
            version: "cloud",
        },
        services: ServiceStyle {
            check_assertion: standard::check_assertion,
            token_content_type: "application/json; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: true,
        },
    }
}

fn scopes() -> Vec<&'static str> {
    standard::scopes().into_iter().chain(OTHER_SCOPES).collect()
}

fn configuration(at: &Endpoints) -> Value {
    let claims = [
        "sub",
        "picture",
        "email",
        "name",
        "given_name",
        "family_name",
        "locale",
    ];
    let mut document = standard::configuration(at, "canvas", &scopes(), &claims);
    // A bare host, which is no audience.
    let host = Url::parse(&at.token)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    document["authorization_server"] = json!(host);
    document["subject_types_supported"] = json!(["public"]);
    let platform = &mut document[PLATFORM_CONFIGURATION];
    platform["version"] = json!("OpenSource");
    platform["messages_supported"] = json!([
        { "type": "LtiResourceLinkRequest", "placements": PLACEMENTS[2..] },
        { "type": "LtiDeepLinkingRequest", "placements": ["assignment_selection", "editor_button", "link_selection"] },
    ]);
    platform["variables"] = json!([
        "Canvas.user.id",
        "Context.id",
        "Context.title",
        "ResourceLink.id",
        "User.id"
    ]);
    platform[format!("{PREFIX}account_name")] = json!("Example School");
    document
}

fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    let mut expect = |good: bool, error: String| {
        if !good {
            errors.push(error);
        }
    };
    let holds = |list: &Value, value: &str| {
        list.as_array()
            .is_some_and(|all| all.iter().any(|one| one == value))
    };
    let uri = |value: &Value| value.as_str().is_some_and(|text| Url::parse(text).is_ok());
    expect(
        request["application_type"] == "web",
        "the application_type is not web".to_owned(),
    );
    for grant in ["client_credentials", "implicit"] {
        expect(
            holds(&request["grant_types"], grant),
            format!("grant_types lacks {grant}"),
        );
    }
    expect(
        holds(&request["response_types"], "id_token"),
        "response_types lacks id_token".to_owned(),
    );
    let redirects = request["redirect_uris"]
        .as_array()
        .is_some_and(|all| !all.is_empty() && all.iter().all(uri));
    expect(redirects, "redirect_uris is not a list of URIs".to_owned());
    for name in ["initiate_login_uri", "jwks_uri"] {
        expect(uri(&request[name]), format!("{name} is not a URI"));
    }
    expect(
        request["client_name"]
            .as_str()
            .is_some_and(|name| !name.is_empty()),
        "client_name is missing".to_owned(),
    );
    let method = request["token_endpoint_auth_method"] == "private_key_jwt";
    expect(
        method,
        "token_endpoint_auth_method is not private_key_jwt".to_owned(),
    );
    for scope in request["scope"]
        .as_str()
        .unwrap_or_default()
        .split_whitespace()
    {
        expect(
            scope == "openid" || scopes().contains(&scope),
            format!("invalid scope {scope}"),
        );
    }
    let configuration = &request[TOOL_CONFIGURATION];
    let domain = configuration["domain"]
        .as_str()
        .is_some_and(|domain| !domain.is_empty() && !domain.contains('/'));
    expect(domain, "domain is not a host".to_owned());
    expect(
        uri(&configuration["target_link_uri"]),
        "target_link_uri is not a URI".to_owned(),
    );
    expect(
        configuration["claims"].is_array(),
        "claims is missing".to_owned(),
    );
    expect(
        configuration["messages"].is_array(),
        "messages is missing".to_owned(),
    );
    let custom = configuration["custom_parameters"].as_object();
    expect(
        custom
            .into_iter()
            .flatten()
            .all(|(_, value)| value.is_string()),
        "a custom parameter is no text".to_owned(),
    );
    for message in standard::messages(request) {
        let kind = message["type"].as_str().unwrap_or_default();
        expect(
            ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"].contains(&kind),
            format!("invalid type {kind}"),
        );
        for placement in message["placements"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let known = PLACEMENTS.contains(&placement.strip_prefix(PREFIX).unwrap_or(placement));
            expect(known, format!("invalid placement {placement}"));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(standard::refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "errors": errors }),
        ))
    }
}

fn answer(tool: &Tool, request: &Value) -> Value {
    let mut answer = standard::echo(tool, request, None);
    answer["scope"] = json!(format!("{} openid", tool.facts.scopes.join(" ")).trim());
    answer["deployment_id"] = json!(tool.deployment_id);
    answer
}
