//! The log of a server.

use std::io::IsTerminal;

use gateway::settings::log_format::LogFormat;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, ParseError};

/// The libraries that speak HTTP and TLS with strangers: some of their warnings are written
/// whenever a stranger likes. A name includes longer ones, such as `hyper_util`.
const LIBRARIES: [&str; 6] = ["h2", "hyper", "reqwest", "rustls", "tokio_rustls", "tower"];

/// Logs every SQL statement at `debug`, and slow ones as warnings.
const SQL: &str = "sqlx=warn,";

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
    parsed(level).map_err(|error| {
        anyhow::anyhow!(
            "the setting log_level must be error, warn, info, debug, trace or a filter: {error}"
        )
    })
}

/// Reads a level or a filter. A level for everything leaves out the libraries' warnings, which
/// strangers could fill the log with, and SQL statements, unless the filter names the library
/// (decision 0443).
pub(crate) fn parsed(level: &str) -> Result<EnvFilter, ParseError> {
    let is_verbose = |directive: &str| {
        let level = directive.trim().parse::<LevelFilter>();
        level.is_ok_and(|level| level > LevelFilter::ERROR)
    };
    if !level.split(',').any(is_verbose) {
        return EnvFilter::try_new(level);
    }
    // Of two directives with the same name, the later one applies.
    let quiet = LIBRARIES.map(|library| format!("{library}=error,"));
    EnvFilter::try_new(quiet.concat() + SQL + level)
}

impl Level {
    /// Switches to this filter.
    pub(crate) fn set(&self, filter: EnvFilter) -> anyhow::Result<()> {
        (self.0)(filter)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What the log has at this level, of some lines of ours and of libraries.
    fn logged(level: &str) -> String {
        let written = Written::default();
        let to = written.clone();
        let log = tracing_subscriber::fmt()
            .with_env_filter(parsed(level).unwrap())
            .with_ansi(false)
            .without_time()
            .with_level(false)
            .with_target(false)
            .with_writer(move || to.clone())
            .finish();
        tracing::subscriber::with_default(log, || {
            tracing::warn!(target: "h2::proto::ping_pong", "h2 warns");
            tracing::error!(target: "h2::proto", "h2 fails");
            tracing::info!(target: "hyper_util::client", "hyper informs");
            tracing::warn!(target: "rustls::common_state", "rustls warns");
            tracing::info!(target: "gateway::server", "gateway informs");
            tracing::debug!(target: "sqlx::query", "sqlx tells a statement");
            tracing::warn!(target: "sqlx::query", "sqlx warns");
        });
        let bytes = written.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        lines.join(", ")
    }

    #[test]
    fn a_librarys_warnings_are_logged_only_if_it_is_named() {
        for (level, lines) in [
            ("info", "h2 fails, gateway informs, sqlx warns"),
            ("DEBUG", "h2 fails, gateway informs, sqlx warns"),
            (
                "warn,gateway=debug",
                "h2 fails, gateway informs, sqlx warns",
            ),
            ("gateway=info,warn", "h2 fails, gateway informs, sqlx warns"),
            (
                "debug,h2=debug",
                "h2 warns, h2 fails, gateway informs, sqlx warns",
            ),
            (
                "h2=warn,info",
                "h2 warns, h2 fails, gateway informs, sqlx warns",
            ),
            (
                "info,h2::proto::ping_pong=warn",
                "h2 warns, h2 fails, gateway informs, sqlx warns",
            ),
            (
                "info,hyper=info",
                "h2 fails, hyper informs, gateway informs, sqlx warns",
            ),
            ("info,h2=off", "gateway informs, sqlx warns"),
            (
                "debug,sqlx=debug",
                "h2 fails, gateway informs, sqlx tells a statement, sqlx warns",
            ),
        ] {
            assert_eq!(logged(level), lines, "{level}");
        }
    }

    #[test]
    fn without_a_level_for_everything_the_filter_is_taken_as_it_is() {
        for (level, lines) in [
            ("error", "h2 fails"),
            ("off", ""),
            ("gateway=debug", "gateway informs"),
            ("rustls=warn", "rustls warns"),
        ] {
            assert_eq!(logged(level), lines, "{level}");
        }
    }
}
