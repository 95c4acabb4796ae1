//! SIGHUP: the settings are read again, and those that can change while the server runs do (decision 0102).

#[cfg(unix)]
use std::io::IsTerminal;
use std::time::Duration;

use clap::ArgMatches;
use gateway::server::Reload;

use crate::logs::{self, Level};
use crate::{service_manager, settings, terminal};

/// How long the files may take: those of a file system that hangs must not keep the server from its signals.
const PATIENCE: Duration = Duration::from_secs(5);

/// What changes with the settings.
pub(crate) struct Running {
    /// The command line, which stays what it is.
    pub(crate) matches: ArgMatches,
    pub(crate) server: Reload,
    /// Its log.
    pub(crate) level: Level,
}

impl Running {
    /// Reads the settings again. A mistake in them is logged, and everything stays what it was.
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

/// SIGHUPs, from now on.
#[cfg(unix)]
pub(crate) struct Hangups {
    signal: tokio::signal::unix::Signal,
    had_terminal: bool,
}

/// Watches for SIGHUP from now on.
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
    /// Reloads at each. Ends if the signal means what it meant at first: the terminal that we were started from is gone.
    pub(crate) async fn reload(mut self, running: Running) {
        while self.signal.recv().await.is_some() {
            if self.had_terminal && !std::io::stderr().is_terminal() {
                return;
            }
            running.reload().await;
        }
    }
}

/// Other systems have no such signal.
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
