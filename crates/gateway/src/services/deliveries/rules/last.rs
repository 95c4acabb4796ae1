//! What was last delivered to a student's line item, which later scores are compared with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{ScoreFacts, comment_hash, is_same};
use super::taken::{LaneTurn, MaybeTaken, TriedScore};

/// Pieces of work that are remembered; of more, the latest.
const WORKS: usize = 100;
/// Scores without an answer that are remembered; of more, the latest.
const MAYBES: usize = 20;

/// What was last delivered. It is sealed: a score is personal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LastDelivered {
    /// The score; `None` if a status took it away, or there never was one.
    pub score: Option<f64>,
    /// What it is out of.
    pub maximum: Option<f64>,
    /// Its progress.
    pub activity: String,
    /// The progress of grading.
    pub grading: String,
    /// The last comment, as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Pieces of work that the platform has, as hashes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub works: Vec<String>,
    /// The kind of Canvas's submission, which has to come with every later score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_type: Option<Value>,
    /// What the submission is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_data: Option<Value>,
    /// The score's own time, in milliseconds since 1970.
    pub time_ms: i64,
    /// When the platform took it, in milliseconds since 1970; 0 if it took none yet.
    pub delivered_ms: i64,
    /// Its place in the order of acceptance; `None` if a version delivered it that kept none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<LaneTurn>,
    /// What the platform may have taken besides: before it, if no answer came, or after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub maybe: Vec<MaybeTaken>,
}

impl LastDelivered {
    /// The score as a part of its maximum.
    pub(crate) fn fraction(&self) -> Option<f64> {
        let maximum = self.maximum.filter(|maximum| *maximum > 0.0)?;
        Some(self.score? / maximum)
    }

    /// Whether anything was delivered at all.
    pub(crate) const fn is_known(&self) -> bool {
        self.delivered_ms > 0
    }

    /// Whether a status would take a score away.
    pub(crate) fn has_score(&self) -> bool {
        self.score.is_some() || self.maybe.iter().any(|one| one.has_score)
    }

    /// What the gradebook may show of ours, as parts of the maximum.
    pub(crate) fn may_show(&self) -> impl Iterator<Item = f64> {
        let maybe = self.maybe.iter().filter_map(|one| one.fraction);
        self.fraction().into_iter().chain(maybe)
    }

    /// Whether the platform has, or may have, this piece of work.
    pub(crate) fn knows_work(&self, work: &str) -> bool {
        let maybe = self.maybe.iter().filter_map(|one| one.work.as_ref());
        self.works.iter().chain(maybe).any(|known| known == work)
    }

    /// Whether the platform has, or may have, a comment with this hash.
    pub(crate) fn knows_comment(&self, comment: &str) -> bool {
        let maybe = self.maybe.iter().filter_map(|one| one.comment.as_ref());
        self.comment
            .iter()
            .chain(maybe)
            .any(|known| known == comment)
    }

    /// Whether it was accepted after another score.
    pub(crate) fn is_newer_than(&self, turn: &LaneTurn, now_ms: i64) -> bool {
        let own = self.turn.as_ref();
        own.is_some_and(|own| own.is_after(turn, now_ms))
    }

    /// Whether a score says nothing new (GR-18). As long as another one may be there, that is unknown.
    pub(crate) fn is_equal(&self, score: ScoreFacts<'_>) -> bool {
        let is_same_value = match (self.fraction(), score.fraction()) {
            (Some(one), Some(other)) => is_same(one, other) && self.maximum == score.maximum(),
            (None, None) => self.score == score.given(),
            _ => false,
        };
        let comment = score.comment().map(comment_hash);
        let is_same_comment = comment.is_none() || comment == self.comment;
        let is_known_work = !score.names_work() || self.works.contains(&score.work(""));
        let submission = |name: &str| score.canvas().and_then(|of| of.get(name));
        let is_same_submission = [
            ("submission_type", &self.submission_type),
            ("submission_data", &self.submission_data),
        ]
        .into_iter()
        .all(|(name, known)| submission(name).is_none_or(|new| known.as_ref() == Some(new)));
        let wants_new = submission("new_submission") == Some(&Value::Bool(true));
        self.maybe.is_empty()
            && is_same_value
            && score.activity() == self.activity
            && score.grading() == self.grading
            && is_same_comment
            && is_known_work
            && is_same_submission
            && (!wants_new || score.names_work())
    }

    /// What is known after a score was delivered. `work` is the piece of work that the platform has with it; the comment
    /// counts whether it was sent or was known.
    #[must_use]
    pub(crate) fn after(
        self,
        score: ScoreFacts<'_>,
        work: Option<&str>,
        time_ms: i64,
        delivered_ms: i64,
    ) -> Self {
        let submission = |name: &str| score.canvas().and_then(|of| of.get(name)).cloned();
        let given = score.given().filter(|_| !score.is_status_only());
        let known = self.with_works(work.map(str::to_owned));
        Self {
            score: given,
            maximum: given.and(score.maximum()),
            activity: score.activity().to_owned(),
            grading: score.grading().to_owned(),
            comment: score.comment().map(comment_hash).or(known.comment),
            submission_type: submission("submission_type").or(known.submission_type),
            submission_data: submission("submission_data").or(known.submission_data),
            time_ms,
            delivered_ms,
            ..known
        }
    }

    /// What is known after the platform took a score: it is the last one, unless a newer one was taken before it.
    #[must_use]
    pub(crate) fn took(mut self, tried: &TriedScore, delivered_ms: i64) -> Self {
        if self.is_newer_than(&tried.turn, delivered_ms) {
            return self.with_works(tried.work.clone()).may_have(tried);
        }
        let is_after = |one: &MaybeTaken| one.turn.is_after(&tried.turn, delivered_ms);
        let (newer, older): (Vec<_>, Vec<_>) = std::mem::take(&mut self.maybe)
            .into_iter()
            .partition(is_after);
        // Their attempts may be there still.
        let known = self.with_works(older.into_iter().filter_map(|one| one.work));
        Self {
            turn: Some(tried.turn.clone()),
            maybe: newer,
            ..known.after(
                tried.facts(),
                tried.work.as_deref(),
                tried.time_ms,
                delivered_ms,
            )
        }
    }

    /// What is known when the platform may take a score, or may have taken it.
    #[must_use]
    pub(crate) fn may_have(self, tried: &TriedScore) -> Self {
        let mut known = self.has_not(&tried.turn);
        known.maybe.push(MaybeTaken::of(tried));
        let forgotten = known.maybe.len().saturating_sub(MAYBES);
        known.maybe.drain(..forgotten);
        known
    }

    /// What is known when the platform surely didn't take a score.
    #[must_use]
    pub(crate) fn has_not(mut self, turn: &LaneTurn) -> Self {
        self.maybe.retain(|one| one.turn != *turn);
        self
    }

    fn with_works(mut self, works: impl IntoIterator<Item = String>) -> Self {
        for work in works {
            if !self.works.contains(&work) {
                self.works.push(work);
            }
        }
        let forgotten = self.works.len().saturating_sub(WORKS);
        self.works.drain(..forgotten);
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::super::facts::tests::members;
    use super::super::facts::{CANVAS, ScoreOptions};
    use super::*;

    fn given(score: f64) -> Value {
        json!({
            "scoreGiven": score, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "comment": "good",
        })
    }

    fn last() -> LastDelivered {
        let (score, options) = (members(given(8.0)), ScoreOptions::default());
        let facts = ScoreFacts::new(&score, &options);
        LastDelivered::default().after(facts, Some(&facts.work("")), 1, 2)
    }

    fn is_equal(score: Value, attempt: Option<&str>) -> bool {
        let options = ScoreOptions {
            attempt: attempt.map(str::to_owned),
            ..ScoreOptions::default()
        };
        let score = members(score);
        last().is_equal(ScoreFacts::new(&score, &options))
    }

    #[cases("GR-18")]
    #[test]
    fn a_score_is_equal_if_it_says_nothing_new() {
        assert!(is_equal(given(8.0), None));
        assert!(!is_equal(given(8.1), None));
        assert!(!is_equal(given(8.0), Some("another work")));
        let changed = |name: &str, value: Value| {
            let mut score = given(8.0);
            score[name] = value;
            is_equal(score, None)
        };
        assert!(changed("comment", Value::Null));
        assert!(!changed("comment", json!("better")));
        assert!(!changed("activityProgress", json!("Submitted")));
        assert!(!changed("gradingProgress", json!("PendingManual")));
        assert!(!changed("scoreMaximum", json!(20)));
        assert!(!changed(CANVAS, json!({"new_submission": true})));
        assert!(!changed(
            CANVAS,
            json!({"submission_data": "https://app.example"})
        ));
    }

    #[cases("GR-14", "GR-17")]
    #[test]
    fn a_status_takes_the_score_away_and_leaves_the_comment() {
        let status = members(json!({"activityProgress": "Started", "gradingProgress": "NotReady"}));
        let options = ScoreOptions::default();
        let before = last();
        let after = before
            .clone()
            .after(ScoreFacts::new(&status, &options), None, 3, 4);
        assert!(before.has_score() && !after.has_score());
        assert_eq!(after.comment, before.comment);
        assert_eq!(after.works, before.works);
    }

    fn tried(given_score: f64, seq: i64, work: &str) -> TriedScore {
        TriedScore {
            turn: LaneTurn {
                lane: "a".into(),
                seq,
                accepted_ms: seq,
            },
            members: members(given(given_score)),
            options: ScoreOptions::default(),
            work: Some(work.to_owned()),
            time_ms: seq,
        }
    }

    #[cases("GR-2", "GR-5", "GR-16")]
    #[test]
    fn what_may_be_there_counts_until_something_newer_is() {
        let (first, second, third) = (tried(5.0, 1, "x"), tried(6.0, 2, "y"), tried(7.0, 3, "z"));
        let last = LastDelivered::default().may_have(&second);
        assert!(!last.is_known() && last.has_score() && last.knows_work("y"));
        assert!(last.knows_comment(&comment_hash("good")));
        assert_eq!(last.may_show().collect::<Vec<_>>(), [0.6]);
        // An older one leaves it where it is, and is not taken for the last word.
        let last = last.took(&first, 10);
        assert_eq!(last.may_show().collect::<Vec<_>>(), [0.5, 0.6]);
        assert!(!last.is_equal(first.facts()), "the other may be there");
        let known = last.clone().took(&third, 11);
        assert_eq!(known.may_show().collect::<Vec<_>>(), [0.7]);
        assert!(["x", "y", "z"].iter().all(|work| known.knows_work(work)));
        let late = known.took(&second, 12);
        assert_eq!((late.score, late.maybe.len()), (Some(7.0), 1));
        assert!(late.is_newer_than(&second.turn, 12) && !late.is_newer_than(&third.turn, 12));
        // What was surely not taken is no matter.
        let not = last.has_not(&second.turn);
        assert_eq!(not.may_show().collect::<Vec<_>>(), [0.5]);
        assert!(not.is_equal(first.facts()) && !not.knows_work("y"));
    }
}
