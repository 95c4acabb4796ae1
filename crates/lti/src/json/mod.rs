//! Strict reading of JSON objects that come from outside (RFC 8259).
//!
//! [`check`] is one pass over the bytes. It refuses duplicate member names, which lenient parsers
//! resolve silently and differently, and deep nesting, which could exhaust the stack. The text it
//! returns can then be deserialised into typed structs without surprises.
//!
//! Three oddities are repaired instead, because they are harmless and most parsers would refuse the
//! whole document: a leading byte order mark is skipped (RFC 8259 §8.1), an unpaired surrogate
//! becomes U+FFFD as in browsers, and a number too large for a double becomes the text of its
//! digits.
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
use self::scanner::{Name, Scanner, duplicate, mended, oddities};

/// Checks that `bytes` are exactly one JSON object and returns them as text, repaired if necessary.
///
/// Never recurses and never panics; it allocates only a list of the names in open objects, and
/// names that contain escapes.
///
/// # Errors
///
/// Any [`JsonError`] except [`JsonError::Shape`].
pub fn check(bytes: &[u8]) -> Result<Cow<'_, str>, JsonError> {
    scan(bytes, &mut |_| ())
}

/// Like [`check`], but also returns the positions of the top-level member names in the returned
/// text: in order, without quotes, with escapes unresolved.
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
    // Names that differed may now be equal, and every position has shifted.
    Scanner::new(&text).document(outermost)?;
    Ok(Cow::Owned(text))
}

/// Checks `bytes` like [`check`], then deserialises them.
///
/// # Errors
///
/// Any [`JsonError`]; [`JsonError::Shape`] if deserialising fails.
pub fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let text = check(bytes)?;
    serde_json::from_str(&text).map_err(|error| JsonError::Shape(error.to_string()))
}

/// Reads any JSON value, repaired if necessary: for the answers of services and the requests of
/// applications. Duplicate names and nesting are treated as `serde_json` treats them.
///
/// ```
/// let list = lti::json::mended_value(br#"[{"label": "Quiz \ud83d"}]"#)?;
/// assert_eq!(list[0]["label"], "Quiz \u{fffd}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// The text is not JSON, even after repairs.
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

/// The first member name that an object of this JSON has twice, escapes resolved: [`mended_value`]
/// keeps the last of such members, where another parser may keep the first.
///
/// ```
/// let twice = lti::json::duplicate_member(br#"{"a": {"b": 1, "\u0062": 2}}"#);
/// assert_eq!(twice.as_deref(), Some("b"));
/// assert_eq!(lti::json::duplicate_member(br#"[{"b": 1}, {"b": 2}]"#), None);
/// ```
#[must_use]
pub fn duplicate_member(json: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(without_mark(json)).ok()?;
    duplicate(text).or_else(|| match oddities(text) {
        none if none.is_empty() => None,
        // Names that differed may be equal once they are repaired.
        found => duplicate(&mended(text, &found)),
    })
}

/// JSON without the byte order mark that .NET and PowerShell prepend (RFC 8259 §8.1).
#[must_use]
pub fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json)
}

/// Whether an id is exactly as sent: a repaired one could be someone else's.
pub(crate) fn is_whole(id: &str) -> bool {
    !id.contains(char::REPLACEMENT_CHARACTER)
}

/// A value without nulls, at every depth. In service messages null means absent, and some
/// recipients refuse it.
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

/// Removes a member from an object and returns it as text. Numbers become their digits; empty texts
/// and other shapes count as absent.
pub(crate) fn take_text(of: &mut Map<String, Value>, name: &str) -> Option<String> {
    match of.shift_remove(name)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
