#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use crate::{PRINTED_EXAMPLE, Warning};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use test_case::cases;

use super::*;

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
    place(inputs, &path(subject, -1, 13), &Rules::default())
}

fn example(rules: &Rules) -> Vec<Placement> {
    let report = PlacementReport::parse(PRINTED_EXAMPLE.as_bytes()).unwrap();
    standard_paths()
        .iter()
        .map(|path| place(&SubjectInputs::of(&report, &path.subject), path, rules))
        .collect()
}

#[cases("STUDYREEL-30")]
#[test]
fn the_documented_example_is_placed_as_documented() {
    let placements = example(&Rules::default());
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
    assert_eq!(placements[3].reason, Reason::AgeGrade);
    assert_eq!(
        placements[0].rule_version,
        "hallpass-1 nwea-2025.1 sr-first conflict=2 cap=8"
    );
}

#[test]
fn the_documented_example_rit_first() {
    let rules = Rules {
        precedence: Precedence::RitFirst,
        ..Rules::default()
    };
    let grades: Vec<_> = example(&rules)
        .iter()
        .map(|p| (p.grade, p.reason, p.conflict))
        .collect();
    assert_eq!(
        grades,
        [
            (3, Reason::MapRit, true),
            (2, Reason::MapRit, true),
            (2, Reason::MapRit, true),
            (5, Reason::AgeGrade, false),
        ]
    );
}

#[cases("STUDYREEL-14", "STUDYREEL-15")]
#[test]
fn age_alone_decides_the_grade() {
    let placement = placed("math", &known(None, None, Some(5)));
    assert_eq!((placement.grade, placement.reason), (5, Reason::AgeGrade));
    assert!(placement.diagnostic_recommended && !placement.conflict);
}

#[cases("STUDYREEL-16", "STUDYREEL-17")]
#[test]
fn unknown_says_so_and_starts_with_the_diagnostic() {
    for lowest in [-1, 0, 3] {
        let placement = place(
            &SubjectInputs::default(),
            &path("math", lowest, 8),
            &Rules::default(),
        );
        assert_eq!(
            (placement.grade, placement.reason),
            (lowest, Reason::Unknown)
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
        &Rules::default(),
    );
    assert_eq!((clamped.grade, clamped.clamped_from), (2, Some(0)));
}

#[cases("STUDYREEL-21")]
#[test]
fn an_unusable_grade_is_no_grade() {
    let report =
        PlacementReport::parse(br#"{"studyreel_grade_math": {}, "age_grade": 4}"#).unwrap();
    let placement = placed("math", &SubjectInputs::of(&report, "Math"));
    assert_eq!((placement.grade, placement.reason), (4, Reason::AgeGrade));
    assert_eq!(placement.inputs.grade.raw.as_deref(), Some("{}"));
    assert_eq!(placement.inputs.grade.warning, Some(Warning::Unreadable));
}

#[cases("STUDYREEL-31")]
#[test]
fn rit_alone_decides_the_grade() {
    let placement = placed("math", &known(None, Some(190), Some(5)));
    assert_eq!((placement.grade, placement.reason), (3, Reason::MapRit));
    assert!(!placement.conflict && !placement.diagnostic_recommended);
}

#[cases("STUDYREEL-32")]
#[test]
fn grades_are_clamped_to_the_path() {
    let narrow = path("math", 3, 5);
    for (grade, offered, from) in [(9, 5, Some(9)), (-1, 3, Some(-1)), (4, 4, None)] {
        let placement = place(&known(Some(grade), None, None), &narrow, &Rules::default());
        assert_eq!((placement.grade, placement.clamped_from), (offered, from));
        assert_eq!(placement.reason, Reason::StudyreelGrade);
    }
}

#[test]
fn conflict_begins_at_the_threshold() {
    let conflict = |grade, rules: &Rules| {
        place(
            &known(Some(grade), Some(190), None),
            &path("math", -1, 13),
            rules,
        )
        .conflict
    };
    let rules = Rules::default();
    assert_eq!(
        [1, 2, 3, 4, 5].map(|g| conflict(g, &rules)),
        [true, false, false, false, true]
    );
    let strict = Rules {
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
    // A score within the norms stands for its own grade alone, however far beyond them the other is.
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
    let capped = Rules {
        rit_grade_cap: 5,
        ..Rules::default()
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
    assert_eq!((placement.grade, placement.reason), (5, Reason::AgeGrade));
    let with_rit = placed("writing", &known(None, Some(190), None));
    assert_eq!(
        (with_rit.reason, with_rit.rit_grade),
        (Reason::Unknown, None)
    );
}

#[test]
fn the_entry_is_the_grades_or_the_diagnostic() {
    let path: LearningPath = serde_json::from_value(json!({
        "id": "m", "subject": "math", "grades": [3, 4, 5],
        "entryPoints": {"3": "three", "5": "five"}, "diagnosticEntry": "test"
    }))
    .unwrap();
    let entry = |grade, rit| place(&known(grade, rit, None), &path, &Rules::default()).entry;
    assert_eq!(entry(Some(5), None).as_deref(), Some("five"));
    assert_eq!(entry(Some(4), None), None);
    assert_eq!(entry(Some(5), Some(190)).as_deref(), Some("test"));
    assert_eq!(entry(None, None).as_deref(), Some("test"));
    let without = LearningPath {
        diagnostic_entry: None,
        ..path
    };
    let first = place(&SubjectInputs::default(), &without, &Rules::default());
    assert_eq!(first.entry.as_deref(), Some("three"));
}

#[test]
fn explanations_are_one_sentence() {
    let explained = |subject: &str, grade, rit, age| {
        place(
            &known(grade, rit, age),
            &path(subject, 0, 8),
            &Rules::default(),
        )
        .explanation
    };
    assert_eq!(
        explained("math", Some(5), Some(190), None),
        "Starts at grade 5, because StudyReel reports grade 5 for math; the MAP score of 190 RIT \
         points to grade 3, so a diagnostic comes first."
    );
    assert_eq!(
        explained("science", None, Some(180), None),
        "Starts at grade 2, because the MAP score of 180 RIT points to grade 2 or below in science."
    );
    assert_eq!(
        explained("reading", None, None, Some(5)),
        "Starts at grade 5, because age suggests grade 5 and nothing is measured in reading; a \
         diagnostic is recommended."
    );
    assert_eq!(
        explained("math", None, None, None),
        "Starts at kindergarten, because nothing is known about math and this is the path's lowest \
         grade; a diagnostic comes first."
    );
    assert_eq!(
        explained("math", Some(11), None, None),
        "Starts at grade 8, grade 11 not being offered, because StudyReel reports grade 11 for math."
    );
    let rules = Rules {
        precedence: Precedence::RitFirst,
        ..Rules::default()
    };
    assert_eq!(
        place(
            &known(Some(5), Some(190), None),
            &path("math", 0, 8),
            &rules
        )
        .explanation,
        "Starts at grade 3, because the MAP score of 190 RIT points to grade 3 in math; StudyReel \
         reports grade 5, so a diagnostic comes first."
    );
}

#[test]
fn a_placement_goes_round_through_json_in_camel_case() {
    let placement = &example(&Rules::default())[0];
    let written = serde_json::to_value(placement).unwrap();
    assert_eq!(written["reason"], "studyreel_grade");
    assert_eq!(written["diagnosticRecommended"], true);
    assert_eq!(written["path"], "math");
    assert!(written.get("clampedFrom").is_none() && written.get("entryPoint").is_none());
    assert_eq!(
        written["inputs"]["rit"],
        json!({"raw": "190", "value": 190, "warning": null})
    );
    assert_eq!(
        serde_json::from_value::<Placement>(written).unwrap(),
        *placement
    );
}

#[test]
fn rules_are_written_in_settings() {
    let rules: Rules =
        toml::from_str("precedence = 'rit-first'\nconflictThreshold = 3\nritGradeCap = 6").unwrap();
    assert_eq!(
        rules.version(),
        "hallpass-1 nwea-2025.1 rit-first conflict=3 cap=6"
    );
    assert!(toml::from_str::<Rules>("precedense = 'rit-first'").is_err());
}

#[cases("STUDYREEL-34", "STUDYREEL-35", "STUDYREEL-36")]
#[test]
fn later_launches_move_up_and_never_down() {
    let whole = path("math", -1, 13);
    let revise = |current: &Placement, fresh| revise(current, fresh, &whole);
    let current = placed("math", &known(Some(5), None, Some(5)));
    let spelled_otherwise = {
        let mut inputs = known(Some(5), None, Some(5));
        inputs.grade.raw = Some("05".into());
        placed("math", &inputs)
    };
    assert_eq!(revise(&current, spelled_otherwise), Revision::Keep);
    let higher = placed("math", &known(Some(6), None, Some(5)));
    assert_eq!(revise(&current, higher.clone()), Revision::Adopt(higher));
    let lower = placed("math", &known(Some(3), None, Some(5)));
    assert_eq!(revise(&current, lower.clone()), Revision::Suggest(lower));
    let mut other_rule = current.clone();
    other_rule.grade = 1;
    other_rule.rule_version = "hallpass-0".into();
    assert_eq!(revise(&current, other_rule), Revision::Keep);
}

fn any_inputs() -> impl Strategy<Value = SubjectInputs> {
    let grade = || prop::option::of(-1_i8..=13);
    (grade(), prop::option::of(100_u16..=350), grade()).prop_map(|(g, r, a)| known(g, r, a))
}

fn any_path() -> impl Strategy<Value = LearningPath> {
    let subjects = vec!["math", "language", "science", "reading", "writing", "MATH"];
    (
        prop::sample::select(subjects),
        prop::collection::vec(-1_i8..=13, 1..6),
    )
        .prop_map(|(subject, grades)| LearningPath {
            grades: OfferedGrades::list(grades).unwrap(),
            ..path(subject, 0, 1)
        })
}

fn any_rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), any::<u8>(), any::<i8>()).prop_map(|(sr, conflict_threshold, rit_grade_cap)| {
        let precedence = if sr {
            Precedence::SrFirst
        } else {
            Precedence::RitFirst
        };
        Rules {
            precedence,
            conflict_threshold,
            rit_grade_cap,
            ..Rules::default()
        }
    })
}

/// What a launch might hold in a member for placement, sense or none.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1_i64..=350).prop_map(Value::from),
        (-1_i64..=350).prop_map(|number| Value::from(number.to_string())),
        prop::sample::select(vec![
            "null", "", "none", "N/A", "-", "K", "PreK", "Grade-1", "5th", "0"
        ])
        .prop_map(Value::from),
        "[-0-9.ekgradth nul]{0,8}".prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::from),
    ]
}

/// The placement members of a launch, any of them left out.
fn any_members() -> impl Strategy<Value = Map<String, Value>> {
    let names = [
        "studyreel_grade_math",
        "studyreel_grade_reading",
        "map_rit_math",
        "map_rit_reading",
        "age_grade",
    ];
    let members =
        names.map(|name| prop::option::of(any_value()).prop_map(move |value| (name, value)));
    members.prop_map(|members| {
        let sent = members.into_iter();
        sent.filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    })
}

/// Whether a text or number could say kindergarten at all.
fn may_mean_kindergarten(sent: Option<&Value>) -> bool {
    sent.is_some_and(|sent| {
        let text = sent.to_string().to_lowercase();
        let number = text.trim_matches('"').trim().parse::<f64>();
        text.contains('k')
            || number.is_ok_and(|number| (0.0..1.0).contains(&number))
            || text.contains('0')
    })
}

proptest! {
    /// From the bytes of a launch to the grade, with every grade on offer, so that none is clamped.
    #[test]
    fn kindergarten_is_given_only_to_those_it_was_sent_for(
        sent in any_members(), rules in any_rules(),
    ) {
        let report = PlacementReport::parse(Value::Object(sent.clone()).to_string().as_bytes()).unwrap();
        for subject in ["math", "reading", "writing"] {
            let inputs = SubjectInputs::of(&report, subject);
            let placement = place(&inputs, &path(subject, -1, 13), &rules);
            for (member, value) in [(format!("studyreel_grade_{subject}"), inputs.grade.value), ("age_grade".to_owned(), inputs.age_grade.value)] {
                prop_assert!(value != Some(0) || may_mean_kindergarten(sent.get(&member)), "{}", member);
            }
            let (grade, rit, age) = (inputs.grade.value, inputs.rit.value, inputs.age_grade.value);
            match placement.reason {
                Reason::StudyreelGrade => prop_assert_eq!(Some(placement.grade), grade),
                Reason::MapRit => prop_assert!(rit.is_some() && placement.rit_grade == Some(placement.grade)),
                Reason::AgeGrade => prop_assert_eq!((grade, rit, Some(placement.grade)), (None, None, age)),
                Reason::Unknown => prop_assert_eq!((grade, rit, age, placement.grade), (None, None, None, -1)),
            }
        }
    }

    #[test]
    fn a_placement_is_always_one_of_the_paths_grades(
        inputs in any_inputs(), path in any_path(), rules in any_rules(),
    ) {
        let placement = place(&inputs, &path, &rules);
        prop_assert!(path.grades.contains(placement.grade));
        prop_assert_eq!(placement.clamped_from.is_some(),
            placement.clamped_from.is_some_and(|meant| !path.grades.contains(meant)));
    }

    #[test]
    fn the_same_inputs_give_the_same_placement(
        inputs in any_inputs(), path in any_path(), rules in any_rules(),
    ) {
        prop_assert_eq!(place(&inputs, &path, &rules), place(&inputs, &path, &rules));
    }

    #[test]
    fn unknown_is_kindergarten_only_as_the_lowest_entry(
        path in any_path(), rules in any_rules(),
    ) {
        let placement = place(&SubjectInputs::default(), &path, &rules);
        prop_assert_eq!(placement.reason, Reason::Unknown);
        prop_assert!(placement.starts_with_diagnostic);
        prop_assert_eq!(placement.grade, path.grades.lowest());
    }

    #[test]
    fn a_measure_is_never_kindergarten_by_accident(
        inputs in any_inputs(), path in any_path(),
    ) {
        let placement = place(&inputs, &path, &Rules::default());
        let meant = placement.clamped_from.unwrap_or(placement.grade);
        match placement.reason {
            Reason::StudyreelGrade => prop_assert_eq!(Some(meant), inputs.grade.value),
            Reason::MapRit => prop_assert_eq!(Some(meant), placement.rit_grade),
            Reason::AgeGrade => prop_assert_eq!(Some(meant), inputs.age_grade.value),
            Reason::Unknown => prop_assert_eq!(meant, path.grades.lowest()),
        }
    }
}

#[test]
fn a_placement_stored_under_its_older_names_is_read() {
    let placed = placed("math", &known(Some(3), None, None));
    let mut old = serde_json::to_value(&placed).unwrap();
    let members = old.as_object_mut().unwrap();
    for (new, older) in [("path", "pathId"), ("entryPoint", "entry")] {
        if let Some(value) = members.remove(new) {
            members.insert(older.to_owned(), value);
        }
    }
    assert!(old.get("pathId").is_some());
    assert_eq!(serde_json::from_value::<Placement>(old).unwrap(), placed);
}
