//! Open edX, according to lti-consumer-xblock 11.4.4: no dynamic registration; each block has its
//! own client id, key set and token endpoint; every deployment is `1`; a login starts with GET, and
//! hardly anything is checked when it comes back.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    AccessProblem, AuthorizationStyle, DeepLinkingStyle, LaunchStyle, ListStyle, ManualStyle,
    Paths, Profile, Refusal, ServiceStyle, grades, standard,
};
use crate::{claim_names::claim_name, random};

const SYSTEM: &str = "http://purl.imsglobal.org/vocab/lis/v2/system/person";
const INSTITUTION: &str = "http://purl.imsglobal.org/vocab/lis/v2/institution/person";
const MEMBERSHIP: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";

pub(super) fn profile() -> Profile {
    Profile {
        name: "openedx",
        title: "Open edX",
        manual: Some(ManualStyle {
            why: "an author adds the tool to each block by hand, and each block has its own client id and keys",
            issuer: None,
            own_keys: true,
            login_by_get: true,
            authorization: AuthorizationStyle::OpenEdx,
        }),
        paths: Paths {
            configuration: "",
            registration: "",
            authorization: "/api/lti_consumer/v1/launch/",
            jwks: "/api/lti_consumer/v1/public_keysets",
            token: "/api/lti_consumer/v1/token",
            audience: None,
            services: "/api/lti_consumer/v1/lti",
            deep_linking_return: "/api/lti_consumer/v1/lti/deep_linking/response",
        },
        registration: standard::by_hand(random::uuid, |_| "1".to_owned()),
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: false,
            storage: None,
            basic_outcomes: None,
            shape,
            product_family_code: "openedx",
            version: "11.4.4",
        },
        deep_linking: DeepLinkingStyle {
            types: &["ltiResourceLink", "link", "html", "image"],
            line_item: None,
            demands,
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            // The audience is ignored.
            check_assertion: |claims, _, now| match claims["exp"].as_i64() {
                Some(exp) if exp <= now => Err("invalid_grant"),
                _ => Ok(()),
            },
            assertions_once: false,
            token_content_type: "application/json",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::OPEN_EDX,
        },
    }
}

/// Its framework only answers 401 if there is a way to sign in, and these services have none.
fn refuse_access(problem: AccessProblem, _scope: &str) -> Refusal {
    let words = match problem {
        AccessProblem::Token => "Invalid token signature.",
        AccessProblem::Scope => "You do not have permission to perform this action.",
    };
    standard::refusal(StatusCode::FORBIDDEN, &json!({ "detail": words }))
}

/// Why an item is rejected.
fn demands(item: &Value) -> Option<&'static str> {
    let length = |name: &str| item[name].as_str().map_or(0, str::len);
    if length("title") > 255 {
        Some("an item's title has more than 255 characters")
    } else if length("url") > 500 {
        Some("an item's url has more than 500 characters")
    } else if !item["custom"].is_null() && !item["custom"].is_object() {
        Some("an item's custom is not an object")
    } else {
        None
    }
}

fn shape(claims: &mut Map<String, Value>) {
    standard::shape(claims);
    for name in ["lis", "ext", "given_name", "family_name"] {
        claims.shift_remove(&claim_name(name));
    }
    let old = claims.get(&claim_name("roles")).map(Value::to_string);
    let old = old.unwrap_or_default();
    let roles = if old.contains("institution/person#Administrator") {
        json!([
            format!("{SYSTEM}#Administrator"),
            format!("{INSTITUTION}#Administrator"),
            format!("{INSTITUTION}#Staff"),
            format!("{INSTITUTION}#Faculty"),
            format!("{INSTITUTION}#Instructor"),
            format!("{MEMBERSHIP}#Administrator"),
            format!("{MEMBERSHIP}#Instructor"),
        ])
    } else {
        let role = if old.contains("membership#Learner") {
            "Learner"
        } else {
            "Instructor"
        };
        json!([
            format!("{SYSTEM}#None"),
            format!("{INSTITUTION}#None"),
            format!("{MEMBERSHIP}#{role}"),
        ])
    };
    claims.insert(claim_name("roles"), roles);
    // Only the link's id is sent, even when content is selected; then there is no context either.
    let link = claims
        .get(&claim_name("resource_link"))
        .map_or(json!("block"), |link| link["id"].clone());
    claims.insert(claim_name("resource_link"), json!({ "id": link }));
    if claims.contains_key(&claim_name("deep_linking_settings")) {
        for name in [
            "context",
            "launch_presentation",
            "custom",
            "endpoint",
            "namesroleservice",
        ] {
            claims.shift_remove(&claim_name(name));
        }
    }
    standard::without_memberships_parameter(claims);
}
