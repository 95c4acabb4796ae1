//! What a later launch does to a placement (studyreel.md §7, item 6).

use super::{LearningPath, Placement};

/// What to do with a fresh placement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// Nothing changed: keep the old one, write nothing.
    Keep,
    /// Adopt the new one; the student's progress is kept.
    Adopt(Placement),
    /// Keep the old one and record this one as a suggestion: a launch never moves a student down.
    Suggest(Placement),
}

/// Decides between a student's placement and a fresh one for the same path.
///
/// A new rule or edition of the norms alone moves no students. If the path no longer offers the
/// grade, the fresh placement wins.
pub fn revise(current: &Placement, fresh: Placement, path: &LearningPath) -> Revision {
    if !path.grades.contains(current.grade) {
        Revision::Adopt(fresh)
    } else if fresh.inputs.same_values(&current.inputs) {
        Revision::Keep
    } else if fresh.grade < current.grade {
        Revision::Suggest(fresh)
    } else {
        Revision::Adopt(fresh)
    }
}
