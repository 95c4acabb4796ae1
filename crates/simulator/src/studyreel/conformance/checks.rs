//! The findings of a case, sub-case by sub-case.

use super::Outcome;
use crate::Error;

/// The result of one step of a case.
pub(super) type Step<T = ()> = Result<T, Stop>;

/// Why a case, or part of it, stops.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The application did something wrong.
    Failed(String),
    /// Something required was not provided.
    NotRun(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Continues only if it is `good`.
pub(super) fn expect(good: bool, why: impl Into<String>) -> Step {
    if good {
        Ok(())
    } else {
        Err(Stop::Failed(why.into()))
    }
}

/// Ends a case that lacks something.
pub(super) fn not_run<T>(why: impl Into<String>) -> Step<T> {
    Err(Stop::NotRun(why.into()))
}

/// How many reasons a report lists before it only counts them.
const REASONS: usize = 3;

/// The findings of a case so far.
#[derive(Debug, Default)]
pub(super) struct Checks {
    sub_cases: usize,
    failures: Vec<String>,
    unseen: Vec<String>,
}

impl Checks {
    /// Records how a sub-case ended; the case continues either way.
    pub(super) fn sub<T>(&mut self, label: &str, step: Step<T>) -> Option<T> {
        self.sub_cases += 1;
        match step {
            Ok(value) => Some(value),
            Err(Stop::Failed(why)) => {
                self.fail(format!("{label}: {why}"));
                None
            }
            Err(Stop::NotRun(why)) => {
                self.unseen(why);
                None
            }
        }
    }

    pub(super) fn fail(&mut self, why: String) {
        self.failures.push(why);
    }

    pub(super) fn unseen(&mut self, why: String) {
        if !self.unseen.contains(&why) {
            self.unseen.push(why);
        }
    }

    /// The outcome and its reason: what failed, otherwise what could not be checked.
    pub(super) fn verdict(&self) -> (Outcome, String) {
        if !self.failures.is_empty() {
            return (Outcome::Failed, join(&self.failures));
        }
        if !self.unseen.is_empty() {
            return (Outcome::NotRun, join(&self.unseen));
        }
        let reason = match self.sub_cases {
            0 | 1 => String::new(),
            many => format!("{many} sub-cases"),
        };
        (Outcome::Passed, reason)
    }
}

fn join(reasons: &[String]) -> String {
    let shown = reasons.len().min(REASONS);
    let mut text = reasons[..shown].join("; ").replace(['\n', '\r'], " ");
    if reasons.len() > shown {
        text.push_str(&format!("; and {} more", reasons.len() - shown));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_outweighs_what_was_not_seen() {
        let mut checks = Checks::default();
        assert_eq!(checks.verdict(), (Outcome::Passed, String::new()));
        assert_eq!(checks.sub("one", Ok(1)), Some(1));
        checks.sub::<()>("two", not_run("needs x"));
        checks.sub::<()>("three", not_run("needs x"));
        assert_eq!(checks.verdict(), (Outcome::NotRun, "needs x".to_owned()));
        for label in ["a", "b", "c", "d"] {
            checks.sub(label, expect(false, "no"));
        }
        let reason = "a: no; b: no; c: no; and 1 more".to_owned();
        assert_eq!(checks.verdict(), (Outcome::Failed, reason));
    }
}
