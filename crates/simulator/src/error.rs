//! Failures of the simulator itself. A tool's wrong answer is not an error: it is a verdict or an entry in the wire
//! log.

use std::net::SocketAddr;

/// A failure of the simulator, or of the network between it and a tool.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address could not be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address that was asked for.
        addr: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// A text that should have been an absolute URL was not one.
    #[error("not an absolute URL: {0}")]
    Url(String),
    /// The other side could not be reached, or broke off.
    #[error("request to {url} failed: {source}")]
    Http {
        /// Where the request went.
        url: String,
        /// What the HTTP client says.
        source: reqwest::Error,
    },
    /// The HTTP client could not be made.
    #[error("cannot make an HTTP client: {0}")]
    Client(reqwest::Error),
    /// Following redirects did not come to an end.
    #[error("more than {limit} redirects, the last to {url}")]
    TooManyRedirects {
        /// The limit that was hit.
        limit: usize,
        /// The address that was not visited any more.
        url: String,
    },
    /// A page had no form that submits itself.
    #[error("the page at {0} has no form that submits itself")]
    NoForm(String),
    /// Nothing of that name is known here.
    #[error("unknown {kind}: {id}")]
    Unknown {
        /// What was looked for: a tool, a user, a course, a resource link, a student.
        kind: &'static str,
        /// By what it was looked for.
        id: String,
    },
    /// Tools can't register themselves here.
    #[error("tools are added by hand here: {0}")]
    ByHand(&'static str),
    /// The application's own answers about its inside were missing or wrong.
    #[error("inside the application: {0}")]
    Inside(String),
    /// The cryptographic library refused.
    #[error("cryptography: {0}")]
    Crypto(&'static str),
    /// A value that should have been JSON was not.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    pub(crate) fn unknown(kind: &'static str, id: impl Into<String>) -> Self {
        Self::Unknown {
            kind,
            id: id.into(),
        }
    }
}
