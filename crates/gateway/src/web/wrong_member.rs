//! What is wrong with members of a body: `details.errors`, the same for every room.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// A member of a body, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WrongMember {
    /// Where it is, such as `launch.leewaySeconds` or `contentItems[0].url`; empty for the whole
    /// body.
    #[schema(value_type = String)]
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub message: String,
}

impl WrongMember {
    /// The member at this place, and what is wrong with it.
    pub(crate) fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// The top-level member of the body that it is, or is part of.
    pub(crate) fn top(&self) -> &str {
        self.field.split(['.', '[']).next().unwrap_or_default()
    }
}

/// Everything wrong with a body, in the order in which it was found. A separate type, so that a
/// problem stays small.
#[derive(Clone, Debug)]
pub struct WrongMembers(pub Vec<WrongMember>);
