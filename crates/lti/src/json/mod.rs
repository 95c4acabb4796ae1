//! Strict reading of JSON objects that come from outside (RFC 8259).
//!
//! [`check`] is one pass over the bytes. It refuses what a lenient parser would silently settle
//! in one party's favour (duplicate member names) or what could exhaust the stack (deep nesting),
//! so that typed structs can then be deserialised from the same bytes without surprises.
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

use std::ops::Range;

use serde::Deserialize;

pub use self::error::{JsonError, MAX_DEPTH};
use self::scanner::Scanner;

/// Checks that `bytes` are exactly one JSON object and returns them as text.
///
/// Never recurses and never panics; it allocates a list of the names of open objects, and names that
/// hold escapes.
///
/// # Errors
///
/// Any [`JsonError`] except [`JsonError::Shape`].
pub fn check(bytes: &[u8]) -> Result<&str, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    Scanner::new(text).document(|_| ())?;
    Ok(text)
}

/// Checks `bytes` as [`check`] does, and tells where in the text the names of the object's own
/// members stand: in their order, without quotes, escapes as they were written.
///
/// # Errors
///
/// As [`check`].
pub fn members(bytes: &[u8]) -> Result<(&str, Vec<Range<usize>>), JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotUtf8)?;
    let mut places = Vec::new();
    Scanner::new(text).document(|names| {
        places.extend(names.iter().map(|name| name.start..name.end));
    })?;
    Ok((text, places))
}

/// Checks `bytes` as [`check`] does, then deserialises them.
///
/// # Errors
///
/// Any [`JsonError`]; [`JsonError::Shape`] when the typed reading fails.
pub fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, JsonError> {
    let text = check(bytes)?;
    serde_json::from_str(text).map_err(|error| JsonError::Shape(error.to_string()))
}
