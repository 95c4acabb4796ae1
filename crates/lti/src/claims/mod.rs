//! The claims of a launch: their names, and one typed reading of them (B.4).
//!
//! Claims that decide something are strict about their type and refused with their own reason.
//! Claims that decorate are tolerant: a value of the wrong shape counts as absent, because
//! platforms send nulls, empty strings and numbers where text is meant.

mod extra;
pub mod name;
pub mod scope;
mod tolerant;
pub(crate) mod wire;

use serde::Deserialize;

pub use extra::{
    BasicOutcome, Context, ContextType, Custom, DeepLinkingSettings, ForUser, GradeService,
    GroupService, LaunchPresentation, LegacyIds, Lis, NotificationService, Person, ResourceLink,
    RosterService, ToolPlatform,
};

use crate::id_token::Refusal;
use crate::json;
use crate::message::MessageType;
use crate::role::{self, Standing};

/// The longest identifier, in ASCII characters (B.4).
pub const MAX_ID_BYTES: usize = 255;

/// What a launch says, typed. Identifiers are byte for byte what the platform sent (B-54).
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// `iss`.
    pub issuer: String,
    /// `aud`, one or several.
    pub audience: Vec<String>,
    /// `exp` in seconds since 1970, rounded down, at most the end of the year 9999.
    pub expires_at: i64,
    /// `iat` in seconds since 1970, rounded down.
    pub issued_at: i64,
    /// `nonce`.
    pub nonce: String,
    /// `sub`; `None` is an anonymous launch (B-40).
    pub subject: Option<String>,
    /// Name, e-mail and the like; all may be absent.
    pub person: Person,
    /// The kind of message.
    pub message_type: MessageType,
    /// `deployment_id`.
    pub deployment_id: String,
    /// `target_link_uri`, as text; checked against the tool's origins by the launch check.
    /// `None` only with [`MessageType::DeepLinking`]: ILIAS leaves it out there.
    pub target_link_uri: Option<String>,
    /// `roles` as they came, known and unknown.
    pub roles: Vec<String>,
    /// The course. A context without a usable `id` is ignored as a whole (TC-140): it could not
    /// be told from another.
    pub context: Option<Context>,
    /// The link that was opened; always there for [`MessageType::ResourceLink`].
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
    /// The person a message is about, where that is not the one launching.
    pub for_user: Option<ForUser>,
    /// The ids of LTI 1.1, for migration; not to be believed before its sign is checked (H-30).
    pub lti1p1: Option<LegacyIds>,
    /// The person's id in LTI 1.1.
    pub lti11_legacy_user_id: Option<String>,
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
        json::check(payload.as_bytes()).map_err(Refusal::Payload)?;
        wire::Wire::read(payload)?.claims()
    }

    /// What the person is in the course.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(&self.roles)
    }

    /// Whether the platform marks the user as a preview (B-47).
    #[must_use]
    pub fn is_test_user(&self) -> bool {
        role::is_test_user(&self.roles)
    }
}

/// A claim read strictly: absent, of the right type, or there with another type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Strict<T> {
    #[default]
    Absent,
    Value(T),
    /// Also an explicit `null`.
    Malformed,
}

impl<T> Strict<T> {
    /// The same without giving the value away.
    pub(crate) const fn as_ref(&self) -> Strict<&T> {
        match self {
            Self::Value(value) => Strict::Value(value),
            Self::Absent => Strict::Absent,
            Self::Malformed => Strict::Malformed,
        }
    }

    /// The value, if there is one of the right type.
    pub(crate) const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Malformed => None,
        }
    }

    /// The value; the one refusal if absent, the other if malformed.
    pub(crate) fn required(self, absent: Refusal, malformed: Refusal) -> Result<T, Refusal> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Absent => Err(absent),
            Self::Malformed => Err(malformed),
        }
    }

    /// The value or nothing; a refusal if malformed.
    pub(crate) fn optional(self, malformed: Refusal) -> Result<Option<T>, Refusal> {
        match self {
            Self::Value(value) => Ok(Some(value)),
            Self::Absent => Ok(None),
            Self::Malformed => Err(malformed),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Strict<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(serde_json::from_str(raw.get()).map_or(Self::Malformed, Self::Value))
    }
}

/// Whether this is an identifier: 1 to 255 printable ASCII characters.
///
/// Control characters are refused although ASCII has them: a NUL cannot be stored as text.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID_BYTES
        && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests;
