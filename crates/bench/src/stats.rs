//! What a timed phase gives.

use std::time::Duration;

/// One phase: how often, how long, how many went wrong.
#[derive(Debug, Default)]
pub(crate) struct Phase {
    micros: Vec<u32>,
    failed: usize,
    first_failure: Option<String>,
    /// How long the phase took.
    pub(crate) took: Duration,
    /// How long the server's threads ran meanwhile.
    pub(crate) cpu: Duration,
}

impl Phase {
    /// Notes one request.
    pub(crate) fn note(&mut self, took: Duration, result: &anyhow::Result<()>) {
        match result {
            Ok(()) => self
                .micros
                .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX)),
            Err(error) => {
                self.failed += 1;
                self.first_failure
                    .get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }

    /// Adds a later part of the same phase.
    pub(crate) fn add(&mut self, later: Self) {
        self.micros.extend(later.micros);
        self.failed += later.failed;
        self.first_failure = self.first_failure.take().or(later.first_failure);
        self.took += later.took;
        self.cpu += later.cpu;
    }

    /// How many succeeded.
    pub(crate) fn done(&self) -> usize {
        self.micros.len()
    }

    /// Successes a second.
    pub(crate) fn rate(&self) -> f64 {
        rate(self.done(), self.took)
    }

    /// What one costs the server's core, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.done().max(1) as f64
    }

    /// A latency in milliseconds that this share (0 to 1) of the requests stayed below.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let at = (last as f64 * share) as usize;
        sorted
            .get(at)
            .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }

    /// An error if anything failed: rates with failures in them mean nothing.
    pub(crate) fn complain(&self, what: &str) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.failed == 0,
            "{} of {} {what}s failed; the first: {}",
            self.failed,
            self.failed + self.done(),
            self.first_failure.as_deref().unwrap_or("")
        );
        Ok(())
    }
}

/// How many a second.
pub(crate) fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}

/// CPU microseconds of a launch in two rounds that follow each other.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TraceCost {
    /// With its trace.
    pub(crate) with: f64,
    /// With traces switched off.
    pub(crate) without: f64,
}

/// The values that a quarter, half and three quarters stay below.
pub(crate) fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    [1, 2, 3].map(|quarter| sorted.get(last * quarter / 4).copied().unwrap_or(0.0))
}
