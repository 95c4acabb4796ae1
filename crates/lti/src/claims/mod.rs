//! The claims of a launch: their names and their typed form (LTI Core 1.3 §5.3 and §5.4, B.4).
//!
//! Decisive claims are read strictly: a wrong type is refused, and each refusal has its own reason.
//! Informational claims are read tolerantly: a value of the wrong shape counts as absent, because
//! platforms send nulls, empty strings and numbers instead of text.
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
pub use person::{ForUser, LegacyIds, Lis, PersonClaims};
pub use services::{BasicOutcome, GradeService, GroupService, NotificationService, RosterService};
pub use strict::MAX_ID_BYTES;

use crate::json;
use crate::message::MessageType;
use crate::role::{self, Standing};
use crate::token_refusal::Refusal;

/// The claims of a launch, typed. Identifiers are byte for byte what the platform sent (B-54).
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
    /// `nonce`; it may be used only once.
    pub nonce: String,
    /// `sub`, or `None` in an anonymous launch (B-40).
    pub subject: Option<String>,
    /// Name, e-mail and so on; each may be absent.
    pub person: PersonClaims,
    /// The kind of message.
    pub message_type: MessageType,
    /// Identifies the installation of the tool on this platform.
    pub deployment_id: String,
    /// `target_link_uri` as text. The launch check compares it with the tool's origins. `None` only
    /// with [`MessageType::DeepLinking`], because ILIAS omits it there.
    pub target_link_uri: Option<String>,
    /// `roles` as received, known and unknown.
    pub roles: Vec<String>,
    /// The course. A context without a usable `id` is ignored altogether (TC-140), because it could
    /// not be told apart from another.
    pub context: Option<Context>,
    /// The link that was opened; always present for [`MessageType::ResourceLink`] and
    /// [`MessageType::SubmissionReview`].
    pub resource_link: Option<ResourceLink>,
    /// The settings of a deep linking request; always present for [`MessageType::DeepLinking`].
    pub deep_linking: Option<DeepLinkingSettings>,
    /// The platform's description of itself.
    pub tool_platform: Option<ToolPlatform>,
    /// Ids of the users this person mentors; only meaningful with the role Mentor.
    pub role_scope_mentor: Vec<String>,
    /// How the launch is displayed, and where to go back to.
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
    /// The LTI 1.1 outcomes service, which Moodle offers beside the grade service.
    pub basic_outcome: Option<BasicOutcome>,
    /// The person a message is about; always present, with an id, for
    /// [`MessageType::SubmissionReview`].
    pub for_user: Option<ForUser>,
    /// The LTI 1.1 ids, for migration. Don't trust them before checking their signature (H-30).
    pub lti1p1: Option<LegacyIds>,
    /// The person's LTI 1.1 user id.
    pub lti11_legacy_user_id: Option<String>,
    /// The placement the tool was launched from. Only Canvas says so, in its own claim (SV-8).
    pub placement: Option<String>,
}

impl Claims {
    /// Reads a payload whose token has already been verified, such as a stored one.
    ///
    /// Checks shape and presence as a launch does, but compares nothing: issuer, audience, time and
    /// target were checked when the launch was accepted.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that a launch with this payload would get.
    pub fn from_payload(payload: &str) -> Result<Self, Refusal> {
        let payload = json::check(payload.as_bytes()).map_err(Refusal::Payload)?;
        wire::Wire::read(&payload)?.claims()
    }

    /// The same for a text that [`SignedToken::payload`](crate::id_token::SignedToken::payload)
    /// gave, such as one that was stored. It was checked and repaired when its token was read (see
    /// [`json`]), so it isn't searched for duplicate names and deep nesting again.
    ///
    /// # Errors
    ///
    /// As [`Self::from_payload`].
    pub fn from_checked_payload(payload: &str) -> Result<Self, Refusal> {
        wire::Wire::read(payload)?.claims()
    }

    /// The person's standing in the course.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(&self.roles)
    }

    /// Whether the person may see the submission under review: it is their own, or they are staff
    /// of the course (F-50).
    #[must_use]
    pub fn may_review(&self) -> bool {
        let whose = self.for_user.as_ref().and_then(|of| of.user_id.as_ref());
        self.standing() >= Standing::TeachingAssistant
            || (whose.is_some() && whose == self.subject.as_ref())
    }

    /// Whether the platform marks the user as a preview user (B-47).
    #[must_use]
    pub fn is_test_user(&self) -> bool {
        role::is_test_user(&self.roles)
    }
}

#[cfg(test)]
mod tests;
