//! Canvas, according to its source: a schema for registrations, errors as lists, the deployment id
//! at the top level.

mod check;

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{
    DeepLinkingStyle, Endpoints, LaunchStyle, ListStyle, PLATFORM_CONFIGURATION, Paths, Profile,
    Refusal, RegistrationStyle, ServiceStyle, StorageStyle, TokenPlace, TokenProblem, grades,
    standard,
};
use crate::{random, tool::Tool};

const OTHER_SCOPES: [&str; 5] = [
    "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
    "https://canvas.instructure.com/lti/public_jwk/scope/update",
    "https://canvas.instructure.com/lti/account_lookup/scope/show",
    "https://canvas.instructure.com/lti-ags/progress/scope/show",
    "https://canvas.instructure.com/lti/page_content/show",
];
const PREFIX: &str = "https://canvas.instructure.com/lti/";
/// Placements for links, as listed in its own configuration.
const OF_LINKS: [&str; 38] = [
    "account_navigation",
    "analytics_hub",
    "assignment_edit",
    "assignment_group_menu",
    "assignment_index_menu",
    "assignment_menu",
    "assignment_selection",
    "assignment_view",
    "collaboration",
    "conference_selection",
    "course_assignments_menu",
    "course_home_sub_navigation",
    "course_navigation",
    "course_settings_sub_navigation",
    "discussion_topic_index_menu",
    "discussion_topic_menu",
    "file_index_menu",
    "file_menu",
    "global_navigation",
    "homework_submission",
    "link_selection",
    "migration_selection",
    "module_group_menu",
    "module_index_menu",
    "module_index_menu_modal",
    "module_menu",
    "module_menu_modal",
    "post_grades",
    "quiz_index_menu",
    "quiz_menu",
    "similarity_detection",
    "student_context_card",
    "submission_type_selection",
    "tool_configuration",
    "top_navigation",
    "user_navigation",
    "wiki_index_menu",
    "wiki_page_menu",
];
/// Placements for choosing content.
const OF_DEEP_LINKING: [&str; 13] = [
    "ActivityAssetProcessor",
    "ActivityAssetProcessorContribution",
    "assignment_selection",
    "collaboration",
    "conference_selection",
    "course_assignments_menu",
    "editor_button",
    "homework_submission",
    "link_selection",
    "migration_selection",
    "module_index_menu_modal",
    "module_menu_modal",
    "submission_type_selection",
];
/// The specification's names for some of them.
const STANDARD: [&str; 2] = ["ContentArea", "RichTextEditor"];

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
            audience: None,
            services: "/api/lti/services",
            deep_linking_return: "/courses/deep_linking_response",
        },
        registration: registration(),
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
        // As requested by the rich content editor; other placements request less.
        deep_linking: DeepLinkingStyle {
            types: &["link", "file", "html", "ltiResourceLink", "image"],
            targets: &["embed", "iframe", "window"],
            media_types: Some("image/*,text/html,application/vnd.ims.lti.v1.ltilink,*/*"),
            dialog: true,
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            check_assertion: standard::check_assertion,
            assertions_once: false,
            token_content_type: "application/json; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: true,
            refuse_access: standard::refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::CANVAS,
        },
    }
}

fn registration() -> RegistrationStyle {
    RegistrationStyle {
        configuration,
        token_place: TokenPlace::ParameterAndConfiguration,
        configuration_parameters: &[],
        configuration_once: false,
        token_seconds: 3600,
        check: check::check,
        refuse_token,
        read: |request| standard::read(request, |_| true),
        answer,
        status: StatusCode::OK,
        client_id: || random::digits(17),
        deployment_id: |number| format!("{number}:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"),
        active_at_once: false,
    }
}

fn refuse_token(problem: TokenProblem) -> Refusal {
    let message = match problem {
        TokenProblem::Missing => "JWT signature invalid: no token",
        TokenProblem::Unknown => "JWT signature invalid",
        TokenProblem::Expired => "JWT expired",
        TokenProblem::Used => "JWT has already been used",
    };
    let error = json!({ "errorMessage": message });
    standard::refusal(StatusCode::UNAUTHORIZED, &error)
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
    // A bare host, which can't be used as an audience.
    let host = Url::parse(&at.token)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    document["authorization_server"] = json!(host);
    document["subject_types_supported"] = json!(["public"]);
    let platform = &mut document[PLATFORM_CONFIGURATION];
    platform["version"] = json!("OpenSource");
    platform["messages_supported"] = json!([
        { "type": "LtiResourceLinkRequest", "placements": OF_LINKS[..] },
        { "type": "LtiDeepLinkingRequest", "placements": OF_DEEP_LINKING[..] },
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

fn answer(tool: &Tool, request: &Value) -> Value {
    let mut answer = standard::echo(tool, request, None);
    answer["scope"] = json!(format!("{} openid", tool.facts.scopes.join(" ")).trim());
    answer["deployment_id"] = json!(tool.deployment_id);
    answer
}
