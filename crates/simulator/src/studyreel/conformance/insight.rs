//! What only the application, or a test that runs it, can tell and do.

use std::{collections::BTreeMap, pin::Pin};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::end::End;

/// Something that will be known later; the error is a sentence.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// A look into the application. Whatever is not offered answers `None`, and the cases that need it are not run.
pub trait Insight: Send + Sync {
    /// What the application knows about the student whose login link ended here.
    fn seen<'a>(&'a self, _end: &'a End) -> Option<Later<'a, Seen>> {
        None
    }

    /// Counts what is stored.
    fn census(&self) -> Option<Later<'_, Census>> {
        None
    }

    /// Stops the application and starts it again on the same store.
    fn restart(&self) -> Option<Later<'_, ()>> {
        None
    }

    /// Makes the store fail in the middle of a launch (`true`), or work again.
    fn outage(&self, _broken: bool) -> Option<Later<'_, ()>> {
        None
    }

    /// Moves the application's clock forward by so many seconds. It stays there.
    fn advance(&self, _seconds: u64) -> Option<Later<'_, ()>> {
        None
    }

    /// Everything in the store, as it would fall into a thief's hands.
    fn dump(&self) -> Option<Later<'_, Vec<u8>>> {
        None
    }

    /// Everything the application has logged since it started, or at least since the run began.
    fn log(&self) -> Option<Later<'_, String>> {
        None
    }

    /// The run is over: what it left behind, such as a clock that is ahead, may be put right.
    fn done(&self) -> Option<Later<'_, ()>> {
        None
    }
}

/// A student as the application sees them after the login link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// The id that the launch was answered with.
    pub user_id: String,
    /// Given and family name, as far as they are known.
    pub name: String,
    /// Whether they may do what a student may, and no more.
    pub is_student: bool,
    /// Where they were placed, one entry a subject.
    pub placements: Vec<Placed>,
    /// The RIT score that was understood in each subject.
    pub rit: BTreeMap<String, i64>,
    /// How many learning blocks came; `None` if the application does not keep them.
    pub learning_blocks: Option<usize>,
}

impl Seen {
    /// Reads what Hallpass answers to `GET /api/idtoken`; `None` if that is no launch of a student.
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
    /// Whether a diagnostic is due or advised.
    pub diagnostic: bool,
    /// Whether another grade was meant, which is not offered.
    pub clamped: bool,
}

/// What a placement rests on.
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
    /// Login links that were made.
    pub links: u64,
}
