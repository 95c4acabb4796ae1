#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use test_case::cases;

use super::*;
use ::studyreel::placement::{OfferedGrades, standard_paths};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use studyreel::{PRINTED_EXAMPLE, PayloadRules, STUDYREEL, check};

fn launch(members: &Value) -> CheckedLaunch {
    let mut body: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    let issuers = ["https://studyreel.alpha1edtech.com".to_owned()];
    let zone = TimeZone::UTC;
    let mut expected = PayloadRules::new(&issuers, &[], &zone);
    expected.sandbox = true;
    let payload = STUDYREEL.parse(body.to_string().as_bytes()).unwrap();
    check(&payload, &expected, 1_800_000_000).unwrap()
}

fn first(members: &Value) -> Profile {
    Profile::first(
        &launch(members),
        &standard_paths(),
        &PlacementRules::default(),
    )
    .0
}

fn update(profile: &mut Profile, members: &Value) -> Vec<(PlacementOutcome, String, i8)> {
    profile
        .update(
            &launch(members),
            &standard_paths(),
            &PlacementRules::default(),
        )
        .into_iter()
        .map(|change| {
            let placement = change.placement;
            (change.outcome, placement.subject, placement.grade)
        })
        .collect()
}

fn grade(profile: &Profile, subject: &str) -> i8 {
    let found = profile.placements.iter().find(|p| p.subject == subject);
    found.unwrap().grade
}

#[test]
fn a_first_launch_enrols_in_every_path() {
    let (profile, changes) = Profile::first(
        &launch(&json!({})),
        &standard_paths(),
        &PlacementRules::default(),
    );
    assert_eq!(changes.len(), 4);
    let grades = ["math", "language", "science", "reading"].map(|s| grade(&profile, s));
    assert_eq!(grades, [5, 5, 6, 5]);
}

#[cases("STUDYREEL-34")]
#[test]
fn unchanged_inputs_change_nothing() {
    let mut profile = first(&json!({}));
    let before = profile.clone();
    assert_eq!(update(&mut profile, &json!({})), []);
    assert_eq!(profile, before);
}

#[cases("STUDYREEL-35")]
#[test]
fn a_higher_grade_moves_up_and_a_lower_one_is_suggested_once() {
    let mut profile = first(&json!({}));
    let up = update(&mut profile, &json!({"studyreel_grade_math": "7"}));
    assert_eq!(up, [(PlacementOutcome::Placed, "math".to_owned(), 7)]);
    let down = json!({"studyreel_grade_math": "3"});
    let suggested = update(&mut profile, &down);
    assert_eq!(
        suggested,
        [(PlacementOutcome::Suggested, "math".to_owned(), 3)]
    );
    assert_eq!((grade(&profile, "math"), profile.suggestions.len()), (7, 1));
    assert_eq!(update(&mut profile, &down), []);
    // Back at the current grade, so the suggestion is moot.
    assert_eq!(
        update(&mut profile, &json!({"studyreel_grade_math": "7"})),
        []
    );
    assert_eq!((grade(&profile, "math"), profile.suggestions.len()), (7, 0));
}

#[cases("STUDYREEL-36")]
#[test]
fn unknown_values_overwrite_nothing() {
    let mut profile = first(&json!({}));
    let before = profile.clone();
    let unknown = json!({
        "given_name": "", "family_name": "null", "age_grade": "null", "user_acquisition_source": "other",
        "studyreel_grade_math": "null", "studyreel_grade_language": null, "studyreel_grade_science": "",
        "map_rit_math": "null", "map_rit_language": "abc", "map_rit_science": "0",
    });
    assert_eq!(update(&mut profile, &unknown), []);
    assert_eq!(profile, before);
}

#[cases("STUDYREEL-10")]
#[test]
fn names_follow_the_launch() {
    let mut profile = first(&json!({}));
    update(
        &mut profile,
        &json!({"given_name": "Jón", "family_name": "Ōe"}),
    );
    assert_eq!(profile.name().unwrap(), "Jón Ōe");
    update(
        &mut profile,
        &json!({"given_name": "Jun", "family_name": ""}),
    );
    assert_eq!(profile.name().unwrap(), "Jun Ōe");
}

#[test]
fn another_path_of_a_subject_places_anew() {
    let mut profile = first(&json!({}));
    let mut paths = standard_paths();
    paths.truncate(1);
    paths[0].id = "math-2".into();
    paths[0].grades = OfferedGrades::range(1, 3).unwrap();
    let changes = profile.update(&launch(&json!({})), &paths, &PlacementRules::default());
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].outcome, grade(&profile, "math")),
        (PlacementOutcome::Placed, 3)
    );
    assert_eq!(grade(&profile, "science"), 6, "left as it was");
}

#[test]
fn a_grade_that_is_not_offered_any_more_is_left() {
    let mut profile = first(&json!({}));
    profile.positions.insert("math".into(), "unit-12".into());
    let mut paths = standard_paths();
    paths.truncate(1);
    let mut place = |grades: OfferedGrades, profile: &mut Profile| {
        paths[0].grades = grades;
        profile.update(&launch(&json!({})), &paths, &PlacementRules::default())
    };
    let changes = place(OfferedGrades::list(vec![1, 4, 8]).unwrap(), &mut profile);
    assert_eq!(changes[0].outcome, PlacementOutcome::Placed);
    assert_eq!(changes[0].placement.clamped_from, Some(5));
    assert_eq!((changes.len(), grade(&profile, "math")), (1, 4));
    assert_eq!(profile.positions["math"], "unit-12", "it is the same path");
    // Offering the grade again moves no one.
    assert_eq!(place(OfferedGrades::range(0, 8).unwrap(), &mut profile), []);
    assert_eq!(grade(&profile, "math"), 4);
}
