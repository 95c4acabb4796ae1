//! The findings.

use serde_json::Value;

/// How good a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Right,
    /// It works, but the operator should know.
    Odd,
    /// It can't work.
    Wrong,
}

impl Verdict {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Odd => "odd",
            Self::Wrong => "wrong",
        }
    }
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub verdict: Verdict,
    /// What was found, in one sentence.
    pub what: String,
    /// What it means and what to do; empty if nothing needs doing.
    pub advice: String,
}

/// All findings.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
    /// Where the registration would be sent, and its content.
    pub request: Option<(String, Value)>,
}

impl Report {
    /// The worst of all findings.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(Verdict::Right)
    }

    pub(super) fn add(&mut self, verdict: Verdict, what: impl Into<String>, advice: &str) {
        self.findings.push(Finding {
            verdict,
            what: what.into(),
            advice: advice.to_owned(),
        });
    }

    pub(super) fn right(&mut self, what: impl Into<String>) {
        self.add(Verdict::Right, what, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_as_good_as_its_worst_finding() {
        let mut report = Report::default();
        assert_eq!(report.verdict(), Verdict::Right);
        report.right("It answers.");
        assert_eq!(report.verdict(), Verdict::Right);
        report.add(Verdict::Wrong, "It has no keys.", "Make some.");
        report.add(Verdict::Odd, "Its clock is fast.", "Set it.");
        assert_eq!(report.verdict(), Verdict::Wrong);
        let advice: Vec<&str> = report
            .findings
            .iter()
            .map(|one| one.advice.as_str())
            .collect();
        assert_eq!(advice, ["", "Make some.", "Set it."]);
    }
}
