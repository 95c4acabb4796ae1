//! Refusals of scores in the wording of real platforms (grades.md §1).

use serde_json::json;

use super::Fault;

/// Why a platform refuses a score. Canvas's, Moodle's and Sakai's answers are real; for Blackboard
/// and Brightspace, status and wording are known, but the format around them is invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreRefusal {
    /// Canvas: the course is over.
    CanvasConcluded,
    /// Canvas: the student has no attempts left.
    CanvasNoAttemptLeft,
    /// Canvas: not, or no longer, a student of the course.
    CanvasNoStudent,
    /// Canvas: the assignment is not published.
    CanvasUnpublished,
    /// Canvas: too many requests, in the wording of older installations.
    CanvasThrottled,
    /// Blackboard: no such person.
    BlackboardUnknownUser,
    /// Brightspace: the person is not in the course.
    BrightspaceNotEnrolled,
    /// Brightspace: no such person.
    BrightspaceUnknownUser,
    /// Moodle: the person is not, or not yet, a student of the course. The score it received
    /// follows.
    MoodleNoStudent,
    /// Moodle: the grade or its column is locked. Moodle doesn't say so.
    MoodleLocked,
    /// Sakai: the person is not in the course, or not yet.
    SakaiNotInSite,
}

impl ScoreRefusal {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::CanvasConcluded,
        Self::CanvasNoAttemptLeft,
        Self::CanvasNoStudent,
        Self::CanvasUnpublished,
        Self::CanvasThrottled,
        Self::BlackboardUnknownUser,
        Self::BrightspaceNotEnrolled,
        Self::BrightspaceUnknownUser,
        Self::MoodleNoStudent,
        Self::MoodleLocked,
        Self::SakaiNotInSite,
    ];

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::CanvasConcluded
            | Self::CanvasNoAttemptLeft
            | Self::CanvasNoStudent
            | Self::CanvasUnpublished => 422,
            Self::CanvasThrottled | Self::BrightspaceNotEnrolled => 403,
            Self::BlackboardUnknownUser | Self::MoodleNoStudent | Self::SakaiNotInSite => 400,
            Self::BrightspaceUnknownUser => 404,
            Self::MoodleLocked => 500,
        }
    }

    /// What the LMS says, in its own words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CanvasConcluded => {
                "This course has concluded. AGS requests will no longer be accepted for this course."
            }
            Self::CanvasNoAttemptLeft => {
                "The maximum number of allowed attempts has been reached for this submission"
            }
            Self::CanvasNoStudent => "User not found in course or is not a student",
            Self::CanvasUnpublished => {
                "cannot be changed at this time: This assignment is still unpublished"
            }
            Self::CanvasThrottled => "403 Forbidden (Rate Limit Exceeded)",
            Self::BlackboardUnknownUser => "User could not be found: 5",
            Self::BrightspaceNotEnrolled => {
                "User in requested score is not enrolled in the org unit"
            }
            Self::BrightspaceUnknownUser => "User in requested score does not exist",
            Self::MoodleNoStudent => "Incorrect score received",
            Self::MoodleLocked => "[]",
            Self::SakaiNotInSite => "User does not belong to site",
        }
    }

    /// The answer to a score, as a fault for [`Endpoint::Scores`](crate::lms::Endpoint::Scores).
    pub fn fault(self) -> Fault {
        let words = self.words();
        let body = match self {
            Self::CanvasConcluded | Self::CanvasNoAttemptLeft | Self::CanvasNoStudent => {
                json!({"errors": {"type": "unprocessable_entity", "message": words}})
            }
            Self::CanvasUnpublished => {
                json!({"errors": [{"field": "grade", "message": words, "error_code": null}]})
            }
            Self::CanvasThrottled | Self::MoodleLocked => {
                return Fault::Answer {
                    status: self.status(),
                    content_type: "text/html; charset=utf-8".to_owned(),
                    body: words.to_owned(),
                };
            }
            Self::BlackboardUnknownUser
            | Self::BrightspaceNotEnrolled
            | Self::BrightspaceUnknownUser => json!({"message": words}),
            Self::MoodleNoStudent => {
                json!({"status": 400, "reason": format!("{words}{{\"userId\":\"5\"}}")})
            }
            Self::SakaiNotInSite => json!({"error": words}),
        };
        Fault::Answer {
            status: self.status(),
            content_type: "application/json; charset=utf-8".to_owned(),
            body: body.to_string(),
        }
    }
}
