//! What stands in the gradebook for one student.

use jiff::Timestamp;

/// A student's grade in a line item.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRecord {
    /// The score on the line item's scale; none if there is none, or the last message took it away.
    pub score: Option<f64>,
    /// What the student reads, as the tool wrote it: the newest comment.
    pub comment: Option<String>,
    /// Every comment that stands there, oldest first: one at most, unless comments add up.
    pub comments: Vec<String>,
    /// How many attempts there are, if scores are submissions.
    pub attempts: u32,
    /// Where the submission is looked at, if scores are submissions.
    pub launch_url: Option<String>,
    /// Whether it waits for a teacher to grade it.
    pub needs_grading: bool,
    /// What a teacher gave last, if one did.
    pub by_teacher: Option<f64>,
    /// How often a message of the tool changed what a teacher had given.
    pub teacher_overruled: u32,
    /// Whether what stands there now is the teacher's.
    pub(crate) is_teachers: bool,
    /// The time that the last score of the tool carried.
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

    /// A message of the tool sets the score.
    pub(super) fn set_by_tool(&mut self, score: Option<f64>) {
        if self.is_teachers && self.score != score {
            self.teacher_overruled += 1;
        }
        self.is_teachers = false;
        self.score = score;
    }

    /// A teacher grades.
    pub(super) fn set_by_teacher(&mut self, score: f64, now: Timestamp) {
        self.score = Some(score);
        self.by_teacher = Some(score);
        self.is_teachers = true;
        self.needs_grading = false;
        self.saved = now;
    }
}
