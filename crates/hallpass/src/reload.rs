//! SIGHUP: rereads the settings, and applies those that can change while the server runs
//! (decision 0102).

#[cfg(unix)]
use std::io::IsTerminal;
use std::time::Duration;

use clap::ArgMatches;
use gateway::server::Reload;

use crate::logs::{self, Level};
use crate::{service_manager, settings, terminal};

/// The time limit for reading the files: a hanging file system must not keep the server from
/// handling signals.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a reload changes.
pub(crate) struct Running {
    /// The command line, which doesn't change.
    pub(crate) matches: ArgMatches,
    pub(crate) server: Reload,
    /// Its log.
    pub(crate) level: Level,
}

impl Running {
    /// Rereads the settings. If they contain a mistake, it is logged and nothing changes.
    pub(crate) async fn reload(&self) {
        service_manager::reloading();
        match self.take_over().await {
            Ok(waiting) if waiting.is_empty() => tracing::info!("the settings were read again"),
            Ok(waiting) => tracing::warn!(
                "the settings were read again; these have changed and wait for a restart: {}",
                waiting.join(", ")
            ),
            Err(error) => {
                tracing::warn!("the settings stay as they were: {}", terminal::told(&error));
            }
        }
        service_manager::ready();
    }

    async fn take_over(&self) -> anyhow::Result<Vec<&'static str>> {
        let (matches, server) = (self.matches.clone(), self.server.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let config = settings::load_again(&matches)?;
            let filter = logs::filter(&config.log_level)?;
            let files = server.files(&config)?;
            anyhow::Ok((config, filter, files))
        });
        let Ok(read) = tokio::time::timeout(PATIENCE, reading).await else {
            anyhow::bail!(
                "their files could not be read within {} seconds",
                PATIENCE.as_secs()
            );
        };
        let (config, filter, files) = read??;
        let waiting = self.server.settings(&config, files)?;
        self.level.set(filter)?;
        Ok(waiting)
    }
}

/// A stream of SIGHUPs.
#[cfg(unix)]
pub(crate) struct Hangups {
    signal: tokio::signal::unix::Signal,
    had_terminal: bool,
}

/// Starts listening for SIGHUP.
#[cfg(unix)]
pub(crate) fn watch() -> std::io::Result<Hangups> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Hangups {
        signal: signal(SignalKind::hangup())?,
        had_terminal: std::io::stderr().is_terminal(),
    })
}

#[cfg(unix)]
impl Hangups {
    /// Reloads on each SIGHUP. Returns if the signal has its original meaning: the terminal that
    /// started us is gone.
    pub(crate) async fn reload(mut self, running: Running) {
        while self.signal.recv().await.is_some() {
            if self.had_terminal && !std::io::stderr().is_terminal() {
                return;
            }
            running.reload().await;
        }
    }
}

/// Other systems lack this signal.
#[cfg(not(unix))]
pub(crate) struct Hangups;

#[cfg(not(unix))]
pub(crate) fn watch() -> std::io::Result<Hangups> {
    Ok(Hangups)
}

#[cfg(not(unix))]
impl Hangups {
    pub(crate) async fn reload(self, _: Running) {
        std::future::pending().await
    }
}
