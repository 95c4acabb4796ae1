//! Reads and checks the value of each setting.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use store::Pooler;
use studyreel::placement::{LearningPath, ListError, PathLines, read_list};
use url::Url;

use super::ADMIN;
use super::error::ConfigError;
use super::first_tool::FirstTool;
use super::given::{GivenSetting, Values};
use crate::kit::password_rule::is_good;
use crate::kit::shape::in_words;
use crate::settings::public_url::PublicUrl;

/// An optional text.
pub(super) fn text(given: &GivenSetting<'_>) -> Result<Option<String>, ConfigError> {
    given.text()
}

/// An optional file or folder.
pub(super) fn path(given: &GivenSetting<'_>) -> Result<Option<PathBuf>, ConfigError> {
    Ok(given.text()?.map(PathBuf::from))
}

/// A text with a default, parsed by a function that reports what is wrong with it.
pub(super) fn parsed<T>(
    given: &GivenSetting<'_>,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, ConfigError> {
    let text = given.text()?.unwrap_or_default();
    parse(&text).map_err(|problem| given.bad(&problem))
}

/// An optional text, checked if present.
pub(super) fn checked(
    given: &GivenSetting<'_>,
    check: impl FnOnce(&str) -> Result<(), &'static str>,
) -> Result<Option<String>, ConfigError> {
    let text = given.text()?;
    let checked = text.as_deref().map_or(Ok(()), check);
    checked.map(|()| text).map_err(|problem| given.bad(problem))
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let problem = "must be an address and a port, such as 127.0.0.1:8080 or 0.0.0.0:443";
    text.parse().map_err(|_| problem.to_owned())
}

/// The base of our addresses if the address listened on says nothing.
pub(crate) const DEFAULT_BASE: &str = "http://127.0.0.1:8080";

/// Defaults to the address listened on, if only this machine can reach that.
pub(super) fn public_url(
    given: &GivenSetting<'_>,
    listen: SocketAddr,
) -> Result<PublicUrl, ConfigError> {
    let text = given.text()?.unwrap_or_else(|| {
        if listen.ip().is_loopback() && listen.port() != 0 {
            format!("http://{listen}")
        } else {
            DEFAULT_BASE.to_owned()
        }
    });
    PublicUrl::parse(&text).map_err(|problem| given.bad(&problem))
}

/// Whether the public address will be the one listened on, and the port isn't known yet.
pub(super) fn follows_port(values: &Values, listen: SocketAddr) -> bool {
    listen.ip().is_loopback() && listen.port() == 0 && !values.0.contains_key("public_url")
}

/// Levels, for everything or for a part: `info`, `warn,gateway=debug`. A single word must be a
/// level: the logger would take a mistyped one for the name of a part, and log nothing.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |word: &str| {
        levels
            .iter()
            .any(|level| level.eq_ignore_ascii_case(word.trim()))
    };
    let is_wrong = |directive: &&str| {
        let (_, level) = directive.rsplit_once('=').unwrap_or(("", directive));
        !is_level(level)
    };
    match text.split(',').find(is_wrong) {
        None => Ok(text.to_owned()),
        Some(wrong) => Err(format!(
            "must be error, warn, info, debug, trace or off, or a filter such as info,gateway=debug; it has {wrong:?}"
        )),
    }
}

/// Whole seconds within a range.
pub(super) fn seconds(text: &str, range: RangeInclusive<u64>) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|number| range.contains(number));
    let (least, most) = (range.start(), range.end());
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| format!("must be a number of seconds from {least} to {most}"))
}

/// A developer's machine has no load balancer.
pub(super) fn shutdown_delay(
    given: &GivenSetting<'_>,
    public_url: &PublicUrl,
) -> Result<Duration, ConfigError> {
    match given.text()? {
        None if public_url.is_developer_mode() => Ok(Duration::ZERO),
        None => Ok(Duration::from_secs(5)),
        Some(text) => seconds(&text, 0..=600).map_err(|problem| given.bad(&problem)),
    }
}

/// The data folder. Without a name it would be the folder that the program happens to be started
/// in.
pub(super) fn data_dir(text: &str) -> Result<PathBuf, String> {
    match text.trim() {
        "" => Err("is empty: name a folder, or leave the setting out".to_owned()),
        _ => Ok(text.into()),
    }
}

/// Defaults to a file in the data folder.
pub(super) fn database_url(
    given: &GivenSetting<'_>,
    data_dir: &Path,
) -> Result<String, ConfigError> {
    let Some(url) = given.text()? else {
        return Ok(format!("sqlite:{}", data_dir.join("hallpass.db").display()));
    };
    let checked = match url.starts_with("sqlite:") {
        true => sqlite(&url),
        false if is_postgres(&url) => postgres(&url),
        false => Err("must start with sqlite: or postgres://"),
    };
    checked.map(|()| url).map_err(|problem| given.bad(problem))
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn sqlite(url: &str) -> Result<(), &'static str> {
    match store::sqlite_file(url) {
        Ok(Some(file)) if file.as_os_str().is_empty() => {
            Err("names no file, such as sqlite:/var/lib/hallpass/hallpass.db")
        }
        Ok(_) => Ok(()),
        Err(_) => Err("has a parameter that SQLite doesn't know"),
    }
}

/// Checks the address of a PostgreSQL server. Nothing of it is repeated: it may contain a password.
fn postgres(text: &str) -> Result<(), &'static str> {
    let modes = [
        "disable",
        "allow",
        "prefer",
        "require",
        "verify-ca",
        "verify-full",
    ];
    let unescaped = "is no address such as postgres://user:password@host:5432/database. In the user and the password \
                     percent-encode @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25";
    let Ok(url) = Url::parse(text) else {
        return Err(unescaped);
    };
    // The rest of a password that was cut off by one of its signs.
    let first = url.query().and_then(|query| query.split('=').next());
    let is_cut = url.fragment().is_some()
        || url.path().contains('@')
        || first.is_some_and(|name| name.contains('@'));
    if is_cut {
        return Err(unescaped);
    }
    let has_wrong_mode = url
        .query_pairs()
        .any(|(name, value)| matches!(&*name, "sslmode" | "ssl-mode") && !modes.contains(&&*value));
    if has_wrong_mode {
        return Err(
            "has an sslmode that is none of disable, allow, prefer, require, verify-ca and verify-full",
        );
    }
    match store::is_address(text) {
        true => Ok(()),
        false => Err("has a parameter that PostgreSQL's driver can't read"),
    }
}

pub(super) fn pooler(text: &str) -> Result<Pooler, String> {
    match text {
        "none" => Ok(Pooler::None),
        "session" => Ok(Pooler::Session),
        "transaction" => Ok(Pooler::Transaction),
        _ => Err("must be none, session or transaction".to_owned()),
    }
}

pub(super) fn direct_url(url: &str) -> Result<(), &'static str> {
    match is_postgres(url) {
        true => postgres(url),
        false => Err("must start with postgres://"),
    }
}

pub(super) fn api_key(key: &str) -> Result<(), &'static str> {
    // Other characters could be configured, but would not survive in a header (ltiaas-api.md §1.4).
    let is_sendable = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b':' | b',');
    if !(16..=255).contains(&key.len()) || !key.bytes().all(is_sendable) {
        return Err(
            "must have at least 16 and at most 255 characters: ASCII letters, digits and signs, but no colon, comma or \
             blank",
        );
    }
    Ok(())
}

/// The portal's rule for all other passwords.
pub(super) fn password(password: &str) -> Result<(), &'static str> {
    if !is_good(password, ADMIN) {
        return Err(
            "must have at least 12 characters, at least five different ones, be no common password, and not hold the owner's login, which is admin",
        );
    }
    Ok(())
}

pub(super) fn tool(given: &GivenSetting<'_>) -> Result<FirstTool, ConfigError> {
    let Some(value) = given.json()? else {
        return Ok(FirstTool::default());
    };
    if !value.is_object() {
        return Err(
            given.bad("must be a table of settings, as JSON: {\"launchUrl\": \"https://…\"}")
        );
    }
    FirstTool::read(value).map_err(|problem| given.bad(&format!("is wrong: {problem}")))
}

pub(super) fn learning_paths(given: &GivenSetting<'_>) -> Result<Vec<LearningPath>, ConfigError> {
    let Some(list) = given.json()? else {
        return Ok(Vec::new());
    };
    let no_lines = PathLines::default();
    let lines = given.found().map_or(&no_lines, |found| &found.lines);
    read_list(list, lines, in_words).map_err(|ListError { line, problem }| {
        let mut origin = given.values.origin(given.setting.key);
        if let Some(line) = line {
            origin.push_str(&format!(", line {line}"));
        }
        ConfigError::Bad {
            key: given.setting.key,
            origin,
            problem,
        }
    })
}
