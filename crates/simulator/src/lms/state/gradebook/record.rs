//! A student's record in the gradebook.

use jiff::Timestamp;

/// A student's grade in a line item.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRecord {
    /// The score on the line item's scale; `None` if there is none, or the last message removed it.
    pub score: Option<f64>,
    /// The comment that the student sees, as the tool wrote it: the latest one.
    pub comment: Option<String>,
    /// All comments, oldest first: at most one, unless comments accumulate.
    pub comments: Vec<String>,
    /// The number of attempts, if scores are submissions.
    pub attempts: u32,
    /// Where the submission can be viewed, if scores are submissions.
    pub launch_url: Option<String>,
    /// Whether it is waiting for a teacher to grade it.
    pub needs_grading: bool,
    /// The teacher's last grade, if any.
    pub by_teacher: Option<f64>,
    /// How often a message from the tool changed a teacher's grade.
    pub teacher_overruled: u32,
    /// Whether the current grade is the teacher's.
    pub(crate) is_teachers: bool,
    /// The timestamp of the tool's last score.
    pub timestamp: Option<Timestamp>,
    /// When it was saved, by this LMS's clock.
    pub saved: Timestamp,
}

impl ScoreRecord {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            score: None,
            comment: None,
            comments: Vec::new(),
            attempts: 0,
            launch_url: None,
            needs_grading: false,
            by_teacher: None,
            teacher_overruled: 0,
            is_teachers: false,
            timestamp: None,
            saved: now,
        }
    }

    /// Sets the score on behalf of the tool.
    pub(super) fn set_by_tool(&mut self, score: Option<f64>) {
        if self.is_teachers && self.score != score {
            self.teacher_overruled += 1;
        }
        self.is_teachers = false;
        self.score = score;
    }

    /// Sets the score on behalf of a teacher.
    pub(super) fn set_by_teacher(&mut self, score: f64, now: Timestamp) {
        self.score = Some(score);
        self.by_teacher = Some(score);
        self.is_teachers = true;
        self.needs_grading = false;
        self.saved = now;
    }
}
