//! Properties that hold for all inputs, paths and rules.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

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

fn any_rules() -> impl Strategy<Value = PlacementRules> {
    (any::<bool>(), any::<u8>(), any::<i8>()).prop_map(|(sr, conflict_threshold, rit_grade_cap)| {
        let precedence = if sr {
            Precedence::SrFirst
        } else {
            Precedence::RitFirst
        };
        PlacementRules {
            precedence,
            conflict_threshold,
            rit_grade_cap,
            ..PlacementRules::default()
        }
    })
}

/// Anything a launch might contain in a placement member, sensible or not.
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

/// The placement members of a launch, any of them missing.
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

/// Whether a text or number could possibly mean kindergarten.
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
    /// From the bytes of a launch to the grade. Every grade is offered, so that none is clamped.
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
                PlacementReason::StudyreelGrade => prop_assert_eq!(Some(placement.grade), grade),
                PlacementReason::MapRit => prop_assert!(rit.is_some() && placement.rit_grade == Some(placement.grade)),
                PlacementReason::AgeGrade => prop_assert_eq!((grade, rit, Some(placement.grade)), (None, None, age)),
                PlacementReason::Unknown => prop_assert_eq!((grade, rit, age, placement.grade), (None, None, None, -1)),
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
        prop_assert_eq!(placement.reason, PlacementReason::Unknown);
        prop_assert!(placement.starts_with_diagnostic);
        prop_assert_eq!(placement.grade, path.grades.lowest());
    }

    #[test]
    fn a_measure_is_never_kindergarten_by_accident(
        inputs in any_inputs(), path in any_path(),
    ) {
        let placement = place(&inputs, &path, &PlacementRules::default());
        let meant = placement.clamped_from.unwrap_or(placement.grade);
        match placement.reason {
            PlacementReason::StudyreelGrade => prop_assert_eq!(Some(meant), inputs.grade.value),
            PlacementReason::MapRit => prop_assert_eq!(Some(meant), placement.rit_grade),
            PlacementReason::AgeGrade => prop_assert_eq!(Some(meant), inputs.age_grade.value),
            PlacementReason::Unknown => prop_assert_eq!(meant, path.grades.lowest()),
        }
    }
}
