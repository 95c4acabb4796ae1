//! What differs from vendor to vendor, as values: one file per vendor.

mod blackboard;
mod brightspace;
mod canvas;
mod endpoints;
mod grades;
mod ilias;
mod moodle;
mod openedx;
mod openolat;
mod registration;
mod sakai;
mod schoology;
mod standard;
mod style;

pub use self::{
    endpoints::Endpoints,
    grades::{AboveMaximum, CountedScores, GradeStyle, KeptPoints, NotTaken, ScoreOrder},
    registration::{Refusal, RegistrationStyle, TokenPlace, TokenProblem},
    style::{
        AccessProblem, AuthorizationStyle, DeepLinkingStyle, LaunchStyle, ListStyle, ManualStyle,
        Paths, ServiceStyle, StorageStyle,
    },
};
pub use crate::tool::{AGS_SCOPES, NRPS_SCOPE, ToolFacts};

/// One vendor's behaviour.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name on the command line, such as `moodle`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The differences if tools can't register themselves; `None` if they can.
    pub manual: Option<ManualStyle>,
    /// Where its endpoints are.
    pub paths: Paths,
    /// How a tool registers.
    pub registration: RegistrationStyle,
    /// How a launch starts and what its token looks like.
    pub launch: LaunchStyle,
    /// How content is requested.
    pub deep_linking: DeepLinkingStyle,
    /// How the token endpoint and the services answer.
    pub services: ServiceStyle,
}

impl Profile {
    /// Every profile there is.
    pub fn all() -> Vec<Self> {
        vec![
            Self::moodle(),
            Self::canvas(),
            Self::brightspace(),
            Self::blackboard(),
            Self::sakai(),
            Self::ilias(),
            Self::schoology(),
            Self::openedx(),
            Self::openolat(),
        ]
    }

    /// The profile with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|profile| profile.name == name)
    }

    /// Moodle 4.5, as observed on a running instance.
    pub fn moodle() -> Self {
        moodle::profile()
    }

    /// Canvas: strict schema, deployment id at the top level. Its launches are Moodle's with a few
    /// changes.
    pub fn canvas() -> Self {
        canvas::profile()
    }

    /// Brightspace: the secret is in the configuration URL, which works once. Its registration form
    /// is a guess.
    pub fn brightspace() -> Self {
        brightspace::profile()
    }

    /// Blackboard: no deployment id in the answer. Its registration form is a guess.
    pub fn blackboard() -> Self {
        blackboard::profile()
    }

    /// Sakai: four parameters in the configuration URL, strict token requests.
    pub fn sakai() -> Self {
        sakai::profile()
    }

    /// ILIAS: the deployment id is a number.
    pub fn ilias() -> Self {
        ilias::profile()
    }

    /// Schoology: tools are added by hand, one issuer for all schools.
    pub fn schoology() -> Self {
        schoology::profile()
    }

    /// Open edX: tools are added by hand, with keys and a token endpoint for each tool.
    pub fn openedx() -> Self {
        openedx::profile()
    }

    /// OpenOLAT: tools are added by hand, logins are recognised by a signed hint.
    pub fn openolat() -> Self {
        openolat::profile()
    }
}

/// The LTI member of a registration.
pub const TOOL_CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
/// The LTI member of an openid-configuration.
pub const PLATFORM_CONFIGURATION: &str =
    "https://purl.imsglobal.org/spec/lti-platform-configuration";
