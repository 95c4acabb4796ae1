//! The members that the specification names, and the shape of each (E.3).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::problem::{ItemFault, Problems};
use crate::json::with_number;
use crate::target::plain_web_url;

/// The shape of a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    /// A text; a number becomes one, as in line items.
    Name,
    /// An absolute http or https address.
    Address,
    /// Pixels.
    Whole,
    /// A number above zero.
    Positive,
    Flag,
    Time,
    /// An object of texts; numbers and flags are converted.
    Parameters,
    /// An object with these members; others pass through.
    Object(&'static [NamedMember]),
}

/// A member that the specification names.
#[derive(Clone, Copy, Debug)]
pub(super) struct NamedMember {
    name: &'static str,
    shape: Shape,
    /// Whether the enclosing object is useless without it.
    required: bool,
}

const fn may(name: &'static str, shape: Shape) -> NamedMember {
    NamedMember {
        name,
        shape,
        required: false,
    }
}

const fn must(name: &'static str, shape: Shape) -> NamedMember {
    NamedMember {
        name,
        shape,
        required: true,
    }
}

const IMAGE: Shape = Shape::Object(&[
    must("url", Shape::Address),
    may("width", Shape::Whole),
    may("height", Shape::Whole),
]);

const PERIOD: Shape = Shape::Object(&[
    may("startDateTime", Shape::Time),
    may("endDateTime", Shape::Time),
]);

/// The members of an item. A member has the same shape in every item type.
pub(super) const MEMBERS: &[NamedMember] = &[
    may("title", Shape::Text),
    may("text", Shape::Text),
    may("url", Shape::Address),
    may("icon", IMAGE),
    may("thumbnail", IMAGE),
    may("html", Shape::Text),
    may("width", Shape::Whole),
    may("height", Shape::Whole),
    may("mediaType", Shape::Text),
    may("expiresAt", Shape::Time),
    may("embed", Shape::Object(&[must("html", Shape::Text)])),
    may(
        "window",
        Shape::Object(&[
            may("targetName", Shape::Text),
            may("width", Shape::Whole),
            may("height", Shape::Whole),
            may("windowFeatures", Shape::Text),
        ]),
    ),
    may(
        "iframe",
        Shape::Object(&[
            may("src", Shape::Address),
            may("width", Shape::Whole),
            may("height", Shape::Whole),
        ]),
    ),
    may("custom", Shape::Parameters),
    may(
        "lineItem",
        Shape::Object(&[
            must("scoreMaximum", Shape::Positive),
            may("label", Shape::Text),
            may("resourceId", Shape::Name),
            may("tag", Shape::Name),
            may("gradesReleased", Shape::Flag),
        ]),
    ),
    may("available", PERIOD),
    may("submission", PERIOD),
];

/// Whether a text is an address that a browser can open and that every parser reads the same way.
fn is_web_address(text: &str) -> bool {
    plain_web_url(text).is_ok()
}

/// Removes nulls at every depth, because applications written for LTIAAS send them.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            let members = members.map(|(name, value)| (name, without_nulls(value)));
            Value::Object(members.collect())
        }
        Value::Array(values) => {
            let values = values.into_iter().filter(|value| !value.is_null());
            Value::Array(values.map(without_nulls).collect())
        }
        other => other,
    }
}

/// The members to send: named ones are checked and dropped if empty, the others pass through.
pub(super) fn cleaned(
    mut members: Map<String, Value>,
    named: &[NamedMember],
    at: &str,
    problems: &mut Problems,
) -> Map<String, Value> {
    for member in named {
        let at = format!("{at}.{}", member.name);
        let given = [member.name, &*snake_case(member.name)].map(|name| members.remove(name));
        let value = given.into_iter().flatten().find(|value| !is_empty(value));
        match value {
            Some(value) => {
                let value = checked(value, member.shape, &at, problems);
                if let Some(value) = value.filter(|value| !is_empty(value)) {
                    members.insert(member.name.to_owned(), value);
                }
            }
            None if member.required => problems.add(at, ItemFault::Missing),
            None => {}
        }
    }
    members
}

/// A nested member's name as LTIAAS's Python SDK spells it, such as `end_date_time`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// PHP encodes an empty object as an empty list, and no named member is a list.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Array(members) => members.is_empty(),
        _ => false,
    }
}

fn checked(value: Value, shape: Shape, at: &str, problems: &mut Problems) -> Option<Value> {
    let checked = match shape {
        Shape::Text => value.is_string().then_some(value).ok_or(ItemFault::NotText),
        Shape::Name => match value {
            Value::Number(number) => Ok(number.to_string().into()),
            Value::String(_) => Ok(value),
            _ => Err(ItemFault::NotText),
        },
        Shape::Address => {
            let is_address = value.as_str().is_some_and(is_web_address);
            is_address.then_some(value).ok_or(ItemFault::NotAnAddress)
        }
        Shape::Whole => whole(value).ok_or(ItemFault::NotWhole),
        Shape::Positive => {
            let value = with_number(value);
            let is_positive = value.as_f64().is_some_and(|number| number > 0.0);
            is_positive.then_some(value).ok_or(ItemFault::NotPositive)
        }
        Shape::Flag => value
            .is_boolean()
            .then_some(value)
            .ok_or(ItemFault::NotAFlag),
        Shape::Time => {
            let time = value.as_str().map(str::parse::<Timestamp>);
            let is_time = time.is_some_and(|time| time.is_ok());
            is_time.then_some(value).ok_or(ItemFault::NotATime)
        }
        Shape::Parameters => return parameters(value, at, problems),
        Shape::Object(named) => match value {
            Value::Object(members) => Ok(Value::Object(cleaned(members, named, at, problems))),
            _ => Err(ItemFault::NotAnObject),
        },
    };
    checked.map_err(|fault| problems.add(at, fault)).ok()
}

/// Some applications write sizes as text, others as 50.0.
fn whole(value: Value) -> Option<Value> {
    if let Value::String(text) = &value {
        let pixels: Option<u64> = text.trim().parse().ok();
        return pixels.map(Value::from);
    }
    let number = value.as_f64()?;
    (number >= 0.0 && number.fract() == 0.0).then_some(value)
}

/// Custom parameters are texts. An empty one is kept, because it can carry meaning.
fn parameters(value: Value, at: &str, problems: &mut Problems) -> Option<Value> {
    let Value::Object(members) = value else {
        problems.add(at, ItemFault::NotAnObject);
        return None;
    };
    let mut texts = Map::new();
    for (name, value) in members {
        match value {
            Value::String(_) => drop(texts.insert(name, value)),
            Value::Number(_) | Value::Bool(_) => {
                texts.insert(name, value.to_string().into());
            }
            _ => problems.add(format!("{at}.{name}"), ItemFault::NotAParameter),
        }
    }
    Some(Value::Object(texts))
}
