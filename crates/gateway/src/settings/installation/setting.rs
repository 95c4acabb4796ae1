//! The definition of a setting, without its value.

/// A setting of the installation. Texts are Markdown, with names and values in backquotes.
#[derive(Debug)]
pub struct Setting {
    /// Its name in `hallpass.toml`; the flag is `--name-with-dashes`, the variable `HALLPASS_NAME`.
    pub key: &'static str,
    /// What applies if it is not set.
    pub default: Unset,
    /// What it does, in one sentence.
    pub meaning: &'static str,
    /// How it may be written.
    pub kind: SettingKind,
}

/// What applies if a setting is not set.
#[derive(Clone, Copy, Debug)]
pub enum Unset {
    /// This value.
    Value(&'static str),
    /// A value described in words.
    Words(&'static str),
}

/// How a setting may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Any text, used unchanged.
    Text,
    /// A comma-separated text, or a list of texts in the file.
    List,
    /// A text; `HALLPASS_NAME_FILE` may name a file that contains it.
    Secret,
    /// A list that is secret.
    SecretList,
    /// JSON in a text, or a table or list in the file.
    Json,
    /// A whole number; in the file with or without quotes.
    Number,
}

impl SettingKind {
    /// Whether `HALLPASS_NAME_FILE` may name a file that contains the value.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretList)
    }

    /// Whether the file may give a list of texts.
    pub fn is_list(self) -> bool {
        matches!(self, Self::List | Self::SecretList)
    }
}

impl Setting {
    /// The command-line flag, without the leading dashes.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// The environment variable.
    pub fn variable(&self) -> String {
        format!("HALLPASS_{}", self.key.to_ascii_uppercase())
    }

    /// The text of its flag in `--help`.
    pub fn help(&self) -> String {
        let default = match self.default {
            Unset::Value("") => "empty",
            Unset::Value(text) | Unset::Words(text) => text,
        };
        let help = format!(
            "{} [env: {}] [default: {default}]",
            self.meaning,
            self.variable()
        );
        help.replace('`', "")
    }

    /// Its row in docs/settings.md.
    pub fn row(&self) -> String {
        let default = match self.default {
            Unset::Value("") => "empty".to_owned(),
            Unset::Value(value) => format!("`{value}`"),
            Unset::Words(words) => words.to_owned(),
        };
        format!(
            "| `{}` | `--{}` | `{}` | {default} | {} |",
            self.key,
            self.flag(),
            self.variable(),
            self.meaning
        )
    }
}
