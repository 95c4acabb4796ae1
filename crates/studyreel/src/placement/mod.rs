//! Where a student starts in a learning path, and why (studyreel.md §9.5).
//!
//! [`place`] is a pure function: the same inputs, path and rules always give the same
//! [`Placement`], and the placement contains everything it was derived from. [`revise`] decides
//! what a later launch changes.
//!
//! ```
//! use studyreel::placement::{PlacementReason, PlacementRules, SubjectInputs, place, standard_paths};
//! use studyreel::{PlacementReport, Subject};
//!
//! let report = PlacementReport::parse(br#"{"studyreel_grade_math": "5", "map_rit_math": "190"}"#)?;
//! let paths = standard_paths();
//! let math = paths.iter().find(|path| path.subject == Subject::Math.as_str()).unwrap();
//! let placement = place(&SubjectInputs::of(&report, &math.subject), math, &PlacementRules::default());
//!
//! // StudyReel's own grade wins, but 190 RIT points to grade 3: a diagnostic comes first.
//! assert_eq!((placement.grade, placement.rit_grade), (5, Some(3)));
//! assert_eq!(placement.reason, PlacementReason::StudyreelGrade);
//! assert!(placement.conflict && placement.starts_with_diagnostic);
//! # Ok::<(), studyreel::PayloadRefusal>(())
//! ```

mod inputs;
mod learning_path;
mod norms;
mod path_list;
mod place;
mod preview;
mod revision;
mod rules;

#[cfg(test)]
mod tests;

pub use inputs::SubjectInputs;
pub use learning_path::{
    LearningPath, OfferedGrades, PathError, WrittenPath, is_path_id, standard_paths,
};
pub use norms::{Edition, Norms};
pub use path_list::{ListError, MOST_PATHS, PathLines, read_list};
pub use place::{Placement, PlacementReason, place};
pub use preview::Preview;
pub use revision::{Revision, revise};
pub use rules::{PlacementRules, Precedence};

/// The name of a grade, for people.
pub fn grade_name(grade: i8) -> String {
    match grade {
        -1 => "pre-kindergarten".to_owned(),
        0 => "kindergarten".to_owned(),
        grade => format!("grade {grade}"),
    }
}
