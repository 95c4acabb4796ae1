//! The values given by flags, environment and file, each with its origin for error messages.

use std::collections::BTreeMap;

use lti::json::mended_value;
use serde_json::Value;
use studyreel::placement::PathLines;

use super::error::ConfigError;
use super::setting::{Setting, SettingKind, Unset};

/// A value and its origin.
pub(super) struct GivenValue {
    pub(super) value: Value,
    /// The flag, variable or file.
    pub(super) origin: String,
    /// The lines of learning paths in a file.
    pub(super) lines: PathLines,
}

impl GivenValue {
    pub(super) fn new(value: Value, origin: &str) -> Self {
        Self {
            value,
            origin: origin.to_owned(),
            lines: PathLines::default(),
        }
    }
}

/// All given values, by key.
#[derive(Default)]
pub(super) struct Values(pub(super) BTreeMap<&'static str, GivenValue>);

/// A setting, with the value given for it.
pub(super) struct GivenSetting<'v> {
    pub(super) setting: &'static Setting,
    pub(super) values: &'v Values,
}

impl GivenSetting<'_> {
    /// The given value.
    pub(super) fn found(&self) -> Option<&GivenValue> {
        self.values.0.get(self.setting.key)
    }

    /// The given text, or the default if that is a value.
    pub(super) fn text(&self) -> Result<Option<String>, ConfigError> {
        match self.found().map(|found| &found.value) {
            None => Ok(match self.setting.default {
                Unset::Value(value) => Some(value.to_owned()),
                Unset::Words(_) => None,
            }),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            // A list in the file is equivalent to a comma-separated variable in the environment.
            Some(Value::Array(items)) if self.setting.kind.is_list() => {
                let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
                texts
                    .map(|texts| Some(texts.join(",")))
                    .ok_or_else(|| self.bad("must be a list of texts"))
            }
            Some(Value::Number(number)) if self.setting.kind == SettingKind::Number => {
                Ok(Some(number.to_string()))
            }
            Some(_) if self.setting.kind == SettingKind::Number => {
                Err(self.bad("must be a number"))
            }
            Some(_) => Err(self.bad("must be a text in quotes")),
        }
    }

    /// A value that is a table or list in the file, and JSON elsewhere.
    pub(super) fn json(&self) -> Result<Option<Value>, ConfigError> {
        match self.found().map(|found| &found.value) {
            None => Ok(None),
            Some(Value::String(text)) => mended_value(text.as_bytes()).map(Some).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                self.bad(&format!(
                    "is not valid JSON: look at line {line}, column {column}"
                ))
            }),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    /// The error saying what is wrong with the value.
    pub(super) fn bad(&self, problem: &str) -> ConfigError {
        self.values.bad(self.setting.key, problem)
    }
}

impl Values {
    /// The flag, variable or file that a value came from.
    pub(super) fn origin(&self, key: &str) -> String {
        let found = self.0.get(key);
        found.map_or_else(|| "default".to_owned(), |found| found.origin.clone())
    }

    /// The error saying what is wrong with a setting's value.
    pub(super) fn bad(&self, key: &'static str, problem: &str) -> ConfigError {
        ConfigError::Bad {
            key,
            origin: self.origin(key),
            problem: problem.to_owned(),
        }
    }
}
