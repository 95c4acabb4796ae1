//! The log of a server.

use std::io::IsTerminal;

use gateway::settings::log_format::LogFormat;
use tracing_subscriber::EnvFilter;

/// Changes the log level while logging.
pub(crate) struct Level(Box<dyn Fn(EnvFilter) -> anyhow::Result<()> + Send + Sync>);

/// Logs to standard error; standard output is reserved for the line that says the server is ready.
pub(crate) fn to_stderr(format: LogFormat, level: &str) -> anyhow::Result<Level> {
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter(level)?)
        .with_writer(std::io::stderr);
    let handle;
    let set = match format {
        LogFormat::Text => {
            let logs = logs.with_ansi(std::io::stderr().is_terminal());
            let logs = logs.with_filter_reloading();
            let reload = logs.reload_handle();
            handle = Level(Box::new(move |filter| Ok(reload.reload(filter)?)));
            logs.try_init()
        }
        LogFormat::Json => {
            let logs = logs.json().flatten_event(true).with_filter_reloading();
            let reload = logs.reload_handle();
            handle = Level(Box::new(move |filter| Ok(reload.reload(filter)?)));
            logs.try_init()
        }
    };
    set.map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))?;
    Ok(handle)
}

/// Reads the setting `log_level`.
pub(crate) fn filter(level: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!(
            "the setting log_level must be error, warn, info, debug, trace or a filter: {error}"
        )
    })
}

impl Level {
    /// Switches to this filter.
    pub(crate) fn set(&self, filter: EnvFilter) -> anyhow::Result<()> {
        (self.0)(filter)
    }
}
