//! Readers for informational claims: what cannot be read counts as absent.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// An informational claim. It is parsed on demand, because most launches' claims are never read.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Unread<'a>(#[serde(borrow)] Option<&'a RawValue>);

impl<'a> Unread<'a> {
    /// The raw JSON; empty if absent.
    pub(crate) fn raw(self) -> &'a str {
        self.0.map_or("", RawValue::get)
    }

    /// An object; `null` and other shapes count as absent.
    pub(crate) fn object<T: DeserializeOwned>(self) -> Option<T> {
        self.0.and_then(parse_object)
    }

    /// Text, read as by [`text`].
    pub(crate) fn text(self) -> Option<String> {
        self.0.and_then(|raw| text(raw).ok().flatten())
    }

    /// Texts, read as by [`texts`].
    pub(crate) fn texts(self) -> Vec<String> {
        self.0.map(texts).and_then(Result::ok).unwrap_or_default()
    }
}

/// The object of a decisive claim; `null` and other shapes are not objects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnreadObject<'a>(&'a RawValue);

impl<'de: 'a, 'a> Deserialize<'de> for UnreadObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('{') {
            Ok(Self(raw))
        } else {
            Err(D::Error::custom("not an object"))
        }
    }
}

impl<'a> UnreadObject<'a> {
    /// The raw JSON.
    pub(crate) fn raw(self) -> &'a str {
        self.0.get()
    }

    pub(crate) fn read<T: DeserializeOwned>(self) -> Option<T> {
        parse_object(self.0)
    }
}

/// Parses an object. Arrays are rejected; serde would read them as the members in order.
fn parse_object<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    let text = raw.get();
    text.starts_with('{')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// Any value as parsed JSON, for values that are themselves read from text.
fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// Text. A number becomes its decimal digits. NULs are dropped, because no store accepts them.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(as_text(value(deserializer)?))
}

fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if text.contains('\0') => Some(text.replace('\0', "")),
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A list of texts. A single text is a list of one; other entries are dropped.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match value(deserializer)? {
        Value::Array(list) => list.into_iter().filter_map(as_text).collect(),
        Value::String(text) => vec![text],
        _ => Vec::new(),
    })
}

/// Pixels: a whole number, or one written as text; `""` counts as absent (ILIAS).
pub(crate) fn pixels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(match value(deserializer)? {
        Value::Number(number) => number
            .as_u64()
            .or_else(|| {
                let number = number.as_f64().filter(|n| (0.0..1e9).contains(n))?;
                Some(number as u64)
            })
            .and_then(|number| u32::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// A flag: `true`, `"true"` and their opposites.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match value(deserializer)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        _ => None,
    })
}

/// An object of texts: numbers and flags become text, nulls and structures are dropped (B-48).
pub(crate) fn text_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let Value::Object(members) = value(deserializer)? else {
        return Ok(BTreeMap::new());
    };
    Ok(members
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(number) => Some((name, number.to_string())),
            Value::Bool(flag) => Some((name, flag.to_string())),
            _ => None,
        })
        .collect())
}
