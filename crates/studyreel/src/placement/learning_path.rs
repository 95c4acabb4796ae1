//! Learning paths: what an application offers in a subject, grade by grade.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::grade_name;
use crate::Subject;
use crate::reported::read_grade;

const ID_MAX: usize = 100;
const TITLE_MAX: usize = 200;
const ENTRY_MAX: usize = 2048;

/// A learning path through one subject. One read from settings or the API has already been checked;
/// see [`PathError`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "WrittenPath")]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(description = "A way through one subject.")
)]
pub struct LearningPath {
    /// Stable identifier: letters, digits, `.`, `_` and `-`.
    pub id: String,
    /// `math`, `language`, `science`, `reading`, or any other subject, which is then placed by age.
    pub subject: String,
    /// Name for people.
    pub title: String,
    /// The grades it offers.
    pub grades: OfferedGrades,
    /// Where a grade begins: an id or address in the application, for as many grades as have one.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub entry_points: BTreeMap<i8, String>,
    /// Where the diagnostic begins, if the path has one.
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub diagnostic_entry: Option<String>,
    /// Anything the application wants to know about the weekly goal; opaque to us.
    pub weekly_goal: Value,
}

impl LearningPath {
    /// Where a student begins at a grade, with or without the diagnostic first: its entry point, if
    /// there is one.
    pub fn entry(&self, grade: i8, diagnostic_first: bool) -> Option<&str> {
        let diagnostic = self.diagnostic_entry.as_ref().filter(|_| diagnostic_first);
        let entry = diagnostic.or_else(|| self.entry_points.get(&grade));
        entry.map(String::as_str)
    }
}

/// At least one grade, ascending, each from -1 (Pre-K) to 13.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenGrades")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = Vec<i8>))]
pub struct OfferedGrades(Vec<i8>);

impl OfferedGrades {
    /// Every grade in a range, both ends included.
    ///
    /// # Errors
    /// The range is empty, or goes beyond -1 to 13.
    pub fn range(from: i8, to: i8) -> Result<Self, PathError> {
        Self::list((from..=to).collect())
    }

    /// These grades, in any order.
    ///
    /// # Errors
    /// The list is empty, or contains a grade outside -1 to 13.
    pub fn list(mut grades: Vec<i8>) -> Result<Self, PathError> {
        grades.sort_unstable();
        grades.dedup();
        match (grades.first(), grades.last()) {
            (Some(-1..), Some(..=13)) => Ok(Self(grades)),
            (None, _) | (_, None) => Err(PathError::NoGrades),
            _ => Err(PathError::NotAGrade),
        }
    }

    /// The lowest grade of the path; -1 is Pre-K.
    pub fn lowest(&self) -> i8 {
        self.0.first().copied().unwrap_or_default()
    }

    /// Whether a grade is offered.
    pub fn contains(&self, grade: i8) -> bool {
        self.0.binary_search(&grade).is_ok()
    }

    /// The grade itself if it is offered, otherwise the next lower one, otherwise the lowest.
    pub fn nearest(&self, grade: i8) -> i8 {
        self.0
            .iter()
            .copied()
            .rfind(|offered| *offered <= grade)
            .unwrap_or(self.lowest())
    }

    /// All grades, ascending.
    pub fn as_slice(&self) -> &[i8] {
        &self.0
    }
}

/// What is wrong with a learning path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathError {
    /// `id` is empty, too long or contains other characters.
    #[error("'id' must be 1 to 100 letters, digits, '.', '_' or '-'")]
    Id,
    /// `subject` is empty, too long or contains control characters.
    #[error("'subject' must be 1 to 100 characters of plain text")]
    Subject,
    /// `title` is empty, too long or contains control characters.
    #[error("'title' must be 1 to 200 characters of plain text")]
    Title,
    /// `grades` is empty.
    #[error("'grades' must name at least one grade, as a list or as {{from, to}}")]
    NoGrades,
    /// `grades` contains something other than a grade.
    #[error("'grades' must take grades: -1 (PreK), 0 (K), 1 to 13")]
    NotAGrade,
    /// A key of `entryPoints` is not a grade.
    #[error("'entryPoints' names {0:?}, which is no grade: take -1 (PreK), 0 (K), 1 to 13")]
    EntryNotAGrade(String),
    /// `entryPoints` contains a grade twice, such as `K` and `0`.
    #[error("'entryPoints' names {} twice", grade_name(*.0))]
    EntryTwice(i8),
    /// `entryPoints` contains a grade that is not offered.
    #[error("'entryPoints' names {}, which 'grades' does not offer: take it out, or offer it", grade_name(*.0))]
    EntryNotOffered(i8),
    /// An entry point is empty, too long or contains control characters.
    #[error("'entryPoints' must have 1 to 2048 characters of plain text for {}", grade_name(*.0))]
    Entry(i8),
    /// The diagnostic's entry point is empty, too long or contains control characters.
    #[error("'diagnosticEntry' must be 1 to 2048 characters of plain text")]
    Diagnostic,
}

/// A learning path as written by people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = WrittenLearningPath))]
pub struct WrittenPath {
    /// 1 to 100 letters, digits, `.`, `_` and `-`. May be omitted in the body of a PUT.
    #[cfg_attr(feature = "schema", schema(required = false))]
    id: String,
    /// `math`, `language`, `science`, `reading`, or any other subject, which is then placed by age.
    subject: String,
    /// Name for people; if omitted, the subject.
    title: Option<String>,
    /// The grades it offers.
    grades: WrittenGrades,
    /// Where a grade begins, by grade: an id or address in the application.
    #[serde(default)]
    entry_points: BTreeMap<String, String>,
    /// Where the diagnostic begins.
    #[serde(default)]
    diagnostic_entry: Option<String>,
    /// Anything the application wants to know about the weekly goal.
    #[serde(default)]
    weekly_goal: Value,
}

/// Grades as written by people.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "must be a list such as [\"K\", 1, 2], or a range with from and to, such as from \"K\" to 8"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WrittenGrades {
    /// Every grade.
    List(Vec<WrittenGrade>),
    /// A range, both ends included.
    Range {
        /// The lowest.
        from: WrittenGrade,
        /// The highest.
        to: WrittenGrade,
    },
}

/// A grade as written by people.
#[derive(Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WrittenGrade {
    /// -1 is Pre-K, 0 kindergarten.
    Number(i8),
    /// Such as `PreK`, `K` or `5`.
    Text(String),
}

impl WrittenGrade {
    fn read(&self) -> Result<i8, PathError> {
        match self {
            Self::Number(grade) => Ok(*grade),
            Self::Text(text) => read_grade(text).map_err(|_| PathError::NotAGrade),
        }
    }
}

impl TryFrom<WrittenGrades> for OfferedGrades {
    type Error = PathError;

    fn try_from(written: WrittenGrades) -> Result<Self, PathError> {
        match written {
            WrittenGrades::List(grades) => Self::list(
                grades
                    .iter()
                    .map(WrittenGrade::read)
                    .collect::<Result<_, _>>()?,
            ),
            WrittenGrades::Range { from, to } => Self::range(from.read()?, to.read()?),
        }
    }
}

impl TryFrom<WrittenPath> for LearningPath {
    type Error = PathError;

    fn try_from(written: WrittenPath) -> Result<Self, PathError> {
        if !is_path_id(&written.id) {
            return Err(PathError::Id);
        }
        if !is_plain(&written.subject, ID_MAX) {
            return Err(PathError::Subject);
        }
        // `Math` counts as math: subjects that launches report on have one spelling, and therefore
        // one path.
        let subject = match Subject::named(written.subject.trim()) {
            Some(known) => known.to_string(),
            None => written.subject,
        };
        let title = written.title.unwrap_or_else(|| subject.clone());
        if !is_plain(&title, TITLE_MAX) {
            return Err(PathError::Title);
        }
        let grades = OfferedGrades::try_from(written.grades)?;
        let mut entry_points = BTreeMap::new();
        for (grade, entry) in written.entry_points {
            let grade = read_grade(&grade).map_err(|_| PathError::EntryNotAGrade(grade))?;
            if !grades.contains(grade) {
                return Err(PathError::EntryNotOffered(grade));
            }
            if !is_plain(&entry, ENTRY_MAX) {
                return Err(PathError::Entry(grade));
            }
            if entry_points.insert(grade, entry).is_some() {
                return Err(PathError::EntryTwice(grade));
            }
        }
        if written
            .diagnostic_entry
            .as_deref()
            .is_some_and(|entry| !is_plain(entry, ENTRY_MAX))
        {
            return Err(PathError::Diagnostic);
        }
        Ok(Self {
            id: written.id,
            subject,
            title,
            grades,
            entry_points,
            diagnostic_entry: written.diagnostic_entry,
            weekly_goal: written.weekly_goal,
        })
    }
}

/// Whether a text is a valid path id.
pub fn is_path_id(text: &str) -> bool {
    let in_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    is_plain(text, ID_MAX) && text.chars().all(in_id)
}

fn is_plain(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
}

/// A path from kindergarten to grade 12 in each of StudyReel's subjects, for an application that
/// has not defined its own.
pub fn standard_paths() -> Vec<LearningPath> {
    let path = |subject: Subject, title: &str| LearningPath {
        id: subject.to_string(),
        subject: subject.to_string(),
        title: title.to_owned(),
        grades: OfferedGrades((0..=12).collect()),
        entry_points: BTreeMap::new(),
        diagnostic_entry: None,
        weekly_goal: Value::Null,
    };
    vec![
        path(Subject::Math, "Math"),
        path(Subject::Language, "Language"),
        path(Subject::Science, "Science"),
        path(Subject::Reading, "Reading"),
    ]
}
