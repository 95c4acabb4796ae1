//! How a vendor's gradebook takes scores (grades.md §1).

use serde_json::{Value, json};

use crate::faults::{Fault, ScoreRefusal};

/// How a vendor's gradebook takes scores.
#[derive(Clone, Copy, Debug)]
pub struct GradeStyle {
    /// Which scores come too late.
    pub order: ScoreOrder,
    /// Whether a score is a submission too, as at Canvas: each may be a new attempt, comments add up, the launch URL is
    /// the newest score's, and a member of its own says what is kept.
    pub submissions: bool,
    /// What becomes of a score above the maximum.
    pub above: AboveMaximum,
    /// How exactly points are kept.
    pub points: KeptPoints,
    /// Which messages have a score that counts; any other takes the grade away.
    pub counts: CountedScores,
    /// Whether someone is graded who isn't in the course.
    pub takes_outsiders: bool,
    /// Whether the results of one student come without the comment.
    pub drops_comment_of_one: bool,
    /// Its words for a score that it doesn't take; the text is the student's id.
    pub refuse: fn(NotTaken, &str) -> Fault,
    /// Its own words for a score to a line item that isn't there, if it has any; the number is the line item's.
    pub no_column: fn(u64) -> Option<Fault>,
    /// Its words for too many requests.
    pub too_many: fn() -> Fault,
}

/// Which scores come too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreOrder {
    /// Those that aren't in a later second than the last saving, whoever saved (Moodle).
    LaterSecond,
    /// Those that are earlier than the last score; an equal time is taken (Canvas).
    NotEarlier,
    /// Those that aren't later than the last score.
    Later,
    /// None: the last one to come counts.
    Any,
}

/// What becomes of a score above the line item's maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AboveMaximum {
    /// It becomes the maximum.
    Cut,
    /// It becomes the maximum, unless the line item can exceed it (Brightspace).
    CutUnlessAllowed,
    /// It stays.
    Kept,
}

/// How exactly points are kept, on the line item's scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptPoints {
    /// As they are.
    Exact,
    /// Rounded to so many decimals.
    Rounded(i32),
    /// Sakai: the column of a link belongs to an assignment, which counts in whole hundredths and cuts the rest, of the score
    /// as it came and of what it becomes on its own scale. Other columns show so many decimals.
    CutInAssignments(i32),
}

/// Which messages have a score that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedScores {
    /// Those that are fully graded.
    FullyGraded,
    /// All but those that are `Pending`, `NotReady` or `Failed` (Canvas).
    AllButThree,
    /// Sakai: those that are fully graded in an assignment's column; in others, all.
    FullyGradedInAssignments,
}

/// Why a score is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The person teaches there.
    Staff,
    /// There is no such person.
    UnknownUser,
    /// The person isn't in the course, or not yet.
    NotEnrolled,
    /// Its time is before the last one's.
    Earlier,
    /// Its time is the last one's.
    SameTime,
    /// The course is over.
    Concluded,
    /// The student has no attempt left.
    NoAttemptLeft,
    /// The submission is from the future.
    AheadOfTime,
}

/// What is known of most vendors: a score is later than the last, and too many requests are 429. The words are made up, and so
/// are the two decimals.
pub(super) const PLAIN: GradeStyle = GradeStyle {
    order: ScoreOrder::Later,
    submissions: false,
    above: AboveMaximum::Cut,
    points: KeptPoints::Rounded(2),
    counts: CountedScores::FullyGraded,
    takes_outsiders: false,
    drops_comment_of_one: false,
    refuse: |why, _| match why {
        NotTaken::Staff | NotTaken::UnknownUser | NotTaken::NotEnrolled => refusal(
            400,
            &json!({ "error": "The user is no learner in this context" }),
        ),
        NotTaken::Earlier | NotTaken::SameTime => refusal(
            409,
            &json!({ "error": "A later score was received before" }),
        ),
        NotTaken::Concluded => refusal(403, &json!({ "error": "The course is closed" })),
        NotTaken::NoAttemptLeft => refusal(400, &json!({ "error": "No attempts are left" })),
        NotTaken::AheadOfTime => refusal(400, &json!({ "error": "submittedAt is in the future" })),
    },
    no_column: |_| None,
    too_many: || Fault::Busy {
        status: 429,
        seconds: 1,
    },
};

/// Moodle, from its source: whole seconds, five decimals, and one word for most mistakes.
pub(super) const MOODLE: GradeStyle = GradeStyle {
    order: ScoreOrder::LaterSecond,
    points: KeptPoints::Rounded(5),
    refuse: |why, user| {
        let reason = |status: u16, reason: &str| {
            refusal(status, &json!({ "status": status, "reason": reason }))
        };
        match why {
            NotTaken::Earlier | NotTaken::SameTime => {
                let words = format!("Refusing score with an earlier timestamp for user {user}");
                reason(409, &words)
            }
            _ => reason(400, "Incorrect score received"),
        }
    },
    ..PLAIN
};

/// Canvas, from its source.
pub(super) const CANVAS: GradeStyle = GradeStyle {
    order: ScoreOrder::NotEarlier,
    submissions: true,
    above: AboveMaximum::Kept,
    points: KeptPoints::Exact,
    counts: CountedScores::AllButThree,
    refuse: |why, _| match why {
        NotTaken::Staff | NotTaken::UnknownUser | NotTaken::NotEnrolled => {
            ScoreRefusal::CanvasNoStudent.fault()
        }
        NotTaken::Concluded => ScoreRefusal::CanvasConcluded.fault(),
        NotTaken::NoAttemptLeft => ScoreRefusal::CanvasNoAttemptLeft.fault(),
        NotTaken::Earlier | NotTaken::SameTime => canvas_bad_request(
            "Provided timestamp is before the last updated timestamp of this result",
        ),
        NotTaken::AheadOfTime => {
            canvas_bad_request("Provided submitted_at timestamp can't be in the future")
        }
    },
    too_many: || Fault::Throttled,
    ..PLAIN
};

/// Brightspace: who isn't enrolled, who doesn't exist and who can't be graded are told apart.
pub(super) const BRIGHTSPACE: GradeStyle = GradeStyle {
    above: AboveMaximum::CutUnlessAllowed,
    refuse: |why, user| match why {
        NotTaken::UnknownUser => ScoreRefusal::BrightspaceUnknownUser.fault(),
        NotTaken::NotEnrolled => ScoreRefusal::BrightspaceNotEnrolled.fault(),
        NotTaken::Staff => refusal(
            422,
            &json!({ "message": "User in requested score is not gradeable" }),
        ),
        _ => (PLAIN.refuse)(why, user),
    },
    ..PLAIN
};

/// Blackboard: the results of one student lack the comment.
pub(super) const BLACKBOARD: GradeStyle = GradeStyle {
    drops_comment_of_one: true,
    refuse: |why, user| match why {
        NotTaken::Staff | NotTaken::UnknownUser | NotTaken::NotEnrolled => {
            let message = format!("User could not be found: {user}");
            refusal(400, &json!({ "message": message }))
        }
        _ => (PLAIN.refuse)(why, user),
    },
    ..PLAIN
};

/// Open edX, from its source: its serializer compares times to the microsecond, a score is kept as it came, and enrolment is
/// not checked.
pub(super) const OPEN_EDX: GradeStyle = GradeStyle {
    points: KeptPoints::Exact,
    takes_outsiders: true,
    refuse: |why, user| {
        let timestamp = |words: &str| refusal(400, &json!({ "timestamp": [words] }));
        match why {
            NotTaken::Earlier => {
                timestamp("Score timestamp can only be updated to a later point in time")
            }
            NotTaken::SameTime => timestamp("Score already exists for the provided timestamp"),
            _ => (PLAIN.refuse)(why, user),
        }
    },
    ..PLAIN
};

/// Sakai, from its source: it ignores times, and refuses almost everything with 400.
pub(super) const SAKAI: GradeStyle = GradeStyle {
    order: ScoreOrder::Any,
    points: KeptPoints::CutInAssignments(3),
    counts: CountedScores::FullyGradedInAssignments,
    refuse: |why, user| match why {
        NotTaken::UnknownUser | NotTaken::NotEnrolled => ScoreRefusal::SakaiNotInSite.fault(),
        _ => (PLAIN.refuse)(why, user),
    },
    no_column: |id| {
        let error = format!("Unable to load column for lineitem_key={id}");
        Some(refusal(400, &json!({ "error": error })))
    },
    ..PLAIN
};

/// ILIAS, from its source.
pub(super) const ILIAS: GradeStyle = GradeStyle {
    refuse: |why, user| match why {
        NotTaken::Staff | NotTaken::UnknownUser | NotTaken::NotEnrolled => refusal(
            404,
            &json!({ "status": 404, "reason": "User not available" }),
        ),
        _ => (PLAIN.refuse)(why, user),
    },
    ..PLAIN
};

fn canvas_bad_request(message: &str) -> Fault {
    let errors = json!({ "errors": { "type": "bad_request", "message": message } });
    refusal(400, &errors)
}

fn refusal(status: u16, body: &Value) -> Fault {
    Fault::Answer {
        status,
        content_type: "application/json; charset=utf-8".to_owned(),
        body: body.to_string(),
    }
}
