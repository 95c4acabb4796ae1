//! Where a store is, and what is in front of it.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// A pooler in front of PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooler {
    /// None: a connection is ours for as long as we keep it, with its settings and prepared
    /// statements.
    #[default]
    None,
    /// Lends us a server connection for as long as we keep ours.
    Session,
    /// Lends us a server connection for one transaction.
    Transaction,
}

/// Where a store is.
#[derive(Clone, Debug)]
pub struct Address {
    /// `sqlite:<file>` or `postgres://…`.
    pub url: String,
    /// The pooler in front of it, if any.
    pub pooler: Pooler,
    /// The server behind the pooler, for running migrations.
    pub direct_url: Option<String>,
}

/// Whether the driver can read the address of a PostgreSQL server. It is not asked.
pub fn is_address(url: &str) -> bool {
    PgConnectOptions::from_str(url).is_ok()
}

impl From<&str> for Address {
    /// A store without a pooler.
    fn from(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            pooler: Pooler::None,
            direct_url: None,
        }
    }
}

impl From<&String> for Address {
    fn from(url: &String) -> Self {
        Self::from(url.as_str())
    }
}
