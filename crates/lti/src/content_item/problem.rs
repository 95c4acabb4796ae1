//! What can be wrong with content items, and where.

use std::fmt;

/// The most problems listed for one answer.
pub const MAX_PROBLEMS: usize = 50;

/// A problem and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemProblem {
    /// The member, such as `contentItems[0].lineItem.scoreMaximum`.
    pub at: String,
    /// What is wrong with it.
    pub fault: ItemFault,
}

impl fmt::Display for ItemProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.fault)
    }
}

/// What is wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ItemFault {
    /// A required member is absent, null or empty.
    #[error("is missing")]
    Missing,
    /// Not a JSON object.
    #[error("must be an object")]
    NotAnObject,
    /// Not a JSON string.
    #[error("must be a text")]
    NotText,
    /// Not an address that a browser can open, or one that parsers would read differently.
    #[error("must be an absolute http or https address without user name, blanks or line breaks")]
    NotAnAddress,
    /// The address of a resource link has a fragment, which a launch cannot carry.
    #[error("must not have a fragment (#...): no launch could carry it")]
    Fragment,
    /// Not a size in pixels.
    #[error("must be a whole number of at least 0")]
    NotWhole,
    /// Not a score (E-21).
    #[error("must be a number above 0")]
    NotPositive,
    /// Not a JSON boolean.
    #[error("must be true or false")]
    NotAFlag,
    /// Not a time with a time zone (E-24).
    #[error("must be an ISO 8601 time with its zone, such as 2026-09-01T08:00:00Z")]
    NotATime,
    /// A custom parameter that is an object or a list.
    #[error("must be a text, a number, or true or false")]
    NotAParameter,
    /// A handle that is not text, is empty or too long, or contains control characters.
    #[error("must be a text of 1 to 255 bytes without control characters")]
    NotAHandle,
    /// A handle on an item that never launches the tool.
    #[error("is for resource links only: nothing else brings it back")]
    HandleOfNoLink,
    /// A custom parameter with the handle's name but another value.
    #[error("and custom.handle must be the same: the one travels as the other")]
    OtherHandle,
    /// The type is missing or impossible.
    #[error(
        "must be ltiResourceLink, link, file, html or image, or another type that the platform names"
    )]
    UnknownType,
    /// More than [`MAX_ITEMS`](super::MAX_ITEMS).
    #[error("has more than 1000 items")]
    TooMany,
    /// The platform doesn't take items of this type (E-12).
    #[error("is not among the types that the platform accepts here: {0}")]
    TypeNotAccepted(String),
    /// The platform takes one item only (E-12).
    #[error("has {0} items, and the platform accepts one")]
    OnlyOne(usize),
    /// The platform doesn't take files of this media type (E-12).
    #[error("is not among the media types that the platform accepts here: {0}")]
    MediaTypeNotAccepted(String),
}

/// A list of problems with a limit.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<ItemProblem>);

impl Problems {
    pub(crate) fn add(&mut self, at: impl Into<String>, fault: ItemFault) {
        if self.0.len() < MAX_PROBLEMS {
            let at = at.into();
            self.0.push(ItemProblem { at, fault });
        }
    }
}
