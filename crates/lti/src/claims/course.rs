//! Where a launch comes from: course, link, platform and window.

use serde::Deserialize;

use super::strict::{Strict, is_id};
use super::tolerant::{pixels, text, texts};
use crate::token_refusal::Refusal;

/// The course a launch comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// Unique within the deployment.
    pub id: String,
    /// `type` as received; see [`Self::kinds`].
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
    // A number becomes text, as everywhere in this claim: it is informational until it is stored.
    #[serde(default, deserialize_with = "text")]
    id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "texts")]
    types: Vec<String>,
    #[serde(default, deserialize_with = "text")]
    label: Option<String>,
    #[serde(default, deserialize_with = "text")]
    title: Option<String>,
}

/// What kind of course it is (B-50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each variant is the vocabulary's word of its name"
)]
#[non_exhaustive]
pub enum ContextType {
    CourseTemplate,
    CourseOffering,
    CourseSection,
    Group,
}

impl ContextType {
    /// Accepts a URI, an LTI 1.1 URN or a short name, in any case: old platforms get the case
    /// wrong, and the result grants nothing.
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

/// The link that was launched. Its `id` is unique only within the deployment (B-52).
// Exhaustive, because launches of other protocols construct it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLink {
    /// The identifier.
    pub id: String,
    /// The link's title.
    pub title: Option<String>,
    /// The author's description, for people to read.
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

/// The platform's description of itself. It is self-reported, so treat it as a hint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// Where to send the person back to. Untrusted, and possibly secret (Moodle's contains a
    /// session key): check it before showing it as a link (B-49), and do not log it.
    #[serde(default, deserialize_with = "text")]
    pub return_url: Option<String>,
    /// The language, such as `de-CH`.
    #[serde(default, deserialize_with = "text")]
    pub locale: Option<String>,
}
