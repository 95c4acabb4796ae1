//! How a vendor's gradebook handles scores (grades.md §1).

use serde_json::{Value, json};

use crate::faults::{Fault, ScoreRefusal};

/// How a vendor's gradebook handles scores.
#[derive(Clone, Copy, Debug)]
pub struct GradeStyle {
    /// Which scores count as too late.
    pub order: ScoreOrder,
    /// Whether a score is also a submission, as on Canvas: each may be a new attempt, comments
    /// accumulate, the launch URL is that of the latest score, and an extension member says what to
    /// keep.
    pub submissions: bool,
    /// What happens to a score above the maximum.
    pub above: AboveMaximum,
    /// The precision of stored points.
    pub points: KeptPoints,
    /// Which messages contain a score that counts; any other removes the grade.
    pub counts: CountedScores,
    /// Whether people outside the course can be graded.
    pub takes_outsiders: bool,
    /// Whether the results of a single student lack the comment.
    pub drops_comment_of_one: bool,
    /// The answer to a refused score; the text is the student's id.
    pub refuse: fn(NotTaken, &str) -> Fault,
    /// The vendor's answer to a score for a line item that doesn't exist, if it has its own; the
    /// number is the line item's.
    pub no_column: fn(u64) -> Option<Fault>,
    /// The answer to too many requests.
    pub too_many: fn() -> Fault,
}

/// Which scores count as too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreOrder {
    /// Those not in a later second than the last save, by a person or a tool (Moodle).
    LaterSecond,
    /// Those earlier than the last score; an equal time is accepted (Canvas).
    NotEarlier,
    /// Those not later than the last score.
    Later,
    /// None: the last one to arrive counts.
    Any,
}

/// What happens to a score above the line item's maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AboveMaximum {
    /// It is reduced to the maximum.
    Cut,
    /// It is reduced to the maximum, unless the line item allows more (Brightspace).
    CutUnlessAllowed,
    /// It is kept.
    Kept,
}

/// The precision of stored points, on the line item's scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptPoints {
    /// Unchanged.
    Exact,
    /// Rounded to this many decimals.
    Rounded(i32),
    /// Sakai: the column of a link belongs to an assignment, which uses whole hundredths and
    /// truncates the rest, both of the received score and of the scaled one. Other columns show
    /// this many decimals.
    CutInAssignments(i32),
}

/// Which messages contain a score that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedScores {
    /// Those that are fully graded.
    FullyGraded,
    /// All but those that are `Pending`, `NotReady` or `Failed` (Canvas).
    AllButThree,
    /// Sakai: those that are fully graded in an assignment's column, and all in other columns.
    FullyGradedInAssignments,
}

/// Why a score is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The person teaches there.
    Staff,
    /// There is no such person.
    UnknownUser,
    /// The person is not, or not yet, in the course.
    NotEnrolled,
    /// Its time is earlier than the last one's.
    Earlier,
    /// Its time equals the last one's.
    SameTime,
    /// The course is over.
    Concluded,
    /// The student has no attempts left.
    NoAttemptLeft,
    /// The submission's time is in the future.
    AheadOfTime,
}

/// True for most vendors: a score must be later than the last one, and too many requests get 429.
/// The wording is invented, and so are the two decimals.
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

/// Moodle, according to its source: whole seconds, five decimals, and one message for most
/// mistakes.
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

/// Canvas, according to its source.
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

/// Brightspace: distinguishes people who aren't enrolled, don't exist or can't be graded.
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

/// Blackboard: the results of a single student lack the comment.
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

/// Open edX, according to its source: its serializer compares times to the microsecond, scores are
/// kept unchanged, and enrolment is not checked.
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

/// Sakai, according to its source: it ignores times, and refuses almost everything with 400.
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

/// ILIAS, according to its source.
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
