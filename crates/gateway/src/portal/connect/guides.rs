//! Checks that the guides in docs/lms say what the wizard says: every step with its sentence, in
//! the same order; every value that is filled in for a registration by hand, and what the LMS
//! calls it (docs/decisions/0354-guides-have-the-wizards-sentences.md).

use super::lms::{LMSS, Lms, lms_of};
use crate::web::language::Language;

/// The guide for each LMS, by its code.
const GUIDES: [(&str, &str); 8] = [
    ("moodle", include_str!("../../../../../docs/lms/moodle.md")),
    ("canvas", include_str!("../../../../../docs/lms/canvas.md")),
    (
        "brightspace",
        include_str!("../../../../../docs/lms/brightspace.md"),
    ),
    (
        "blackboard",
        include_str!("../../../../../docs/lms/blackboard.md"),
    ),
    ("sakai", include_str!("../../../../../docs/lms/sakai.md")),
    (
        "schoology",
        include_str!("../../../../../docs/lms/schoology.md"),
    ),
    (
        "openedx",
        include_str!("../../../../../docs/lms/openedx.md"),
    ),
    ("other", include_str!("../../../../../docs/lms/README.md")),
];
/// The host of an LMS in the guides.
const HOST: &str = "lms.school.example";

/// Joins a wrapped text into one line.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the guide for an LMS is missing.
fn missing(lms: &Lms, guide: &str) -> Vec<String> {
    let guide = unwrapped(guide);
    let mut missing = Vec::new();
    let mut rest = guide.as_str();
    for step in lms.sentences() {
        let sentence = format!("**{}**", step.sentence(Language::English));
        match rest.split_once(&sentence) {
            Some((_, after)) => rest = after,
            None => missing.push(sentence),
        }
    }
    let shared = &lms.shared;
    let values = [
        shared.issuer,
        shared.authentication,
        shared.tokens,
        shared.audience,
        shared.key_set,
    ];
    let values = values.map(|value| value.replace("{host}", HOST));
    let lacks = |value: &String| !value.is_empty() && !guide.contains(&format!("`{value}`"));
    missing.extend(values.into_iter().filter(lacks));
    let labels = lms.labels.iter().map(|(_, label)| format!("| {label} |"));
    missing.extend(labels.filter(|label| !guide.contains(label.as_str())));
    missing
}

#[test]
fn every_guide_has_the_wizards_steps_and_values() {
    let codes: Vec<&str> = LMSS.iter().map(|lms| lms.code).collect();
    assert_eq!(codes, GUIDES.map(|(code, _)| code));
    let wrong: Vec<String> = GUIDES
        .iter()
        .flat_map(|(code, guide)| {
            let missing = missing(lms_of(code), guide).into_iter();
            missing.map(move |what| format!("docs/lms, {code}: {what}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "what the wizard says, and its guide doesn't, or in another order:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_step_that_a_guide_lacks_is_found() {
    let moodle = lms_of("moodle");
    let (_, guide) = GUIDES[0];
    let without = guide.replace("Add LTI Advantage", "Add");
    assert_eq!(missing(moodle, &without).len(), 1);
    let canvas = lms_of("canvas");
    assert_eq!(
        missing(canvas, "").len(),
        canvas.sentences().count() + 4,
        "its steps and values"
    );
}
