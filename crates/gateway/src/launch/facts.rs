//! What a launch says, in the one shape that every adapter gives and the application sees.

use std::collections::BTreeMap;

use lti::claims;
use serde_json::Value;

use super::ltik::ServiceContext;

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
    /// The link.
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
    /// What a deep linking request wants back.
    pub deep_linking: Option<claims::DeepLinkingSettings>,
    /// The StudyReel student, with placement.
    pub student: Option<Value>,
}

/// The platform in the one shape.
#[derive(Debug, Default)]
pub struct PlatformFacts {
    /// Our id for it.
    pub id: String,
    /// Issuer.
    pub url: String,
    /// Client id.
    pub client_id: String,
    /// Deployment.
    pub deployment_id: String,
    /// What people call it.
    pub name: String,
    /// What it says of itself.
    pub about: claims::ToolPlatform,
    /// Identifiers of the student information system.
    pub lis: Option<claims::Lis>,
}

impl Facts {
    /// What a service key for this launch stands for.
    pub fn service_context(&self) -> ServiceContext {
        let grades = self.grades.as_ref();
        let short = |scope: &String| scope.rsplit('/').next().unwrap_or(scope).to_owned();
        ServiceContext {
            platform_id: self.platform.id.clone(),
            deployment_id: self.platform.deployment_id.clone(),
            context_id: self.context.as_ref().map(|context| context.id.clone()),
            resource_link_id: self.resource_link.as_ref().map(|link| link.id.clone()),
            line_items: grades.and_then(|grades| grades.lineitems.clone()),
            line_item: grades.and_then(|grades| grades.lineitem.clone()),
            memberships: self
                .roster
                .as_ref()
                .and_then(|roster| roster.context_memberships_url.clone()),
            scopes: grades
                .map(|grades| grades.scope.iter().map(short).collect())
                .unwrap_or_default(),
        }
    }
}
