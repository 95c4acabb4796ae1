//! What a deep linking request asks for.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::strict::Strict;
use super::tolerant::{flag, text, texts};
use crate::token_refusal::Refusal;

/// The settings of a deep linking request (E-02).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeepLinkingSettings {
    /// Where to post the answer. Kept unchanged, query included.
    pub return_url: String,
    /// The item types the platform accepts, such as `ltiResourceLink`.
    pub accept_types: Vec<String>,
    /// `iframe`, `window`, `embed` and the like.
    pub accept_presentation_document_targets: Vec<String>,
    /// Media types for files, comma-separated, as received.
    pub accept_media_types: Option<String>,
    /// If absent, send only one item (E-02).
    pub accept_multiple: Option<bool>,
    /// Whether the platform honours a line item that comes with a link.
    pub accept_lineitem: Option<bool>,
    /// Whether the platform stores items without asking the person.
    pub auto_create: bool,
    /// A default title.
    pub title: Option<String>,
    /// A default text.
    pub text: Option<String>,
    /// Opaque JSON of any type, as written. It must be echoed byte for byte.
    pub data: Option<String>,
}

impl DeepLinkingSettings {
    /// Checks the three members that E-02 requires. The launch check looks at the return address
    /// (E-03).
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
            data: wire.data.map(|data| data.get().to_owned()),
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
    /// `null` counts as absent.
    #[serde(default)]
    data: Option<Box<RawValue>>,
}
