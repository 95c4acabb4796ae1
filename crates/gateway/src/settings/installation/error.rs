//! Why the settings prevent a start.

/// Why the settings prevent a start. Each error names the setting and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file can't be read.
    #[error("the settings file {0} can't be read: {1}")]
    Unreadable(String, #[source] std::io::Error),
    /// The file with a secret can't be read.
    #[error("the setting {key}: {variable} names the file {path}, which can't be read: {error}")]
    SecretFile {
        /// The setting.
        key: &'static str,
        /// The variable that names the file.
        variable: String,
        /// The file.
        path: String,
        /// The system's error.
        #[source]
        error: std::io::Error,
    },
    /// Two environment variables set the same setting.
    #[error("the setting {key} is given twice, by {one} and by {other}: keep one of them")]
    Twice {
        /// The setting.
        key: &'static str,
        /// One variable.
        one: String,
        /// The other variable.
        other: String,
    },
    /// The settings file isn't TOML.
    #[error("the settings file {0} is not valid TOML: {1}")]
    NotToml(String, String),
    /// No setting has this name.
    #[error("{origin}: there is no setting \"{name}\"; the settings are {known}")]
    Unknown {
        /// The flag, variable or file it was found in.
        origin: String,
        /// As it was written.
        name: String,
        /// All names, comma-separated.
        known: String,
    },
    /// An invalid value.
    #[error("the setting {key} ({origin}) {problem}")]
    Bad {
        /// The setting.
        key: &'static str,
        /// The flag, variable or file it came from.
        origin: String,
        /// What is wrong and what to do.
        problem: String,
    },
}
