//! Strict JSON on the outside, raw values on the inside.
//!
//! The text must be one JSON object, but a value is only decoded by whoever asks for it. That is
//! how a number like `1e999`, which no `f64` can hold, in an optional member stays that member's
//! problem.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::refusal::Refusal;

/// Objects and arrays inside each other beyond this are refused. A launch needs four levels.
pub(super) const MAX_DEPTH: usize = 32;

/// The members of one JSON object, in order, repeated ones included.
pub(super) struct Members<'a>(Vec<(String, &'a RawValue)>);

/// What an object holds under one name.
pub(super) enum Member<'a> {
    Absent,
    One(&'a RawValue),
    /// More than once: no reader may pick one silently.
    Repeated,
}

impl<'a> Members<'a> {
    /// Reads a whole request body.
    pub(super) fn parse_body(body: &'a [u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_| Refusal::NotUtf8)?;
        if deeper_than(text, MAX_DEPTH) {
            return Err(Refusal::TooDeep);
        }
        match text.trim_start().as_bytes().first() {
            Some(b'{') => Self::parse(text).ok_or(Refusal::NotJson),
            Some(_) => Err(Refusal::NotAnObject),
            None => Err(Refusal::NotJson),
        }
    }

    /// Reads an object inside a body that [`Members::parse_body`] has accepted.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn get(&self, name: &str) -> Member<'a> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (None, _) => Member::Absent,
            (Some((_, value)), None) => Member::One(value),
            (Some(_), Some(_)) => Member::Repeated,
        }
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Members)
    }
}

/// One decoded value, as deep as this dialect needs it.
pub(super) enum Value<'a> {
    Null,
    Bool,
    /// The number as written.
    Number(&'a str),
    Text(String),
    /// A string whose escapes are no Unicode text, such as half a surrogate pair.
    BrokenText,
    Array(&'a str),
    Object(&'a str),
}

pub(super) fn decode(raw: &RawValue) -> Value<'_> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'n') => Value::Null,
        Some(b't' | b'f') => Value::Bool,
        Some(b'"') => serde_json::from_str(text).map_or(Value::BrokenText, Value::Text),
        Some(b'[') => Value::Array(text),
        Some(b'{') => Value::Object(text),
        _ => Value::Number(text),
    }
}

/// Whether brackets outside strings ever stand deeper than `limit`. Never recurses.
fn deeper_than(text: &str, limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Text fit to be stored and shown: no control characters, at most `max` characters.
pub(super) fn tidy(text: &str, max: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(max)
        .collect::<String>()
        .trim()
        .to_owned()
}
