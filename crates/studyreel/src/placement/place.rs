//! The rule: from inputs, path and settings to a [`Placement`] that explains itself.

use serde::{Deserialize, Serialize};

use super::norms::RitGrade;
use super::{LearningPath, PlacementRules, Precedence, SubjectInputs, grade_name};
use crate::reported::number;
use crate::{Reported, Subject};

/// What decided the grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum PlacementReason {
    /// The grade that StudyReel reported.
    StudyreelGrade,
    /// The MAP RIT score.
    MapRit,
    /// Age alone.
    AgeGrade,
    /// Nothing is known: the path's lowest grade and a diagnostic.
    Unknown,
}

/// Where a student starts, with everything needed to explain it later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Placement {
    /// The learning path's id.
    #[serde(rename = "path", alias = "pathId")]
    pub path_id: String,
    /// The path's subject.
    pub subject: String,
    /// The grade, one of those the path offers: -1 is Pre-K, 0 kindergarten.
    pub grade: i8,
    /// What decided it.
    pub reason: PlacementReason,
    /// Whether StudyReel's grade and the RIT score contradict each other.
    pub conflict: bool,
    /// Whether a diagnostic would make the placement surer: after a conflict, or when no measure
    /// is known.
    pub diagnostic_recommended: bool,
    /// Whether the student begins with the diagnostic instead of the grade's material: after a
    /// conflict, or when nothing is known at all.
    pub starts_with_diagnostic: bool,
    /// The intended grade, if the path doesn't offer it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clamped_from: Option<i8>,
    /// The grade that the RIT score indicates, whether or not it decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rit_grade: Option<i8>,
    /// The path's entry point to begin at, if it has one.
    #[serde(
        rename = "entryPoint",
        alias = "entry",
        skip_serializing_if = "Option::is_none"
    )]
    pub entry: Option<String>,
    /// Identifies code, data and settings: with the same version and equal inputs, placements are
    /// equal.
    pub rule_version: String,
    /// The inputs, raw and interpreted, with warnings.
    pub inputs: SubjectInputs,
    /// The placement as one sentence for people.
    pub explanation: String,
}

/// Places a student with these inputs in a path.
pub fn place(inputs: &SubjectInputs, path: &LearningPath, rules: &PlacementRules) -> Placement {
    let studyreel = inputs.grade.value;
    let rit = Subject::named(&path.subject)
        .zip(inputs.rit.value)
        .and_then(|(subject, score)| {
            rules
                .norms
                .data()
                .grade_of(subject, score, rules.rit_grade_cap)
        });
    let by_studyreel = studyreel.map(|grade| (grade, PlacementReason::StudyreelGrade));
    let by_rit = rit.as_ref().map(|rit| (rit.grade, PlacementReason::MapRit));
    let by_measure = match rules.precedence {
        Precedence::SrFirst => by_studyreel.or(by_rit),
        Precedence::RitFirst => by_rit.or(by_studyreel),
    };
    let (meant, reason) = by_measure
        .or(inputs
            .age_grade
            .value
            .map(|grade| (grade, PlacementReason::AgeGrade)))
        .unwrap_or((path.grades.lowest(), PlacementReason::Unknown));
    let conflict = studyreel
        .zip(rit.as_ref())
        .is_some_and(|(grade, rit)| rit.distance(grade) >= rules.conflict_threshold);
    let grade = path.grades.nearest(meant);
    let starts_with_diagnostic = conflict || reason == PlacementReason::Unknown;
    let entry = path.entry(grade, starts_with_diagnostic);
    let mut placement = Placement {
        path_id: path.id.clone(),
        subject: path.subject.clone(),
        grade,
        reason,
        conflict,
        diagnostic_recommended: starts_with_diagnostic || reason == PlacementReason::AgeGrade,
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

/// The grade that StudyReel sent; for a fraction, also the grade it is rounded to.
fn reported_grade(grade: &Reported<i8>) -> String {
    let name = grade.value.map(grade_name).unwrap_or_default();
    match fraction(grade) {
        Some(sent) => format!("{sent}, which counts as {name}"),
        None => name,
    }
}

/// The number as sent, if it isn't whole.
fn fraction<T>(reported: &Reported<T>) -> Option<&str> {
    let sent = reported.raw.as_deref()?.trim();
    number(sent)
        .is_some_and(|number| number.fract() != 0.0)
        .then_some(sent)
}

fn explain(placement: &Placement, rit: Option<&RitGrade>) -> String {
    let subject = &placement.subject;
    let grade = grade_name(placement.grade);
    let meant = grade_name(placement.clamped_from.unwrap_or(placement.grade));
    let reported = reported_grade(&placement.inputs.grade);
    let score = match (placement.inputs.rit.value, rit) {
        (Some(score), Some(rit)) => {
            let sent = fraction(&placement.inputs.rit);
            let sent = sent.map_or_else(String::new, |sent| format!(", sent as {sent},"));
            format!("the MAP score of {score} RIT{sent} points to {rit}")
        }
        _ => String::new(),
    };
    let because = match placement.reason {
        PlacementReason::StudyreelGrade if reported.contains(',') => {
            format!("StudyReel reports {reported}, for {subject}")
        }
        PlacementReason::StudyreelGrade => format!("StudyReel reports {reported} for {subject}"),
        PlacementReason::MapRit => format!("{score} in {subject}"),
        PlacementReason::AgeGrade => {
            format!("age suggests {meant} and nothing is measured in {subject}")
        }
        PlacementReason::Unknown => {
            format!("nothing is known about {subject} and this is the path's lowest grade")
        }
    };
    let clamped = match placement.clamped_from {
        Some(_) => format!(", {meant} not being offered"),
        None => String::new(),
    };
    let then = match placement.reason {
        PlacementReason::StudyreelGrade if placement.conflict => {
            format!("; {score}, so a diagnostic comes first")
        }
        _ if placement.conflict => {
            format!("; StudyReel reports {reported}, so a diagnostic comes first")
        }
        PlacementReason::AgeGrade => "; a diagnostic is recommended".to_owned(),
        PlacementReason::Unknown => "; a diagnostic comes first".to_owned(),
        _ => String::new(),
    };
    format!("Starts at {grade}{clamped}, because {because}{then}.")
}
