#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use serde_json::json;

use super::*;
use crate::{PRINTED_EXAMPLE, PlacementReport, Reported};

mod cases;
mod learning_paths;
mod properties;
mod written;

fn known(grade: Option<i8>, rit: Option<u16>, age: Option<i8>) -> SubjectInputs {
    SubjectInputs {
        grade: grade.map_or_else(Reported::default, Reported::known),
        rit: rit.map_or_else(Reported::default, Reported::known),
        age_grade: age.map_or_else(Reported::default, Reported::known),
    }
}

fn path(subject: &str, from: i8, to: i8) -> LearningPath {
    serde_json::from_value(json!({
        "id": subject, "subject": subject, "title": subject, "grades": {"from": from, "to": to},
    }))
    .unwrap()
}

fn placed(subject: &str, inputs: &SubjectInputs) -> Placement {
    place(inputs, &path(subject, -1, 13), &PlacementRules::default())
}

fn example(rules: &PlacementRules) -> Vec<Placement> {
    let report = PlacementReport::parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    standard_paths()
        .iter()
        .map(|path| place(&SubjectInputs::of(&report, &path.subject), path, rules))
        .collect()
}
