//! Optional values, read tolerantly: either known, or unknown with a reason (studyreel.md §4.2).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::{Decoded, Member, decode, tidy};

/// The longest raw value that is kept, in characters.
const RAW_MAX: usize = 64;

/// What a platform reported for one optional member: its original text, and our interpretation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reported<T> {
    /// As sent: the content of a string, anything else as JSON text; truncated to 64 characters.
    /// `None` if the member was absent.
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub raw: Option<String>,
    /// The meaning, or `None` for *unknown*. Unknown is never zero.
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub value: Option<T>,
    /// Why a value that was sent is unknown. A plain "no value" (`null`, `"null"`, `""`) is not a
    /// reason for a warning.
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub warning: Option<ValueWarning>,
}

/// Why a reported value could not be used. Shown to the operator, never in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ValueWarning {
    /// Neither text nor number, or text that can't be read as such a value.
    Unreadable,
    /// A value, but outside the range that makes sense.
    OutOfRange,
    /// The member appeared more than once, so it is unclear which value was meant.
    Repeated,
}

impl fmt::Display for ValueWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "The value could not be read and counts as unknown.",
            Self::OutOfRange => "The value is out of range and counts as unknown.",
            Self::Repeated => "The value was given more than once and counts as unknown.",
        })
    }
}

impl<T> Default for Reported<T> {
    fn default() -> Self {
        Self {
            raw: None,
            value: None,
            warning: None,
        }
    }
}

impl<T> Reported<T> {
    /// A known value that no platform sent, for previews and tests.
    pub fn known(value: T) -> Self
    where
        T: fmt::Display,
    {
        Self {
            raw: Some(value.to_string()),
            value: Some(value),
            warning: None,
        }
    }

    fn unknown(raw: &str, warning: Option<ValueWarning>) -> Self {
        Self {
            raw: Some(tidy(raw, RAW_MAX)),
            value: None,
            warning,
        }
    }

    /// Updates this value: unknown never overwrites known (studyreel.md §7, item 6).
    #[must_use]
    pub fn updated_by(self, newer: Self) -> Self {
        if newer.value.is_none() && self.value.is_some() {
            self
        } else {
            newer
        }
    }
}

/// Reads a member as a grade, -1 (Pre-K), 0 (K), 1 to 12, 13.
pub(crate) fn grade(member: &Member<'_>) -> Reported<i8> {
    read(member, &read_grade)
}

/// Reads a member as a RIT score, 100 to 350, rounded half up.
pub(crate) fn rit(member: &Member<'_>) -> Reported<u16> {
    read(member, &|text| {
        let rounded = (number(text).ok_or(ValueWarning::Unreadable)? + 0.5).floor();
        if (100.0..=350.0).contains(&rounded) {
            Ok(rounded as u16)
        } else {
            Err(ValueWarning::OutOfRange)
        }
    })
}

fn read<T>(
    member: &Member<'_>,
    understand: &dyn Fn(&str) -> Result<T, ValueWarning>,
) -> Reported<T> {
    let raw = match member {
        Member::Absent => return Reported::default(),
        Member::Repeated => {
            return Reported {
                warning: Some(ValueWarning::Repeated),
                ..Reported::default()
            };
        }
        Member::One(raw) => raw,
    };
    let text = match decode(raw) {
        Decoded::Null => return Reported::unknown("null", None),
        Decoded::Text(text) if means_nothing(&text) => return Reported::unknown(&text, None),
        Decoded::Text(text) => text,
        Decoded::Number(text) => text.to_owned(),
        Decoded::Bool | Decoded::BrokenText | Decoded::Array(_) | Decoded::Object(_) => {
            return Reported::unknown(raw.get(), Some(ValueWarning::Unreadable));
        }
    };
    match understand(&text) {
        Ok(value) => Reported {
            raw: Some(tidy(&text, RAW_MAX)),
            value: Some(value),
            warning: None,
        },
        Err(warning) => Reported::unknown(&text, Some(warning)),
    }
}

/// The spellings that stand for "no value".
pub(crate) fn means_nothing(text: &str) -> bool {
    const NOTHING: [&str; 9] = [
        "",
        "null",
        "none",
        "nil",
        "n/a",
        "na",
        "undefined",
        "nan",
        "-",
    ];
    let text = text.trim();
    NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Reads a grade as people and platforms write it: `5`, `05`, `5.0`, `5th`, `Grade 5`, `K`, `PreK`.
///
/// # Errors
/// [`ValueWarning::Unreadable`] if the text is not a grade, [`ValueWarning::OutOfRange`] if it is a
/// number outside -1 to 13.
pub(crate) fn read_grade(text: &str) -> Result<i8, ValueWarning> {
    let text = text.trim().to_ascii_lowercase();
    let after = text.strip_prefix("grade");
    if after.is_some_and(|rest| rest.starts_with('-')) {
        // `Grade-1` means first grade, or nothing at all; never Pre-K.
        return Err(ValueWarning::Unreadable);
    }
    let text = after.unwrap_or(&text).trim_start();
    let text = text.strip_suffix("grade").unwrap_or(text).trim_end();
    match text {
        "k" | "kg" | "kindergarten" => return Ok(0),
        "pk" | "prek" | "pre-k" | "pre k" => return Ok(-1),
        _ => {}
    }
    let ordinal = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| text.strip_suffix(suffix))
        .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let grade = number(ordinal.unwrap_or(text))
        .ok_or(ValueWarning::Unreadable)?
        .floor();
    if (-1.0..=13.0).contains(&grade) {
        Ok(grade as i8)
    } else {
        Err(ValueWarning::OutOfRange)
    }
}

/// A decimal number as written in JSON or by a person. `inf`, `NaN`, hexadecimal and a leading `+`
/// or `.` are not accepted; `1e999` is a number, but out of every range.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let numeric = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) || !unsigned.bytes().all(numeric) {
        return None;
    }
    text.parse().ok()
}
