//! The names of LTI claims.

/// The full name of an LTI claim: `deployment_id` is
/// `https://purl.imsglobal.org/spec/lti/claim/deployment_id`. Names that are not LTI's stay
/// unchanged.
pub fn claim_name(short: &str) -> String {
    match short {
        "deployment_id"
        | "target_link_uri"
        | "message_type"
        | "version"
        | "roles"
        | "context"
        | "resource_link"
        | "lis"
        | "custom"
        | "ext"
        | "launch_presentation"
        | "tool_platform"
        | "role_scope_mentor"
        | "for_user"
        | "lti11_legacy_user_id"
        | "lti1p1" => format!("https://purl.imsglobal.org/spec/lti/claim/{short}"),
        "deep_linking_settings" => {
            "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings".to_owned()
        }
        "endpoint" => "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint".to_owned(),
        "namesroleservice" => {
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice".to_owned()
        }
        "groupsservice" => "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice".to_owned(),
        other => other.to_owned(),
    }
}
