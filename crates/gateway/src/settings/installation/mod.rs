//! The settings of an installation: flags override environment variables, which override
//! `hallpass.toml`.
//!
//! Each setting is defined once, in the table in `table.rs`: its name, its meaning, its default,
//! and how it is read. The command line, the environment, `--help` and `docs/settings.md` follow
//! from that.

mod error;
mod first_tool;
mod fixed;
mod given;
mod oidc;
mod provider;
mod read;
mod setting;
mod shown;
mod sources;
mod table;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use store::{Address, Pooler};

pub use error::ConfigError;
pub use first_tool::FirstTool;
pub use fixed::Fixed;
pub(crate) use read::DEFAULT_BASE;
pub use setting::{Setting, SettingKind, Unset};
pub use shown::{ShownSetting, shown};
pub use sources::Sources;
pub use table::{Config, SETTINGS};

use crate::settings::public_url::PublicUrl;

/// The login of the portal's owner, whom `bootstrap_admin_password` creates.
pub const ADMIN: &str = "admin";

/// Certificate and key of the built-in TLS listener.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// PEM certificate chain.
    pub cert: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
}

impl Config {
    /// Whether only this machine can reach it, according to both its public address and the one it
    /// listens on.
    pub fn is_local(&self) -> bool {
        self.public_url.is_developer_mode() && self.listen.ip().is_loopback()
    }

    /// Combines the sources and checks them.
    ///
    /// # Errors
    /// An unknown name or an invalid value, with its source.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let values = sources.values()?;
        let mut config = table::read(&values)?;
        config.fixed.follows_port = read::follows_port(&values, config.listen);
        if config.database_pooler == Pooler::Transaction && config.database_direct_url.is_none() {
            let problem = "\"transaction\" needs database_direct_url beside it: tables can't be changed through such a pooler";
            return Err(values.bad("database_pooler", problem));
        }
        let unused = match (config.database_pooler, &config.database_direct_url) {
            _ if !config.database_url.starts_with("sqlite:") => None,
            (Pooler::None, None) => None,
            (Pooler::None, Some(_)) => Some("database_direct_url"),
            _ => Some("database_pooler"),
        };
        if let Some(key) = unused {
            let problem = "is for PostgreSQL, and the database is SQLite: set database_url, or leave this out";
            return Err(values.bad(key, problem));
        }
        provider::check(&config, &values)?;
        match (&config.tls_cert, &config.tls_key) {
            (Some(_), None) => Err(values.bad("tls_cert", "needs tls_key beside it")),
            (None, Some(_)) => Err(values.bad("tls_key", "needs tls_cert beside it")),
            _ => Ok(config),
        }
    }

    /// Takes note of the address that it really listens on.
    pub(crate) fn listens_on(&mut self, address: SocketAddr) {
        if self.fixed.follows_port
            && let Ok(public_url) = PublicUrl::parse(&format!("http://{address}"))
        {
            self.public_url = public_url;
        }
    }

    /// Valid settings that are probably a mistake, in sentences.
    pub fn warnings(&self) -> Vec<String> {
        let blocked = self.tool.settings.blocked_pages(&self.public_url);
        let warnings = blocked
            .iter()
            .map(|page| format!("{page}: {}", page.host()));
        warnings.collect()
    }

    /// Where the store is.
    pub fn store(&self) -> Address {
        Address {
            url: self.database_url.clone(),
            pooler: self.database_pooler,
            direct_url: self.database_direct_url.clone(),
        }
    }

    /// The files of the built-in TLS listener; `None` without one.
    pub fn tls(&self) -> Option<TlsFiles> {
        let (cert, key) = (self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(TlsFiles { cert, key })
    }
}
