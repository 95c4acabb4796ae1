//! Scores that were sent to the platform: their place in the order of acceptance, and what the
//! platform may have of them (grades.md GR-2, GR-5).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::facts::{ScoreFacts, ScoreOptions, comment_hash};
use super::shown::SentGrade;
use super::vendor::Vendor;

/// How long sending a score synchronously may take, in milliseconds: several requests, with pauses
/// between them.
const ON_ITS_WAY_MS: i64 = 2 * 60 * 1000;

/// A score's place among those of its student and line item. Each lane has its own numbering;
/// between two lanes, as before and after the address of a line item was known, the clock decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LaneTurn {
    /// The lane it was accepted in.
    pub lane: String,
    /// Its number there.
    pub seq: i64,
    /// When it was accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
}

impl LaneTurn {
    /// Whether it was accepted after another one.
    pub(crate) fn is_after(&self, other: &Self, now_ms: i64) -> bool {
        if self.lane == other.lane {
            return self.seq > other.seq;
        }
        // A time in the future was assigned while the clock was ahead. It must not block scores
        // with the correct time.
        self.accepted_ms > other.accepted_ms && self.accepted_ms <= now_ms
    }
}

/// A score that was sent, or is about to be.
#[derive(Clone, Debug)]
pub(crate) struct TriedScore {
    pub turn: LaneTurn,
    /// The members as sent.
    pub members: Map<String, Value>,
    pub options: ScoreOptions,
    /// The piece of work it belongs to, as a hash.
    pub work: Option<String>,
    /// Whether the application added a comment, even one that wasn't sent again because the
    /// platform already had it.
    pub has_comment: bool,
    /// Its own time, in milliseconds since 1970.
    pub time_ms: i64,
}

impl TriedScore {
    pub(crate) fn facts(&self) -> ScoreFacts<'_> {
        ScoreFacts::new(&self.members, &self.options)
    }
}

/// A score that the platform may have accepted: there was no answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MaybeTaken {
    pub turn: LaneTurn,
    /// Whether it has a score.
    pub has_score: bool,
    /// The score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<SentGrade>,
    /// The same as a fraction of its maximum, which is all that older versions stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraction: Option<f64>,
    /// The grading progress; older versions stored none.
    pub grading: String,
    /// The piece of work, as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// The comment, as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether it is being sent at once, as far as is known: a server that dies leaves it so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_leaving: bool,
}

impl MaybeTaken {
    pub(crate) fn of(tried: &TriedScore) -> Self {
        let facts = tried.facts();
        Self {
            turn: tried.turn.clone(),
            has_score: facts.given().is_some(),
            sent: facts.sent(),
            fraction: facts.fraction(),
            grading: facts.grading().to_owned(),
            work: tried.work.clone(),
            comment: facts.comment().map(comment_hash),
            is_leaving: false,
        }
    }

    /// Whether a status would remove a score of it.
    pub(crate) fn stands(&self, vendor: Vendor) -> bool {
        self.has_score && (self.grading.is_empty() || vendor.counts(&self.grading))
    }

    /// The score that the gradebook may show.
    pub(crate) fn shown(&self) -> Option<SentGrade> {
        self.sent.or_else(|| self.fraction.map(SentGrade::of_part))
    }

    /// Whether its answer may still arrive.
    pub(crate) fn is_on_its_way(&self, now_ms: i64) -> bool {
        let age = now_ms.saturating_sub(self.turn.accepted_ms);
        (0..ON_ITS_WAY_MS).contains(&age)
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn turn(lane: &str, seq: i64, accepted_ms: i64) -> LaneTurn {
        LaneTurn {
            lane: lane.to_owned(),
            seq,
            accepted_ms,
        }
    }

    #[cases("GR-5")]
    #[test]
    fn a_lane_counts_and_between_lanes_the_clock_tells() {
        // Whatever the clock said.
        assert!(turn("a", 2, 10).is_after(&turn("a", 1, 99), 50));
        assert!(!turn("a", 1, 99).is_after(&turn("a", 2, 10), 50));
        assert!(!turn("a", 1, 10).is_after(&turn("a", 1, 10), 50));
        assert!(turn("a", 1, 11).is_after(&turn("b", 7, 10), 50));
        assert!(!turn("b", 7, 10).is_after(&turn("a", 1, 11), 50));
        assert!(
            !turn("a", 1, 51).is_after(&turn("b", 7, 10), 50),
            "a time to come"
        );
    }

    #[cases("GR-5")]
    #[test]
    fn an_answer_is_waited_for_some_time() {
        let sent = |accepted_ms| MaybeTaken {
            turn: turn("a", 1, accepted_ms),
            ..MaybeTaken::default()
        };
        assert!(sent(100).is_on_its_way(100));
        assert!(sent(100).is_on_its_way(99 + ON_ITS_WAY_MS));
        assert!(!sent(100).is_on_its_way(100 + ON_ITS_WAY_MS));
        assert!(!sent(100).is_on_its_way(99), "the date was set back");
    }
}
