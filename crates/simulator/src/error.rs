//! Failures of the simulator itself. A wrong answer from a tool is not an error, but a verdict or
//! an entry in the wire log.

use std::net::SocketAddr;

/// A failure of the simulator, or of the network between it and a tool.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address could not be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// Where it should have listened; port 0 asks for a free one.
        addr: SocketAddr,
        /// The reason.
        source: std::io::Error,
    },
    /// A text that should be an absolute URL is not one.
    #[error("not an absolute URL: {0}")]
    Url(String),
    /// The other side could not be reached, or closed the connection.
    #[error("request to {url} failed: {source}")]
    Http {
        /// The address of the request.
        url: String,
        /// The HTTP client's error.
        source: reqwest::Error,
    },
    /// The HTTP client could not be made.
    #[error("cannot make an HTTP client: {0}")]
    Client(reqwest::Error),
    /// There were too many redirects.
    #[error("more than {limit} redirects, the last to {url}")]
    TooManyRedirects {
        /// How many are followed at most.
        limit: usize,
        /// The address that was not followed.
        url: String,
    },
    /// A page has no self-submitting form.
    #[error("the page at {0} has no form that submits itself")]
    NoForm(String),
    /// There is nothing with that name.
    #[error("unknown {kind}: {id}")]
    Unknown {
        /// What was looked up: a tool, a user, a course, a resource link, a student.
        kind: &'static str,
        /// The name it was looked up by.
        id: String,
    },
    /// Tools can't register themselves here.
    #[error("tools are added by hand here: {0}")]
    ByHand(&'static str),
    /// The application's own description of itself was missing or wrong.
    #[error("inside the application: {0}")]
    Inside(String),
    /// The cryptographic library failed.
    #[error("cryptography: {0}")]
    Crypto(&'static str),
    /// A value that should be JSON is not.
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
