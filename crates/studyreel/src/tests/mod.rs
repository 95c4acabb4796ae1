//! The conformance cases that need neither transport nor store, by their numbers in
//! studyreel.md §12.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::*;

mod body;
mod optional;
mod placement_values;
mod properties;
mod required;
mod time_window;

/// 2024-09-19 03:14:07 UTC, the `iat` of the printed example.
const PRINTED_IAT: i64 = 1_726_715_647;
/// Ten seconds into the printed example's hour.
const NOW: i64 = PRINTED_IAT + 10;

static ISSUERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    vec![
        "https://studyreel.alpha1edtech.com".to_owned(),
        "https://alphalearn.school/".to_owned(),
    ]
});

static UTC: TimeZone = TimeZone::UTC;

fn expected() -> PayloadRules<'static> {
    PayloadRules::new(&ISSUERS, &[], &UTC)
}

fn printed() -> Value {
    serde_json::from_str(PRINTED_EXAMPLE).unwrap()
}

/// The printed example with one member replaced.
fn with(member: &str, value: impl Into<Value>) -> Value {
    let mut launch = printed();
    launch[member] = value.into();
    launch
}

fn without(member: &str) -> Value {
    let mut launch = printed();
    launch.as_object_mut().unwrap().remove(member);
    launch
}

fn receive(body: &[u8]) -> Result<CheckedLaunch, PayloadRefusal> {
    check(&STUDYREEL.parse(body)?, &expected(), NOW)
}

fn launch(body: &Value) -> Result<CheckedLaunch, PayloadRefusal> {
    receive(body.to_string().as_bytes())
}

fn ok(body: &Value) -> CheckedLaunch {
    launch(body).unwrap_or_else(|refusal| panic!("{refusal:?} for {body}"))
}

fn names(launch: &CheckedLaunch) -> (Option<&str>, Option<&str>) {
    (launch.given_name.as_deref(), launch.family_name.as_deref())
}

fn code(body: &Value) -> &'static str {
    launch(body).map_or_else(|refusal| refusal.code().name(), |_| "accepted")
}

/// The printed example as text, with a member's text appended, for values that `Value` can't
/// represent.
fn appended(member: &str) -> Vec<u8> {
    let text = PRINTED_EXAMPLE.trim_end().strip_suffix('}').unwrap();
    format!("{text},{member}}}").into_bytes()
}

const OPTIONAL: [&str; 9] = [
    "studyreel_grade_math",
    "studyreel_grade_language",
    "studyreel_grade_science",
    "studyreel_grade_reading",
    "map_rit_math",
    "map_rit_language",
    "map_rit_science",
    "map_rit_reading",
    "age_grade",
];

fn all_optional(value: &Value) -> PlacementReport {
    let mut body = printed();
    for member in OPTIONAL {
        body[member] = value.clone();
    }
    ok(&body).placement
}
