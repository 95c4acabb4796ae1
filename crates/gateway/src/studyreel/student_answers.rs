//! Students as the application sees them. Unknown values are omitted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use store::login_links::LaunchOf;
use store::students::StudentRow;
use studyreel::placement::{LearningPath, Placement, PlacementReason};
use studyreel::{LearningBlock, PlacementReport, Subject, SubjectReport};
use utoipa::ToSchema;

use super::profile::Profile;
use crate::kit::clock::iso;

/// The known values of a measure, by subject.
pub(super) type MeasureValues<T> = BTreeMap<Subject, T>;

/// The values of a measure in a report.
pub(super) fn measured<T>(
    report: &PlacementReport,
    measure: impl Fn(&SubjectReport) -> Option<T>,
) -> MeasureValues<T> {
    let of_subject = |subject| Some((subject, measure(report.subject(subject))?));
    Subject::ALL.into_iter().filter_map(of_subject).collect()
}

/// A student's place in a learning path.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StudentPlacement)]
pub(crate) struct PlacementAnswer {
    pub(crate) subject: String,
    /// Id of the learning path.
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) grade: i8,
    pub(crate) reason: PlacementReason,
    pub(crate) explanation: String,
    pub(crate) conflict: bool,
    pub(crate) diagnostic_recommended: bool,
    pub(crate) starts_with_diagnostic: bool,
    pub(crate) rule_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entry_point: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clamped_from: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rit_grade: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// How far the student has come, in the application's words.
    pub(crate) position: Option<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(crate) weekly_goal: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// A lower grade that a later launch pointed to.
    pub(crate) suggested_grade: Option<i8>,
}

/// A student's place in each of the paths.
pub(super) fn placements(profile: &Profile, paths: &[LearningPath]) -> Vec<PlacementAnswer> {
    let of_path = |path: &LearningPath| {
        let mine = |placed: &&Placement| placed.subject == path.subject;
        let placed = profile.placements.iter().find(mine)?;
        // Taken from the path as it is now: renaming a grade's entry point moves no student.
        // Switching to another path does, at the next launch.
        let entry_point = if path.id == placed.path_id {
            path.entry(placed.grade, placed.starts_with_diagnostic)
        } else {
            placed.entry.as_deref()
        };
        let suggested = profile.suggestions.iter().find(mine);
        Some(PlacementAnswer {
            subject: placed.subject.clone(),
            path: placed.path_id.clone(),
            title: path.title.clone(),
            grade: placed.grade,
            reason: placed.reason,
            explanation: placed.explanation.clone(),
            conflict: placed.conflict,
            diagnostic_recommended: placed.diagnostic_recommended,
            starts_with_diagnostic: placed.starts_with_diagnostic,
            rule_version: placed.rule_version.clone(),
            entry_point: entry_point.map(str::to_owned),
            clamped_from: placed.clamped_from,
            rit_grade: placed.rit_grade,
            position: profile.positions.get(&path.subject).cloned(),
            weekly_goal: path.weekly_goal.clone(),
            suggested_grade: suggested.map(|suggested| suggested.grade),
        })
    };
    paths.iter().filter_map(of_path).collect()
}

/// A student without their history.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Student)]
pub(crate) struct StudentAnswer {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The application's own id.
    pub(crate) external_id: Option<String>,
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
    /// What we told the platform as `userID`.
    pub(crate) user_id: Option<String>,
    pub(crate) issuer: String,
    /// What the platform calls them, often an e-mail address.
    pub(crate) subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    /// `active`, `disabled` or `erased`.
    pub(crate) status: String,
    #[schema(format = DateTime)]
    pub(crate) created_at: String,
    #[schema(format = DateTime)]
    pub(crate) updated_at: String,
    #[schema(format = DateTime)]
    pub(crate) last_launch_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acquisition_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The grade expected at their age: -1 is Pre-K, 0 kindergarten.
    pub(crate) age_grade: Option<i8>,
    /// StudyReel's grades, by subject.
    #[schema(value_type = BTreeMap<String, i8>)]
    pub(crate) grades: MeasureValues<i8>,
    /// MAP RIT scores, by subject.
    #[schema(value_type = BTreeMap<String, u16>)]
    pub(crate) rit: MeasureValues<u16>,
    pub(crate) placement: Vec<PlacementAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) learning_blocks: Vec<LearningBlock>,
}

impl StudentAnswer {
    pub(super) fn new(student: &StudentRow, profile: &Profile, paths: &[LearningPath]) -> Self {
        let report = &profile.report;
        Self {
            id: student.id.clone(),
            external_id: student.external_id.clone(),
            user_id: student.user_id.clone(),
            issuer: student.issuer.clone(),
            subject: profile.subject.clone(),
            name: profile.name(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            status: student.status.clone(),
            created_at: iso(student.created_at),
            updated_at: iso(student.updated_at),
            last_launch_at: iso(student.last_launch_at),
            acquisition_source: profile.acquisition_source.clone(),
            age_grade: report.age_grade.value,
            grades: measured(report, |report| report.grade.value),
            rit: measured(report, |report| report.rit.value),
            placement: placements(profile, paths),
            learning_blocks: profile.learning_blocks.blocks.clone(),
        }
    }
}

/// The answer to `GET /api/students`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StudentPage {
    pub(crate) students: Vec<StudentAnswer>,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

/// The answer to `GET /api/students/:id`: a student, and the history of their placements.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StudentHistory {
    #[serde(flatten)]
    pub(crate) student: StudentAnswer,
    pub(crate) placement_history: Vec<PastPlacementAnswer>,
    /// Those that are still stored.
    pub(crate) launches: Vec<PastLaunchAnswer>,
}

/// A placement that a launch made or suggested.
#[derive(Serialize, ToSchema)]
#[schema(as = PastPlacement)]
pub(crate) struct PastPlacementAnswer {
    #[schema(format = DateTime)]
    pub(crate) at: String,
    /// Its outcome, such as `placed` or `suggested`.
    pub(crate) outcome: String,
    pub(crate) placement: Placement,
}

/// A launch of the student.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PastLaunch)]
pub(crate) struct PastLaunchAnswer {
    pub(crate) id: String,
    #[schema(format = DateTime)]
    pub(crate) at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub(crate) link_opened_at: Option<String>,
}

impl From<LaunchOf> for PastLaunchAnswer {
    fn from(launch: LaunchOf) -> Self {
        Self {
            id: launch.launch_id,
            at: iso(launch.created_at),
            link_opened_at: launch.used_at.map(iso),
        }
    }
}
