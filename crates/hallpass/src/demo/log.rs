//! The demo's log. It goes to standard error at the requested level; the latest lines are kept for
//! the checks.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::logs;

/// How many bytes are kept.
const KEPT: usize = 4 * 1024 * 1024;

/// The latest log output.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<VecDeque<u8>>>);

impl Log {
    /// Starts logging to standard error at this level or with this filter, and keeps what an
    /// operator would see.
    pub(super) fn start(level: &str) -> anyhow::Result<Self> {
        let log = Self::default();
        let shown = logs::parsed(level).map_err(|error| {
            anyhow::anyhow!(
                "--log-level must be error, warn, info, debug, trace or a filter: {error}"
            )
        })?;
        let to = log.clone();
        let kept = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || to.clone())
            .with_filter(logs::parsed("info")?);
        let stderr = tracing_subscriber::fmt::layer()
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .with_writer(io::stderr)
            .with_filter(shown);
        tracing_subscriber::registry()
            .with(stderr)
            .with(kept)
            .try_init()?;
        Ok(log)
    }

    pub(super) fn text(&self) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(kept.make_contiguous()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(bytes);
        let too_many = kept.len().saturating_sub(KEPT);
        kept.drain(..too_many);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
