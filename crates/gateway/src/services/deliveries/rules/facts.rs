//! The properties of a score that the rules use.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::shown::SentGrade;
use super::vendor::Vendor;
use crate::kit::id::id_from;
use crate::kit::seal;

/// Canvas's extension of a score.
pub(crate) const CANVAS: &str = "https://canvas.instructure.com/lti/submission";

/// Our own members of a score (grades.md §4), which are never sent to platforms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ScoreOptions {
    /// Deliver only if it is higher than the platform's score.
    pub only_if_higher: bool,
    /// Whether an existing line item may be changed to this score's label and maximum.
    pub sync_line_item: bool,
    /// Whether a status may remove a score.
    pub clear: bool,
    /// Whether to send it even if the platform already has it.
    pub force: bool,
    /// The piece of work it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<String>,
}

impl ScoreOptions {
    /// Removes our members from a score and returns them.
    ///
    /// # Errors
    /// The name of a member with the wrong type, and what it must be.
    pub(crate) fn take(
        score: &mut Map<String, Value>,
    ) -> Result<Self, (&'static str, &'static str)> {
        let mut flag = |name: &'static str| match score.shift_remove(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(set)) => Ok(set),
            Some(_) => Err((name, "must be true or false")),
        };
        let options = Self {
            only_if_higher: flag("onlyIfHigher")?,
            sync_line_item: flag("syncLineItem")?,
            clear: flag("clear")?,
            force: flag("force")?,
            attempt: None,
        };
        let attempt = match score.shift_remove("attempt") {
            None | Some(Value::Null) => None,
            Some(Value::String(attempt)) if (1..=255).contains(&attempt.len()) => Some(attempt),
            Some(Value::Number(attempt)) => Some(attempt.to_string()),
            Some(_) => return Err(("attempt", "must be a text of 1 to 255 characters")),
        };
        Ok(Self { attempt, ..options })
    }
}

/// A score as the rules see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScoreFacts<'a> {
    members: &'a Map<String, Value>,
    options: &'a ScoreOptions,
}

impl<'a> ScoreFacts<'a> {
    pub(crate) const fn new(members: &'a Map<String, Value>, options: &'a ScoreOptions) -> Self {
        Self { members, options }
    }

    pub(crate) const fn options(&self) -> &'a ScoreOptions {
        self.options
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.members.get(name)?.as_str()
    }

    /// `scoreGiven`.
    pub(crate) fn given(&self) -> Option<f64> {
        self.members.get("scoreGiven")?.as_f64()
    }

    /// `scoreMaximum`.
    pub(crate) fn maximum(&self) -> Option<f64> {
        self.members.get("scoreMaximum")?.as_f64()
    }

    /// The score as a fraction of its maximum.
    pub(crate) fn fraction(&self) -> Option<f64> {
        self.sent().map(SentGrade::part)
    }

    /// The score as sent; `None` if there is none, or its maximum is not known yet.
    pub(crate) fn sent(&self) -> Option<SentGrade> {
        SentGrade::new(self.given(), self.maximum())
    }

    pub(crate) fn activity(&self) -> &'a str {
        self.text("activityProgress").unwrap_or_default()
    }

    pub(crate) fn grading(&self) -> &'a str {
        self.text("gradingProgress").unwrap_or_default()
    }

    /// A non-empty comment.
    pub(crate) fn comment(&self) -> Option<&'a str> {
        self.text("comment").filter(|comment| !comment.is_empty())
    }

    /// Whether it only reports progress, without a score that counts: the platform then removes the
    /// current grade (GR-14).
    pub(crate) fn is_status_only(&self, vendor: Vendor) -> bool {
        self.given().is_none() || !vendor.counts(self.grading())
    }

    /// Whether it asks a teacher to grade the work (GR-15).
    pub(crate) fn is_for_grading_by_hand(&self) -> bool {
        self.grading() == "PendingManual"
    }

    /// Whether the work has not been submitted yet.
    pub(crate) fn is_in_progress(&self) -> bool {
        matches!(self.activity(), "Initialized" | "Started" | "InProgress")
    }

    /// When the work was submitted, as written by the application.
    pub(crate) fn submitted_at(&self) -> Option<&'a str> {
        self.members.get("submission")?.get("submittedAt")?.as_str()
    }

    /// Canvas's extension, if the application sent it.
    pub(crate) fn canvas(&self) -> Option<&'a Map<String, Value>> {
        self.members.get(CANVAS)?.as_object()
    }

    /// The piece of work it belongs to, as a hash: named by the application, or the unnamed one
    /// (GR-16). If an application asks for a new submission without naming the work, each score is
    /// new work, named by `delivery`.
    pub(crate) fn work(&self, delivery: &str) -> String {
        let wants_new = self.canvas().and_then(|of| of.get("new_submission"));
        let is_new = wants_new.and_then(Value::as_bool) == Some(true);
        let name = match (&self.options.attempt, self.submitted_at()) {
            (Some(attempt), _) => ["attempt", attempt.as_str()],
            (None, Some(at)) => ["submitted", at],
            (None, None) if is_new => ["delivery", delivery],
            (None, None) => ["", ""],
        };
        id_from(&seal::hash(&name))
    }

    /// Whether the application names the piece of work.
    pub(crate) fn names_work(&self) -> bool {
        self.options.attempt.is_some() || self.submitted_at().is_some()
    }
}

/// A comment as a hash.
pub(crate) fn comment_hash(comment: &str) -> String {
    id_from(&seal::hash(&["comment", comment]))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
pub(crate) mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    /// The members of a score.
    pub(crate) fn members(score: Value) -> Map<String, Value> {
        match score {
            Value::Object(members) => members,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn our_members_are_taken_out() {
        let mut score =
            members(json!({"scoreGiven": 1, "force": true, "clear": null, "attempt": 7}));
        let options = ScoreOptions::take(&mut score).unwrap();
        assert!(options.force && !options.clear);
        assert_eq!(options.attempt.as_deref(), Some("7"));
        assert_eq!(Value::Object(score), json!({"scoreGiven": 1}));
        for (wrong, name) in [
            (json!({"force": "yes"}), "force"),
            (json!({"attempt": ""}), "attempt"),
            (json!({"attempt": {}}), "attempt"),
        ] {
            let error = ScoreOptions::take(&mut members(wrong)).unwrap_err();
            assert_eq!(error.0, name);
        }
    }

    #[cases("GR-14", "GR-15")]
    #[test]
    fn a_status_is_no_score() {
        let options = ScoreOptions::default();
        let is_status = |score: Value, vendor| {
            let score = members(score);
            ScoreFacts::new(&score, &options).is_status_only(vendor)
        };
        let with_score = |progress| json!({"scoreGiven": 0, "gradingProgress": progress});
        for vendor in [Vendor::Canvas, Vendor::Other] {
            for progress in ["FullyGraded", "PendingManual"] {
                assert!(is_status(json!({"gradingProgress": progress}), vendor));
            }
            for progress in ["NotReady", "Pending", "Failed"] {
                assert!(is_status(with_score(progress), vendor), "{progress}");
            }
            assert!(!is_status(with_score("FullyGraded"), vendor));
        }
        assert!(!is_status(with_score("PendingManual"), Vendor::Canvas));
        assert!(is_status(with_score("PendingManual"), Vendor::Other));
    }

    #[cases("GR-16")]
    #[test]
    fn a_piece_of_work_has_one_name() {
        let work = |score: Value, attempt: Option<&str>, delivery: &str| {
            let score = members(score);
            let options = ScoreOptions {
                attempt: attempt.map(str::to_owned),
                ..ScoreOptions::default()
            };
            ScoreFacts::new(&score, &options).work(delivery)
        };
        let at = |time: &str| json!({"submission": {"submittedAt": time}});
        let new = json!({CANVAS: {"new_submission": true}});
        assert_eq!(work(at("1"), None, "a"), work(at("1"), None, "b"));
        assert_ne!(work(at("1"), None, "a"), work(at("2"), None, "a"));
        assert_eq!(work(at("1"), Some("x"), "a"), work(at("2"), Some("x"), "a"));
        assert_eq!(work(json!({}), None, "a"), work(json!({}), None, "b"));
        assert_ne!(work(new.clone(), None, "a"), work(new, None, "b"));
    }
}
