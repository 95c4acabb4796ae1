//! The payload as it is read from the token, before anything is decided.

use serde::Deserialize;

use super::extra::{WireContext, WireDeepLinking, WireResourceLink};
use super::tolerant::{object, strict, text, texts};
use super::{
    BasicOutcome, Claims, Context, Custom, DeepLinkingSettings, ForUser, GradeService,
    GroupService, LaunchPresentation, LegacyIds, Lis, NotificationService, Person, ResourceLink,
    RosterService, Strict, ToolPlatform, is_id,
};
use crate::id_token::Refusal;
use crate::json::JsonError;
use crate::message::MessageType;

/// The end of the year 9999: later times are as good as this one, and safe to calculate with.
const LATEST: f64 = 253_402_300_799.0;

/// `aud`: one text or several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }
}

impl From<Audience> for Vec<String> {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::One(one) => vec![one],
            Audience::Several(several) => several,
        }
    }
}

/// Every claim we know; others are ignored (B-36).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Wire {
    #[serde(default)]
    pub(crate) iss: Strict<String>,
    #[serde(default)]
    pub(crate) aud: Strict<Audience>,
    #[serde(default)]
    pub(crate) azp: Strict<String>,
    #[serde(default)]
    pub(crate) exp: Strict<f64>,
    #[serde(default)]
    pub(crate) iat: Strict<f64>,
    #[serde(default)]
    pub(crate) nbf: Strict<f64>,
    #[serde(default)]
    pub(crate) nonce: Strict<String>,
    #[serde(default)]
    pub(crate) sub: Strict<String>,
    #[serde(default, rename = "https://purl.imsglobal.org/spec/lti/claim/version")]
    version: Strict<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/message_type"
    )]
    message_type: Strict<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
    )]
    deployment_id: Strict<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
    )]
    target_link_uri: Strict<String>,
    #[serde(default, rename = "https://purl.imsglobal.org/spec/lti/claim/roles")]
    roles: Strict<Vec<String>>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/resource_link",
        deserialize_with = "strict"
    )]
    resource_link: Strict<WireResourceLink>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings",
        deserialize_with = "strict"
    )]
    deep_linking: Strict<WireDeepLinking>,

    #[serde(default, deserialize_with = "text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    given_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    family_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    middle_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    picture: Option<String>,
    #[serde(default, deserialize_with = "text")]
    locale: Option<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/context",
        deserialize_with = "object"
    )]
    context: Option<WireContext>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/tool_platform",
        deserialize_with = "object"
    )]
    tool_platform: Option<ToolPlatform>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor",
        deserialize_with = "texts"
    )]
    role_scope_mentor: Vec<String>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation",
        deserialize_with = "object"
    )]
    launch_presentation: Option<LaunchPresentation>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lis",
        deserialize_with = "object"
    )]
    lis: Option<Lis>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/custom",
        deserialize_with = "object"
    )]
    custom: Option<Custom>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
        deserialize_with = "object"
    )]
    grades: Option<GradeService>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice",
        deserialize_with = "object"
    )]
    roster: Option<RosterService>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice",
        deserialize_with = "object"
    )]
    groups: Option<GroupService>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice",
        deserialize_with = "object"
    )]
    notifications: Option<NotificationService>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome",
        deserialize_with = "object"
    )]
    basic_outcome: Option<BasicOutcome>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/for_user",
        deserialize_with = "object"
    )]
    for_user: Option<ForUser>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lti1p1",
        deserialize_with = "object"
    )]
    lti1p1: Option<LegacyIds>,
    #[serde(
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id",
        deserialize_with = "text"
    )]
    lti11_legacy_user_id: Option<String>,
}

impl Wire {
    /// Reads a payload that [`crate::json::check`] has passed.
    pub(crate) fn read(payload: &str) -> Result<Self, Refusal> {
        serde_json::from_str(payload)
            .map_err(|error| Refusal::Payload(JsonError::Shape(error.to_string())))
    }
}

/// A time claim as whole seconds; negative ones are no times.
pub(crate) fn seconds(time: f64) -> Option<i64> {
    (time.is_finite() && time >= 0.0).then(|| time.min(LATEST).floor() as i64)
}

impl Claims {
    /// B.2 step 10 as far as it concerns the token alone: presence, type and form.
    pub(crate) fn from_wire(wire: Wire) -> Result<Self, Refusal> {
        let version = wire
            .version
            .required(Refusal::VersionMissing, Refusal::VersionWrong)?;
        if version != "1.3.0" {
            return Err(Refusal::VersionWrong);
        }
        let message_type = wire
            .message_type
            .required(Refusal::MessageTypeMissing, Refusal::MessageTypeUnknown)?;
        let message_type =
            MessageType::from_name(&message_type).ok_or(Refusal::MessageTypeUnknown)?;
        if !message_type.is_supported() {
            return Err(Refusal::MessageTypeUnsupported(message_type));
        }
        let deployment_id = wire
            .deployment_id
            .required(Refusal::DeploymentIdMissing, Refusal::DeploymentIdMalformed)?;
        if !is_id(&deployment_id) {
            return Err(Refusal::DeploymentIdMalformed);
        }
        let target_link_uri = wire
            .target_link_uri
            .optional(Refusal::TargetLinkUriMalformed)?;
        if target_link_uri.is_none() && message_type != MessageType::DeepLinking {
            return Err(Refusal::TargetLinkUriMissing);
        }
        let roles = wire
            .roles
            .required(Refusal::RolesMissing, Refusal::RolesMalformed)?;
        let subject = wire.sub.optional(Refusal::SubjectMalformed)?;
        if subject.as_deref().is_some_and(|subject| !is_id(subject)) {
            return Err(Refusal::SubjectMalformed);
        }
        let resource_link = match message_type {
            MessageType::ResourceLink => {
                let link = wire
                    .resource_link
                    .required(Refusal::ResourceLinkMissing, Refusal::ResourceLinkMalformed)?;
                Some(ResourceLink::read(link)?)
            }
            // Not expected with other messages, and ignored if it is there (E-01).
            _ => None,
        };
        let deep_linking = match message_type {
            MessageType::DeepLinking => {
                let settings = wire.deep_linking.required(
                    Refusal::DeepLinkingSettingsMissing,
                    Refusal::DeepLinkingSettingsMalformed,
                )?;
                Some(DeepLinkingSettings::read(settings)?)
            }
            _ => None,
        };
        let time = |claim: Strict<f64>, absent, malformed: Refusal| {
            let time = claim.required(absent, malformed.clone())?;
            seconds(time).ok_or(malformed)
        };
        Ok(Self {
            issuer: wire
                .iss
                .required(Refusal::IssuerMissing, Refusal::IssuerMismatch)?,
            audience: wire
                .aud
                .required(Refusal::AudienceMissing, Refusal::AudienceMalformed)?
                .into(),
            expires_at: time(wire.exp, Refusal::ExpiryMissing, Refusal::ExpiryMalformed)?,
            issued_at: time(
                wire.iat,
                Refusal::IssuedAtMissing,
                Refusal::IssuedAtMalformed,
            )?,
            nonce: wire
                .nonce
                .required(Refusal::NonceMissing, Refusal::NonceMismatch)?,
            subject,
            person: Person {
                name: wire.name,
                given_name: wire.given_name,
                family_name: wire.family_name,
                middle_name: wire.middle_name,
                email: wire.email,
                picture: wire.picture,
                locale: wire.locale,
            },
            message_type,
            deployment_id,
            target_link_uri,
            roles,
            context: wire.context.and_then(Context::read),
            resource_link,
            deep_linking,
            tool_platform: wire.tool_platform,
            role_scope_mentor: wire.role_scope_mentor,
            launch_presentation: wire.launch_presentation,
            lis: wire.lis,
            custom: wire.custom.unwrap_or_default(),
            grades: wire.grades,
            roster: wire.roster,
            groups: wire.groups,
            notifications: wire.notifications,
            basic_outcome: wire.basic_outcome,
            for_user: wire.for_user,
            lti1p1: wire.lti1p1,
            lti11_legacy_user_id: wire.lti11_legacy_user_id,
        })
    }
}
