//! The inputs of a placement.

use serde::{Deserialize, Serialize};

use crate::{PlacementReport, Reported, Subject};

/// What is known about one student in one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SubjectInputs {
    /// StudyReel's own grade for the subject.
    pub grade: Reported<i8>,
    /// MAP Growth Screener score in RIT.
    pub rit: Reported<u16>,
    /// The grade expected from age.
    pub age_grade: Reported<i8>,
}

impl SubjectInputs {
    /// The values that a launch reports for `subject`; for a subject that StudyReel doesn't
    /// measure, only the age.
    pub fn of(report: &PlacementReport, subject: &str) -> Self {
        let measured = Subject::named(subject).map(|s| report.subject(s).clone());
        let measured = measured.unwrap_or_default();
        let age_grade = report.age_grade.clone();
        Self {
            grade: measured.grade,
            rit: measured.rit,
            age_grade,
        }
    }

    /// Whether both have the same values, however they were spelled.
    pub fn same_values(&self, other: &Self) -> bool {
        self.grade.value == other.grade.value
            && self.rit.value == other.rit.value
            && self.age_grade.value == other.age_grade.value
    }
}
