//! Decisive claims: their types are checked, and each failure has its own reason.

use serde::Deserialize;

use crate::token_refusal::Refusal;

/// The longest identifier, in ASCII characters (B.4).
pub const MAX_ID_BYTES: usize = 255;

/// A claim read strictly: absent, null, of the right type, or of another type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Strict<T> {
    #[default]
    Absent,
    /// `null`, which counts as absent unless the claim is required.
    Null,
    Value(T),
    Malformed,
}

impl<T> Strict<T> {
    /// The same, by reference.
    pub(crate) const fn as_ref(&self) -> Strict<&T> {
        match self {
            Self::Value(value) => Strict::Value(value),
            Self::Absent => Strict::Absent,
            Self::Null => Strict::Null,
            Self::Malformed => Strict::Malformed,
        }
    }

    /// The value, if it has the right type.
    pub(crate) const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Malformed => None,
        }
    }

    /// The value, or one refusal if it is absent and another if it is malformed.
    pub(crate) fn required(self, absent: Refusal, malformed: Refusal) -> Result<T, Refusal> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Absent => Err(absent),
            Self::Null | Self::Malformed => Err(malformed),
        }
    }

    /// The value or `None`; a refusal if it is malformed.
    pub(crate) fn optional(self, malformed: Refusal) -> Result<Option<T>, Refusal> {
        match self {
            Self::Value(value) => Ok(Some(value)),
            Self::Absent | Self::Null => Ok(None),
            Self::Malformed => Err(malformed),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Strict<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de serde_json::value::RawValue>::deserialize(deserializer)?;
        if raw.get() == "null" {
            return Ok(Self::Null);
        }
        Ok(serde_json::from_str(raw.get()).map_or(Self::Malformed, Self::Value))
    }
}

/// Whether this is an identifier: 1 to 255 printable ASCII characters.
///
/// Control characters are refused, because a NUL cannot be stored as text.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID_BYTES
        && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
