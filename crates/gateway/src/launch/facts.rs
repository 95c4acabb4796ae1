//! What a launch says, in the one shape that every adapter gives and the application sees.

use std::collections::BTreeMap;

use lti::claims;
use serde_json::Value;

/// A launch in the one shape.
#[derive(Debug)]
pub struct Facts {
    /// Who; `None` for an anonymous launch.
    pub user_id: Option<String>,
    /// Roles as they came.
    pub roles: Vec<String>,
    /// What the person is here: only context roles count (lti.md B-43 to B-46).
    pub standing: &'static str,
    /// Whether the platform marks the user as a preview (B-47).
    pub is_test_user: bool,
    /// Names and the like.
    pub person: claims::Person,
    /// Users this person mentors.
    pub mentors: Vec<String>,
    /// Where from.
    pub platform: PlatformFacts,
    /// Kind of message.
    pub message_type: &'static str,
    /// Where the link leads, on our host.
    pub target: String,
    /// The course.
    pub context: Option<claims::Context>,
    pub resource_link: Option<claims::ResourceLink>,
    /// How it is shown.
    pub presentation: Option<claims::LaunchPresentation>,
    /// Where in the platform it was opened, if that is known.
    pub placement: Option<String>,
    /// Custom parameters that have a value.
    pub custom: BTreeMap<String, String>,
    /// Grades, as the platform offers them in this launch.
    pub grades: Option<claims::GradeService>,
    /// Rosters, as the platform offers them in this launch.
    pub roster: Option<claims::RosterService>,
    /// Groups, as the platform offers them in this launch.
    pub groups: Option<claims::GroupService>,
    /// What a deep linking request wants back.
    pub deep_linking: Option<claims::DeepLinkingSettings>,
    /// Whose submission is to be reviewed; its `user_id` is there.
    pub for_user: Option<claims::ForUser>,
    /// The student as the adapter knows and placed them, if it keeps students.
    pub student: Option<Value>,
}

/// The platform in the one shape.
#[derive(Debug, Default)]
pub struct PlatformFacts {
    pub id: String,
    /// Issuer.
    pub url: String,
    pub client_id: String,
    pub deployment_id: String,
    /// What people call it.
    pub name: String,
    /// What it says of itself.
    pub about: claims::ToolPlatform,
    /// Identifiers of the student information system.
    pub lis: Option<claims::Lis>,
}
