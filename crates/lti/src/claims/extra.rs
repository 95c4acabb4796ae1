//! The compound claims.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::tolerant::{flag, pixels, text, text_map, texts};
use super::{Strict, is_id};
use crate::id_token::Refusal;

/// What the token tells about the person. Untrusted text: never fetch `picture` (B-55), never
/// join accounts by `email` (I-23).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the OpenID claim of its name")]
pub struct Person {
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub given_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub family_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub middle_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub picture: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub locale: Option<String>,
}

/// The course a launch comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Unique within the deployment.
    pub id: String,
    /// `type` as it came; see [`Self::kinds`].
    pub types: Vec<String>,
    /// A short name, such as a course code.
    pub label: Option<String>,
    /// The full name.
    pub title: Option<String>,
}

impl Context {
    /// The known types among [`Self::types`].
    pub fn kinds(&self) -> impl Iterator<Item = ContextType> {
        self.types
            .iter()
            .filter_map(|name| ContextType::from_name(name))
    }

    pub(super) fn read(wire: WireContext) -> Option<Self> {
        let id = wire.id.filter(|id| is_id(id))?;
        Some(Self {
            id,
            types: wire.types,
            label: wire.label,
            title: wire.title,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireContext {
    // A number here is taken as text like everywhere in this claim: it decorates until stored.
    #[serde(default, deserialize_with = "text")]
    id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "texts")]
    types: Vec<String>,
    #[serde(default, deserialize_with = "text")]
    label: Option<String>,
    #[serde(default, deserialize_with = "text")]
    title: Option<String>,
}

/// The kinds of course (B-50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each variant is the vocabulary's word of its name"
)]
pub enum ContextType {
    CourseTemplate,
    CourseOffering,
    CourseSection,
    Group,
}

impl ContextType {
    /// Reads a URI, a URN of LTI 1.1 or a short name; the case does not matter, because old
    /// platforms have it wrong and nothing is granted by it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = [
            "http://purl.imsglobal.org/vocab/lis/v2/course#",
            "urn:lti:context-type:ims/lis/",
        ]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
        [
            ("CourseTemplate", Self::CourseTemplate),
            ("CourseOffering", Self::CourseOffering),
            ("CourseSection", Self::CourseSection),
            ("Group", Self::Group),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, kind)| kind)
    }
}

/// The link a launch opens; its `id` is unique within the deployment only (B-52).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLink {
    /// The identifier.
    pub id: String,
    /// Its name.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
}

impl ResourceLink {
    pub(super) fn read(wire: WireResourceLink) -> Result<Self, Refusal> {
        let id = wire.id.required(
            Refusal::ResourceLinkIdMissing,
            Refusal::ResourceLinkIdMalformed,
        )?;
        if !is_id(&id) {
            return Err(Refusal::ResourceLinkIdMalformed);
        }
        Ok(Self {
            id,
            title: wire.title,
            description: wire.description,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireResourceLink {
    #[serde(default)]
    id: Strict<String>,
    #[serde(default, deserialize_with = "text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "text")]
    description: Option<String>,
}

/// The platform's description of itself; self-reported, so a hint only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
pub struct ToolPlatform {
    #[serde(default, deserialize_with = "text")]
    pub guid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub contact_email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub description: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub product_family_code: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub version: Option<String>,
}

/// How the launch is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LaunchPresentation {
    /// `frame`, `iframe` or `window`.
    #[serde(default, deserialize_with = "text")]
    pub document_target: Option<String>,
    /// In pixels.
    #[serde(default, deserialize_with = "pixels")]
    pub height: Option<u32>,
    /// In pixels.
    #[serde(default, deserialize_with = "pixels")]
    pub width: Option<u32>,
    /// Where a person may go back to. Untrusted and possibly secret (Moodle's holds a session
    /// key): check it before showing it as a link (B-49), and do not log it.
    #[serde(default, deserialize_with = "text")]
    pub return_url: Option<String>,
    /// The language, such as `de-CH`.
    #[serde(default, deserialize_with = "text")]
    pub locale: Option<String>,
}

/// Identifiers of the student information system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
pub struct Lis {
    #[serde(default, deserialize_with = "text")]
    pub person_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub course_offering_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub course_section_sourcedid: Option<String>,
}

/// Custom parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Custom(#[serde(deserialize_with = "text_map")] BTreeMap<String, String>);

impl Custom {
    /// The value of a parameter; a variable the platform left unresolved is not available (B-48).
    /// The empty string is a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !Self::is_unresolved(value))
    }

    /// Every parameter as it came, unresolved variables included.
    #[must_use]
    pub const fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Whether a value is a variable's bare name, such as `$Canvas.user.id`.
    ///
    /// `$5.00` and `$HOME/x` are not: a variable begins with a letter and has nothing but
    /// letters, digits, dots, hyphens and underscores.
    #[must_use]
    pub fn is_unresolved(value: &str) -> bool {
        value.strip_prefix('$').is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        })
    }
}

/// Assignment and Grade Services, as offered in this launch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct GradeService {
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// Where the line items are.
    #[serde(default, deserialize_with = "text")]
    pub lineitems: Option<String>,
    /// The one line item of this link, if it has exactly one.
    #[serde(default, deserialize_with = "text")]
    pub lineitem: Option<String>,
}

/// Names and Role Provisioning Services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct RosterService {
    /// Where the members are.
    #[serde(default, deserialize_with = "text")]
    pub context_memberships_url: Option<String>,
    /// Such as `2.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// Course Groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct GroupService {
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// Where the groups are.
    #[serde(default, deserialize_with = "text")]
    pub context_groups_url: Option<String>,
    /// Where the sets of groups are.
    #[serde(default, deserialize_with = "text")]
    pub context_group_sets_url: Option<String>,
    /// Such as `1.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// Platform notifications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct NotificationService {
    /// Where handlers are registered.
    #[serde(default, deserialize_with = "text")]
    pub platform_notification_service_url: Option<String>,
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// The notices on offer.
    #[serde(default, deserialize_with = "texts")]
    pub notice_types_supported: Vec<String>,
    /// Such as `1.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// LTI 1.1 outcomes within LTI 1.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct BasicOutcome {
    /// The handle of one person's result.
    #[serde(default, deserialize_with = "text")]
    pub lis_result_sourcedid: Option<String>,
    /// Where it is posted.
    #[serde(default, deserialize_with = "text")]
    pub lis_outcome_service_url: Option<String>,
}

/// The person a message is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
pub struct ForUser {
    #[serde(default, deserialize_with = "text")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub person_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub given_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub family_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "texts")]
    pub roles: Vec<String>,
}

/// The ids of LTI 1.1 (H.5). Present ids are those that differ from the launch's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
pub struct LegacyIds {
    #[serde(default, deserialize_with = "text")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub resource_link_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub context_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub tool_consumer_instance_guid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub oauth_consumer_key: Option<String>,
    /// Proves the key; without a good one nothing here is believed (H-30).
    #[serde(default, deserialize_with = "text")]
    pub oauth_consumer_key_sign: Option<String>,
}

/// The settings of a deep linking request (E-02).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeepLinkingSettings {
    /// Where the answer is posted, unchanged, its query kept.
    pub return_url: String,
    /// The item types the platform takes, such as `ltiResourceLink`.
    pub accept_types: Vec<String>,
    /// `iframe`, `window`, `embed` and the like.
    pub accept_presentation_document_targets: Vec<String>,
    /// Media types for files, comma-separated as it came.
    pub accept_media_types: Option<String>,
    /// Absent: send one item (E-02).
    pub accept_multiple: Option<bool>,
    /// Whether a line item with a link is honoured.
    pub accept_lineitem: Option<bool>,
    /// Whether the platform stores items without asking the person.
    pub auto_create: bool,
    /// A default title.
    pub title: Option<String>,
    /// A default text.
    pub text: Option<String>,
    /// Opaque; has to be echoed to the letter.
    pub data: Option<String>,
}

impl DeepLinkingSettings {
    /// Checks E-02: the three required members, and `data` a string if it is there, because
    /// anything else could not be echoed. The return address is checked by the launch (E-03).
    pub(super) fn read(wire: WireDeepLinking) -> Result<Self, Refusal> {
        use Refusal::{DeepLinkingSettingMalformed, DeepLinkingSettingMissing};
        fn setting<T>(value: Strict<T>, name: &'static str) -> Result<T, Refusal> {
            value.required(
                DeepLinkingSettingMissing(name),
                DeepLinkingSettingMalformed(name),
            )
        }
        let targets = "accept_presentation_document_targets";
        let return_url = setting(wire.deep_link_return_url, "deep_link_return_url")?;
        let types = setting(wire.accept_types, "accept_types")?;
        let targets = setting(wire.accept_presentation_document_targets, targets)?;
        let data = match wire.data {
            Strict::Value(data) => data,
            Strict::Absent => None,
            Strict::Malformed => return Err(DeepLinkingSettingMalformed("data")),
        };
        Ok(Self {
            return_url,
            accept_types: types,
            accept_presentation_document_targets: targets,
            accept_media_types: (!wire.accept_media_types.is_empty())
                .then(|| wire.accept_media_types.join(",")),
            accept_multiple: wire.accept_multiple,
            accept_lineitem: wire.accept_lineitem,
            auto_create: wire.auto_create.unwrap_or(false),
            title: wire.title,
            text: wire.text,
            data,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WireDeepLinking {
    #[serde(default)]
    deep_link_return_url: Strict<String>,
    #[serde(default)]
    accept_types: Strict<Vec<String>>,
    #[serde(default)]
    accept_presentation_document_targets: Strict<Vec<String>>,
    #[serde(default, deserialize_with = "texts")]
    accept_media_types: Vec<String>,
    #[serde(default, deserialize_with = "flag")]
    accept_multiple: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    accept_lineitem: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    auto_create: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "text")]
    text: Option<String>,
    /// `null` is absent here.
    #[serde(default)]
    data: Strict<Option<String>>,
}
