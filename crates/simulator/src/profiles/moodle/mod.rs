//! Moodle 4.5, as observed on the wire of a running instance.

mod check;
mod tool;

use axum::http::StatusCode;
use serde_json::{Value, json};

use self::{
    check::{check, refuse_token},
    tool::{answer, read},
};
use super::{
    AGS_SCOPES, DeepLinkingStyle, Endpoints, LaunchStyle, ListStyle, NRPS_SCOPE,
    PLATFORM_CONFIGURATION, Paths, Profile, RegistrationStyle, ServiceStyle, TokenPlace, grades,
    standard,
};
use crate::random;

const TOOL_SETTINGS_SCOPE: &str = "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting";

pub(super) fn profile() -> Profile {
    Profile {
        name: "moodle",
        title: "Moodle",
        manual: None,
        paths: Paths {
            configuration: "/mod/lti/openid-configuration.php",
            registration: "/mod/lti/openid-registration.php",
            authorization: "/mod/lti/auth.php",
            jwks: "/mod/lti/certs.php",
            token: "/mod/lti/token.php",
            audience: None,
            services: "/mod/lti/services.php",
            deep_linking_return: "/mod/lti/contentitem_return.php",
        },
        registration: registration(),
        launch: LaunchStyle {
            token_seconds: 60,
            prompt_required: false,
            storage: None,
            basic_outcomes: Some("/mod/lti/service.php"),
            shape: |_| {},
            product_family_code: "moodle",
            version: "2024100705.01",
        },
        // As observed on a running instance: it doesn't mention line items, but creates them.
        deep_linking: DeepLinkingStyle {
            targets: &["frame", "iframe", "window"],
            line_item: None,
            dialog: true,
            words,
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            check_assertion,
            assertions_once: false,
            token_content_type: "text/html; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle {
                curly_links: true,
                loses_role: true,
                ..ListStyle::PLAIN
            },
            grades: grades::MOODLE,
        },
    }
}

fn registration() -> RegistrationStyle {
    RegistrationStyle {
        configuration,
        token_place: TokenPlace::Parameter,
        configuration_parameters: &[],
        configuration_once: false,
        token_seconds: 3600,
        check,
        refuse_token,
        read,
        answer,
        status: StatusCode::OK,
        client_id: || random::alphanumeric(15),
        deployment_id: |number| number.to_string(),
        active_at_once: false,
    }
}

/// Its message for one of our complaints about a deep linking response.
fn words(complaint: &str) -> Option<&'static str> {
    match complaint {
        "iss is not the client id" => Some("Consumer key is incorrect."),
        "exp is missing or past" => Some("Exception - Expired token"),
        "signature verification failed" => Some("Exception - Signature verification failed"),
        "kid must be provided in JWT header" => {
            Some("error/Error: kid must be provided in JWT header.")
        }
        _ => None,
    }
}

fn configuration(at: &Endpoints) -> Value {
    json!({
        "issuer": at.issuer,
        "token_endpoint": at.token,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": at.jwks,
        "authorization_endpoint": at.authorization,
        "registration_endpoint": at.registration,
        "scopes_supported": [
            "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
            AGS_SCOPES[1], AGS_SCOPES[2], AGS_SCOPES[3], AGS_SCOPES[0],
            NRPS_SCOPE,
            TOOL_SETTINGS_SCOPE,
            "openid",
        ],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "moodle",
            "version": "4.5.5+ (Build: 20250613)",
            "messages_supported": [
                { "type": "LtiResourceLinkRequest" },
                { "type": "LtiDeepLinkingRequest", "placements": ["ContentArea"] },
            ],
            "variables": [
                "basic-lti-launch-request", "ContentItemSelectionRequest", "ToolProxyRegistrationRequest",
                "Context.id", "Context.title", "Context.label", "Context.id.history", "Context.sourcedId",
                "Context.longDescription", "Context.timeFrame.begin", "CourseSection.title", "CourseSection.label",
                "CourseSection.sourcedId", "CourseSection.longDescription", "CourseSection.timeFrame.begin",
                "CourseSection.timeFrame.end", "ResourceLink.id", "ResourceLink.title", "ResourceLink.description",
                "User.id", "User.username", "Person.name.full", "Person.name.given", "Person.name.family",
                "Person.email.primary", "Person.sourcedId", "Person.name.middle", "Person.address.street1",
                "Person.address.locality", "Person.address.country", "Person.address.timezone", "Person.phone.primary",
                "Person.phone.mobile", "Person.webaddress", "Membership.role", "Result.sourcedId", "Result.autocreate",
                "BasicOutcome.sourcedId", "BasicOutcome.url", "Moodle.Person.userGroupIds",
            ],
        },
    })
}

/// Moodle reads `exp` and `iat` if they are present and ignores `iss`, `aud` and `jti`.
fn check_assertion(claims: &Value, _audience: &str, now: i64) -> Result<(), &'static str> {
    if claims["exp"].as_i64().is_some_and(|exp| exp <= now) {
        return Err("Expired token");
    }
    if claims["iat"].as_i64().is_some_and(|iat| iat > now) {
        return Err("Cannot handle token with iat prior to the time it names");
    }
    Ok(())
}
