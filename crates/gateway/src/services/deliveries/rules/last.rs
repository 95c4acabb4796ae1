//! The last delivery to a student's line item, with which later scores are compared.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::facts::{ScoreFacts, comment_hash};
use super::shown::SentGrade;
use super::taken::{LaneTurn, MaybeTaken, TriedScore};
use super::vendor::Vendor;

/// How many pieces of work are remembered, the latest ones.
const WORKS: usize = 100;
/// How many scores without an answer are remembered, the latest ones.
const MAYBES: usize = 20;
/// How many scores that may have survived a status are remembered, the latest ones.
const ASIDES: usize = 5;

/// The last delivery. It is sealed, because scores are personal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LastDelivered {
    /// The score. Whether it counts depends on the grading progress and the platform.
    pub score: Option<f64>,
    pub maximum: Option<f64>,
    /// Earlier scores that may still be in the gradebook: platforms differ in what a message that
    /// isn't final does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<SentGrade>,
    /// `activityProgress`.
    pub activity: String,
    /// `gradingProgress`.
    pub grading: String,
    /// The last comment, as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Hashes of further comments that may be there: they came with scores that got no answer, and
    /// nothing delivered since had a comment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub maybe_comments: Vec<String>,
    /// Whether that came with an earlier score and the last one had none: most platforms have then
    /// removed it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_without_comment: bool,
    /// Pieces of work that the platform has, as hashes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub works: Vec<String>,
    /// The type of Canvas's submission, which must be repeated with every later score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_type: Option<Value>,
    /// The submission's data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_data: Option<Value>,
    /// The score's own time, in milliseconds since 1970.
    pub time_ms: i64,
    /// When the platform accepted it, in milliseconds since 1970; 0 if it has accepted none.
    pub delivered_ms: i64,
    /// Its place in the order of acceptance; `None` if it was delivered by a version that recorded
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<LaneTurn>,
    /// Other scores that the platform may have accepted: earlier ones without an answer, or later
    /// ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub maybe: Vec<MaybeTaken>,
}

impl LastDelivered {
    /// The score as sent.
    pub(crate) fn sent(&self) -> Option<SentGrade> {
        SentGrade::new(self.score, self.maximum)
    }

    /// The score as a fraction of its maximum, if it counts.
    pub(crate) fn fraction(&self, vendor: Vendor) -> Option<f64> {
        let counts = vendor.counts(&self.grading);
        self.sent().filter(|_| counts).map(SentGrade::part)
    }

    /// Whether anything has been delivered.
    pub(crate) const fn is_known(&self) -> bool {
        self.delivered_ms > 0
    }

    /// Whether a status would remove a score.
    pub(crate) fn has_score(&self, vendor: Vendor) -> bool {
        let counts = self.score.is_some() && vendor.counts(&self.grading);
        counts || self.maybe.iter().any(|one| one.stands(vendor))
    }

    /// Our scores that the gradebook may show. One that doesn't count is included, because some
    /// platforms keep it.
    pub(crate) fn may_show(&self) -> impl Iterator<Item = SentGrade> {
        self.sent().into_iter().chain(self.besides())
    }

    /// The same, without the last score itself.
    pub(crate) fn besides(&self) -> impl Iterator<Item = SentGrade> {
        let maybe = self.maybe.iter().filter_map(MaybeTaken::shown);
        self.aside.iter().copied().chain(maybe)
    }

    /// Whether the platform has, or may have, this piece of work.
    pub(crate) fn knows_work(&self, work: &str) -> bool {
        let maybe = self.maybe.iter().filter_map(|one| one.work.as_ref());
        self.works.iter().chain(maybe).any(|known| known == work)
    }

    /// Whether the platform has a comment with this hash.
    pub(crate) fn has_comment(&self, comment: &str) -> bool {
        self.comment.as_deref() == Some(comment)
    }

    /// Whether sending a score may repeat a comment, on platforms where comments accumulate,
    /// because an earlier score with it got no answer.
    pub(crate) fn may_double_comment(&self, score: ScoreFacts<'_>) -> bool {
        let comment = score.canvas().and(score.comment()).map(comment_hash);
        let maybe = self.maybe.iter().filter_map(|one| one.comment.as_ref());
        let mut maybe = self.maybe_comments.iter().chain(maybe);
        comment.is_some_and(|comment| maybe.any(|known| *known == comment))
    }

    /// Whether the last score came with this comment, or without one if this is none.
    pub(crate) fn came_with(&self, comment: Option<&str>) -> bool {
        let last = self.comment.as_ref().filter(|_| !self.is_without_comment);
        comment.map(comment_hash).as_ref() == last
    }

    /// Whether sending a score would change something at the platform even if its value is the same
    /// as the last one: the comment, or Canvas's attempts.
    pub(crate) fn differs_besides(&self, score: ScoreFacts<'_>) -> bool {
        let is_same_comment = self.came_with(score.comment());
        let Some(canvas) = score.canvas() else {
            return !is_same_comment;
        };
        // Canvas keeps its comments, and they are not sent again.
        let is_new_comment = score.comment().is_some() && !is_same_comment;
        is_new_comment || canvas.get("new_submission") == Some(&Value::Bool(true))
    }

    /// Whether it was accepted after another score.
    pub(crate) fn is_newer_than(&self, turn: &LaneTurn, now_ms: i64) -> bool {
        let own = self.turn.as_ref();
        own.is_some_and(|own| own.is_after(turn, now_ms))
    }

    /// Scores accepted after another one that may be there: they were sent synchronously and have
    /// no answer, or none yet.
    pub(crate) fn newer_than(
        &self,
        turn: &LaneTurn,
        now_ms: i64,
    ) -> impl Iterator<Item = &MaybeTaken> {
        let all = self.maybe.iter();
        all.filter(move |one| one.turn.is_after(turn, now_ms))
    }

    /// Whether a score is being sent at once.
    pub(crate) fn is_any_leaving(&self, now_ms: i64) -> bool {
        let mut all = self.maybe.iter();
        all.any(|one| one.is_leaving && one.is_on_its_way(now_ms))
    }

    /// Whether a score says nothing new (GR-18). As long as another one may be there, that is
    /// unknown.
    pub(crate) fn is_equal(&self, score: ScoreFacts<'_>) -> bool {
        let is_same_value = match (self.sent(), score.sent()) {
            (Some(one), Some(other)) => one.is_same(other),
            (None, None) => self.score == score.given(),
            _ => false,
        };
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
            && self.came_with(score.comment())
            && is_known_work
            && is_same_submission
            && (!wants_new || score.names_work())
    }

    /// The state after a score was delivered. `work` is the piece of work that the platform has
    /// with it; the comment counts whether it was sent or already known.
    #[must_use]
    pub(crate) fn after(
        self,
        score: ScoreFacts<'_>,
        work: Option<&str>,
        time_ms: i64,
        delivered_ms: i64,
    ) -> Self {
        let submission = |name: &str| score.canvas().and_then(|of| of.get(name)).cloned();
        let mut known = self.with_works(work.map(str::to_owned));
        if score.comment().is_some() {
            known.maybe_comments.clear();
        }
        let is_final = score.given().is_some() && score.grading() == "FullyGraded";
        let aside = if is_final {
            Vec::new()
        } else {
            known.set_aside(score.sent())
        };
        Self {
            score: score.given(),
            maximum: score.given().and(score.maximum()),
            aside,
            activity: score.activity().to_owned(),
            grading: score.grading().to_owned(),
            comment: score.comment().map(comment_hash).or(known.comment),
            is_without_comment: score.comment().is_none(),
            submission_type: submission("submission_type").or(known.submission_type),
            submission_data: submission("submission_data").or(known.submission_data),
            time_ms,
            delivered_ms,
            ..known
        }
    }

    /// The state after the platform accepted a score: it becomes the last one, unless a newer one
    /// was accepted before it.
    #[must_use]
    pub(crate) fn took(mut self, tried: &TriedScore, delivered_ms: i64) -> Self {
        if self.is_newer_than(&tried.turn, delivered_ms) {
            return self.with_works(tried.work.clone()).may_have(tried);
        }
        let is_after = |one: &MaybeTaken| one.turn.is_after(&tried.turn, delivered_ms);
        let (newer, older): (Vec<_>, Vec<_>) = std::mem::take(&mut self.maybe)
            .into_iter()
            .partition(is_after);
        // Their attempts and comments may still be there.
        let comments = older.iter().filter_map(|one| one.comment.clone());
        self.maybe_comments.extend(comments);
        let forgotten = self.maybe_comments.len().saturating_sub(MAYBES);
        self.maybe_comments.drain(..forgotten);
        let known = self.with_works(older.into_iter().filter_map(|one| one.work));
        Self {
            turn: Some(tried.turn.clone()),
            maybe: newer,
            is_without_comment: !tried.has_comment,
            ..known.after(
                tried.facts(),
                tried.work.as_deref(),
                tried.time_ms,
                delivered_ms,
            )
        }
    }

    /// The state when the platform may accept, or may have accepted, a score.
    #[must_use]
    pub(crate) fn may_have(self, tried: &TriedScore) -> Self {
        let mut known = self.has_not(&tried.turn);
        known.maybe.push(MaybeTaken::of(tried));
        let forgotten = known.maybe.len().saturating_sub(MAYBES);
        known.maybe.drain(..forgotten);
        known
    }

    /// What is known while a score is being sent at once.
    #[must_use]
    pub(crate) fn may_get(self, tried: &TriedScore) -> Self {
        let mut known = self.may_have(tried);
        if let Some(last) = known.maybe.last_mut() {
            last.is_leaving = true;
        }
        known
    }

    /// What is known when the platform surely didn't take a score.
    #[must_use]
    pub(crate) fn has_not(mut self, turn: &LaneTurn) -> Self {
        self.maybe.retain(|one| one.turn != *turn);
        self
    }

    /// Remembers what may survive in the gradebook after a message with this score that isn't
    /// final.
    fn set_aside(&mut self, new: Option<SentGrade>) -> Vec<SentGrade> {
        let mut aside = std::mem::take(&mut self.aside);
        if let Some(sent) = self.sent().filter(|sent| !aside.contains(sent)) {
            aside.push(sent);
        }
        aside.retain(|one| Some(*one) != new);
        let forgotten = aside.len().saturating_sub(ASIDES);
        aside.drain(..forgotten);
        aside
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
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::{Map, json};
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
        assert!(!changed("comment", Value::Null));
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

    #[cases("GR-18")]
    #[test]
    fn a_point_more_of_many_is_not_equal() {
        let options = ScoreOptions::default();
        let of_many = |score: f64| {
            let mut score = given(score);
            score["scoreMaximum"] = json!(20_000);
            members(score)
        };
        let (before, after) = (of_many(10_000.0), of_many(10_001.0));
        let last = LastDelivered::default().after(ScoreFacts::new(&before, &options), None, 1, 2);
        assert!(last.is_equal(ScoreFacts::new(&before, &options)));
        assert!(!last.is_equal(ScoreFacts::new(&after, &options)));
    }

    #[cases("GR-17", "GR-18")]
    #[test]
    fn an_absent_comment_equals_only_an_absent_one() {
        let options = ScoreOptions::default();
        let said = members(given(8.0));
        let mut silent = said.clone();
        silent.shift_remove("comment");
        let with = ScoreFacts::new(&said, &options);
        let without = ScoreFacts::new(&silent, &options);
        let last = last().after(without, None, 3, 4);
        assert!(last.is_equal(without) && !last.is_equal(with));
        assert!(last.has_comment(&comment_hash("good")), "Canvas has it");
        // A comment that Canvas already has isn't sent again, but counts as sent.
        let again = TriedScore {
            members: silent.clone(),
            ..tried(8.0, 1, "x")
        };
        let last = last.took(&again, 5);
        assert!(last.is_equal(with) && !last.is_equal(without));
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
        assert!(before.has_score(Vendor::Other) && !after.has_score(Vendor::Other));
        assert_eq!(after.comment, before.comment);
        assert_eq!(after.works, before.works);
    }

    #[cases("GR-13", "GR-15")]
    #[test]
    fn a_score_that_is_not_final_counts_at_canvas_alone() {
        let by_hand = |score: f64| {
            let mut by_hand = given(score);
            by_hand["gradingProgress"] = json!("PendingManual");
            members(by_hand)
        };
        let options = ScoreOptions::default();
        let after = |last: LastDelivered, score: &Map<String, Value>| {
            last.after(ScoreFacts::new(score, &options), None, 3, 4)
        };
        let last = after(last(), &by_hand(6.0));
        assert!(last.has_score(Vendor::Canvas) && !last.has_score(Vendor::Other));
        assert_eq!(last.fraction(Vendor::Canvas), Some(0.6));
        assert_eq!(last.fraction(Vendor::Other), None);
        // Either may still be there, and must not be mistaken for a teacher's.
        assert_eq!(parts(&last), [0.6, 0.8]);
        let last = after(last, &by_hand(6.0));
        assert_eq!(parts(&last), [0.6, 0.8], "each of them once");
        assert!(last.is_equal(ScoreFacts::new(&by_hand(6.0), &options)));
        assert_eq!(parts(&after(last, &members(given(9.0)))), [0.9]);
    }

    /// What the gradebook may show, as fractions of the maximum.
    fn parts(last: &LastDelivered) -> Vec<f64> {
        last.may_show().map(SentGrade::part).collect()
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
            has_comment: true,
            time_ms: seq,
        }
    }

    #[cases("GR-2", "GR-5", "GR-16")]
    #[test]
    fn what_may_be_there_counts_until_something_newer_is() {
        let (first, second, third) = (tried(5.0, 1, "x"), tried(6.0, 2, "y"), tried(7.0, 3, "z"));
        let last = LastDelivered::default().may_have(&second);
        assert!(!last.is_known() && last.has_score(Vendor::Other) && last.knows_work("y"));
        assert!(!last.has_comment(&comment_hash("good")));
        assert_eq!(parts(&last), [0.6]);
        // An older one leaves it unchanged, and does not become the last one.
        let last = last.took(&first, 10);
        assert_eq!(parts(&last), [0.5, 0.6]);
        assert!(!last.is_equal(first.facts()), "the other may be there");
        let known = last.clone().took(&third, 11);
        assert_eq!(parts(&known), [0.7]);
        assert!(["x", "y", "z"].iter().all(|work| known.knows_work(work)));
        let late = known.took(&second, 12);
        assert_eq!((late.score, late.maybe.len()), (Some(7.0), 1));
        assert!(late.is_newer_than(&second.turn, 12) && !late.is_newer_than(&third.turn, 12));
        // A score that was certainly not accepted doesn't matter.
        let not = last.has_not(&second.turn);
        assert_eq!(parts(&not), [0.5]);
        assert!(not.is_equal(first.facts()) && !not.knows_work("y"));
    }

    #[cases("GR-5")]
    #[test]
    fn a_score_leaves_until_something_is_known_of_it() {
        let score = tried(8.0, 1, "x");
        let last = LastDelivered::default().may_get(&score);
        let kept = serde_json::to_vec(&last).unwrap();
        let last: LastDelivered = serde_json::from_slice(&kept).unwrap();
        let accepted = score.turn.accepted_ms;
        assert!(last.is_any_leaving(accepted));
        assert!(
            !last.is_any_leaving(accepted + 60 * 60 * 1000),
            "its server died"
        );
        let lost = last.clone().may_have(&score);
        assert!(!lost.is_any_leaving(accepted) && lost.maybe.len() == 1);
        assert!(!last.clone().has_not(&score.turn).is_any_leaving(accepted));
        assert!(!last.took(&score, accepted).is_any_leaving(accepted));
    }

    #[cases("GR-17")]
    #[test]
    fn a_comment_that_may_be_there_is_known_until_another_is() {
        let options = ScoreOptions::default();
        let mut at_canvas = given(9.0);
        at_canvas[CANVAS] = json!({"new_submission": false});
        let at_canvas = members(at_canvas);
        let new = ScoreFacts::new(&at_canvas, &options);
        let last = LastDelivered::default().may_have(&tried(8.0, 1, "x"));
        assert!(last.may_double_comment(new));
        // It is sent again, without its comment.
        let mut silent = tried(8.0, 2, "x");
        silent.members.shift_remove("comment");
        let last = last.took(&silent, 10);
        assert!(last.maybe.is_empty() && last.may_double_comment(new));
        let kept = serde_json::to_vec(&last).unwrap();
        let kept: LastDelivered = serde_json::from_slice(&kept).unwrap();
        assert_eq!(kept, last);
        let mut another = tried(8.5, 3, "x");
        another.members.insert("comment".into(), json!("better"));
        assert!(!last.took(&another, 11).may_double_comment(new));
        // On other platforms, comments don't accumulate.
        let elsewhere = members(given(9.0));
        let lost = LastDelivered::default().may_have(&tried(8.0, 1, "x"));
        assert!(!lost.may_double_comment(ScoreFacts::new(&elsewhere, &options)));
    }
}
