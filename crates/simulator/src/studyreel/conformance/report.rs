//! The results of the cases, as a table.

use std::fmt;

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Passed,
    /// Not as it should.
    Failed,
    /// Something required was not provided; what could be checked was right.
    NotRun,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "pass",
            Self::Failed => "FAIL",
            Self::NotRun => "not run",
        })
    }
}

/// The result of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// Its number, from 1 to 76.
    pub id: u8,
    /// Its group, from A to G.
    pub group: char,
    /// What it requires.
    pub title: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in one line; empty if there is nothing to say.
    pub reason: String,
}

/// One line of the table.
impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, group, title) = (self.id, self.group, self.title);
        write!(f, "{id:>3} {group}  {:<8} {title}", self.outcome)?;
        if !self.reason.is_empty() {
            write!(f, ": {}", self.reason)?;
        }
        Ok(())
    }
}

/// The results of all cases, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// One entry per case.
    pub cases: Vec<CaseReport>,
}

impl Report {
    /// Whether none failed. Some may not have run.
    pub fn passed(&self) -> bool {
        self.ids(Outcome::Failed).is_empty()
    }

    /// The numbers of the cases with this outcome.
    pub fn ids(&self, outcome: Outcome) -> Vec<u8> {
        let ended = self.cases.iter().filter(|case| case.outcome == outcome);
        ended.map(|case| case.id).collect()
    }

    /// One line: how many of each.
    pub fn summary(&self) -> String {
        let count = |outcome| self.ids(outcome).len();
        let all = self.cases.len();
        format!(
            "{all} cases: {} passed, {} failed, {} not run",
            count(Outcome::Passed),
            count(Outcome::Failed),
            count(Outcome::NotRun)
        )
    }
}

/// The table and the summary.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(f, "{case}")?;
        }
        write!(f, "{}", self.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failed_case_fails_the_report() {
        let case = |id, outcome| CaseReport {
            id,
            group: 'A',
            title: "A title",
            outcome,
            reason: if id == 2 { "why" } else { "" }.to_owned(),
        };
        let mut report = Report {
            cases: vec![case(1, Outcome::Passed), case(2, Outcome::NotRun)],
        };
        assert!(report.passed());
        assert_eq!(
            report.to_string(),
            "  1 A  pass     A title\n  2 A  not run  A title: why\n2 cases: 1 passed, 0 failed, 1 not run"
        );
        report.cases.push(case(3, Outcome::Failed));
        assert!(!report.passed());
        assert_eq!(report.ids(Outcome::Failed), [3]);
    }
}
