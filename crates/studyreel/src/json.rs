//! JSON that is parsed strictly on the outside and kept raw on the inside.
//!
//! The text must be one JSON object, but a value is only decoded when it is needed. So a number
//! such as `1e999`, which doesn't fit into an `f64`, affects only the optional member it is in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use crate::refusal::PayloadRefusal;

/// Objects and arrays nested deeper than this are refused. A launch needs four levels.
pub(crate) const MAX_DEPTH: usize = 32;

/// The members of one JSON object, in order, including repeated ones.
pub(crate) struct Members<'a>(Vec<(String, &'a RawValue)>);

/// The value or values under one name in an object.
pub(crate) enum Member<'a> {
    Absent,
    One(&'a RawValue),
    /// More than once. Never silently pick one.
    Repeated,
}

impl<'a> Members<'a> {
    /// Reads a whole request body.
    pub(crate) fn parse_body(body: &'a [u8]) -> Result<Self, PayloadRefusal> {
        let text = std::str::from_utf8(without_mark(body)).map_err(|_| PayloadRefusal::NotUtf8)?;
        if deeper_than(text, MAX_DEPTH) {
            return Err(PayloadRefusal::TooDeep);
        }
        match text.trim_start().as_bytes().first() {
            Some(b'{') => Self::parse(text).ok_or(PayloadRefusal::NotJson),
            Some(_) => Err(PayloadRefusal::NotAnObject),
            None => Err(PayloadRefusal::NotJson),
        }
    }

    /// Reads an object inside a body that [`Members::parse_body`] has accepted.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn get(&self, name: &str) -> Member<'a> {
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

/// A decoded value, to the depth that this format needs.
pub(crate) enum Decoded<'a> {
    Null,
    Bool,
    /// The number as written.
    Number(&'a str),
    Text(String),
    /// A string whose escapes are not valid Unicode, such as an unpaired surrogate.
    BrokenText,
    Array(&'a str),
    Object(&'a str),
}

pub(crate) fn decode(raw: &RawValue) -> Decoded<'_> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'n') => Decoded::Null,
        Some(b't' | b'f') => Decoded::Bool,
        Some(b'"') => serde_json::from_str(text).map_or(Decoded::BrokenText, Decoded::Text),
        Some(b'[') => Decoded::Array(text),
        Some(b'{') => Decoded::Object(text),
        _ => Decoded::Number(text),
    }
}

/// A body without the byte order mark that .NET and PowerShell prepend (RFC 8259 §8.1).
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// The text of an informational string. Unpaired surrogates, left by programs that truncate texts
/// by UTF-16 length, become U+FFFD as in browsers.
pub(crate) fn decorating_text(raw: &RawValue) -> Option<String> {
    match decode(raw) {
        Decoded::Text(text) => Some(text),
        Decoded::BrokenText => serde_json::from_str(&without_half_pairs(raw.get())).ok(),
        _ => None,
    }
}

/// A string as written, with `\ufffd` in place of every unpaired surrogate.
fn without_half_pairs(text: &str) -> String {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut mended, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (written, length) = match unit(escape) {
            Some(0xD800..=0xDBFF) => match escape.get(6..).and_then(unit) {
                Some(0xDC00..=0xDFFF) => (escape.get(..12), 12),
                _ => (Some("\\ufffd"), 6),
            },
            Some(0xDC00..=0xDFFF) => (Some("\\ufffd"), 6),
            Some(_) => (escape.get(..6), 6),
            None => (escape.get(..2), 2),
        };
        mended.push_str(written.unwrap_or_default());
        rest = escape.get(length..).unwrap_or_default();
    }
    mended + rest
}

/// Whether brackets outside strings are ever nested deeper than `limit`. Never recurses.
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

/// A body as a JSON value, whatever its unknown members contain: numbers too large for a double,
/// such as `1e999`, and texts with unpaired surrogates are kept as written.
///
/// Meant for bodies that [`Dialect::parse`](crate::Dialect::parse) has accepted: it recurses as
/// deep as the value is nested.
#[must_use]
pub fn read_tolerantly(raw: &RawValue) -> Json {
    let text = raw.get();
    let as_written = || Json::String(text.trim_matches('"').to_owned());
    match text.as_bytes().first() {
        Some(b'{') => Members::parse(text).map_or_else(as_written, |members| {
            let read = |(name, value): (String, &RawValue)| (name, read_tolerantly(value));
            Json::Object(members.0.into_iter().map(read).collect())
        }),
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(text).map_or_else(
            |_| as_written(),
            |elements| elements.into_iter().map(read_tolerantly).collect(),
        ),
        _ => serde_json::from_str(text).unwrap_or_else(|_| as_written()),
    }
}

/// Replaces these members in a body. The others stay as written, including odd numbers and broken
/// texts.
///
/// # Errors
/// The body is not one JSON object.
pub fn with_members(body: &[u8], members: &Map<String, Json>) -> Result<Vec<u8>, PayloadRefusal> {
    let written = |name: &str, value: &str| format!("{}:{value}", Json::from(name));
    let own = Members::parse_body(body)?.0;
    let kept = own
        .iter()
        .filter(|(name, _)| !members.contains_key(name))
        .map(|(name, raw)| written(name, raw.get()));
    let set = members
        .iter()
        .map(|(name, value)| written(name, &value.to_string()));
    let all: Vec<String> = kept.chain(set).collect();
    Ok(format!("{{{}}}", all.join(",")).into_bytes())
}

/// The names of a body's members, in order, whatever their values. Empty for anything but an
/// object.
#[must_use]
pub fn member_names(body: &str) -> Vec<String> {
    let members = Members::parse(body).map_or_else(Vec::new, |members| members.0);
    members.into_iter().map(|(name, _)| name).collect()
}

/// Text fit to store and show: no control characters, at most `max` characters.
pub(crate) fn tidy(text: &str, max: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(max)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use test_case::cases;

    use super::*;

    fn read(text: &str) -> Json {
        read_tolerantly(&RawValue::from_string(text.to_owned()).unwrap())
    }

    #[cases("STUDYREEL-22")]
    #[test]
    fn a_payload_with_unreadable_values_is_shown_as_it_came() {
        let value = read(
            r#"{"map_rit_math":1e999,"x":{"y":[-1e999,"\ud800",{"z":null}],"b":true},"n":5,"a":1}"#,
        );
        assert_eq!(
            value.to_string(),
            r#"{"map_rit_math":"1e999","x":{"y":["-1e999","\\ud800",{"z":null}],"b":true},"n":5,"a":1}"#
        );
    }

    #[test]
    fn half_a_pair_in_a_text_becomes_the_replacement_character() {
        let text =
            |json: &str| decorating_text(&RawValue::from_string(json.to_owned()).unwrap()).unwrap();
        assert_eq!(text(r#""Ada \ud83d""#), "Ada \u{fffd}");
        assert_eq!(text(r#""\udc00\\ud83d\u0041\n""#), "\u{fffd}\\ud83dA\n");
        assert_eq!(
            text(r#""\ud83d\ud83d\ude00\ud83d""#),
            "\u{fffd}\u{1f600}\u{fffd}"
        );
    }

    #[test]
    fn a_byte_order_mark_before_the_body_is_passed_over() {
        assert!(Members::parse_body(b"\xEF\xBB\xBF{\"a\":1}").is_ok());
        assert!(Members::parse_body(b"\xEF\xBB\xBF\xEF\xBB\xBF{}").is_err());
    }

    #[test]
    fn members_are_set_and_the_others_left_as_written() {
        let mut set = Map::new();
        set.insert("a".to_owned(), Json::from("7"));
        let body = b"\xEF\xBB\xBF{\"a\":1,\"b\":1e999,\"a\":2,\"c\":\"\\ud83d\"}";
        let body = String::from_utf8(with_members(body, &set).unwrap()).unwrap();
        assert_eq!(body, r#"{"b":1e999,"c":"\ud83d","a":"7"}"#);
        assert_eq!(with_members(b"{}", &set).unwrap(), br#"{"a":"7"}"#);
        for no_object in ["", "[]", "hello", "{", "\u{feff}7"] {
            assert!(with_members(no_object.as_bytes(), &set).is_err());
        }
    }

    #[test]
    fn members_are_named_in_their_order_whatever_they_hold() {
        assert_eq!(
            member_names(r#"{"iss": "x", "n\u0061me": {"a": 1}, "é": [1e999, "\ud800"], "a": 1}"#),
            ["iss", "name", "é", "a"]
        );
        for nothing in ["", "[]", "null", "{", "7"] {
            assert!(member_names(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn an_object_with_an_unreadable_name_is_shown_as_text() {
        assert_eq!(
            read(r#"{"a":{"\ud800":1}}"#),
            serde_json::json!({"a": r#"{"\ud800":1}"#})
        );
    }
}
