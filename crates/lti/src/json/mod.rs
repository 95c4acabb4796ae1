//! Strict reading of JSON objects that come from outside (RFC 8259).
//!
//! [`check`] is one pass over the bytes. It refuses what a lenient parser would silently settle
//! in one party's favour (duplicate member names) or what could exhaust the stack (deep nesting),
//! so that typed structs can then be deserialised from the text it gives without surprises.
//!
//! Three oddities are mended instead, because senders mean no harm by them and readers would refuse the whole document: a
//! byte order mark in front is passed over (RFC 8259 §8.1), half a surrogate pair becomes U+FFFD as in browsers, and a
//! number that no double can hold becomes the text of its digits.
//!
//! ```
//! use lti::json::{self, JsonError};
//!
//! #[derive(serde::Deserialize)]
//! struct Token { exp: f64 }
//!
//! let token: Token = json::object(br#"{"exp": 1795354440}"#)?;
//! assert_eq!(token.exp, 1795354440.0);
//! // Which of the two would count?
//! let twice = json::check(br#"{"aud": "a", "\u0061ud": "b"}"#);
//! assert_eq!(twice, Err(JsonError::DuplicateMember));
//! # Ok::<(), JsonError>(())
//! ```

mod error;
mod scanner;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

pub use self::error::{JsonError, MAX_DEPTH};
use self::scanner::{Name, Scanner, mended, oddities};

/// Checks that `bytes` are exactly one JSON object and returns them as text, mended if need be.
///
/// Never recurses and never panics; it allocates a list of the names of open objects, and names that
/// hold escapes.
///
/// # Errors
///
/// Any [`JsonError`] except [`JsonError::Shape`].
pub fn check(bytes: &[u8]) -> Result<Cow<'_, str>, JsonError> {
    scan(bytes, &mut |_| ())
}

/// Checks `bytes` as [`check`] does, and tells where in the text that it returns the names of the object's own
/// members stand: in their order, without quotes, escapes as they were written.
///
/// # Errors
///
/// As [`check`].
pub fn members(bytes: &[u8]) -> Result<(Cow<'_, str>, Vec<Range<usize>>), JsonError> {
    let mut places = Vec::new();
    let text = scan(bytes, &mut |names| {
        places = names.iter().map(|name| name.start..name.end).collect();
    })?;
    Ok((text, places))
}

fn scan<'a>(
    bytes: &'a [u8],
    outermost: &mut dyn FnMut(&[Name<'_>]),
) -> Result<Cow<'a, str>, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let oddities = Scanner::new(text).document(outermost)?;
    if oddities.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let text = mended(text, &oddities);
    // Names that differed may be the same now, and all stand elsewhere.
    Scanner::new(&text).document(outermost)?;
    Ok(Cow::Owned(text))
}

/// Checks `bytes` as [`check`] does, then deserialises them.
///
/// # Errors
///
/// Any [`JsonError`]; [`JsonError::Shape`] when the typed reading fails.
pub fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let text = check(bytes)?;
    serde_json::from_str(&text).map_err(|error| JsonError::Shape(error.to_string()))
}

/// Reads any JSON value, mended if need be: for what services answer and applications send. Duplicate names and nesting are
/// judged as `serde_json` judges them.
///
/// ```
/// let list = lti::json::mended_value(br#"[{"label": "Quiz \ud83d"}]"#)?;
/// assert_eq!(list[0]["label"], "Quiz \u{fffd}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// Not JSON even so.
pub fn mended_value(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    let bytes = without_mark(bytes);
    serde_json::from_slice(bytes).or_else(|error| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(error);
        };
        match oddities(text) {
            none if none.is_empty() => Err(error),
            found => serde_json::from_str(&mended(text, &found)),
        }
    })
}

/// JSON without the byte order mark that .NET and PowerShell put before it (RFC 8259 §8.1).
#[must_use]
pub fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json)
}

/// Whether an id is as it was sent: one that was mended could be someone else's.
pub(crate) fn is_whole(id: &str) -> bool {
    !id.contains(char::REPLACEMENT_CHARACTER)
}

/// A value without its nulls, at every depth: in the services' messages null means absent, and some readers refuse it.
#[must_use]
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(
                members
                    .map(|(name, member)| (name, without_nulls(member)))
                    .collect(),
            )
        }
        Value::Array(items) => {
            let items = items.into_iter().filter(|item| !item.is_null());
            Value::Array(items.map(without_nulls).collect())
        }
        other => other,
    }
}

/// A numeric string, as forms produce it, becomes the number; anything else is unchanged.
pub(crate) fn with_number(value: Value) -> Value {
    let number: Option<Number> = value.as_str().and_then(|text| text.trim().parse().ok());
    number.map_or(value, Value::Number)
}

/// Takes a member out of an object as text. Numbers pass as their digits; empty texts and other shapes are absent.
pub(crate) fn take_text(of: &mut Map<String, Value>, name: &str) -> Option<String> {
    match of.shift_remove(name)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
