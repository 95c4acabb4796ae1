//! Strict reading of JSON objects that come from outside.
//!
//! [`check`] is one pass over the bytes. It refuses what a lenient parser would silently settle
//! in one party's favour (duplicate member names) or what could exhaust the stack (deep nesting),
//! so that typed structs can then be deserialised from the same bytes without surprises.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;

/// The deepest nesting of arrays and objects that is accepted (I-27).
pub const MAX_DEPTH: usize = 32;

/// Why a document is not an acceptable JSON object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The bytes are not UTF-8.
    #[error("the document is not UTF-8 text")]
    NotUtf8,
    /// The top level is an array, a string, a number or nothing at all.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// The text breaks JSON's grammar near this byte, counted from 0.
    #[error("the document is not valid JSON near byte {0}")]
    Syntax(usize),
    /// Arrays and objects are nested deeper than [`MAX_DEPTH`].
    #[error("the document is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// One object has two members of the same name, escapes resolved.
    #[error("an object of the document has two members of one name")]
    DuplicateMember,
    /// A number is beyond what a double can hold, such as `1e400`.
    #[error("the document holds a number that is out of range near byte {0}")]
    NumberOutOfRange(usize),
    /// The object is fine as JSON but does not have the expected shape.
    #[error("the document does not have the expected shape: {0}")]
    Shape(String),
}

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

/// An open array or object.
#[derive(Clone, Copy)]
enum Open {
    Array,
    /// The index in `Scanner::names` at which this object's names begin.
    Object(usize),
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The member names of all open objects, innermost last.
    names: Vec<Name<'a>>,
}

/// A member's name.
struct Name<'a> {
    /// Escapes resolved.
    text: Cow<'a, str>,
    /// Where it begins in the document, behind the quote.
    start: usize,
    /// Where it ends there.
    end: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            names: Vec::with_capacity(48),
        }
    }

    /// Reads the whole; `outermost` gets the names of the object itself, in their order.
    fn document(mut self, outermost: impl FnOnce(&[Name<'a>])) -> Result<(), JsonError> {
        self.space();
        if self.peek() != Some(b'{') {
            return Err(JsonError::NotAnObject);
        }
        let mut stack: Vec<Open> = Vec::with_capacity(8);
        let mut outermost = Some(outermost);
        loop {
            // One value begins here.
            self.space();
            let entered = match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    self.push(&mut stack, Open::Object(self.names.len()))?;
                    self.space();
                    if self.peek() == Some(b'}') {
                        false
                    } else {
                        self.name()?;
                        true
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    self.push(&mut stack, Open::Array)?;
                    self.space();
                    self.peek() != Some(b']')
                }
                Some(b'"') => {
                    self.string()?;
                    false
                }
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                    false
                }
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                Some(b'n') => self.literal("null")?,
                _ => return Err(self.syntax()),
            };
            if entered {
                continue;
            }
            // The value has ended: close what ends with it, up to the next comma.
            loop {
                self.space();
                let Some(&open) = stack.last() else {
                    return if self.at == self.text.len() {
                        Ok(())
                    } else {
                        Err(self.syntax())
                    };
                };
                match (self.peek(), open) {
                    (Some(b','), Open::Array) => {
                        self.at += 1;
                        break;
                    }
                    (Some(b','), Open::Object(_)) => {
                        self.at += 1;
                        self.space();
                        self.name()?;
                        break;
                    }
                    (Some(b']'), Open::Array) => {
                        self.at += 1;
                        stack.pop();
                    }
                    (Some(b'}'), Open::Object(first)) => {
                        self.at += 1;
                        if stack.len() == 1
                            && let Some(outermost) = outermost.take()
                        {
                            outermost(&self.names);
                        }
                        self.distinct(first)?;
                        stack.pop();
                    }
                    _ => return Err(self.syntax()),
                }
            }
        }
    }

    fn push(&self, stack: &mut Vec<Open>, open: Open) -> Result<(), JsonError> {
        if stack.len() >= MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        stack.push(open);
        Ok(())
    }

    /// Refuses duplicates among the names from `first` on, and forgets those names.
    ///
    /// Sorting once per object keeps a hostile object of thousands of members cheap.
    fn distinct(&mut self, first: usize) -> Result<(), JsonError> {
        if let Some(names) = self.names.get_mut(first..) {
            names.sort_unstable_by(|Name { text: a, .. }, Name { text: b, .. }| {
                a.len().cmp(&b.len()).then_with(|| a.cmp(b))
            });
            if names
                .iter()
                .zip(names.iter().skip(1))
                .any(|(one, next)| one.text == next.text)
            {
                return Err(JsonError::DuplicateMember);
            }
        }
        self.names.truncate(first);
        Ok(())
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Result<(), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        let start = self.at;
        let escaped = self.string()?;
        let quoted = self.text.get(start..self.at).ok_or(self.syntax())?;
        let (behind, before) = (start + 1, self.at - 1);
        let text = if escaped {
            // `"\u0061ud"` and `"aud"` are the same name.
            Cow::Owned(serde_json::from_str(quoted).map_err(|_| JsonError::Syntax(start))?)
        } else {
            Cow::Borrowed(self.text.get(behind..before).ok_or(self.syntax())?)
        };
        self.names.push(Name {
            text,
            start: behind,
            end: before,
        });
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.syntax());
        }
        self.at += 1;
        Ok(())
    }

    /// A string; tells whether it holds an escape.
    fn string(&mut self) -> Result<bool, JsonError> {
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at += 1;
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            let plain = rest.get(..plain).unwrap_or(rest);
            let is_control = |byte: &u8| *byte < 0x20;
            // Without an early end it looks at many bytes at once.
            self.at += if plain.iter().fold(false, |any, byte| any | is_control(byte)) {
                plain.iter().position(is_control).unwrap_or(0)
            } else {
                plain.len()
            };
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.syntax()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        match self.text.as_bytes().get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let unit = self.unit()?;
                if (0xDC00..0xE000).contains(&unit) {
                    return Err(self.syntax());
                }
                // Half a surrogate pair has no meaning and would fail a later reader.
                if (0xD800..0xDC00).contains(&unit) && !(0xDC00..0xE000).contains(&self.unit()?) {
                    return Err(self.syntax());
                }
            }
            _ => return Err(self.syntax()),
        }
        Ok(())
    }

    /// One `\uXXXX`.
    fn unit(&mut self) -> Result<u32, JsonError> {
        let digits = self
            .text
            .get(self.at..self.at + 6)
            .and_then(|escape| escape.strip_prefix("\\u"))
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or(self.syntax())?;
        let unit = u32::from_str_radix(digits, 16).map_err(|_| self.syntax())?;
        self.at += 6;
        Ok(unit)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let mut plain = true;
        if self.peek() == Some(b'.') {
            plain = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            plain = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        if plain && self.at - start < 300 {
            return Ok(());
        }
        // Everything downstream reads numbers as doubles, so an infinite one would fail there.
        match self.text.get(start..self.at).map(str::parse::<f64>) {
            Some(Ok(value)) if value.is_finite() => Ok(()),
            _ => Err(JsonError::NumberOutOfRange(start)),
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.syntax());
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<bool, JsonError> {
        if self.text.as_bytes().get(self.at..self.at + word.len()) != Some(word.as_bytes()) {
            return Err(self.syntax());
        }
        self.at += word.len();
        Ok(false)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn syntax(&self) -> JsonError {
        JsonError::Syntax(self.at)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;
    use test_case::cases;

    use super::*;

    #[test]
    fn ordinary_objects_pass() {
        for text in [
            "{}",
            " { } ",
            r#"{"a":1}"#,
            r#"{"a":[],"b":{},"c":[1,[2,{"a":null}]],"d":"x\n\u00e9\ud83d\ude00"}"#,
            r#"{"a":{"a":1},"b":{"a":2}}"#,
            r#"{"n":-0.5e-3,"m":0,"t":true,"f":false}"#,
            "{\"ü\":\"\u{1F600}\"}\n",
        ] {
            assert_eq!(check(text.as_bytes()), Ok(text), "{text}");
        }
    }

    #[cases("TC-113")]
    #[test]
    fn duplicate_member_is_refused() {
        for text in [
            r#"{"aud":"a","aud":"b"}"#,
            r#"{"aud":"a","x":1,"\u0061ud":"b"}"#,
            r#"{"x":{"y":[{"k":1,"k":1}]}}"#,
            r#"{"":1,"":2}"#,
        ] {
            assert_eq!(
                check(text.as_bytes()),
                Err(JsonError::DuplicateMember),
                "{text}"
            );
        }
    }

    #[test]
    fn members_are_told_by_where_their_names_stand() {
        let text = r#" {"long name":{"inner":1},"":[{"x":2}],"\u0061ud":"b","ü":1,"a":2} "#;
        let (read, places) = members(text.as_bytes()).unwrap();
        let names: Vec<&str> = places.into_iter().map(|place| &read[place]).collect();
        assert_eq!(names, ["long name", "", r"\u0061ud", "ü", "a"]);
        assert_eq!(members(b"{}"), Ok(("{}", Vec::new())));
        assert_eq!(
            members(br#"{"a":1,"a":2}"#),
            Err(JsonError::DuplicateMember)
        );
    }

    #[cases("TC-115")]
    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(check(deep.as_bytes()), Err(JsonError::TooDeep));
        let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        assert_eq!(check(deep.as_bytes()), Err(JsonError::TooDeep));
        let just = format!("{{\"a\":{}{}}}", "[".repeat(31), "]".repeat(31));
        assert!(check(just.as_bytes()).is_ok());
    }

    #[test]
    fn other_than_one_object_is_refused() {
        for text in ["", " ", "[]", "1", "\"a\"", "null", "\u{feff}{}"] {
            assert_eq!(
                check(text.as_bytes()),
                Err(JsonError::NotAnObject),
                "{text}"
            );
        }
        for text in [
            "{",
            "{}{}",
            "{} x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":1e}",
            "{\"a\":tru}",
            "{\"a\":[1,]}",
            "{\"a\":[1}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\\u00\"}",
            "{\"a\":\"",
            "{\"a\":NaN}",
            "{\"a\":1]",
        ] {
            assert!(
                matches!(check(text.as_bytes()), Err(JsonError::Syntax(_))),
                "{text}"
            );
        }
        assert_eq!(check(b"{\"a\":\"\xff\"}"), Err(JsonError::NotUtf8));
    }

    #[cases("TC-098")]
    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(
            check(b"{\"exp\":1e400}"),
            Err(JsonError::NumberOutOfRange(7))
        );
        let long = format!("{{\"exp\":{}}}", "9".repeat(400));
        assert_eq!(check(long.as_bytes()), Err(JsonError::NumberOutOfRange(7)));
        assert!(check(b"{\"exp\":1e-400}").is_ok());
    }

    #[test]
    fn many_members_stay_cheap() {
        let members: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\":1")).collect();
        let text = format!("{{{}}}", members.join(","));
        assert!(check(text.as_bytes()).is_ok());
    }

    #[test]
    fn object_reads_typed() {
        #[derive(Deserialize)]
        struct One {
            a: u8,
        }
        assert_eq!(object::<One>(b"{\"a\":1}").unwrap().a, 1);
        assert!(matches!(
            object::<One>(b"{\"a\":\"1\"}"),
            Err(JsonError::Shape(_))
        ));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = check(&bytes);
        }

        #[test]
        fn never_panics_on_json_like_text(text in r#"[{}\[\]",:\\u0-9a-fe.+\- tn]{0,80}"#) {
            let _ = check(text.as_bytes());
        }

        /// What passes here is JSON for the reader behind, too.
        #[test]
        fn agrees_with_serde(text in r#"\{("[ab\\n]{0,3}":(1|\[\]|"x"|-0\.5|\{\}|null),?){0,3}\}"#) {
            let ours = check(text.as_bytes());
            let theirs = serde_json::from_str::<Value>(&text);
            if ours.is_ok() {
                prop_assert!(theirs.is_ok());
            } else if ours != Err(JsonError::DuplicateMember) {
                prop_assert!(theirs.is_err());
            }
        }
    }
}
