//! The measures that a launch reports about a student, for placement (studyreel.md §4.2 and §9.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Members;
use crate::refusal::PayloadRefusal;
use crate::reported::{Reported, grade, rit};

/// The four subjects a StudyReel launch reports on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Mathematics: `math` in member names and learning paths.
    Math,
    /// Language usage: `language` in member names and learning paths.
    Language,
    /// Science: `science` in member names and learning paths.
    Science,
    /// Reading: `reading` in member names and learning paths.
    Reading,
}

impl Subject {
    /// All four, in the order of the launch.
    pub const ALL: [Self; 4] = [Self::Math, Self::Language, Self::Science, Self::Reading];

    /// The name used in member names, such as `studyreel_grade_math`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Math => "math",
            Self::Language => "language",
            Self::Science => "science",
            Self::Reading => "reading",
        }
    }

    /// The subject with this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|subject| subject.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One subject's reported values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectReport {
    /// `studyreel_grade_<subject>`: proficiency as a grade, -1 (Pre-K) to 13.
    pub grade: Reported<i8>,
    /// `map_rit_<subject>`: MAP Growth Screener score in RIT, 100 to 350.
    pub rit: Reported<u16>,
}

/// Everything in a launch that placement may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacementReport {
    /// From `studyreel_grade_math` and `map_rit_math`.
    pub math: SubjectReport,
    /// From `studyreel_grade_language` and `map_rit_language`.
    pub language: SubjectReport,
    /// From `studyreel_grade_science` and `map_rit_science`.
    pub science: SubjectReport,
    /// From `studyreel_grade_reading` and `map_rit_reading`.
    pub reading: SubjectReport,
    /// `age_grade`: the grade expected from age, -1 (Pre-K) to 13.
    pub age_grade: Reported<i8>,
}

impl PlacementReport {
    /// Reads only the placement members of a body, which need not be a whole launch. For previews.
    ///
    /// # Errors
    /// A [`PayloadRefusal`] with code `malformed_json` if the body is not a JSON object. Values
    /// never cause an error.
    pub fn parse(body: &[u8]) -> Result<Self, PayloadRefusal> {
        Members::parse_body(body).map(|members| Self::read(&members))
    }

    pub(crate) fn read(members: &Members<'_>) -> Self {
        let subject = |subject: Subject| SubjectReport {
            grade: grade(&members.get(&format!("studyreel_grade_{subject}"))),
            rit: rit(&members.get(&format!("map_rit_{subject}"))),
        };
        Self {
            math: subject(Subject::Math),
            language: subject(Subject::Language),
            science: subject(Subject::Science),
            reading: subject(Subject::Reading),
            age_grade: grade(&members.get("age_grade")),
        }
    }

    /// The values reported for one subject.
    #[must_use]
    pub fn subject(&self, subject: Subject) -> &SubjectReport {
        match subject {
            Subject::Math => &self.math,
            Subject::Language => &self.language,
            Subject::Science => &self.science,
            Subject::Reading => &self.reading,
        }
    }

    /// Updates this report from a later launch. A value that has become unknown keeps its last
    /// known value (studyreel.md §7, item 6).
    #[must_use]
    pub fn updated_by(self, newer: Self) -> Self {
        let subject = |old: SubjectReport, new: SubjectReport| SubjectReport {
            grade: old.grade.updated_by(new.grade),
            rit: old.rit.updated_by(new.rit),
        };
        Self {
            math: subject(self.math, newer.math),
            language: subject(self.language, newer.language),
            science: subject(self.science, newer.science),
            reading: subject(self.reading, newer.reading),
            age_grade: self.age_grade.updated_by(newer.age_grade),
        }
    }
}
