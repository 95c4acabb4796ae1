//! The contents of a launch, in the common form that every adapter produces and the application
//! sees.

use std::collections::BTreeMap;

use lti::claims;
use serde_json::Value;

/// A launch in the common form.
#[derive(Debug)]
pub struct Facts {
    /// The person; `None` for an anonymous launch.
    pub user_id: Option<String>,
    /// Roles as received.
    pub roles: Vec<String>,
    /// The person's standing here: only context roles count (lti.md B-43 to B-46).
    pub standing: &'static str,
    /// Whether the platform marks the user as a preview user (B-47).
    pub is_test_user: bool,
    /// Names and so on.
    pub person: claims::PersonClaims,
    /// Users this person mentors.
    pub mentors: Vec<String>,
    /// Where the launch comes from.
    pub platform: PlatformFacts,
    /// Kind of message.
    pub message_type: &'static str,
    /// Where the link leads, on our host.
    pub target: String,
    /// The course.
    pub context: Option<claims::Context>,
    pub resource_link: Option<claims::ResourceLink>,
    /// How it is displayed.
    pub presentation: Option<claims::LaunchPresentation>,
    /// The placement from which it was opened, if known.
    pub placement: Option<String>,
    /// Custom parameters that have a value.
    pub custom: BTreeMap<String, String>,
    /// The grade service, as offered in this launch. The adapter has removed addresses that could
    /// not be fetched.
    pub grades: Option<claims::GradeService>,
    /// The roster service, as offered in this launch.
    pub roster: Option<claims::RosterService>,
    /// The group service, as offered in this launch.
    pub groups: Option<claims::GroupService>,
    /// The settings of a deep linking request.
    pub deep_linking: Option<claims::DeepLinkingSettings>,
    /// Whose submission is under review; its `user_id` is present.
    pub for_user: Option<claims::ForUser>,
    /// The student and their placements, if the adapter has students.
    pub student: Option<Value>,
}

/// The platform in the common form.
#[derive(Debug, Default)]
pub struct PlatformFacts {
    pub id: String,
    /// Issuer.
    pub url: String,
    pub client_id: String,
    pub deployment_id: String,
    /// Its display name.
    pub name: String,
    /// What it says about itself.
    pub about: claims::ToolPlatform,
    /// Identifiers of the student information system.
    pub lis: Option<claims::Lis>,
}
