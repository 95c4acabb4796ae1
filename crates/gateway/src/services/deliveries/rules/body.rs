//! The request body of a delivery: created at the start of its first attempt, and unchanged from
//! then on, unless it is retried after it was refused (grades.md GR-3, GR-13, GR-16, GR-17, GR-19,
//! GR-20; docs/decisions/0423-an-outdated-refusal-is-superseded.md).

use lti::ags::Score;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::facts::{CANVAS, ScoreFacts, ScoreOptions, comment_hash};
use super::last::LastDelivered;
use super::reason::DeliveryReason;
use super::vendor::Vendor;
use crate::settings::grades::OverMaximum;

/// After this time a score counts as late, in milliseconds.
const LATE_MS: i64 = 60 * 60 * 1000;

/// The inputs for a body.
pub(crate) struct BodyParts<'a> {
    /// The delivery's id.
    pub delivery: &'a str,
    /// As accepted; if there is a score, with a maximum.
    pub score: Score,
    pub options: &'a ScoreOptions,
    pub vendor: Vendor,
    pub over_maximum: OverMaximum,
    pub teacher_wins: bool,
    /// The last delivery.
    pub last: Option<&'a LastDelivered>,
    /// Whether the timestamp is ours rather than the application's.
    pub is_our_time: bool,
    /// When the score was accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
    pub now_ms: i64,
}

/// What is sent. It is stored sealed, because it must not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScoreBody {
    /// The members, in order.
    pub score: Map<String, Value>,
    /// The piece of work that it belongs to, as a hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// Whether it may be sent with a later timestamp if the platform calls it too old. A timestamp
    /// of ours always may be changed.
    pub may_move: bool,
    /// Where to send it.
    pub line_item: String,
    /// Since when the platform has called it too old, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_old_since: Option<i64>,
}

/// A body, and remarks about it.
pub(crate) struct MadeBody {
    pub score: Map<String, Value>,
    pub work: Option<String>,
    pub may_move: bool,
    /// Sentences.
    pub notes: Vec<&'static str>,
}

/// Creates the body.
///
/// # Errors
/// The score is above its maximum, and this platform doesn't accept that.
pub(crate) fn make(parts: BodyParts<'_>) -> Result<MadeBody, DeliveryReason> {
    let mut notes = Vec::new();
    let (options, last) = (parts.options, parts.last);
    let (score, may_move) = timed(parts.score, parts.is_our_time, last);
    let mut members = score.into_members();
    let facts = ScoreFacts::new(&members, options);
    if facts.fraction().is_some_and(|part| part > 1.0) {
        match parts.over_maximum {
            OverMaximum::Send if parts.vendor.may_cut() => notes.push(
                "The score is above its maximum. Brightspace cuts that off, unless the grade item says Can Exceed.",
            ),
            OverMaximum::Send => {}
            OverMaximum::Refuse => return Err(DeliveryReason::ScoreOutOfRange),
            OverMaximum::Clamp => {
                notes.push("The score was above its maximum, so the maximum was sent.");
                let maximum = members.get("scoreMaximum").cloned().unwrap_or_default();
                members.insert("scoreGiven".into(), maximum);
            }
        }
    }
    let facts = ScoreFacts::new(&members, options);
    let is_late = parts.now_ms.saturating_sub(parts.accepted_ms) > LATE_MS;
    if is_late && !facts.is_in_progress() && facts.submitted_at().is_none() {
        notes.push(
            "It was sent late, and doesn't say when the work was submitted: rules for late work may count the delay. \
             Send submission.submittedAt with scores.",
        );
    }
    let work = work_of(facts, parts.delivery);
    let comment = facts.comment().map(comment_hash);
    let is_known_comment = comment
        .zip(last)
        .is_some_and(|(comment, last)| last.has_comment(&comment));
    let was_canvas = last.is_some_and(|last| last.submission_type.is_some());
    let is_canvas = parts.vendor == Vendor::Canvas || facts.canvas().is_some() || was_canvas;
    let extension = is_canvas.then(|| canvas(facts, work.as_deref(), last, parts.teacher_wins));
    // On other platforms a comment replaces the previous one, so omitting it would remove that.
    if is_known_comment && is_canvas {
        members.shift_remove("comment");
    }
    if let Some(extension) = extension {
        members.insert(CANVAS.into(), extension.into());
    }
    Ok(MadeBody {
        score: members,
        work,
        may_move,
        notes,
    })
}

/// The piece of work that a score submits; none if it is still in progress, or the application says
/// that it is not new.
fn work_of(score: ScoreFacts<'_>, delivery: &str) -> Option<String> {
    let said = score.canvas().and_then(|of| of.get("new_submission"));
    let is_old = said.and_then(Value::as_bool) == Some(false);
    (!is_old && !score.is_in_progress()).then(|| score.work(delivery))
}

/// Canvas's extension: what it was told about the submission before, a new submission for each new
/// piece of work, and flags that protect a teacher's grade.
fn canvas(
    score: ScoreFacts<'_>,
    work: Option<&str>,
    last: Option<&LastDelivered>,
    teacher_wins: bool,
) -> Map<String, Value> {
    let mut extension = score.canvas().cloned().unwrap_or_default();
    let mut keep = |name: &str, known: Option<&Value>| {
        if !extension.contains_key(name)
            && let Some(known) = known
        {
            extension.insert(name.into(), known.clone());
        }
    };
    if let Some(last) = last {
        keep("submission_type", last.submission_type.as_ref());
        keep("submission_data", last.submission_data.as_ref());
    }
    if teacher_wins {
        keep("prioritize_non_tool_grade", Some(&Value::Bool(true)));
        keep("preserve_score", Some(&Value::Bool(true)));
    }
    let is_known = |work: &str| last.is_some_and(|last| last.knows_work(work));
    let is_new = work.is_some_and(|work| !is_known(work));
    extension.insert("new_submission".into(), is_new.into());
    extension
}

/// Gives a score a timestamp that the platform considers later than the last one, if it may be
/// changed. Some platforms compare whole seconds, and compare with the time of the last save
/// (lti.md F-30).
fn timed(mut score: Score, is_ours: bool, last: Option<&LastDelivered>) -> (Score, bool) {
    let given = score.timestamp().unwrap_or_default();
    let Some(last) = last.filter(|last| last.is_known()) else {
        return (score, is_ours);
    };
    if is_ours {
        let saved = last.time_ms.max(last.delivered_ms);
        let next_second = (saved.div_euclid(1000) + 1).saturating_mul(1000);
        score.set_timestamp(given.max(next_second));
    }
    (score, is_ours || given > last.time_ms)
}

impl ScoreBody {
    /// The body as bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.score).unwrap_or_default()
    }

    /// With a later timestamp.
    #[must_use]
    pub(crate) fn moved(self, now_ms: i64) -> Self {
        let Ok(mut score) = Score::read(Value::Object(self.score.clone())) else {
            return self;
        };
        let after = score.timestamp().unwrap_or_default().saturating_add(1);
        score.set_timestamp(now_ms.max(after));
        Self {
            score: score.into_members(),
            may_move: false,
            too_old_since: self.too_old_since.or(Some(now_ms)),
            ..self
        }
    }

    /// The score's own time, in milliseconds since 1970.
    pub(crate) fn time_ms(&self) -> i64 {
        let score = Score::read(Value::Object(self.score.clone())).ok();
        score
            .and_then(|score| score.timestamp())
            .unwrap_or_default()
    }

    /// The body without its comment, which the platform may already have.
    #[must_use]
    pub(crate) fn without_comment(&self) -> Self {
        let mut body = self.clone();
        body.score.shift_remove("comment");
        body
    }

    /// The body for sending it again when the outcome of the first request is unknown: no second
    /// attempt and, if the comment may be there, no second comment on platforms where they
    /// accumulate.
    #[must_use]
    pub(crate) fn once_more(&self, comment_may_be_there: bool) -> Self {
        let mut body = self.clone();
        let Some(extension) = body.score.get_mut(CANVAS).and_then(Value::as_object_mut) else {
            return body;
        };
        extension.insert("new_submission".into(), false.into());
        if comment_may_be_there {
            body.score.shift_remove("comment");
        }
        body
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    fn score(more: Value) -> Score {
        let mut score = json!({
            "userId": "5", "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "timestamp": "2026-11-22T13:34:00.500Z",
        });
        let Value::Object(more) = more else {
            panic!("{more}");
        };
        score.as_object_mut().unwrap().extend(more);
        Score::read(score).unwrap()
    }

    fn parts<'a>(
        score: Score,
        options: &'a ScoreOptions,
        last: Option<&'a LastDelivered>,
    ) -> BodyParts<'a> {
        BodyParts {
            delivery: "D",
            score,
            options,
            vendor: Vendor::Canvas,
            over_maximum: OverMaximum::Send,
            teacher_wins: true,
            last,
            is_our_time: false,
            accepted_ms: 0,
            now_ms: 0,
        }
    }

    fn extension(made: &MadeBody) -> Value {
        made.score[CANVAS].clone()
    }

    fn after(made: &MadeBody, last: LastDelivered) -> LastDelivered {
        let options = ScoreOptions::default();
        let facts = ScoreFacts::new(&made.score, &options);
        last.after(facts, made.work.as_deref(), 1, 2)
    }

    #[cases("GR-13", "GR-16")]
    #[test]
    fn canvas_gets_a_work_once_and_keeps_teachers_grades() {
        let options = ScoreOptions::default();
        let first = score(json!({
            CANVAS: {"submission_type": "basic_lti_launch", "submission_data": "https://app.example/1"},
        }));
        let made = make(parts(first, &options, None)).unwrap();
        let expected = json!({
            "submission_type": "basic_lti_launch", "submission_data": "https://app.example/1",
            "prioritize_non_tool_grade": true, "preserve_score": true, "new_submission": true,
        });
        assert_eq!(extension(&made), expected);
        let last = after(&made, LastDelivered::default());
        // A later score for the same work keeps what is known, and is not a new submission.
        let made = make(parts(
            score(json!({"scoreGiven": 9})),
            &options,
            Some(&last),
        ))
        .unwrap();
        let mut again = expected;
        again["new_submission"] = json!(false);
        assert_eq!(extension(&made), again);
        // Different work is a new one.
        let another = ScoreOptions {
            attempt: Some("2".into()),
            ..ScoreOptions::default()
        };
        let made = make(parts(score(json!({})), &another, Some(&last))).unwrap();
        assert_eq!(extension(&made)["new_submission"], true);
        // Work in progress is not.
        let started = score(json!({"activityProgress": "InProgress"}));
        let made = make(parts(started, &another, Some(&last))).unwrap();
        assert_eq!(extension(&made)["new_submission"], false);
        assert_eq!(made.work, None);
        // Other platforms don't know the extension.
        let other = BodyParts {
            vendor: Vendor::Other,
            ..parts(score(json!({})), &options, None)
        };
        assert_eq!(make(other).unwrap().score.get(CANVAS), None);
    }

    #[cases("GR-17")]
    #[test]
    fn a_comment_is_sent_once() {
        let options = ScoreOptions::default();
        let commented = || score(json!({"comment": "good"}));
        let made = make(parts(commented(), &options, None)).unwrap();
        assert_eq!(made.score["comment"], "good");
        let last = after(&made, LastDelivered::default());
        let made = make(parts(commented(), &options, Some(&last))).unwrap();
        assert_eq!(made.score.get("comment"), None);
        let elsewhere = BodyParts {
            vendor: Vendor::Other,
            ..parts(commented(), &options, Some(&last))
        };
        let elsewhere = make(elsewhere).unwrap();
        assert_eq!(elsewhere.score["comment"], "good", "it would be taken away");
        let better = score(json!({"comment": "better"}));
        let made = make(parts(better, &options, Some(&last))).unwrap();
        assert_eq!(made.score["comment"], "better");
        let body = ScoreBody {
            score: made.score,
            work: made.work,
            may_move: made.may_move,
            line_item: "https://lms.example/1".into(),
            too_old_since: None,
        };
        assert_eq!(body.once_more(true).score.get("comment"), None);
        let again = body.once_more(false);
        assert_eq!(again.score["comment"], "better");
        assert_eq!(again.score[CANVAS]["new_submission"], false);
    }

    #[cases("GR-20")]
    #[test]
    fn a_score_above_its_maximum_goes_by_the_platforms_rule() {
        let options = ScoreOptions::default();
        let high = |vendor, over_maximum| {
            let parts = BodyParts {
                vendor,
                over_maximum,
                ..parts(score(json!({"scoreGiven": 12})), &options, None)
            };
            make(parts).map(|made| (made.score["scoreGiven"].clone(), made.notes.len()))
        };
        let other = |over_maximum| high(Vendor::Other, over_maximum);
        assert_eq!(other(OverMaximum::Send), Ok((json!(12), 0)));
        assert_eq!(other(OverMaximum::Clamp), Ok((json!(10), 1)));
        assert_eq!(
            other(OverMaximum::Refuse),
            Err(DeliveryReason::ScoreOutOfRange)
        );
        let bonus = high(Vendor::Brightspace, Vendor::Brightspace.over_maximum());
        assert_eq!(bonus, Ok((json!(12), 1)), "it may be cut off there");
    }

    #[cases("GR-19")]
    #[test]
    fn a_late_score_keeps_when_the_work_was_submitted() {
        let options = ScoreOptions::default();
        let late = |score| {
            let parts = BodyParts {
                now_ms: LATE_MS + 1,
                ..parts(score, &options, None)
            };
            let made = make(parts).unwrap();
            (made.score.get("submission").cloned(), made.notes.len())
        };
        let submission =
            json!({"submittedAt": "2026-11-22T13:00:00Z", "startedAt": "2026-11-22T12:00:00Z"});
        let told = score(json!({"submission": submission}));
        assert_eq!(late(told), (Some(submission), 0));
        assert_eq!(late(score(json!({}))), (None, 1));
    }

    #[cases("GR-3")]
    #[test]
    fn the_bytes_stay_and_only_our_own_time_moves() {
        let options = ScoreOptions::default();
        let last = LastDelivered {
            time_ms: 1_795_354_440_900,
            delivered_ms: 1_795_354_500_100,
            ..LastDelivered::default()
        };
        let timestamp = |is_our_time| {
            let parts = BodyParts {
                is_our_time,
                ..parts(score(json!({})), &options, Some(&last))
            };
            let made = make(parts).unwrap();
            (made.score["timestamp"].clone(), made.may_move)
        };
        assert_eq!(timestamp(false), (json!("2026-11-22T13:34:00.500Z"), false));
        assert_eq!(timestamp(true), (json!("2026-11-22T13:35:01.000Z"), true));
        let made = make(parts(score(json!({})), &options, None)).unwrap();
        let body = ScoreBody {
            score: made.score,
            work: made.work,
            may_move: made.may_move,
            line_item: "https://lms.example/1".into(),
            too_old_since: None,
        };
        let kept: ScoreBody = serde_json::from_slice(&serde_json::to_vec(&body).unwrap()).unwrap();
        assert_eq!(kept.bytes(), body.bytes());
        let moved = body.moved(1_795_354_500_000);
        assert_eq!(moved.time_ms(), 1_795_354_500_000);
        assert!(!moved.may_move);
        let again = moved.moved(1_795_354_600_000);
        assert_eq!(again.too_old_since, Some(1_795_354_500_000));
    }
}
