//! The claims of a launch: their names, and one typed reading of them (LTI Core 1.3 §5.3 and §5.4, B.4).
//!
//! Claims that decide something are strict about their type and refused with their own reason.
//! Claims that decorate are tolerant: a value of the wrong shape counts as absent, because
//! platforms send nulls, empty strings and numbers where text is meant.
//!
//! ```
//! use lti::claims::Claims;
//!
//! // The payload of a token that was checked before, such as `SignedToken::payload` gives it.
//! let payload = r#"{
//!     "iss": "https://lms.example", "aud": "client-1", "sub": "42", "nonce": "n",
//!     "iat": 1795354440, "exp": 1795354500, "given_name": "Ada", "email": null,
//!     "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
//!     "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
//!     "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
//!     "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": "https://tool.example/",
//!     "https://purl.imsglobal.org/spec/lti/claim/roles": ["Learner"],
//!     "https://purl.imsglobal.org/spec/lti/claim/resource_link": {"id": "7", "title": "Fractions"},
//!     "https://purl.imsglobal.org/spec/lti/claim/custom": {"level": 3, "user": "$User.id"}
//! }"#;
//! let claims = Claims::from_payload(payload)?;
//! assert_eq!(claims.person.given_name.as_deref(), Some("Ada"));
//! assert_eq!(claims.person.email, None);
//! assert_eq!(claims.custom.get("level"), Some("3"));
//! assert_eq!(claims.custom.get("user"), None, "the platform did not fill it in");
//! # Ok::<(), lti::id_token::Refusal>(())
//! ```

mod course;
mod custom;
mod deep_linking;
pub mod name;
mod person;
pub mod scope;
mod services;
pub(crate) mod strict;
mod tolerant;
pub(crate) mod wire;

pub use course::{Context, ContextType, LaunchPresentation, ResourceLink, ToolPlatform};
pub use custom::Custom;
pub use deep_linking::DeepLinkingSettings;
pub use person::{ForUser, LegacyIds, Lis, Person};
pub use services::{BasicOutcome, GradeService, GroupService, NotificationService, RosterService};
pub use strict::MAX_ID_BYTES;

use crate::json;
use crate::message::MessageType;
use crate::role::{self, Standing};
use crate::token_refusal::Refusal;

/// What a launch says, typed. Identifiers are byte for byte what the platform sent (B-54).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// `iss`.
    pub issuer: String,
    /// `aud`, one or several.
    pub audience: Vec<String>,
    /// `exp` in seconds since 1970, rounded down, at most the end of the year 9999.
    pub expires_at: i64,
    /// `iat` in seconds since 1970, rounded down.
    pub issued_at: i64,
    /// What may arrive only once.
    pub nonce: String,
    /// `sub`; `None` is an anonymous launch (B-40).
    pub subject: Option<String>,
    /// Name, e-mail and the like; all may be absent.
    pub person: Person,
    /// The kind of message.
    pub message_type: MessageType,
    /// Which of the platform's installations of the tool this is.
    pub deployment_id: String,
    /// `target_link_uri`, as text; checked against the tool's origins by the launch check.
    /// `None` only with [`MessageType::DeepLinking`]: ILIAS leaves it out there.
    pub target_link_uri: Option<String>,
    /// `roles` as they came, known and unknown.
    pub roles: Vec<String>,
    /// The course. A context without a usable `id` is ignored as a whole (TC-140): it could not
    /// be distinguished from another.
    pub context: Option<Context>,
    /// The link that was opened; always there for [`MessageType::ResourceLink`] and
    /// [`MessageType::SubmissionReview`].
    pub resource_link: Option<ResourceLink>,
    /// The settings of a deep linking request; always there for [`MessageType::DeepLinking`].
    pub deep_linking: Option<DeepLinkingSettings>,
    /// The platform's description of itself.
    pub tool_platform: Option<ToolPlatform>,
    /// User ids this person mentors; only meaningful with the role Mentor.
    pub role_scope_mentor: Vec<String>,
    /// How the launch is shown, and where to go back to.
    pub launch_presentation: Option<LaunchPresentation>,
    /// Identifiers of the institution's student information system.
    pub lis: Option<Lis>,
    /// Custom parameters.
    pub custom: Custom,
    /// Assignment and Grade Services.
    pub grades: Option<GradeService>,
    /// Names and Role Provisioning Services.
    pub roster: Option<RosterService>,
    /// Course Groups.
    pub groups: Option<GroupService>,
    /// Platform notifications.
    pub notifications: Option<NotificationService>,
    /// LTI 1.1 outcomes that Moodle sends beside the grade service.
    pub basic_outcome: Option<BasicOutcome>,
    /// The person a message is about; always there, with an id, for [`MessageType::SubmissionReview`].
    pub for_user: Option<ForUser>,
    /// The ids of LTI 1.1, for migration; not to be believed before its sign is checked (H-30).
    pub lti1p1: Option<LegacyIds>,
    /// The person's id in LTI 1.1.
    pub lti11_legacy_user_id: Option<String>,
    /// Where in the platform the launch comes from, if it says so: only Canvas does, by a claim of its own (SV-8).
    pub placement: Option<String>,
}

impl Claims {
    /// Reads a payload whose token was verified before, for instance a stored one.
    ///
    /// Checks shape and presence like a launch does, but compares nothing: whose token it is,
    /// whether it is current and where it may lead were decided when it was accepted.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] a launch with this payload would have met.
    pub fn from_payload(payload: &str) -> Result<Self, Refusal> {
        let payload = json::check(payload.as_bytes()).map_err(Refusal::Payload)?;
        wire::Wire::read(&payload)?.claims()
    }

    /// What the person is in the course.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(&self.roles)
    }

    /// Whether the person may see the submission that a review is about: their own, or anyone's as staff of the course
    /// (F-50).
    #[must_use]
    pub fn may_review(&self) -> bool {
        let whose = self.for_user.as_ref().and_then(|of| of.user_id.as_ref());
        self.standing() >= Standing::TeachingAssistant
            || (whose.is_some() && whose == self.subject.as_ref())
    }

    /// Whether the platform marks the user as a preview (B-47).
    #[must_use]
    pub fn is_test_user(&self) -> bool {
        role::is_test_user(&self.roles)
    }
}

#[cfg(test)]
mod tests;
