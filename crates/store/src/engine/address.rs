//! Where a store is, and what stands in front of it.

/// A pooler in front of PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooler {
    /// There is none: a connection is ours for as long as we keep it, with its settings and its prepared statements.
    #[default]
    None,
    /// It lends a connection for as long as we keep ours.
    Session,
    /// It lends a connection for a transaction.
    Transaction,
}

/// Where a store is.
#[derive(Clone, Debug)]
pub struct Address {
    /// `sqlite:<file>` or `postgres://…`.
    pub url: String,
    /// What stands in front of it.
    pub pooler: Pooler,
    /// The server behind the pooler, for migrations.
    pub direct_url: Option<String>,
}

impl Address {
    /// The server that migrations run on.
    pub(super) fn direct(&self) -> &str {
        self.direct_url.as_deref().unwrap_or(&self.url)
    }
}

impl From<&str> for Address {
    /// Nothing stands in front of it.
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
