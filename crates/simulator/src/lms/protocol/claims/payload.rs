//! The claims of an `id_token` under their short names, in the order seen on the wire.

use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
pub(super) struct Payload<'a> {
    pub(super) nonce: &'a str,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) iss: &'a str,
    pub(super) aud: &'a str,
    pub(super) deployment_id: &'a str,
    pub(super) target_link_uri: String,
    pub(super) sub: &'a str,
    pub(super) lis: SourcedIds<'a>,
    pub(super) roles: Vec<String>,
    pub(super) context: Context<'a>,
    pub(super) message_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource_link: Option<Link<'a>>,
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) basic_outcome: Option<BasicOutcome>,
    #[serde(flatten)]
    pub(super) names: Option<Names<'a>>,
    pub(super) ext: Extension<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    pub(super) launch_presentation: Presentation,
    pub(super) tool_platform: ToolPlatform,
    pub(super) version: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(super) custom: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) endpoint: Option<GradeService>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) for_user: Option<ForUser<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namesroleservice: Option<RosterService>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) groupsservice: Option<GroupService>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deep_linking_settings: Option<DeepLinkingSettings<'a>>,
}

#[derive(Serialize)]
pub(super) struct SourcedIds<'a> {
    pub(super) person_sourcedid: &'a str,
    pub(super) course_section_sourcedid: &'a str,
}

#[derive(Serialize)]
pub(super) struct Context<'a> {
    pub(super) id: &'a str,
    pub(super) label: &'a str,
    pub(super) title: &'a str,
    pub(super) r#type: [&'static str; 1],
}

#[derive(Serialize)]
pub(super) struct Link<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) id: &'a str,
}

/// LTI 1.1's grade service. The sourcedid is JSON in a string.
#[derive(Serialize)]
pub(super) struct BasicOutcome {
    pub(super) lis_result_sourcedid: String,
    pub(super) lis_outcome_service_url: String,
}

#[derive(Serialize)]
pub(super) struct Names<'a> {
    pub(super) given_name: &'a str,
    pub(super) family_name: &'a str,
    pub(super) name: String,
}

#[derive(Serialize)]
pub(super) struct Extension<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_username: Option<&'a str>,
    pub(super) lms: String,
}

#[derive(Serialize)]
pub(super) struct Presentation {
    pub(super) locale: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) document_target: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) return_url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ToolPlatform {
    pub(super) product_family_code: &'static str,
    pub(super) version: &'static str,
    pub(super) guid: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

#[derive(Serialize)]
pub(super) struct GradeService {
    pub(super) scope: Vec<&'static str>,
    pub(super) lineitems: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lineitem: Option<String>,
}

/// The person whose submission is under review.
#[derive(Serialize)]
pub(super) struct ForUser<'a> {
    pub(super) user_id: &'a str,
    #[serde(flatten)]
    pub(super) names: Option<Names<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<&'a str>,
    pub(super) roles: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct RosterService {
    pub(super) context_memberships_url: String,
    pub(super) service_versions: [&'static str; 2],
}

#[derive(Serialize)]
pub(super) struct GroupService {
    pub(super) scope: [&'static str; 1],
    pub(super) context_groups_url: String,
    pub(super) context_group_sets_url: String,
    pub(super) service_versions: [&'static str; 1],
}

#[derive(Serialize)]
pub(super) struct DeepLinkingSettings<'a> {
    pub(super) accept_types: &'static [&'static str],
    pub(super) accept_presentation_document_targets: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accept_media_types: Option<&'static str>,
    pub(super) accept_copy_advice: bool,
    pub(super) accept_multiple: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accept_lineitem: Option<bool>,
    pub(super) accept_unsigned: bool,
    pub(super) auto_create: bool,
    pub(super) can_confirm: bool,
    pub(super) deep_link_return_url: String,
    pub(super) title: &'a str,
    pub(super) text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<String>,
}
