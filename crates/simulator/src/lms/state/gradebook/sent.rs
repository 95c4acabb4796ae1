//! A score as a tool sends it.

use jiff::Timestamp;
use serde_json::Value;

const SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";

/// A score as a tool sends it.
#[derive(Clone, Debug)]
pub(crate) struct SentScore {
    pub(crate) user: String,
    pub(crate) given: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) activity: String,
    pub(crate) grading: String,
    pub(crate) timestamp: Timestamp,
    pub(crate) comment: Option<String>,
    /// When the work was submitted, from either member.
    pub(crate) submitted_at: Option<Timestamp>,
    /// Canvas's members.
    pub(crate) submission: SubmissionMembers,
}

/// The members that Canvas reads from its own extension.
#[derive(Clone, Debug)]
pub(crate) struct SubmissionMembers {
    /// Whether it is a new attempt.
    pub(crate) is_new: bool,
    /// Where the submission can be viewed.
    pub(crate) launch_url: Option<String>,
    /// Whether a message without a score keeps the grade.
    pub(crate) preserve_score: bool,
    /// Whether a teacher's grade takes precedence.
    pub(crate) prioritize_non_tool_grade: bool,
}

impl SentScore {
    /// `None` if something is missing that every LMS requires.
    pub(crate) fn read(score: &Value) -> Option<Self> {
        let text = |name: &str| {
            let text = score[name].as_str().filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        let given = score["scoreGiven"].as_f64();
        let maximum = score["scoreMaximum"]
            .as_f64()
            .filter(|maximum| *maximum > 0.0);
        if given.is_some() && maximum.is_none() {
            return None;
        }
        let own = &score[SUBMISSION];
        let submitted_at = score["submission"]["submittedAt"]
            .as_str()
            .or_else(|| own["submitted_at"].as_str());
        Some(Self {
            user: text("userId")?,
            given,
            maximum,
            activity: text("activityProgress")?,
            grading: text("gradingProgress")?,
            timestamp: text("timestamp")?.parse().ok()?,
            comment: score["comment"].as_str().map(str::to_owned),
            submitted_at: submitted_at.and_then(|time| time.parse().ok()),
            submission: SubmissionMembers::read(own),
        })
    }
}

impl SubmissionMembers {
    fn read(own: &Value) -> Self {
        let flag = |name: &str| own[name] == true || own[name] == "true";
        let kind = own["submission_type"].as_str();
        let is_launch = matches!(kind, Some("basic_lti_launch" | "online_url"));
        let data = own["submission_data"].as_str().filter(|_| is_launch);
        let is_new = match &own["new_submission"] {
            Value::Null => kind != Some("none"),
            _ => flag("new_submission"),
        };
        Self {
            is_new,
            launch_url: data.map(str::to_owned),
            preserve_score: flag("preserve_score"),
            prioritize_non_tool_grade: flag("prioritize_non_tool_grade"),
        }
    }
}
