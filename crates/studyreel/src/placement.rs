//! Where a student starts in a learning path, and why (studyreel.md §9.5).
//!
//! [`place`] is a pure function: the same inputs, path and rules always give the same
//! [`Placement`], and the placement carries all it was made from.

mod list;
mod norms;
mod path;
mod preview;
mod revision;

#[cfg(test)]
mod tests;

use crate::{PlacementReport, Subject};
use serde::{Deserialize, Serialize};

pub use crate::Reported;

pub use list::{Lines, ListError, MOST, read_list};
pub use norms::{Edition, MeanAndDeviation, Norm, Norms, RitGrade};
pub use path::{LearningPath, OfferedGrades, PathError, is_path_id, standard_paths};
pub use preview::Preview;
pub use revision::{Revision, revise};

/// Version of the code below. Changes whenever the same inputs could give another placement.
const CODE_VERSION: &str = "hallpass-1";

/// What is known of one student in one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectInputs {
    /// StudyReel's own grade for the subject.
    pub grade: Reported<i8>,
    /// MAP Growth Screener score in RIT.
    pub rit: Reported<u16>,
    /// The grade expected from age.
    pub age_grade: Reported<i8>,
}

impl SubjectInputs {
    /// What a launch reports for `subject`; for a subject StudyReel doesn't measure, age alone.
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

    /// Whether both mean the same, however they were spelled.
    pub fn same_values(&self, other: &Self) -> bool {
        self.grade.value == other.grade.value
            && self.rit.value == other.rit.value
            && self.age_grade.value == other.age_grade.value
    }
}

/// The settings of the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rules {
    /// Which measure wins when both are known.
    pub precedence: Precedence,
    /// From how many grades apart two measures are in conflict.
    pub conflict_threshold: u8,
    /// Highest grade taken from a RIT score: beyond 8 the norms can't tell grades apart.
    pub rit_grade_cap: i8,
    /// The tables that turn a RIT score into a grade.
    pub norms: Edition,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            precedence: Precedence::SrFirst,
            conflict_threshold: 2,
            rit_grade_cap: 8,
            norms: Edition::Nwea2025,
        }
    }
}

impl Rules {
    /// Names code, data and settings: two placements of one version and equal inputs are equal.
    pub fn version(&self) -> String {
        let precedence = match self.precedence {
            Precedence::SrFirst => "sr-first",
            Precedence::RitFirst => "rit-first",
        };
        let (norms, threshold) = (&self.norms.data().version, self.conflict_threshold);
        let cap = self.rit_grade_cap;
        format!("{CODE_VERSION} {norms} {precedence} conflict={threshold} cap={cap}")
    }
}

/// Which measure wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precedence {
    /// StudyReel's grade before the RIT score.
    SrFirst,
    /// The RIT score before StudyReel's grade.
    RitFirst,
}

/// What decided the grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// StudyReel's own grade.
    StudyreelGrade,
    /// The MAP RIT score.
    MapRit,
    /// Age alone.
    AgeGrade,
    /// Nothing is known: the path's lowest grade and a diagnostic.
    Unknown,
}

/// Where a student starts, and everything needed to explain it later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// The learning path's id.
    #[serde(rename = "path", alias = "pathId")]
    pub path_id: String,
    /// The path's subject.
    pub subject: String,
    /// The grade, one of those the path offers: -1 is Pre-K, 0 kindergarten.
    pub grade: i8,
    /// What decided it.
    pub reason: Reason,
    /// Whether StudyReel's grade and the RIT score contradict each other.
    pub conflict: bool,
    /// Whether a diagnostic would make the placement surer: after a conflict, or when no measure
    /// is known.
    pub diagnostic_recommended: bool,
    /// Whether the student begins with the diagnostic instead of the grade's material: after a
    /// conflict, or when nothing at all is known.
    pub starts_with_diagnostic: bool,
    /// The grade that was meant, where the path doesn't offer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clamped_from: Option<i8>,
    /// The grade the RIT score points to, whether or not it decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rit_grade: Option<i8>,
    /// The path's entry point to begin at, if it has one.
    #[serde(
        rename = "entryPoint",
        alias = "entry",
        skip_serializing_if = "Option::is_none"
    )]
    pub entry: Option<String>,
    /// See [`Rules::version`].
    pub rule_version: String,
    /// What it was made from, raw and understood, with warnings.
    pub inputs: SubjectInputs,
    /// The same as one sentence for people.
    pub explanation: String,
}

/// Places a student of these inputs in a path.
pub fn place(inputs: &SubjectInputs, path: &LearningPath, rules: &Rules) -> Placement {
    let studyreel = inputs.grade.value;
    let rit = Subject::named(&path.subject)
        .zip(inputs.rit.value)
        .and_then(|(subject, score)| {
            rules
                .norms
                .data()
                .grade_of(subject, score, rules.rit_grade_cap)
        });
    let by_studyreel = studyreel.map(|grade| (grade, Reason::StudyreelGrade));
    let by_rit = rit.as_ref().map(|rit| (rit.grade, Reason::MapRit));
    let by_measure = match rules.precedence {
        Precedence::SrFirst => by_studyreel.or(by_rit),
        Precedence::RitFirst => by_rit.or(by_studyreel),
    };
    let (meant, reason) = by_measure
        .or(inputs
            .age_grade
            .value
            .map(|grade| (grade, Reason::AgeGrade)))
        .unwrap_or((path.grades.lowest(), Reason::Unknown));
    let conflict = studyreel
        .zip(rit.as_ref())
        .is_some_and(|(grade, rit)| rit.distance(grade) >= rules.conflict_threshold);
    let grade = path.grades.nearest(meant);
    let starts_with_diagnostic = conflict || reason == Reason::Unknown;
    let entry = path.entry(grade, starts_with_diagnostic);
    let mut placement = Placement {
        path_id: path.id.clone(),
        subject: path.subject.clone(),
        grade,
        reason,
        conflict,
        diagnostic_recommended: starts_with_diagnostic || reason == Reason::AgeGrade,
        starts_with_diagnostic,
        clamped_from: (grade != meant).then_some(meant),
        rit_grade: rit.as_ref().map(|rit| rit.grade),
        entry: entry.map(str::to_owned),
        rule_version: rules.version(),
        inputs: inputs.clone(),
        explanation: String::new(),
    };
    placement.explanation = explain(&placement, rit.as_ref());
    placement
}

fn explain(placement: &Placement, rit: Option<&RitGrade>) -> String {
    let subject = &placement.subject;
    let grade = grade_name(placement.grade);
    let meant = grade_name(placement.clamped_from.unwrap_or(placement.grade));
    let score = match (placement.inputs.rit.value, rit) {
        (Some(score), Some(rit)) => format!("the MAP score of {score} RIT points to {rit}"),
        _ => String::new(),
    };
    let because = match placement.reason {
        Reason::StudyreelGrade => format!("StudyReel reports {meant} for {subject}"),
        Reason::MapRit => format!("{score} in {subject}"),
        Reason::AgeGrade => format!("age suggests {meant} and nothing is measured in {subject}"),
        Reason::Unknown => {
            format!("nothing is known about {subject} and this is the path's lowest grade")
        }
    };
    let clamped = match placement.clamped_from {
        Some(_) => format!(", {meant} not being offered"),
        None => String::new(),
    };
    let then = match placement.reason {
        Reason::StudyreelGrade if placement.conflict => {
            format!("; {score}, so a diagnostic comes first")
        }
        _ if placement.conflict => {
            let reported = placement
                .inputs
                .grade
                .value
                .map(grade_name)
                .unwrap_or_default();
            format!("; StudyReel reports {reported}, so a diagnostic comes first")
        }
        Reason::AgeGrade => "; a diagnostic is recommended".to_owned(),
        Reason::Unknown => "; a diagnostic comes first".to_owned(),
        _ => String::new(),
    };
    format!("Starts at {grade}{clamped}, because {because}{then}.")
}

/// How people call a grade.
pub fn grade_name(grade: i8) -> String {
    match grade {
        -1 => "pre-kindergarten".to_owned(),
        0 => "kindergarten".to_owned(),
        grade => format!("grade {grade}"),
    }
}
