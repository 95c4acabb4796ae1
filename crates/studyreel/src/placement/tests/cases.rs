//! Where students with given measures start: the cases of studyreel.md §12 B and C, and similar
//! ones.

use test_case::cases;

use crate::ValueWarning;

use super::*;

#[cases("STUDYREEL-30")]
#[test]
fn the_documented_example_is_placed_as_documented() {
    let placements = example(&PlacementRules::default());
    let got: Vec<_> = placements
        .iter()
        .map(|p| {
            (
                p.subject.as_str(),
                p.grade,
                p.conflict,
                p.diagnostic_recommended,
            )
        })
        .collect();
    assert_eq!(
        got,
        [
            ("math", 5, true, true),
            ("language", 5, true, true),
            ("science", 6, true, true),
            ("reading", 5, false, true),
        ]
    );
    assert_eq!(placements[0].rit_grade, Some(3));
    assert!(placements[0].starts_with_diagnostic && !placements[3].starts_with_diagnostic);
    assert_eq!(placements[3].reason, PlacementReason::AgeGrade);
    assert_eq!(
        placements[0].rule_version,
        "hallpass-1 nwea-2025.1 sr-first conflict=2 cap=8"
    );
}

#[test]
fn the_documented_example_rit_first() {
    let rules = PlacementRules {
        precedence: Precedence::RitFirst,
        ..PlacementRules::default()
    };
    let grades: Vec<_> = example(&rules)
        .iter()
        .map(|p| (p.grade, p.reason, p.conflict))
        .collect();
    assert_eq!(
        grades,
        [
            (3, PlacementReason::MapRit, true),
            (2, PlacementReason::MapRit, true),
            (2, PlacementReason::MapRit, true),
            (5, PlacementReason::AgeGrade, false),
        ]
    );
}

#[cases("STUDYREEL-14", "STUDYREEL-15")]
#[test]
fn age_alone_decides_the_grade() {
    let placement = placed("math", &known(None, None, Some(5)));
    assert_eq!(
        (placement.grade, placement.reason),
        (5, PlacementReason::AgeGrade)
    );
    assert!(placement.diagnostic_recommended && !placement.conflict);
}

#[cases("STUDYREEL-16", "STUDYREEL-17")]
#[test]
fn unknown_says_so_and_starts_with_the_diagnostic() {
    for lowest in [-1, 0, 3] {
        let placement = place(
            &SubjectInputs::default(),
            &path("math", lowest, 8),
            &PlacementRules::default(),
        );
        assert_eq!(
            (placement.grade, placement.reason),
            (lowest, PlacementReason::Unknown)
        );
        assert!(placement.diagnostic_recommended && placement.starts_with_diagnostic);
        assert_eq!((placement.clamped_from, placement.rit_grade), (None, None));
    }
}

#[cases("STUDYREEL-20")]
#[test]
fn kindergarten_is_used_if_it_is_offered() {
    assert_eq!(placed("reading", &known(Some(0), None, None)).grade, 0);
    let clamped = place(
        &known(Some(0), None, None),
        &path("reading", 2, 5),
        &PlacementRules::default(),
    );
    assert_eq!((clamped.grade, clamped.clamped_from), (2, Some(0)));
}

#[cases("STUDYREEL-21")]
#[test]
fn an_unusable_grade_is_no_grade() {
    let report =
        PlacementReport::parse(br#"{"studyreel_grade_math": {}, "age_grade": 4}"#).unwrap();
    let placement = placed("math", &SubjectInputs::of(&report, "Math"));
    assert_eq!(
        (placement.grade, placement.reason),
        (4, PlacementReason::AgeGrade)
    );
    assert_eq!(placement.inputs.grade.raw.as_deref(), Some("{}"));
    assert_eq!(
        placement.inputs.grade.warning,
        Some(ValueWarning::Unreadable)
    );
}

#[cases("STUDYREEL-31")]
#[test]
fn rit_alone_decides_the_grade() {
    let placement = placed("math", &known(None, Some(190), Some(5)));
    assert_eq!(
        (placement.grade, placement.reason),
        (3, PlacementReason::MapRit)
    );
    assert!(!placement.conflict && !placement.diagnostic_recommended);
}

#[cases("STUDYREEL-32")]
#[test]
fn grades_are_clamped_to_the_path() {
    let narrow = path("math", 3, 5);
    for (grade, offered, from) in [(9, 5, Some(9)), (-1, 3, Some(-1)), (4, 4, None)] {
        let placement = place(
            &known(Some(grade), None, None),
            &narrow,
            &PlacementRules::default(),
        );
        assert_eq!((placement.grade, placement.clamped_from), (offered, from));
        assert_eq!(placement.reason, PlacementReason::StudyreelGrade);
    }
}

#[test]
fn conflict_begins_at_the_threshold() {
    let conflict = |grade, rules: &PlacementRules| {
        place(
            &known(Some(grade), Some(190), None),
            &path("math", -1, 13),
            rules,
        )
        .conflict
    };
    let rules = PlacementRules::default();
    assert_eq!(
        [1, 2, 3, 4, 5].map(|g| conflict(g, &rules)),
        [true, false, false, false, true]
    );
    let strict = PlacementRules {
        conflict_threshold: 1,
        ..rules
    };
    assert_eq!([2, 3, 4].map(|g| conflict(g, &strict)), [true, false, true]);
}

#[test]
fn beyond_the_ends_of_the_norms_there_is_no_conflict() {
    assert!(!placed("math", &known(Some(12), Some(240), None)).conflict);
    assert!(!placed("language", &known(Some(0), Some(160), None)).conflict);
    assert!(placed("language", &known(Some(4), Some(160), None)).conflict);
    assert!(placed("math", &known(Some(6), Some(240), None)).conflict);
    // A score inside the norms stands only for its own grade, however far outside them the other
    // is.
    assert_eq!(
        placed("math", &known(Some(12), Some(220), None)).rit_grade,
        Some(7)
    );
    for (subject, grade, rit) in [
        ("math", 12, 220),
        ("math", 9, 220),
        ("language", 0, 190),
        ("math", -1, 165),
    ] {
        assert!(
            placed(subject, &known(Some(grade), Some(rit), None)).conflict,
            "{subject} {grade} {rit}"
        );
    }
    let capped = PlacementRules {
        rit_grade_cap: 5,
        ..PlacementRules::default()
    };
    let conflict = |grade, rit| {
        place(
            &known(Some(grade), Some(rit), None),
            &path("math", -1, 13),
            &capped,
        )
        .conflict
    };
    assert_eq!(
        [conflict(8, 240), conflict(8, 200), conflict(3, 240)],
        [false, true, true]
    );
}

#[test]
fn a_subject_without_norms_goes_by_age() {
    let report = PlacementReport::parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    let placement = placed("writing", &SubjectInputs::of(&report, "writing"));
    assert_eq!(
        (placement.grade, placement.reason),
        (5, PlacementReason::AgeGrade)
    );
    let with_rit = placed("writing", &known(None, Some(190), None));
    assert_eq!(
        (with_rit.reason, with_rit.rit_grade),
        (PlacementReason::Unknown, None)
    );
}

#[test]
fn the_entry_is_the_grades_or_the_diagnostic() {
    let path: LearningPath = serde_json::from_value(json!({
        "id": "m", "subject": "math", "grades": [3, 4, 5],
        "entryPoints": {"3": "three", "5": "five"}, "diagnosticEntry": "test"
    }))
    .unwrap();
    let entry =
        |grade, rit| place(&known(grade, rit, None), &path, &PlacementRules::default()).entry;
    assert_eq!(entry(Some(5), None).as_deref(), Some("five"));
    assert_eq!(entry(Some(4), None), None);
    assert_eq!(entry(Some(5), Some(190)).as_deref(), Some("test"));
    assert_eq!(entry(None, None).as_deref(), Some("test"));
    let without = LearningPath {
        diagnostic_entry: None,
        ..path
    };
    let first = place(
        &SubjectInputs::default(),
        &without,
        &PlacementRules::default(),
    );
    assert_eq!(first.entry.as_deref(), Some("three"));
}
