//! Checks a message before it is sent.

use serde_json::{Map, Value};

use crate::json::{with_number, without_nulls};

/// A message that every platform would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} of its members are missing or wrong", .0.len())]
#[non_exhaustive]
pub struct Invalid(
    /// Each missing or wrong member. If the message as a whole is wrong, the name is empty.
    pub Vec<InvalidMember>,
);

/// A wrong member, and what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidMember {
    /// The name as spelled in JSON: `scoreMaximum`.
    pub name: &'static str,
    /// What it must be, in words that follow its name: `must be a number above 0`.
    pub must: &'static str,
}

/// Collects the problems of one object.
pub(super) struct ObjectCheck {
    pub(super) members: Map<String, Value>,
    wrong: Vec<InvalidMember>,
}

impl ObjectCheck {
    /// Takes an object and drops its nulls, which count as absent.
    pub(super) fn object(value: Value) -> Result<Self, Invalid> {
        match without_nulls(value) {
            Value::Object(members) => Ok(Self {
                members,
                wrong: Vec::new(),
            }),
            _ => Err(Invalid(vec![InvalidMember {
                name: "",
                must: "must be a JSON object",
            }])),
        }
    }

    pub(super) fn wrong(&mut self, name: &'static str, must: &'static str) {
        self.wrong.push(InvalidMember { name, must });
    }

    /// An optional member: if present, it must satisfy `is`.
    pub(super) fn check(&mut self, name: &'static str, must: &'static str, is: fn(&Value) -> bool) {
        if self.members.get(name).is_some_and(|value| !is(value)) {
            self.wrong(name, must);
        }
    }

    /// A required member that must satisfy `is`.
    pub(super) fn require(
        &mut self,
        name: &'static str,
        must: &'static str,
        is: fn(&Value) -> bool,
    ) {
        if !self.members.get(name).is_some_and(is) {
            self.wrong(name, must);
        }
    }

    /// Turns a number into a string of its digits.
    pub(super) fn number_as_text(&mut self, name: &str) {
        if let Some(value) = self.members.get_mut(name)
            && value.is_number()
        {
            *value = Value::String(value.to_string());
        }
    }

    /// A numeric string becomes the number.
    pub(super) fn text_as_number(&mut self, name: &str) {
        if let Some(value) = self.members.get_mut(name) {
            *value = with_number(value.take());
        }
    }

    /// PHP encodes an empty object as an empty list, which counts as absent.
    pub(super) fn empty_list_as_absent(&mut self, name: &str) {
        let list = self.members.get(name).and_then(Value::as_array);
        if list.is_some_and(Vec::is_empty) {
            self.members.shift_remove(name);
        }
    }

    pub(super) fn finish(self) -> Result<Map<String, Value>, Invalid> {
        if self.wrong.is_empty() {
            Ok(self.members)
        } else {
            Err(Invalid(self.wrong))
        }
    }
}

/// A text that isn't blank.
pub(super) fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// A number above 0.
pub(super) fn is_positive(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number > 0.0)
}
