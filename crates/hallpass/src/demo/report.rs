//! One line per step of the walk.

use std::fmt::Display;

use gateway::kit::clock::Clock;

use crate::terminal::{Ink, Inked, say, told};

const WIDTH: usize = 66;

/// Prints and counts the steps.
pub(super) struct DemoReport {
    clock: Clock,
    began: i64,
    steps: usize,
}

impl DemoReport {
    /// A report without steps.
    pub(super) fn new() -> Self {
        let clock = Clock::default();
        Self {
            began: clock.now_ms(),
            clock,
            steps: 0,
        }
    }

    /// Runs one step, and prints whether it succeeded and how long it took.
    ///
    /// # Errors
    /// The name of the failed step. Its error is printed.
    pub(super) async fn step<T>(
        &mut self,
        name: impl Display,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let began = self.clock.now_ms();
        let result = work.await;
        let took = self.clock.now_ms() - began;
        self.steps += 1;
        let line = Inked::new();
        let (ink, word) = match (result.is_ok(), line.has_colours()) {
            (true, true) => (Ink::Good, "✓"),
            (true, false) => (Ink::Good, "ok"),
            (false, true) => (Ink::Bad, "✗"),
            (false, false) => (Ink::Bad, "FAIL"),
        };
        line.add(ink, format_args!("{word:<5}"))
            .add(Ink::Plain, format_args!("{:<WIDTH$}", name.to_string()))
            .add(Ink::Soft, format_args!("{took:>6} ms"))
            .say()?;
        if let Err(error) = &result {
            say(format_args!("     {}", told(error)))?;
        }
        // The reason has already been printed to standard output.
        result.map_err(|_| anyhow::anyhow!("the step \"{name}\" failed"))
    }

    /// Prints that all steps succeeded.
    ///
    /// # Errors
    /// Standard output is closed.
    pub(super) fn all_held(&self) -> std::io::Result<()> {
        let took = self.clock.now_ms() - self.began;
        let text = format!("all {} steps held, in {took} ms", self.steps);
        Inked::new().add(Ink::Strong, text).say()
    }
}
