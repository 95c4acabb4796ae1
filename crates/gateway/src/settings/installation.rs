//! Every setting of an installation: where it comes from, what it defaults to and what it means.
//!
//! [`SETTINGS`] is the one list; the command line, the environment and `docs/settings.md` follow it.
//! A flag beats the environment, the environment beats `hallpass.toml`, the file beats the default.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::kit::outbound::AllowList;
use crate::settings::proxies::{ForwardedHeader, TrustedProxies};
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use store::Limits;
use studyreel::placement::{LearningPath, ListError, PathLines, read_list};

/// One installation-wide setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name in `hallpass.toml`; the flag is `--name-with-dashes`, the variable `HALLPASS_NAME`.
    pub key: &'static str,
    /// What holds where nothing is set, as a person would read it.
    pub default: &'static str,
    /// One sentence on what it does.
    pub meaning: &'static str,
    /// Whether `HALLPASS_NAME_FILE` may name a file that holds the value.
    pub secret: bool,
}

impl Setting {
    /// The command-line flag, without the dashes in front.
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// The environment variable.
    pub fn variable(&self) -> String {
        format!("HALLPASS_{}", self.key.to_ascii_uppercase())
    }
}

const fn setting(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        key,
        default,
        meaning,
        secret: false,
    }
}

const fn secret(key: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting {
        key,
        default,
        meaning,
        secret: true,
    }
}

/// Every setting, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    setting("listen", "127.0.0.1:8080", "Address and port to listen on."),
    setting(
        "public_url",
        "http://127.0.0.1:8080",
        "The address the world uses; https, unless the host is a loopback address.",
    ),
    secret(
        "database_url",
        "sqlite:<data_dir>/hallpass.db",
        "Where everything is kept: sqlite:<file> or postgres://user:password@host/database.",
    ),
    setting(
        "data_dir",
        "./hallpass-data",
        "Folder for the embedded database and the secret key.",
    ),
    secret(
        "secret_key",
        "made on first start in data_dir",
        "32 bytes in hexadecimal or base64 that seal every stored secret; further ones, after commas, only open what they sealed.",
    ),
    setting(
        "tls_cert",
        "none",
        "PEM file with the certificate chain, for built-in TLS.",
    ),
    setting(
        "tls_key",
        "none",
        "PEM file with the private key of tls_cert.",
    ),
    setting(
        "trusted_proxies",
        "empty",
        "Addresses and networks, comma-separated, of the proxies in front: the client's address is read from their header.",
    ),
    setting(
        "forwarded_header",
        "x-forwarded-for",
        "The header they write it to: x-forwarded-for or forwarded.",
    ),
    setting(
        "outbound_allow",
        "empty",
        "Hosts, host:port pairs or networks, comma-separated, that may be private or plain http.",
    ),
    secret(
        "bootstrap_api_key",
        "made and printed once",
        "The first API key; only read on the first start.",
    ),
    secret(
        "bootstrap_admin_password",
        "made and printed once",
        "The portal's first password; only read on the first start.",
    ),
    secret(
        "studyreel_api_key",
        "asked for",
        "StudyReel's x-api-key, for hallpass studyreel register.",
    ),
    setting("log_format", "text", "text or json."),
    setting(
        "log_level",
        "info",
        "error, warn, info, debug or trace, or a filter such as gateway=debug.",
    ),
    setting(
        "tool",
        "see docs/settings.md",
        "The tool's own settings at first start: a [tool] table, or a JSON object.",
    ),
    setting(
        "learning_paths",
        "none",
        "StudyReel's learning paths, in force at every start: [[learning_paths]] tables, or a JSON list.",
    ),
];

/// The settings that are lists.
const LISTS: [&str; 3] = ["outbound_allow", "secret_key", "trusted_proxies"];

/// Where the settings of one start come from.
#[derive(Debug, Default)]
pub struct Sources {
    /// Flags given on the command line, by key.
    pub flags: BTreeMap<String, String>,
    /// The whole environment; only names that begin with `HALLPASS_` are read.
    pub environment: Vec<(String, String)>,
    /// Name and text of the settings file, where there is one.
    pub file: Option<(PathBuf, String)>,
}

impl Sources {
    /// This process's environment and the settings file: the one named, else `hallpass.toml` where it exists.
    ///
    /// # Errors
    /// The named file can't be read.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn of_process(
        flags: BTreeMap<String, String>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let path = file.unwrap_or(Path::new("hallpass.toml")).to_owned();
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => Some((path, text)),
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(ConfigError::Unreadable(path.display().to_string(), error)),
        };
        Ok(Self {
            flags,
            environment,
            file,
        })
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Certificate and key of the built-in TLS listener.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// PEM certificate chain.
    pub cert: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
}

/// What no setting changes. Tests do, so that they need not wait.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// How long the store may take.
    pub store: Limits,
    /// A whole request with its answer; a registration asks a platform twice.
    pub request: Duration,
    /// Key pairs that wait for new platforms.
    pub keys_ahead: i64,
}

impl Default for Fixed {
    fn default() -> Self {
        Self {
            store: Limits::default(),
            request: Duration::from_secs(60),
            keys_ahead: 4,
        }
    }
}

/// The settings of one start, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// What the world sees, without a trailing slash.
    pub public_url: PublicUrl,
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Folder for the database and the secret key.
    pub data_dir: PathBuf,
    /// The sealing keys as given; `None` means the file in `data_dir`.
    pub secret_key: Option<String>,
    /// Built-in TLS, where wanted.
    pub tls: Option<TlsFiles>,
    /// Proxies in front of us, whose header names the client.
    pub trusted_proxies: TrustedProxies,
    /// That header.
    pub forwarded_header: ForwardedHeader,
    /// Private or plain-http addresses the operator opens.
    pub outbound_allow: AllowList,
    /// API key to make on the first start.
    pub bootstrap_api_key: Option<String>,
    /// Portal password to set on the first start.
    pub bootstrap_admin_password: Option<String>,
    /// StudyReel's key that registers tools.
    pub studyreel_api_key: Option<String>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_level: String,
    /// The tool's settings at first start.
    pub tool: ToolSettings,
    /// Learning paths of the first tool, which the API can't change.
    pub learning_paths: Vec<LearningPath>,
    /// What is no setting.
    pub fixed: Fixed,
}

/// Why a start is refused; each names the setting and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file can't be read.
    #[error("the settings file {0} can't be read: {1}")]
    Unreadable(String, #[source] std::io::Error),
    /// The settings file isn't TOML.
    #[error("the settings file {0} is not valid TOML: {1}")]
    NotToml(String, String),
    /// A name nobody knows.
    #[error("{origin}: there is no setting \"{name}\"; the settings are {known}")]
    Unknown {
        /// Where it stood.
        origin: String,
        /// As it was written.
        name: String,
        /// All names, comma-separated.
        known: String,
    },
    /// A value that doesn't fit.
    #[error("the setting {key} ({origin}) {problem}")]
    Bad {
        /// Its key.
        key: &'static str,
        /// Flag, variable or file it came from.
        origin: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

/// A value and where it came from, for the error message.
#[derive(Clone)]
struct Found {
    value: Value,
    origin: String,
    /// Of learning paths in a file.
    lines: PathLines,
}

impl Found {
    fn new(value: Value, origin: &str) -> Self {
        Self {
            value,
            origin: origin.to_owned(),
            lines: PathLines::default(),
        }
    }
}

impl Config {
    /// Puts the sources together and checks them.
    ///
    /// # Errors
    /// An unknown name or a value that doesn't fit, named with its source.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut found: BTreeMap<&'static str, Found> = BTreeMap::new();
        if let Some((path, text)) = &sources.file {
            read_file(&path.display().to_string(), text, &mut found)?;
        }
        read_environment(&sources.environment, &mut found)?;
        for (key, value) in &sources.flags {
            let origin = format!("--{}", key.replace('_', "-"));
            let setting = find(key, &origin)?;
            let value = Value::String(value.clone());
            found.insert(setting.key, Found::new(value, &origin));
        }
        Self::check(&Values(found))
    }

    fn check(values: &Values) -> Result<Self, ConfigError> {
        let data_dir = PathBuf::from(
            values
                .text("data_dir")?
                .unwrap_or_else(|| "./hallpass-data".into()),
        );
        let listen: SocketAddr = values.parsed("listen", "127.0.0.1:8080", |text| {
            text.parse().map_err(|_| {
                "must be an address and a port, such as 127.0.0.1:8080 or 0.0.0.0:443".into()
            })
        })?;
        let public_url = values.parsed("public_url", "http://127.0.0.1:8080", PublicUrl::parse)?;
        let database_url = match values.text("database_url")? {
            None => format!("sqlite:{}", data_dir.join("hallpass.db").display()),
            Some(url)
                if url.starts_with("sqlite:")
                    || url.starts_with("postgres://")
                    || url.starts_with("postgresql://") =>
            {
                url
            }
            Some(_) => {
                return Err(values.bad("database_url", "must start with sqlite: or postgres://"));
            }
        };
        let tls = match (values.text("tls_cert")?, values.text("tls_key")?) {
            (Some(cert), Some(key)) => Some(TlsFiles {
                cert: cert.into(),
                key: key.into(),
            }),
            (None, None) => None,
            (Some(_), None) => return Err(values.bad("tls_cert", "needs tls_key beside it")),
            (None, Some(_)) => return Err(values.bad("tls_key", "needs tls_cert beside it")),
        };
        let log_format = values.parsed("log_format", "text", |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("must be text or json".into()),
        })?;
        let bootstrap_api_key = values.text("bootstrap_api_key")?;
        if bootstrap_api_key.as_deref().is_some_and(|key| {
            key.len() < 16 || key.contains(':') || key.contains(char::is_whitespace)
        }) {
            return Err(values.bad(
                "bootstrap_api_key",
                "must have at least 16 characters, and no colon or blank",
            ));
        }
        let bootstrap_admin_password = values.text("bootstrap_admin_password")?;
        if bootstrap_admin_password
            .as_deref()
            .is_some_and(|password| password.chars().count() < 10)
        {
            return Err(values.bad(
                "bootstrap_admin_password",
                "must have at least 10 characters",
            ));
        }
        Ok(Self {
            listen,
            public_url,
            database_url,
            secret_key: values.text("secret_key")?,
            tls,
            trusted_proxies: values.parsed("trusted_proxies", "", TrustedProxies::parse)?,
            forwarded_header: values.parsed("forwarded_header", "x-forwarded-for", |text| {
                match text {
                    "x-forwarded-for" => Ok(ForwardedHeader::XForwardedFor),
                    "forwarded" => Ok(ForwardedHeader::Forwarded),
                    _ => Err("must be x-forwarded-for or forwarded".into()),
                }
            })?,
            outbound_allow: values.parsed("outbound_allow", "", AllowList::parse)?,
            bootstrap_api_key,
            bootstrap_admin_password,
            studyreel_api_key: values.text("studyreel_api_key")?,
            log_format,
            log_level: values.text("log_level")?.unwrap_or_else(|| "info".into()),
            tool: values.tool()?,
            learning_paths: values.learning_paths()?,
            data_dir,
            fixed: Fixed::default(),
        })
    }
}

struct Values(BTreeMap<&'static str, Found>);

impl Values {
    fn text(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        match self.0.get(key).map(|found| &found.value) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            // A list in the file is what a comma-separated variable is in the environment.
            Some(Value::Array(items)) if LISTS.contains(&key) => {
                let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
                texts
                    .map(|texts| Some(texts.join(",")))
                    .ok_or_else(|| self.bad(key, "must be a list of texts"))
            }
            Some(_) => Err(self.bad(key, "must be a text in quotes")),
        }
    }

    fn parsed<T>(
        &self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        let text = self.text(key)?;
        parse(text.as_deref().unwrap_or(default)).map_err(|problem| self.bad(key, &problem))
    }

    /// A value that is a table in the file and JSON elsewhere.
    fn json(&self, key: &'static str) -> Result<Option<Value>, ConfigError> {
        match self.0.get(key).map(|found| &found.value) {
            None => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|error| self.bad(key, &format!("is not JSON: {error}"))),
            Some(other) => Ok(Some(other.clone())),
        }
    }

    fn tool(&self) -> Result<ToolSettings, ConfigError> {
        let Some(value) = self.json("tool")? else {
            return Ok(ToolSettings::default());
        };
        ToolSettings::from_json(value)
            .map_err(|problem| self.bad("tool", &format!("is wrong: {problem}")))
    }

    fn learning_paths(&self) -> Result<Vec<LearningPath>, ConfigError> {
        const KEY: &str = "learning_paths";
        let Some(list) = self.json(KEY)? else {
            return Ok(Vec::new());
        };
        let no_lines = PathLines::default();
        let lines = self.0.get(KEY).map_or(&no_lines, |found| &found.lines);
        read_list(list, lines).map_err(|ListError { line, problem }| {
            let mut origin = self.origin(KEY);
            if let Some(line) = line {
                origin.push_str(&format!(", line {line}"));
            }
            ConfigError::Bad {
                key: KEY,
                origin,
                problem,
            }
        })
    }

    fn origin(&self, key: &str) -> String {
        let found = self.0.get(key);
        found.map_or_else(|| "default".to_owned(), |found| found.origin.clone())
    }

    fn bad(&self, key: &'static str, problem: &str) -> ConfigError {
        let origin = self.origin(key);
        ConfigError::Bad {
            key,
            origin,
            problem: problem.to_owned(),
        }
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

fn read_file(
    path: &str,
    text: &str,
    found: &mut BTreeMap<&'static str, Found>,
) -> Result<(), ConfigError> {
    let not_toml = |error: String| ConfigError::NotToml(path.to_owned(), error);
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| not_toml(error.to_string()))?;
    for (key, value) in table {
        let setting = find(&key, path)?;
        let value = serde_json::to_value(value).map_err(|error| not_toml(error.to_string()))?;
        let mut read = Found::new(value, path);
        if setting.key == "learning_paths" {
            read.lines = PathLines::of(text);
        }
        found.insert(setting.key, read);
    }
    Ok(())
}

fn read_environment(
    environment: &[(String, String)],
    found: &mut BTreeMap<&'static str, Found>,
) -> Result<(), ConfigError> {
    for (name, value) in environment {
        let Some(rest) = name.strip_prefix("HALLPASS_") else {
            continue;
        };
        // A cluster tells every program in it about a service named hallpass in such variables.
        if rest == "PORT" || rest.starts_with("PORT_") || rest.starts_with("SERVICE_") {
            continue;
        }
        let key = rest.to_ascii_lowercase();
        let (setting, value) = match key
            .strip_suffix("_file")
            .and_then(|key| SETTINGS.iter().find(|s| s.secret && s.key == key))
        {
            Some(setting) => {
                let text = std::fs::read_to_string(value)
                    .map_err(|error| ConfigError::Unreadable(value.clone(), error))?;
                (setting, text.trim_end_matches(['\r', '\n']).to_owned())
            }
            None => (find(&key, name)?, value.clone()),
        };
        found.insert(setting.key, Found::new(Value::String(value), name));
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn load(
        flags: &[(&str, &str)],
        environment: &[(&str, &str)],
        file: Option<&str>,
    ) -> Result<Config, String> {
        let pairs = |list: &[(&str, &str)]| {
            list.iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect::<Vec<_>>()
        };
        Config::load(&Sources {
            flags: pairs(flags).into_iter().collect(),
            environment: pairs(environment),
            file: file.map(|text| (PathBuf::from("hallpass.toml"), text.to_owned())),
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let file = "listen = \"127.0.0.1:1\"\nlog_level = \"warn\"\n";
        let config = load(
            &[("listen", "127.0.0.1:3")],
            &[("HALLPASS_LISTEN", "127.0.0.1:2")],
            Some(file),
        )
        .unwrap();
        assert_eq!(config.listen.port(), 3);
        let config = load(
            &[],
            &[("HALLPASS_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")],
            Some(file),
        )
        .unwrap();
        assert_eq!(
            (config.listen.port(), config.log_level.as_str()),
            (2, "warn")
        );
        assert_eq!(load(&[], &[], Some(file)).unwrap().listen.port(), 1);
        assert_eq!(
            load(&[], &[], None).unwrap().database_url,
            "sqlite:./hallpass-data/hallpass.db"
        );
    }

    #[test]
    fn unknown_names_are_named_with_their_source() {
        for (result, name, origin) in [
            (
                load(&[], &[], Some("lisen = \"x\"")),
                "\"lisen\"",
                "hallpass.toml",
            ),
            (
                load(&[], &[("HALLPASS_LISEN", "x")], None),
                "\"lisen\"",
                "HALLPASS_LISEN",
            ),
            (load(&[("lisen", "x")], &[], None), "\"lisen\"", "--lisen"),
            (
                load(&[], &[], Some("[tool]\nlaunchURL = \"http://127.0.0.1/\"")),
                "launchURL",
                "hallpass.toml",
            ),
            (
                load(&[], &[], Some("[tool.launch]\nleeway = 5")),
                "launch.leeway",
                "hallpass.toml",
            ),
        ] {
            let error = result.unwrap_err();
            assert!(error.contains(name) && error.contains(origin), "{error}");
        }
    }

    #[test]
    fn bad_values_are_named_with_what_to_do() {
        for (key, value, words) in [
            ("listen", "here", "address and a port"),
            ("public_url", "http://lti.example.com", "must be https"),
            (
                "public_url",
                "https://lti.example.com/path",
                "host and port only",
            ),
            (
                "public_url",
                "http://127.0.0.1.example.com",
                "must be https",
            ),
            ("database_url", "mysql://x", "postgres://"),
            ("log_format", "xml", "text or json"),
            ("outbound_allow", "10.0.0.0/99", "10.0.0.0/99"),
            ("trusted_proxies", "10.0.0.1, proxy.test", "proxy.test"),
            ("forwarded_header", "x-real-ip", "x-forwarded-for or"),
            ("bootstrap_api_key", "short", "at least 16"),
            ("bootstrap_api_key", "with:a:colon:inside", "no colon"),
            ("tls_cert", "cert.pem", "tls_key"),
            ("tool", "[1]", "tool"),
            ("tool", "{\"launchUrl\":\"javascript:x\"}", "launchUrl"),
            ("learning_paths", "{}", "[[learning_paths]]"),
            (
                "learning_paths",
                "[{\"id\":\"a\"}]",
                "missing field `subject`",
            ),
        ] {
            let error = load(&[(key, value)], &[], None).unwrap_err();
            assert!(error.contains(key) && error.contains(words), "{error}");
        }
    }

    #[test]
    fn learning_paths_come_from_the_file_or_as_json() {
        let file = "[[learning_paths]]\nid = 'm'\nsubject = 'math'\ngrades = [1, 2]\n";
        let config = load(&[], &[], Some(file)).unwrap();
        assert_eq!(config.learning_paths[0].grades.as_slice(), [1, 2]);
        let json = r#"[{"id": "r", "subject": "reading", "grades": ["K"]}]"#;
        let config = load(&[], &[("HALLPASS_LEARNING_PATHS", json)], Some(file)).unwrap();
        assert_eq!(config.learning_paths.len(), 1);
        assert_eq!(config.learning_paths[0].id, "r", "the environment holds");
        let error = load(&[], &[], Some(&file.replace("[1, 2]", "[]"))).unwrap_err();
        assert!(
            error.starts_with(
                "the setting learning_paths (hallpass.toml, line 4) is wrong: learning path 1"
            ),
            "{error}"
        );
    }

    #[test]
    fn a_secret_may_come_from_a_file() {
        let file = std::env::temp_dir().join(format!("hallpass-secret-{}", std::process::id()));
        std::fs::write(&file, "postgres://u:p@127.0.0.1/db\n").unwrap();
        let config = load(
            &[],
            &[("HALLPASS_DATABASE_URL_FILE", file.to_str().unwrap())],
            None,
        )
        .unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(config.database_url, "postgres://u:p@127.0.0.1/db");
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:1",
            "http://127.0.0.2:9",
        ] {
            assert!(PublicUrl::parse(url).unwrap().is_developer_mode(), "{url}");
        }
        let url = PublicUrl::parse("https://lti.example.com:8443/").unwrap();
        assert_eq!(
            (url.as_str(), url.domain()),
            ("https://lti.example.com:8443", "lti.example.com:8443")
        );
        assert!(!url.is_developer_mode());
    }
}
