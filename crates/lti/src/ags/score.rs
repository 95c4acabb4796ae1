//! Scores: what a tool reports about a student's work.

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::invalid::{Invalid, ObjectCheck, is_positive, is_text};
use crate::json::is_whole;

/// The values of `activityProgress`.
const ACTIVITY: [&str; 5] = [
    "Initialized",
    "Started",
    "InProgress",
    "Submitted",
    "Completed",
];
/// The values of `gradingProgress`.
const GRADING: [&str; 5] = [
    "FullyGraded",
    "Pending",
    "PendingManual",
    "Failed",
    "NotReady",
];

fn is_person(value: &Value) -> bool {
    is_text(value) && value.as_str().is_some_and(is_whole)
}

/// A score that a platform can accept. Vendor members and `submission` pass through unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Score(Map<String, Value>);

impl Score {
    /// Checks a score. Nulls and an empty list for `submission` count as absent, a numeric user id
    /// becomes text, a numeric string becomes the number, and `Initiated` (the spelling in LTIAAS's
    /// reference) becomes `Initialized`. An unreadable timestamp is dropped; set one with
    /// [`Self::set_timestamp`].
    ///
    /// # Errors
    ///
    /// [`Invalid`], listing every wrong member.
    pub fn read(score: Value) -> Result<Self, Invalid> {
        let mut score = ObjectCheck::object(score)?;
        score.number_as_text("userId");
        score.require("userId", "must be the `sub` of a person", is_person);
        if score
            .members
            .get("activityProgress")
            .and_then(Value::as_str)
            == Some("Initiated")
        {
            score
                .members
                .insert("activityProgress".into(), "Initialized".into());
        }
        score.require(
            "activityProgress",
            "must be Initialized, Started, InProgress, Submitted or Completed",
            |value| value.as_str().is_some_and(|word| ACTIVITY.contains(&word)),
        );
        score.require(
            "gradingProgress",
            "must be FullyGraded, Pending, PendingManual, Failed or NotReady",
            |value| value.as_str().is_some_and(|word| GRADING.contains(&word)),
        );
        for name in ["scoreGiven", "scoreMaximum"] {
            score.text_as_number(name);
        }
        score.check("scoreGiven", "must be a number of 0 or more", |value| {
            value.as_f64().is_some_and(|number| number >= 0.0)
        });
        score.check("scoreMaximum", "must be a number above 0", is_positive);
        score.check("comment", "must be a text", Value::is_string);
        score.empty_list_as_absent("submission");
        score.check("submission", "must be an object", Value::is_object);
        score.number_as_text("scoringUserId");
        let mut score = Self(score.finish()?);
        if score.timestamp().is_none() {
            score.0.shift_remove("timestamp");
        }
        Ok(score)
    }

    /// The student whose work was graded.
    #[must_use]
    pub fn user_id(&self) -> &str {
        self.0
            .get("userId")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether there is a score but no maximum. No platform accepts that.
    #[must_use]
    pub fn needs_maximum(&self) -> bool {
        self.0.contains_key("scoreGiven") && !self.0.contains_key("scoreMaximum")
    }

    /// Sets the maximum, for example to the line item's.
    pub fn set_maximum(&mut self, maximum: Number) {
        self.0.insert("scoreMaximum".into(), maximum.into());
    }

    /// The timestamp in milliseconds since 1970, or `None` if there is none.
    #[must_use]
    pub fn timestamp(&self) -> Option<i64> {
        let text = self.0.get("timestamp")?.as_str()?;
        let time: Timestamp = text.parse().ok()?;
        Some(time.as_millisecond())
    }

    /// Sets the timestamp, in milliseconds since 1970. It is written with time zone and fraction,
    /// as the specification requires.
    pub fn set_timestamp(&mut self, ms: i64) {
        let time = Timestamp::from_millisecond(ms).unwrap_or_default();
        let text = time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        self.0.insert("timestamp".into(), text.into());
    }

    /// `scoreGiven`, if present.
    #[must_use]
    pub fn given(&self) -> Option<f64> {
        self.0.get("scoreGiven")?.as_f64()
    }

    /// All its members.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All its members.
    #[must_use]
    pub fn into_members(self) -> Map<String, Value> {
        self.0
    }

    /// The request body, with media type [`SCORE`](super::SCORE).
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    fn sent(score: &Score) -> Value {
        serde_json::from_slice(&score.to_body()).unwrap()
    }

    #[cases("TC-294", "F-34")]
    #[test]
    fn maximum_and_time_are_filled_in() {
        let told = json!({
            "userId": 5, "scoreGiven": 8, "activityProgress": "Initiated", "gradingProgress": "FullyGraded",
            "comment": null, "https://canvas.instructure.com/lti/submission": {"new_submission": true},
        });
        let mut score = Score::read(told).unwrap();
        assert!(score.needs_maximum() && score.timestamp().is_none());
        score.set_maximum(10.into());
        score.set_timestamp(1_795_354_440_000);
        assert_eq!((score.user_id(), score.needs_maximum()), ("5", false));
        assert_eq!(
            sent(&score),
            json!({
                "userId": "5", "scoreGiven": 8, "activityProgress": "Initialized", "gradingProgress": "FullyGraded",
                "https://canvas.instructure.com/lti/submission": {"new_submission": true},
                "scoreMaximum": 10, "timestamp": "2026-11-22T13:34:00.000Z",
            })
        );
    }

    #[test]
    fn numbers_that_forms_write_as_texts_are_numbers() {
        let with = |given: &str| {
            Score::read(json!({
                "userId": "5", "activityProgress": "Completed", "gradingProgress": "FullyGraded",
                "scoreGiven": given, "scoreMaximum": "10",
            }))
        };
        for (text, given) in [("8", json!(8)), (" 7.5 ", json!(7.5)), ("0", json!(0))] {
            let sent = sent(&with(text).unwrap());
            assert_eq!(
                (&sent["scoreGiven"], &sent["scoreMaximum"]),
                (&given, &json!(10))
            );
        }
        for wrong in ["", "-1", "7,5", "8 of 10", "0x8", "NaN", "1e999"] {
            let names = with(wrong).unwrap_err().0.into_iter();
            let names: Vec<&str> = names.map(|one| one.name).collect();
            assert_eq!(names, ["scoreGiven"], "{wrong}");
        }
    }

    #[test]
    fn an_empty_list_of_php_is_no_submission() {
        let with = |submission: Value| {
            Score::read(json!({
                "userId": "5", "activityProgress": "Submitted", "gradingProgress": "Pending", "submission": submission,
                "https://vendor.test/more": [],
            }))
        };
        let sent = sent(&with(json!([])).unwrap());
        assert_eq!(sent.get("submission"), None);
        assert_eq!(sent["https://vendor.test/more"], json!([]));
        assert!(with(json!([1])).is_err());
    }

    #[test]
    fn a_right_timestamp_stays_to_the_letter() {
        let with = |timestamp: &str| {
            Score::read(json!({
                "userId": "5", "activityProgress": "Started", "gradingProgress": "NotReady", "timestamp": timestamp,
            }))
            .unwrap()
        };
        for right in [
            "2026-04-16T18:54:36.736+00:00",
            "2020-06-02T10:51:08-03:00",
            "2022-03-06T20:05:02Z",
        ] {
            assert_eq!(sent(&with(right))["timestamp"], right);
        }
        for wrong in ["", "yesterday", "2026-04-16", "2026-04-16T18:54:36"] {
            assert_eq!(sent(&with(wrong)).get("timestamp"), None, "{wrong}");
        }
        assert!(!with("").needs_maximum(), "a status alone has no score");
    }

    #[test]
    fn every_wrong_member_is_named() {
        let wrong = json!({
            "userId": " ", "activityProgress": "Done", "scoreGiven": -1, "scoreMaximum": 0, "comment": 7, "submission": 1,
        });
        let names: Vec<&str> = Score::read(wrong)
            .err()
            .unwrap()
            .0
            .iter()
            .map(|one| one.name)
            .collect();
        assert_eq!(
            names,
            [
                "userId",
                "activityProgress",
                "gradingProgress",
                "scoreGiven",
                "scoreMaximum",
                "comment",
                "submission"
            ]
        );
        assert!(Score::read(json!("8")).is_err());
    }
}
