//! What a launch says, in the one shape that every adapter gives and the application sees.

use std::collections::BTreeMap;

use lti::claims::{self, Claims};
use serde_json::Value;
use url::Url;

use super::ltik::ServiceContext;
use crate::directory::platforms::Platform;
use crate::settings::public_url::PublicUrl;

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
    /// The facts of an LTI 1.3 launch.
    pub fn of_lti(claims: Claims, platform: &Platform, public: &PublicUrl) -> Self {
        let (standing, is_test_user) = (claims.standing().name(), claims.is_test_user());
        let has_user = claims.subject.is_some();
        let custom = claims
            .custom
            .all()
            .iter()
            .filter(|(_, value)| !claims::Custom::is_unresolved(value));
        Self {
            standing,
            is_test_user,
            custom: custom
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            user_id: claims.subject,
            roles: claims.roles,
            person: claims.person,
            mentors: claims.role_scope_mentor,
            platform: PlatformFacts {
                id: platform.id.clone(),
                url: claims.issuer,
                client_id: platform.client_id.clone(),
                deployment_id: claims.deployment_id,
                name: platform.name.clone(),
                about: claims.tool_platform.unwrap_or_default(),
                lis: claims.lis,
            },
            message_type: claims.message_type.name(),
            target: claims
                .target_link_uri
                .unwrap_or_else(|| public.join("/lti/launch")),
            context: claims.context,
            resource_link: claims.resource_link,
            presentation: claims.launch_presentation.map(|mut presentation| {
                presentation.return_url = presentation
                    .return_url
                    .filter(|url| is_safe_link(url, &platform.issuer));
                presentation
            }),
            // Nobody is there whose score it could be (B-40).
            grades: claims.grades.filter(|_| has_user),
            roster: claims.roster,
            deep_linking: claims.deep_linking,
            student: None,
        }
    }

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

/// Whether an application may show an address as a link: https, or http where the platform itself is (lti.md B-49).
fn is_safe_link(url: &str, issuer: &str) -> bool {
    let plain = issuer.starts_with("http://");
    Url::parse(url).is_ok_and(|url| url.scheme() == "https" || (plain && url.scheme() == "http"))
}
