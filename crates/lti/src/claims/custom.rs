//! Custom parameters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::tolerant::text_map;

/// Custom parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Custom(#[serde(deserialize_with = "text_map")] BTreeMap<String, String>);

impl Custom {
    /// The value of a parameter, or `None` if the platform left its variable unresolved (B-48). An
    /// empty string is a value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !Self::is_unresolved(value))
    }

    /// Every parameter as received, unresolved variables included.
    #[must_use]
    pub const fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// [`Self::all`], to keep.
    #[must_use]
    pub fn into_all(self) -> BTreeMap<String, String> {
        self.0
    }

    /// Whether a value is just the name of a variable, such as `$Canvas.user.id`.
    ///
    /// `$5.00` and `$HOME/x` are not: a variable begins with a letter and contains only letters,
    /// digits, dots, hyphens and underscores.
    #[must_use]
    pub fn is_unresolved(value: &str) -> bool {
        value.strip_prefix('$').is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        })
    }
}
