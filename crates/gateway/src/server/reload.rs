//! Settings that change while the server runs (decision 0102).

use std::sync::Arc;

use super::error::StartError;
use super::live::Live;
use super::tls::{Certificate, Tls};
use crate::app::App;
use crate::kit::outbound::AllowList;
use crate::settings::installation::Config;

/// Settings that apply at once; `log_level` is for whoever writes the log.
const AT_ONCE: [&str; 8] = [
    "tls_cert",
    "tls_key",
    "trusted_proxies",
    "forwarded_header",
    "outbound_allow",
    "idle_timeout",
    "shutdown_delay",
    "log_level",
];
/// Settings that a running server has no use for.
const ELSEWHERE: [&str; 4] = [
    "bootstrap_api_key",
    "bootstrap_admin_password",
    "studyreel_api_key",
    "tool",
];

/// Changes the settings of a running server. Cloning it is cheap.
#[derive(Clone)]
pub struct Reload {
    pub(super) app: App,
    pub(super) live: Arc<Live>,
}

impl Reload {
    /// Takes over those settings that can change at once. Gives the names of the others that have changed since the
    /// start: they wait for the next one.
    ///
    /// # Errors
    /// Something they name is wrong. Then nothing has changed.
    pub fn settings(&self, config: &Config) -> Result<Vec<&'static str>, StartError> {
        let mut waiting = self.app.config.differences(config);
        // Whether the listener speaks TLS at all is settled at the start.
        let switched = config.tls().is_some() != self.live.tls.is_some();
        waiting.retain(|key| {
            let is_tls = key.starts_with("tls_");
            !ELSEWHERE.contains(key) && (!AT_ONCE.contains(key) || (is_tls && switched))
        });
        let renewed = match (&self.live.tls, config.tls()) {
            (Some(tls), Some(files)) => {
                Some((tls, Certificate::read(files).map_err(StartError::Tls)?))
            }
            _ => None,
        };
        // The last that can fail.
        self.app.outbound.allow(allowed(config))?;
        if let Some((tls, certificate)) = renewed {
            Tls::replace(tls, certificate);
        }
        let proxies = config.trusted_proxies.clone();
        self.app
            .clients
            .move_behind(proxies, config.forwarded_header);
        self.live.set(config);
        Ok(waiting)
    }
}

/// Where others' URLs may lead. On a developer's machine that includes the machine itself.
pub(super) fn allowed(config: &Config) -> AllowList {
    let allowed = config.outbound_allow.clone();
    if config.public_url.is_developer_mode() {
        allowed.with_loopback()
    } else {
        allowed
    }
}
