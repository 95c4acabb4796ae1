//! Why a start fails.

use std::net::SocketAddr;

use store::StoreError;

use crate::operator::setup::SetupError;

/// Why a start fails.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Setting up the installation failed.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The store can't be opened or brought up to date.
    #[error("the setting database_url: {0}")]
    Store(#[source] StoreError),
    /// What is wrong is said with the settings to change.
    #[error(transparent)]
    Pooled(StoreError),
    /// The disk refused; the settings are correct.
    #[error("{0}: make room there, and start again")]
    Disk(#[source] StoreError),
    /// The address is in use or not ours.
    #[error("the setting listen: can't listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The certificate or key is unusable.
    #[error("the settings tls_cert and tls_key: {0}")]
    Tls(String),
    /// The system's certificates can't be loaded.
    #[error("the HTTP client can't be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Disk(_) => Self::Disk(error),
            StoreError::Pooler(..) | StoreError::Elsewhere(..) => Self::Pooled(error),
            error => Self::Store(error),
        }
    }
}
