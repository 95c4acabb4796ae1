//! What only the application, or a test that runs it, can reveal and do.

use std::{collections::BTreeMap, pin::Pin};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::end::End;

/// A future result; the error is a sentence.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// A look into the application. Methods that are not offered return `None`, and the cases that need
/// them are not run.
pub trait Insight: Send + Sync {
    /// The application's knowledge of the student whose login link ended here.
    fn seen<'a>(&'a self, _end: &'a End) -> Option<Later<'a, Seen>> {
        None
    }

    /// Counts what is stored.
    fn census(&self) -> Option<Later<'_, Census>> {
        None
    }

    /// Stops and restarts the application on the same store.
    fn restart(&self) -> Option<Later<'_, ()>> {
        None
    }

    /// Makes the store fail in the middle of a launch (`true`), or work again.
    fn outage(&self, _broken: bool) -> Option<Later<'_, ()>> {
        None
    }

    /// Moves the application's clock forward by this many seconds, for good.
    fn advance(&self, _seconds: u64) -> Option<Later<'_, ()>> {
        None
    }

    /// Everything in the store, as a thief would get it.
    fn dump(&self) -> Option<Later<'_, Vec<u8>>> {
        None
    }

    /// Everything the application has logged since it started, or at least since the run began.
    fn log(&self) -> Option<Later<'_, String>> {
        None
    }

    /// The run is over: anything it left behind, such as a clock that is ahead, may be reset.
    fn done(&self) -> Option<Later<'_, ()>> {
        None
    }
}

/// A student as the application sees them after the login link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The id in the answer to the launch.
    pub user_id: String,
    /// Given and family name, if known.
    pub name: String,
    /// Whether they have a student's permissions and no more.
    pub is_student: bool,
    /// Their placements, one per subject.
    pub placements: Vec<Placed>,
    /// The RIT score in each subject, as understood.
    pub rit: BTreeMap<String, i64>,
    /// How many learning blocks arrived; `None` if the application does not keep them.
    pub learning_blocks: Option<usize>,
}

impl Seen {
    /// Reads Hallpass's answer to `GET /api/idtoken`. Returns `None` if that is not a student's
    /// launch.
    pub fn of_id_token(token: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (user, student) = (&token["user"], &token["student"]);
        let placed = |placed: &Value| {
            Some(Placed {
                subject: text(&placed["subject"]),
                grade: placed["grade"].as_i64()?,
                basis: match placed["reason"].as_str()? {
                    "studyreel_grade" => Basis::StudyReel,
                    "map_rit" => Basis::Rit,
                    "age_grade" => Basis::Age,
                    _ => Basis::Unknown,
                },
                conflict: placed["conflict"] == true,
                diagnostic: placed["startsWithDiagnostic"] == true
                    || placed["diagnosticRecommended"] == true,
                clamped: placed["clampedFrom"].is_i64(),
            })
        };
        let placements = student["placement"].as_array()?.iter().map(placed);
        Some(Self {
            user_id: text(&student["userID"]),
            name: text(&user["name"]),
            is_student: user["role"] == "learner" && student["id"] == user["id"],
            placements: placements.collect::<Option<_>>()?,
            rit: serde_json::from_value(student["rit"].clone()).ok()?,
            learning_blocks: Some(student["learningBlocks"].as_array().map_or(0, Vec::len)),
        })
    }

    /// The placement in a subject.
    pub fn placed(&self, subject: &str) -> Option<&Placed> {
        self.placements
            .iter()
            .find(|placed| placed.subject == subject)
    }
}

/// Where a student starts in one subject.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// `math`, `language`, `science`, `reading`.
    pub subject: String,
    /// The grade: -1 is Pre-K, 0 kindergarten.
    pub grade: i64,
    /// What decided it.
    pub basis: Basis,
    /// Whether two measures contradict each other.
    pub conflict: bool,
    /// Whether a diagnostic is due or recommended.
    pub diagnostic: bool,
    /// Whether the intended grade is not offered.
    pub clamped: bool,
}

/// The basis of a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Basis {
    /// StudyReel's own grade.
    StudyReel,
    /// The RIT score.
    Rit,
    /// The grade expected from the student's age.
    Age,
    /// Nothing was known.
    Unknown,
}

/// How much is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Census {
    /// Student accounts.
    pub accounts: u64,
    /// Enrolments: one for each student and subject.
    pub enrolments: u64,
    /// Login links created.
    pub links: u64,
}
