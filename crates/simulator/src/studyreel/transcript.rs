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
    /// What was deliberately wrong with it.
    pub fault: Option<Attack>,
    /// The request, the answer and the judgement.
    pub verdict: Verdict,
}

impl Launched {
    /// Whether the receiver behaved correctly: accepted a valid launch or refused an invalid one.
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
