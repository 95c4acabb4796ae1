//! Settings in a form that can be shown, without secrets.

use super::error::ConfigError;
use super::given::GivenSetting;
use super::setting::{SettingKind, Unset};
use super::sources::Sources;
use super::table::{Config, SETTINGS};

/// A setting and its value.
pub struct ShownSetting {
    /// Its name.
    pub key: &'static str,
    /// Its value; for a secret, only whether it is set.
    pub value: String,
    /// The flag, variable or file that it came from, or `default`.
    pub origin: String,
}

/// Every setting, in the order of the documentation.
///
/// # Errors
/// See [`Config::load`].
pub fn shown(sources: &Sources) -> Result<Vec<ShownSetting>, ConfigError> {
    let values = sources.values()?;
    let config = Config::load(sources)?;
    let mut shown = Vec::with_capacity(SETTINGS.len());
    for setting in &SETTINGS {
        let values = &values;
        let given = GivenSetting { setting, values };
        let value = match (setting.kind, given.found(), setting.default) {
            (kind, Some(_), _) if kind.is_secret() || kind == SettingKind::Json => {
                "(set)".to_owned()
            }
            // Derived from another setting.
            (_, None, _) if setting.key == "database_url" => config.database_url.clone(),
            (_, None, _) if setting.key == "public_url" => config.public_url.as_str().to_owned(),
            (_, None, Unset::Words(words)) => words.replace('`', ""),
            _ => given.text()?.unwrap_or_default(),
        };
        shown.push(ShownSetting {
            key: setting.key,
            value,
            origin: values.origin(setting.key),
        });
    }
    Ok(shown)
}
