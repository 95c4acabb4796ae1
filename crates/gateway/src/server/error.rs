//! Why a start fails.

use std::net::SocketAddr;

use store::StoreError;

use crate::operator::setup::SetupError;

/// Why a start fails.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The first start's work.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The store can't be opened, or not brought up to date.
    #[error("the setting database_url: {0}")]
    Store(#[source] StoreError),
    /// No setting is wrong.
    #[error("{0}: make room there, and start again")]
    Disk(#[source] StoreError),
    /// The address is taken or not ours.
    #[error("the setting listen: can't listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The certificate or key.
    #[error("the settings tls_cert and tls_key: {0}")]
    Tls(String),
    /// The system's certificates.
    #[error("the HTTP client can't be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Disk(_) => Self::Disk(error),
            error => Self::Store(error),
        }
    }
}
