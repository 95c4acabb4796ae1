//! Settings that can change while the server runs (decision 0102).

use std::sync::Arc;

use super::error::StartError;
use super::live::Live;
use super::tls::Certificate;
use crate::app::App;
use crate::kit::outbound::AllowList;
use crate::kit::text::for_log;
use crate::settings::installation::{Config, FirstTool};

/// Settings that take effect at once. `log_level` is left to the logger.
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
/// Settings that a running server doesn't use.
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

/// The contents of the files named in settings.
pub struct Files {
    certificate: Option<Certificate>,
}

impl Reload {
    /// Reads the files named in these settings, which takes as long as their file system does.
    ///
    /// # Errors
    /// A file can't be read, or contains something else.
    pub fn files(&self, config: &Config) -> Result<Files, StartError> {
        // Whether the listener uses TLS at all is fixed at the start.
        let files = config.tls().filter(|_| self.live.tls.is_some());
        let certificate = files.map(Certificate::read).transpose();
        Ok(Files {
            certificate: certificate.map_err(StartError::Tls)?,
        })
    }

    /// Applies the settings that can change at once. Returns the names of others that have changed
    /// since the start: they take effect at the next one.
    ///
    /// # Errors
    /// The system's certificates can't be loaded; then nothing has changed.
    pub fn settings(&self, config: &Config, files: Files) -> Result<Vec<&'static str>, StartError> {
        let running = &self.app.config;
        let mut waiting = running.differences(config);
        if running.fixed.follows_port && config.fixed.follows_port {
            // The settings read again don't know which port was taken.
            waiting.retain(|key| *key != "public_url");
        }
        let switched = config.tls().is_some() != self.live.tls.is_some();
        waiting.retain(|key| {
            let is_tls = key.starts_with("tls_");
            !ELSEWHERE.contains(key) && (!AT_ONCE.contains(key) || (is_tls && switched))
        });
        // First, because nothing else can fail.
        self.app.outbound.allow(allowed(config))?;
        if let (Some(tls), Some(certificate)) = (&self.live.tls, files.certificate) {
            tls.replace(certificate);
            self.live.note_certificate();
        }
        let proxies = config.trusted_proxies.clone();
        self.app
            .clients
            .move_behind(proxies, config.forwarded_header);
        self.live.set(config);
        warn_of_unused_tool(&self.app, &config.tool);
        Ok(waiting)
    }
}

/// Warns about members of the tool's settings that were given but are not in force, because only
/// the first start reads them.
pub(super) fn warn_of_unused_tool(app: &App, given: &FirstTool) {
    let tools = app.tools.all();
    let unused = tools.first().map(|tool| given.unlike(&tool.settings));
    if let Some(members) = unused.filter(|members| !members.is_empty()) {
        let members = members.join(", ");
        let members = for_log(&members);
        tracing::warn!(
            members,
            "not all of the setting tool is in force: it is only read on the first start, and the stored tool has other \
             values since. PATCH /admin/tool changes them"
        );
    }
}

/// Where other people's URLs may point. On a developer's machine that includes the machine itself.
pub(super) fn allowed(config: &Config) -> AllowList {
    let allowed = config.outbound_allow.clone();
    if config.public_url.is_developer_mode() {
        allowed.with_loopback()
    } else {
        allowed
    }
}
