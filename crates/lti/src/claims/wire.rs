//! The payload as read from the token, before any decision.

use std::borrow::Cow;
use std::ops::Deref;

use serde::Deserialize;

use super::strict::{Strict, is_id};
use super::tolerant::{Unread, UnreadObject};
use super::{Claims, Context, DeepLinkingSettings, ForUser, PersonClaims, ResourceLink};
use crate::json::JsonError;
use crate::message::MessageType;
use crate::token_refusal::Refusal;

/// The end of the year 9999. Later times are clamped to it, so that arithmetic is safe.
const LATEST: f64 = 253_402_300_799.0;

/// Text, borrowed from the payload if it contains no escapes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub(crate) struct WireText<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for WireText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// `aud`: one text or a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience<'a> {
    #[serde(borrow)]
    One(WireText<'a>),
    Several(Vec<WireText<'a>>),
}

impl<'a> Audience<'a> {
    pub(crate) fn as_slice(&self) -> &[WireText<'a>] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }
}

/// Every claim we know; others are ignored (B-36). Decisive claims are parsed at once,
/// informational ones on demand.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Wire<'a> {
    #[serde(borrow, default)]
    pub(crate) iss: Strict<WireText<'a>>,
    #[serde(borrow, default)]
    pub(crate) aud: Strict<Audience<'a>>,
    #[serde(borrow, default)]
    pub(crate) azp: Strict<WireText<'a>>,
    #[serde(default)]
    pub(crate) exp: Strict<f64>,
    #[serde(default)]
    pub(crate) iat: Strict<f64>,
    #[serde(default)]
    pub(crate) nbf: Strict<f64>,
    #[serde(borrow, default)]
    pub(crate) nonce: Strict<WireText<'a>>,
    #[serde(borrow, default)]
    pub(crate) sub: Strict<WireText<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/version"
    )]
    version: Strict<WireText<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/message_type"
    )]
    message_type: Strict<WireText<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
    )]
    deployment_id: Strict<WireText<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
    )]
    target_link_uri: Strict<WireText<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/roles"
    )]
    roles: Strict<Vec<WireText<'a>>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
    )]
    resource_link: Strict<UnreadObject<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
    )]
    deep_linking: Strict<UnreadObject<'a>>,

    #[serde(borrow, default)]
    name: Unread<'a>,
    #[serde(borrow, default)]
    given_name: Unread<'a>,
    #[serde(borrow, default)]
    family_name: Unread<'a>,
    #[serde(borrow, default)]
    middle_name: Unread<'a>,
    #[serde(borrow, default)]
    email: Unread<'a>,
    #[serde(borrow, default)]
    picture: Unread<'a>,
    #[serde(borrow, default)]
    locale: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/context"
    )]
    context: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/tool_platform"
    )]
    tool_platform: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor"
    )]
    role_scope_mentor: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
    )]
    launch_presentation: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lis"
    )]
    lis: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/custom"
    )]
    custom: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    )]
    grades: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    )]
    roster: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
    )]
    groups: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice"
    )]
    notifications: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
    )]
    basic_outcome: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/for_user"
    )]
    for_user: Strict<UnreadObject<'a>>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lti1p1"
    )]
    lti1p1: Unread<'a>,
    #[serde(
        borrow,
        default,
        rename = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id"
    )]
    lti11_legacy_user_id: Unread<'a>,
    #[serde(borrow, default, rename = "https://www.instructure.com/placement")]
    canvas_placement: Unread<'a>,
}

/// The claims that decide whether a payload is a launch: present, and of the right type and form.
/// This is the part of B.2 step 10 that needs only the token.
#[derive(Debug)]
pub(crate) struct Decisive<'w> {
    pub(crate) message_type: MessageType,
    pub(crate) deployment_id: &'w str,
    pub(crate) target_link_uri: Option<&'w str>,
    pub(crate) subject: Option<&'w str>,
    pub(crate) deep_linking: Option<DeepLinkingSettings>,
    roles: &'w [WireText<'w>],
    resource_link: Option<ResourceLink>,
    reviewed: Option<ForUser>,
}

impl<'a> Wire<'a> {
    /// Reads a payload that has passed [`crate::json::check`].
    pub(crate) fn read(payload: &'a str) -> Result<Self, Refusal> {
        serde_json::from_str(payload)
            .map_err(|error| Refusal::Payload(JsonError::Shape(error.to_string())))
    }

    /// The claims behind [`SignedToken::place_claims`](crate::id_token::SignedToken::place_claims).
    pub(crate) fn place(&self) -> [&'a str; 5] {
        let link = self.resource_link.value();
        [
            self.context.raw(),
            link.map_or("", |link| link.raw()),
            self.grades.raw(),
            self.roster.raw(),
            self.groups.raw(),
        ]
    }

    /// The decisive claims, or the first refusal.
    pub(crate) fn decisive(&self) -> Result<Decisive<'_>, Refusal> {
        let message_type = self.message_type()?;
        let deployment_id = self
            .deployment_id
            .as_ref()
            .required(Refusal::DeploymentIdMissing, Refusal::DeploymentIdMalformed)?;
        if !is_id(deployment_id) {
            return Err(Refusal::DeploymentIdMalformed);
        }
        let target_link_uri = self
            .target_link_uri
            .as_ref()
            .optional(Refusal::TargetLinkUriMalformed)?;
        if target_link_uri.is_none() && message_type != MessageType::DeepLinking {
            return Err(Refusal::TargetLinkUriMissing);
        }
        let roles = self
            .roles
            .as_ref()
            .required(Refusal::RolesMissing, Refusal::RolesMalformed)?;
        let subject = self.sub.as_ref().optional(Refusal::SubjectMalformed)?;
        if subject.is_some_and(|subject| !is_id(subject)) {
            return Err(Refusal::SubjectMalformed);
        }
        // Neither belongs to any other message type, so it is ignored there (E-01).
        let (mut resource_link, mut deep_linking, mut reviewed) = (None, None, None);
        match message_type {
            MessageType::ResourceLink => resource_link = Some(self.resource_link()?),
            MessageType::SubmissionReview => {
                resource_link = Some(self.resource_link()?);
                reviewed = Some(self.reviewed()?);
            }
            MessageType::DeepLinking => deep_linking = Some(self.deep_linking_settings()?),
            _ => {}
        }
        Ok(Decisive {
            message_type,
            deployment_id,
            target_link_uri: target_link_uri.map(Deref::deref),
            subject: subject.map(Deref::deref),
            deep_linking,
            roles,
            resource_link,
            reviewed,
        })
    }

    /// The message type, if version and type are supported.
    fn message_type(&self) -> Result<MessageType, Refusal> {
        let version = self
            .version
            .as_ref()
            .required(Refusal::VersionMissing, Refusal::VersionWrong)?;
        if **version != *"1.3.0" {
            return Err(Refusal::VersionWrong);
        }
        let message_type = self
            .message_type
            .as_ref()
            .required(Refusal::MessageTypeMissing, Refusal::MessageTypeUnknown)?;
        let message_type =
            MessageType::from_name(message_type).ok_or(Refusal::MessageTypeUnknown)?;
        if message_type.is_supported() {
            Ok(message_type)
        } else {
            Err(Refusal::MessageTypeUnsupported(message_type))
        }
    }

    fn resource_link(&self) -> Result<ResourceLink, Refusal> {
        let link = self
            .resource_link
            .as_ref()
            .required(Refusal::ResourceLinkMissing, Refusal::ResourceLinkMalformed)?;
        let link = link.read().ok_or(Refusal::ResourceLinkMalformed)?;
        ResourceLink::read(link)
    }

    fn deep_linking_settings(&self) -> Result<DeepLinkingSettings, Refusal> {
        let settings = self.deep_linking.as_ref().required(
            Refusal::DeepLinkingSettingsMissing,
            Refusal::DeepLinkingSettingsMalformed,
        )?;
        let settings = settings
            .read()
            .ok_or(Refusal::DeepLinkingSettingsMalformed)?;
        DeepLinkingSettings::read(settings)
    }

    /// The user whose submission is under review; it decides who may see it (F-50).
    fn reviewed(&self) -> Result<ForUser, Refusal> {
        let person = self
            .for_user
            .as_ref()
            .required(Refusal::ForUserMissing, Refusal::ForUserMalformed)?;
        person
            .read()
            .filter(|person: &ForUser| person.user_id.as_deref().is_some_and(is_id))
            .ok_or(Refusal::ForUserMalformed)
    }

    fn person(&self) -> PersonClaims {
        PersonClaims {
            name: self.name.text(),
            given_name: self.given_name.text(),
            family_name: self.family_name.text(),
            middle_name: self.middle_name.text(),
            email: self.email.text(),
            picture: self.picture.text(),
            locale: self.locale.text(),
        }
    }

    /// `target_link_uri` as text.
    pub(crate) fn claimed_target(&self) -> Option<&str> {
        self.target_link_uri.value().map(Deref::deref)
    }

    /// All claims.
    pub(crate) fn claims(&self) -> Result<Claims, Refusal> {
        let decisive = self.decisive()?;
        let time = |claim: &Strict<f64>, absent, malformed: Refusal| {
            let time = claim.as_ref().required(absent, malformed.clone())?;
            seconds(*time).ok_or(malformed)
        };
        let owned = |texts: &[WireText<'_>]| texts.iter().map(|text| text.to_string()).collect();
        Ok(Claims {
            issuer: self
                .iss
                .as_ref()
                .required(Refusal::IssuerMissing, Refusal::IssuerMismatch)?
                .to_string(),
            audience: owned(
                self.aud
                    .as_ref()
                    .required(Refusal::AudienceMissing, Refusal::AudienceMalformed)?
                    .as_slice(),
            ),
            expires_at: time(&self.exp, Refusal::ExpiryMissing, Refusal::ExpiryMalformed)?,
            issued_at: time(
                &self.iat,
                Refusal::IssuedAtMissing,
                Refusal::IssuedAtMalformed,
            )?,
            nonce: self
                .nonce
                .as_ref()
                .required(Refusal::NonceMissing, Refusal::NonceMismatch)?
                .to_string(),
            subject: decisive.subject.map(str::to_owned),
            person: self.person(),
            message_type: decisive.message_type,
            deployment_id: decisive.deployment_id.to_owned(),
            target_link_uri: decisive.target_link_uri.map(str::to_owned),
            roles: owned(decisive.roles),
            context: self.context.object().and_then(Context::read),
            resource_link: decisive.resource_link,
            deep_linking: decisive.deep_linking,
            tool_platform: self.tool_platform.object(),
            role_scope_mentor: self.role_scope_mentor.texts(),
            launch_presentation: self.launch_presentation.object(),
            lis: self.lis.object(),
            custom: self.custom.object().unwrap_or_default(),
            grades: self.grades.object(),
            roster: self.roster.object(),
            groups: self.groups.object(),
            notifications: self.notifications.object(),
            basic_outcome: self.basic_outcome.object(),
            for_user: decisive
                .reviewed
                .or_else(|| self.for_user.value().and_then(|person| person.read())),
            lti1p1: self.lti1p1.object(),
            lti11_legacy_user_id: self.lti11_legacy_user_id.text(),
            placement: self.canvas_placement.text(),
        })
    }
}

/// A time claim in whole seconds. Negative values are not times.
pub(crate) fn seconds(time: f64) -> Option<i64> {
    (time.is_finite() && time >= 0.0).then(|| time.min(LATEST).floor() as i64)
}
