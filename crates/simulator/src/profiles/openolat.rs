//! OpenOLAT, according to its source: no dynamic registration; the login hint is a signed token
//! that identifies the login; few claims, no `azp`, an unusual context type, and a single resource
//! link id for a whole course.

use serde_json::{Map, Value, json};

use super::{
    AuthorizationStyle, DeepLinkingStyle, LaunchStyle, ListStyle, ManualStyle, Paths, Profile,
    ServiceStyle, grades, standard,
};
use crate::{claim_names::claim_name, random};

pub(super) fn profile() -> Profile {
    Profile {
        name: "openolat",
        title: "OpenOLAT",
        manual: Some(ManualStyle {
            why: "an author or the administrator types in the tool's addresses",
            issuer: None,
            own_keys: false,
            login_by_get: false,
            authorization: AuthorizationStyle::OpenOlat,
        }),
        paths: Paths {
            configuration: "",
            registration: "",
            authorization: "/lti/auth",
            jwks: "/lti/keys",
            token: "/lti/token",
            audience: None,
            services: "/lti/ags/17/context",
            deep_linking_return: "/lti/deeplink",
        },
        registration: standard::by_hand(random::uuid, |_| random::uuid()),
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: false,
            storage: None,
            basic_outcomes: None,
            shape,
            product_family_code: "openolat",
            version: "19",
        },
        deep_linking: DeepLinkingStyle {
            multiple: false,
            line_item: None,
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            // Only the signature of the client named in `sub` is checked.
            check_assertion: |_, _, _| Ok(()),
            assertions_once: false,
            token_content_type: "application/json",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle::PLAIN,
            grades: grades::PLAIN,
        },
    }
}

fn shape(claims: &mut Map<String, Value>) {
    for name in ["lis", "ext", "name", "tool_platform"] {
        claims.shift_remove(&claim_name(name));
    }
    let course = claims
        .get(&claim_name("context"))
        .map_or(Value::Null, |context| context["id"].clone());
    if let Some(context) = claims.get_mut(&claim_name("context")) {
        context["type"] = json!(["course"]);
        context["label"] = context["title"].clone();
    }
    // A bug of theirs: every element of a course says "true" instead of its own number.
    if let Some(link) = claims.get_mut(&claim_name("resource_link")) {
        link["id"] = json!(format!("{}_true", course.as_str().unwrap_or_default()));
    }
    let roles = claims.get(&claim_name("roles")).and_then(Value::as_array);
    let roles: Vec<Value> = roles
        .into_iter()
        .flatten()
        .filter(|role| {
            role.as_str()
                .is_some_and(|role| role.contains("/membership#"))
        })
        .cloned()
        .collect();
    claims.insert(claim_name("roles"), Value::Array(roles));
    if let Some(roster) = claims.get_mut(&claim_name("namesroleservice")) {
        roster["service_versions"] = json!(["2.0"]);
    }
    standard::without_memberships_parameter(claims);
}
