//! Properties that hold for any input.

use proptest::prelude::*;

use super::*;
use crate::reported::read_grade;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[-0-9.ekgradth ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(body: Vec<u8>) {
        prop_assert!(receive(&body).is_err());
    }

    #[test]
    fn any_json_as_a_body_never_panics(value in any_json()) {
        let body = value.to_string();
        prop_assert!(receive(body.as_bytes()).is_err());
        // Reading placement alone accepts any object, and nothing else.
        prop_assert_eq!(PlacementReport::parse(body.as_bytes()).is_ok(), value.is_object());
    }

    #[test]
    fn any_values_in_any_members_at_once_never_panic(
        members in prop::collection::vec(
            (prop::sample::select(REQUIRED_MEMBERS.into_iter().chain(OPTIONAL).collect::<Vec<_>>()), any_json()), 0..8),
    ) {
        let mut body: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
        for (member, value) in members {
            body[member] = value;
        }
        let _ = receive(body.to_string().as_bytes());
    }

    #[test]
    fn a_damaged_example_never_panics(at in 0..PRINTED_EXAMPLE.len(), byte: u8) {
        let mut body = PRINTED_EXAMPLE.as_bytes().to_vec();
        body[at] = byte;
        let _ = receive(&body);
    }

    #[test]
    fn any_value_in_a_required_member_never_panics(
        member in prop::sample::select(REQUIRED_MEMBERS.to_vec()), value in any_json(),
    ) {
        if let Err(refusal) = launch(&with(member, value)) {
            prop_assert!((400..500).contains(&refusal.code().status()));
        }
    }

    #[test]
    fn any_value_in_an_optional_member_never_refuses(
        member in prop::sample::select(
            OPTIONAL.into_iter().chain(["learning_blocks", "user_acquisition_source", "other"])
                .collect::<Vec<_>>()),
        value in any_json(),
    ) {
        let body = with(member, value);
        let launch = launch(&body);
        prop_assert!(launch.is_ok(), "{:?}", launch);
        let report = launch.unwrap().placement;
        for subject in Subject::ALL.map(|s| report.subject(s)) {
            prop_assert!(subject.grade.value.is_none_or(|g| (-1..=13).contains(&g)));
            prop_assert!(subject.rit.value.is_none_or(|r| (100..=350).contains(&r)));
        }
    }

    #[test]
    fn only_zero_and_kindergarten_read_as_grade_zero(text in "[-0-9.ekgradthnul ]{0,6}") {
        if read_grade(&text) == Ok(0) {
            prop_assert!(text.contains('0') || text.contains('k'), "{text:?}");
        }
    }

    #[test]
    fn the_same_bytes_always_give_the_same_launch(value in any_json()) {
        let body = with("age_grade", value);
        prop_assert_eq!(launch(&body), launch(&body));
    }
}
