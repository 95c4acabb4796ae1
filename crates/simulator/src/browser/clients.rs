//! The simulator's only HTTP client, in two parts: the one for https is created on first use.

use std::{sync::OnceLock, time::Duration};

use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};
use url::Url;

use crate::Error;

/// Browsers wait for minutes. A server that hasn't answered by then won't.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The HTTP clients of a browser. The one for https needs certificates: loading the system's takes
/// longer than a hundred requests, and most addresses here are plain http.
#[derive(Debug)]
pub(super) struct Clients {
    plain: Client,
    secure: OnceLock<Client>,
    /// The only trusted certificate, instead of the system's.
    authority: Option<Certificate>,
}

impl Clients {
    pub(super) fn new(authority: Option<Certificate>) -> Result<Self, Error> {
        let plain = builder()
            .tls_certs_only([])
            .build()
            .map_err(Error::Client)?;
        Ok(Self {
            plain,
            secure: OnceLock::new(),
            authority,
        })
    }

    /// The client for this address.
    pub(super) fn of(&self, url: &Url) -> Result<&Client, Error> {
        if url.scheme() != "https" {
            return Ok(&self.plain);
        }
        if let Some(secure) = self.secure.get() {
            return Ok(secure);
        }
        let builder = match &self.authority {
            Some(authority) => builder().tls_certs_only([authority.clone()]),
            None => builder(),
        };
        let secure = builder.build().map_err(Error::Client)?;
        // If another request was faster, its client is used.
        Ok(self.secure.get_or_init(|| secure))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator’s one HTTP client is made here"
)]
fn builder() -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .timeout(TIMEOUT)
        .user_agent(concat!("hallpass-simulator/", env!("CARGO_PKG_VERSION")))
}
