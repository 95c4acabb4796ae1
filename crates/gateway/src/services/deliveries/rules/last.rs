//! What was last delivered to a student's line item, which later scores are compared with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{ScoreFacts, comment_hash, is_same};

/// Pieces of work that are remembered; of more, the latest.
const WORKS: usize = 100;

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
    /// When the platform took it, in milliseconds since 1970.
    pub delivered_ms: i64,
}

impl LastDelivered {
    /// The score as a part of its maximum.
    pub(crate) fn fraction(&self) -> Option<f64> {
        let maximum = self.maximum.filter(|maximum| *maximum > 0.0)?;
        Some(self.score? / maximum)
    }

    /// Whether a status would take a score away.
    pub(crate) const fn has_score(&self) -> bool {
        self.score.is_some()
    }

    /// Whether a score says nothing new (GR-18).
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
        is_same_value
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
        let mut works = self.works;
        if let Some(work) = work
            && !works.iter().any(|known| known == work)
        {
            works.push(work.to_owned());
        }
        let forgotten = works.len().saturating_sub(WORKS);
        works.drain(..forgotten);
        let given = score.given().filter(|_| !score.is_status_only());
        Self {
            score: given,
            maximum: given.and(score.maximum()),
            activity: score.activity().to_owned(),
            grading: score.grading().to_owned(),
            comment: score.comment().map(comment_hash).or(self.comment),
            works,
            submission_type: submission("submission_type").or(self.submission_type),
            submission_data: submission("submission_data").or(self.submission_data),
            time_ms,
            delivered_ms,
        }
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
}
