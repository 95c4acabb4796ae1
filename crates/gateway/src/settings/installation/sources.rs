//! The sources of settings: command line, environment, settings file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lti::json::without_mark;
use serde_json::Value;
use studyreel::placement::PathLines;

use super::error::ConfigError;
use super::given::{GivenValue, Values};
use super::setting::Setting;
use super::table::SETTINGS;
use crate::kit::file::{read_regular, read_within};
use crate::kit::toml_text::read_toml;

/// How long a pipe may take at a start: people may have to type a password for the program at its
/// other end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sources of settings for one start.
#[derive(Debug, Default)]
pub struct Sources {
    /// Flags given on the command line, by key.
    pub flags: BTreeMap<String, String>,
    /// The whole environment; only names beginning with `HALLPASS_` are read.
    pub environment: Vec<(String, String)>,
    /// Path and text of the settings file, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// Whether a running server is rereading them: then only regular files are read, because those
    /// can't block.
    pub again: bool,
}

impl Sources {
    /// This process's environment and the settings file: the one named, otherwise `hallpass.toml`
    /// if it exists.
    ///
    /// # Errors
    /// The file exists or is named, but can't be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn of_process(
        flags: BTreeMap<String, String>,
        file: Option<&Path>,
        again: bool,
    ) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let path = file.unwrap_or(Path::new("hallpass.toml")).to_owned();
        let file = match read(&path, again) {
            Ok(text) => Some((path, text)),
            Err(error) if file.is_none() && error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(ConfigError::Unreadable(path.display().to_string(), error)),
        };
        Ok(Self {
            flags,
            environment,
            file,
            again,
        })
    }

    /// The environment variable that sets a setting, or names its file, unless a flag overrides it.
    pub fn variable_of(&self, key: &str) -> Option<&str> {
        if self.flags.contains_key(key) {
            return None;
        }
        let name = format!("HALLPASS_{}", key.to_ascii_uppercase());
        let mut names = self.environment.iter().map(|(name, _)| name.as_str());
        names.find(|given| given.strip_suffix("_FILE").unwrap_or(given) == name)
    }

    /// All given values: flags override environment variables, which override the file.
    ///
    /// # Errors
    /// A name that is not a setting, or a file that can't be read.
    pub(super) fn values(&self) -> Result<Values, ConfigError> {
        let mut values = Values::default();
        if let Some((path, text)) = &self.file {
            read_file(&path.display().to_string(), text, &mut values)?;
        }
        read_environment(&self.environment, self.again, &mut values)?;
        for (key, value) in &self.flags {
            let origin = format!("--{}", key.replace('_', "-"));
            let setting = find(key, &origin)?;
            let value = Value::String(value.clone());
            values
                .0
                .insert(setting.key, GivenValue::new(value, &origin));
        }
        Ok(values)
    }
}

fn find(name: &str, origin: &str) -> Result<&'static Setting, ConfigError> {
    SETTINGS
        .iter()
        .find(|setting| setting.key == name)
        .ok_or_else(|| ConfigError::Unknown {
            origin: origin.to_owned(),
            name: name.to_owned(),
            known: SETTINGS
                .iter()
                .map(|setting| setting.key)
                .collect::<Vec<_>>()
                .join(", "),
        })
}

fn read_file(path: &str, text: &str, values: &mut Values) -> Result<(), ConfigError> {
    let not_toml = |error: String| ConfigError::NotToml(path.to_owned(), error);
    let table = read_toml(text);
    let table = table.map_err(|(line, problem)| not_toml(format!("line {line}: {problem}")))?;
    for (key, value) in table {
        let setting = find(&key, path)?;
        let value = serde_json::to_value(value).map_err(|error| not_toml(error.to_string()))?;
        let mut read = GivenValue::new(value, path);
        if setting.key == "learning_paths" {
            read.lines = PathLines::of(text);
        }
        values.0.insert(setting.key, read);
    }
    Ok(())
}

/// Reads a text, without the byte order mark that editors on Windows prepend. At a start it may
/// come through a pipe.
fn read(path: &Path, again: bool) -> std::io::Result<String> {
    let bytes = if again {
        read_regular(path)?
    } else {
        read_within(PATIENCE, path)?
    };
    let text = std::str::from_utf8(without_mark(&bytes));
    text.map(str::to_owned)
        .map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}

fn read_environment(
    environment: &[(String, String)],
    again: bool,
    values: &mut Values,
) -> Result<(), ConfigError> {
    let mut given: BTreeMap<&str, Variable<'_>> = BTreeMap::new();
    for (name, value) in environment {
        let Some(rest) = name.strip_prefix("HALLPASS_") else {
            continue;
        };
        // A cluster sets such variables in every program when it has a service named hallpass.
        if rest == "PORT" || rest.starts_with("PORT_") || rest.starts_with("SERVICE_") {
            continue;
        }
        let variable = Variable::of(name, rest, value)?;
        let key = variable.setting.key;
        if let Some(other) = given.insert(key, variable) {
            return Err(ConfigError::Twice {
                key,
                one: other.name.to_owned(),
                other: name.clone(),
            });
        }
    }
    for variable in given.into_values() {
        let value = Value::String(variable.read(again)?);
        values
            .0
            .insert(variable.setting.key, GivenValue::new(value, variable.name));
    }
    Ok(())
}

/// An environment variable that sets a setting.
struct Variable<'e> {
    name: &'e str,
    value: &'e str,
    setting: &'static Setting,
    /// Whether the value is in a file.
    is_file: bool,
}

impl<'e> Variable<'e> {
    fn of(name: &'e str, rest: &str, value: &'e str) -> Result<Self, ConfigError> {
        let key = rest.to_ascii_lowercase();
        let secret = key
            .strip_suffix("_file")
            .and_then(|key| SETTINGS.iter().find(|s| s.kind.is_secret() && s.key == key));
        Ok(Self {
            name,
            value,
            setting: secret.map_or_else(|| find(&key, name), Ok)?,
            is_file: secret.is_some(),
        })
    }

    fn read(&self, again: bool) -> Result<String, ConfigError> {
        if !self.is_file {
            return Ok(self.value.to_owned());
        }
        let text = read(Path::new(self.value), again);
        let text = text.map_err(|error| ConfigError::SecretFile {
            key: self.setting.key,
            variable: self.name.to_owned(),
            path: self.value.to_owned(),
            error,
        })?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}
