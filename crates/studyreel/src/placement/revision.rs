//! What a later launch does to a placement (studyreel.md §7, item 6).

use super::{LearningPath, Placement};

/// What to do with a placement worked out afresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// Nothing changed: keep the old one, write nothing.
    Keep,
    /// Take the new one; the student's progress stays.
    Adopt(Placement),
    /// Keep the old one and record this as a suggestion: no one is moved down by a launch.
    Suggest(Placement),
}

/// Decides between a student's placement and a fresh one for the same path.
///
/// A new rule or edition of the norms alone moves no student. If the path no longer offers the grade, the fresh placement
/// wins.
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
