//! The transcript of launches.

use jiff::Timestamp;

use super::{attack::Attack, verdict::Verdict};

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Launched {
    /// When.
    pub at: Timestamp,
    /// The tool's name.
    pub tool: String,
    /// What was wrong with it on purpose.
    pub fault: Option<Attack>,
    /// What was sent, answered and judged.
    pub verdict: Verdict,
}

impl Launched {
    /// Whether the receiver behaved correctly: accepted a good launch or refused a bad one.
    pub fn held(&self) -> bool {
        let verdict = &self.verdict;
        self.fault
            .map_or(verdict.accepted(), |fault| fault.held(verdict))
    }

    /// The same in words.
    pub(super) fn word(&self) -> &'static str {
        let to_refuse = self.fault.map(Attack::is_refused);
        match (to_refuse, self.held()) {
            (None, true) => "good",
            (None, false) => "not right",
            (Some(true), true) => "refused, as it should be",
            (Some(true), false) => "not refused as it should be",
            (Some(false), true) => "borne, as it should be",
            (Some(false), false) => "not answered as it should be",
        }
    }
}
