//! Schoology, according to its documentation: no dynamic registration, one issuer and one set of
//! addresses for all schools, a client id for each app and a deployment id for each school that
//! installs it. The wording of its refusals is undocumented and invented here.

use super::{
    AuthorizationStyle, DeepLinkingStyle, LaunchStyle, ListStyle, ManualStyle, Paths, Profile,
    ServiceStyle, grades, standard,
};
use crate::random;

pub(super) fn profile() -> Profile {
    Profile {
        name: "schoology",
        title: "Schoology",
        manual: Some(ManualStyle {
            why: "its maker adds apps by hand, and schools install them from the app centre",
            issuer: Some("https://schoology.schoology.com"),
            own_keys: false,
            login_by_get: false,
            authorization: AuthorizationStyle::Strict,
        }),
        paths: Paths {
            configuration: "",
            registration: "",
            authorization: "/lti-service/authorize-redirect",
            jwks: "/lti-service/.well-known/jwks",
            token: "/lti-service/access-token",
            audience: None,
            services: "/lti-service/services",
            deep_linking_return: "/lti-service/deep-link",
        },
        registration: standard::by_hand(
            || random::digits(10),
            |number| format!("{}-{}", random::digits(9), 1000 + number),
        ),
        launch: LaunchStyle {
            token_seconds: 3600,
            prompt_required: false,
            storage: None,
            basic_outcomes: None,
            shape: standard::shape,
            product_family_code: "schoology",
            version: "1",
        },
        // Documented: both kinds of links, one at a time.
        deep_linking: DeepLinkingStyle {
            types: &["ltiResourceLink", "link"],
            multiple: false,
            ..standard::DEEP_LINKING
        },
        services: ServiceStyle {
            check_assertion: standard::check_assertion,
            assertions_once: true,
            token_content_type: "application/json",
            token_seconds: 3600,
            all_scopes_or_none: false,
            refuse_access: standard::refuse_access,
            lists: ListStyle {
                members_at_most: 100,
                ..ListStyle::PLAIN
            },
            grades: grades::PLAIN,
        },
    }
}
