//! Content items: a tool's answer to a platform that asked for content (LTI Deep Linking 2.0 §3,
//! E.3).
//!
//! Items are read from the JSON that an application wrote. Members named in the specification are
//! checked, and every problem is listed; other members pass through unchanged. Nulls and empty
//! members are dropped, because some platforms choke on them (E-13).
//!
//! ```
//! use lti::content_item::ContentItem;
//! use serde_json::json;
//!
//! let items = ContentItem::list(json!([{
//!     "type": "ltiResourceLink",
//!     "title": "Fractions",
//!     "url": "https://tool.example/lti/launch?quiz=7",
//!     "icon": null,
//!     "lineItem": {"scoreMaximum": 10},
//! }])).expect("an item");
//! assert_eq!(items[0].members().get("icon"), None);
//!
//! let problems = ContentItem::list(json!([{"type": "link", "url": "javascript:alert(1)"}])).unwrap_err();
//! assert_eq!(
//!     problems[0].to_string(),
//!     "contentItems[0].url must be an absolute http or https address without user name, blanks or line breaks"
//! );
//! ```

mod problem;
mod shape;
#[cfg(test)]
mod tests;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use url::Url;

use crate::claims::MAX_ID_BYTES;

pub use problem::{ItemFault, ItemProblem, MAX_PROBLEMS};

pub(crate) use problem::Problems;
pub(crate) use shape::without_nulls;
use shape::{MEMBERS, cleaned};

/// The most items in one answer.
pub const MAX_ITEMS: usize = 1000;

/// The member that holds the tool's own name for the content, and the parameter that carries it. It
/// is not sent as a member, because platforms don't know it.
pub const HANDLE: &str = "handle";

/// What kind of content an item is (E.3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemType {
    /// A link that launches the tool.
    ResourceLink,
    /// A link to any page.
    Link,
    /// A file. The platform fetches it soon.
    File,
    /// A piece of HTML.
    Html,
    /// A picture, which the platform embeds in its own page.
    Image,
    /// A type defined elsewhere: a full URL, or a name such as Canvas's `ltiAssetProcessor`.
    Other(String),
}

impl ItemType {
    /// The value of `type`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::ResourceLink => "ltiResourceLink",
            Self::Link => "link",
            Self::File => "file",
            Self::Html => "html",
            Self::Image => "image",
            Self::Other(name) => name,
        }
    }

    /// The type with this name. Returns `None` if the name is empty, too long or contains
    /// whitespace.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let known = [
            Self::ResourceLink,
            Self::Link,
            Self::File,
            Self::Html,
            Self::Image,
        ];
        let found = known.into_iter().find(|kind| kind.name() == name);
        let is_name = (1..=MAX_ID_BYTES).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_graphic());
        found.or_else(|| is_name.then(|| Self::Other(name.to_owned())))
    }

    /// The required members of this type.
    const fn required(&self) -> &'static [&'static str] {
        match self {
            Self::Link | Self::File | Self::Image => &["url"],
            Self::Html => &["html"],
            Self::ResourceLink | Self::Other(_) => &[],
        }
    }
}

/// An item whose members conform to the specification.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentItem {
    kind: ItemType,
    members: Map<String, Value>,
    handle: Option<String>,
}

impl Serialize for ContentItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.members.serialize(serializer)
    }
}

impl ContentItem {
    /// Reads the items of an answer. A single item is a list of one, and `null` is an empty list.
    ///
    /// # Errors
    ///
    /// Every problem, up to [`MAX_PROBLEMS`].
    pub fn list(value: Value) -> Result<Vec<Self>, Vec<ItemProblem>> {
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(values) => values,
            one => vec![one],
        };
        let mut problems = Problems::default();
        if values.len() > MAX_ITEMS {
            problems.add("contentItems", ItemFault::TooMany);
            return Err(problems.0);
        }
        let mut items = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            items.extend(Self::read(
                value,
                &format!("contentItems[{index}]"),
                &mut problems,
            ));
        }
        if problems.0.is_empty() {
            Ok(items)
        } else {
            Err(problems.0)
        }
    }

    fn read(value: Value, at: &str, problems: &mut Problems) -> Option<Self> {
        let Value::Object(mut members) = without_nulls(value) else {
            problems.add(at, ItemFault::NotAnObject);
            return None;
        };
        let named = members.get("type").and_then(Value::as_str);
        let Some(kind) = named.and_then(ItemType::from_name) else {
            problems.add(format!("{at}.type"), ItemFault::UnknownType);
            return None;
        };
        let lacks = |members: &Map<String, Value>, name: &str| {
            members.get(name).is_none_or(shape::is_empty)
        };
        for name in kind.required() {
            if lacks(&members, name) {
                problems.add(format!("{at}.{name}"), ItemFault::Missing);
            }
        }
        let frame = members.get("iframe").and_then(Value::as_object);
        if kind == ItemType::Link && frame.is_some_and(|frame| lacks(frame, "src")) {
            problems.add(format!("{at}.iframe.src"), ItemFault::Missing);
        }
        let handle = take_handle(&mut members, &kind, at, problems);
        let members = cleaned(members, MEMBERS, at, problems);
        let url = members.get("url").and_then(Value::as_str);
        if kind == ItemType::ResourceLink && url.is_some_and(|url| url.contains('#')) {
            problems.add(format!("{at}.url"), ItemFault::Fragment);
        }
        Some(Self {
            kind,
            members,
            handle,
        })
    }

    /// The item's type.
    #[must_use]
    pub const fn kind(&self) -> &ItemType {
        &self.kind
    }

    /// Its members, `type` included.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// A text member.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// The tool's own name for the content of a resource link.
    #[must_use]
    pub fn handle(&self) -> Option<&str> {
        self.handle.as_deref()
    }

    /// Writes the handle into every place that platforms preserve: the custom parameters, the line
    /// item (unless the tool already gave it a `resourceId`), and the URL (if it is the tool's
    /// own). Some platforms keep only one of them.
    pub(crate) fn carry_handle(&mut self, is_own: impl FnOnce(&Url) -> bool) {
        let Some(handle) = self.handle.clone() else {
            return;
        };
        let custom = self.members.entry("custom");
        if let Value::Object(custom) = custom.or_insert_with(|| Map::new().into()) {
            custom.insert(HANDLE.into(), handle.as_str().into());
        }
        if let Some(Value::Object(line_item)) = self.members.get_mut("lineItem") {
            line_item
                .entry("resourceId")
                .or_insert_with(|| handle.as_str().into());
        }
        let url = self.text("url").and_then(|url| Url::parse(url).ok());
        let Some(mut url) = url.filter(|url| is_own(url)) else {
            return;
        };
        if !url.query_pairs().any(|(name, _)| name == HANDLE) {
            url.query_pairs_mut().append_pair(HANDLE, &handle);
            self.set_url(url.as_str());
        }
    }

    /// Sets the item's URL.
    pub(crate) fn set_url(&mut self, url: &str) {
        self.members.insert("url".into(), url.into());
    }

    /// Removes a member. Returns whether it was present.
    pub(crate) fn leave_out(&mut self, name: &str) -> bool {
        self.members.remove(name).is_some()
    }
}

/// Removes the handle from an item's members and checks it.
fn take_handle(
    members: &mut Map<String, Value>,
    kind: &ItemType,
    at: &str,
    problems: &mut Problems,
) -> Option<String> {
    let handle = members.remove(HANDLE)?;
    let at = format!("{at}.{HANDLE}");
    let handle = match handle {
        Value::String(handle)
            if (1..=MAX_ID_BYTES).contains(&handle.len()) && !handle.contains(char::is_control) =>
        {
            handle
        }
        _ => {
            problems.add(at, ItemFault::NotAHandle);
            return None;
        }
    };
    let custom = members.get("custom").and_then(|custom| custom.get(HANDLE));
    if *kind != ItemType::ResourceLink {
        problems.add(at, ItemFault::HandleOfNoLink);
    } else if custom.is_some_and(|custom| custom.as_str() != Some(&handle)) {
        problems.add(at, ItemFault::OtherHandle);
    }
    Some(handle)
}
