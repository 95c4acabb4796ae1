//! Grades and RIT scores: every spelling, and what counts as unknown.

use serde_json::json;
use test_case::cases;

use super::*;
use crate::reported::read_grade;

#[cases("STUDYREEL-14", "STUDYREEL-15", "STUDYREEL-16", "STUDYREEL-17")]
#[test]
fn no_value_in_every_spelling_is_unknown_without_warning() {
    let spellings = [
        "null",
        "NULL",
        "none",
        "None",
        "nil",
        "n/a",
        "NA",
        "undefined",
        "NaN",
        "-",
        "",
        "  ",
        " null ",
    ];
    for spelling in spellings.map(Value::from).into_iter().chain([Value::Null]) {
        let report = all_optional(&spelling);
        for reported in Subject::ALL.map(|s| report.subject(s)) {
            assert_eq!(
                (reported.grade.value, reported.grade.warning),
                (None, None),
                "{spelling}"
            );
            assert_eq!(
                (reported.rit.value, reported.rit.warning),
                (None, None),
                "{spelling}"
            );
        }
        assert_eq!(
            (report.age_grade.value, report.age_grade.warning),
            (None, None)
        );
    }
    assert_eq!(all_optional(&Value::Null), all_optional(&json!("null")));

    let mut absent = printed();
    absent
        .as_object_mut()
        .unwrap()
        .retain(|key, _| REQUIRED_MEMBERS.contains(&key.as_str()));
    assert_eq!(ok(&absent).placement, PlacementReport::default());
}

#[cases("STUDYREEL-18")]
#[test]
fn numbers_mean_the_same_as_strings() {
    let mut numbers = printed();
    for member in OPTIONAL {
        if let Ok(number) = numbers[member].as_str().unwrap().parse::<i64>() {
            numbers[member] = number.into();
        }
    }
    assert_eq!(ok(&numbers).placement, ok(&printed()).placement);
}

#[cases("STUDYREEL-19")]
#[test]
fn grades_are_read_in_every_spelling() {
    for spelling in [
        "5",
        "05",
        "005",
        "5.0",
        "5.4",
        "5.999",
        " 5 ",
        "5th",
        "5TH",
        "Grade 5",
        "grade 05",
        "GRADE 5th",
        "5th grade",
        "grade5",
        "5e0",
    ] {
        let grade = ok(&with("studyreel_grade_math", spelling))
            .placement
            .math
            .grade;
        assert_eq!((grade.value, grade.warning), (Some(5), None), "{spelling}");
        assert_eq!(grade.raw.as_deref(), Some(spelling.trim()));
    }
    let others = [
        ("1st", 1),
        ("2nd", 2),
        ("3rd", 3),
        ("11th", 11),
        ("-1", -1),
        ("13", 13),
        ("13.5", 13),
    ];
    for (spelling, grade) in others {
        assert_eq!(read_grade(spelling), Ok(grade), "{spelling}");
    }
    for number in [json!(5), json!(5.0), json!(5.4)] {
        assert_eq!(
            ok(&with("age_grade", number)).placement.age_grade.value,
            Some(5)
        );
    }
}

#[cases("STUDYREEL-20")]
#[test]
fn kindergarten_is_zero_and_before_it_minus_one() {
    for spelling in ["K", "k", "KG", "Kindergarten", "0", "00", "Grade K", " k "] {
        assert_eq!(read_grade(spelling), Ok(0), "{spelling}");
    }
    for spelling in ["PK", "PreK", "prek", "Pre-K", "-1"] {
        assert_eq!(read_grade(spelling), Ok(-1), "{spelling}");
    }
}

#[cases("STUDYREEL-21")]
#[test]
fn unusable_grades_are_unknown_with_a_warning() {
    let unreadable = [
        json!("abc"),
        json!({}),
        json!([]),
        json!(true),
        json!("5 or 6"),
        json!("th"),
        json!("grade"),
        json!("inf"),
        json!("+5"),
        json!("0x5"),
        json!("1-2"),
        json!("٥"),
        json!("-1st"),
        json!("1.5.2"),
        json!("Grade-1"),
        json!("grade-0"),
    ];
    for value in unreadable {
        let grade = ok(&with("age_grade", value.clone())).placement.age_grade;
        assert_eq!(
            (grade.value, grade.warning),
            (None, Some(ValueWarning::Unreadable)),
            "{value}"
        );
    }
    for value in [
        json!("99"),
        json!("-7"),
        json!(14),
        json!(-2),
        json!("1e999"),
        json!("-1.5"),
    ] {
        let grade = ok(&with("age_grade", value.clone())).placement.age_grade;
        assert_eq!(
            (grade.value, grade.warning),
            (None, Some(ValueWarning::OutOfRange)),
            "{value}"
        );
    }
}

#[cases("STUDYREEL-22")]
#[test]
fn unusable_rits_are_unknown_with_a_warning() {
    for value in [
        json!("0"),
        json!("999"),
        json!(-5),
        json!("-5"),
        json!(99.4),
        json!("350.5"),
    ] {
        let rit = ok(&with("map_rit_math", value.clone())).placement.math.rit;
        assert_eq!(
            (rit.value, rit.warning),
            (None, Some(ValueWarning::OutOfRange)),
            "{value}"
        );
    }
    for value in [
        json!("abc"),
        json!({}),
        json!([190]),
        json!(false),
        json!("190 RIT"),
    ] {
        let rit = ok(&with("map_rit_math", value.clone())).placement.math.rit;
        assert_eq!(
            (rit.value, rit.warning),
            (None, Some(ValueWarning::Unreadable)),
            "{value}"
        );
    }
    for number in ["1e999", "-1e999", "1E+400"] {
        let text = PRINTED_EXAMPLE.replace(r#""190""#, number);
        let rit = receive(text.as_bytes()).unwrap().placement.math.rit;
        assert_eq!(
            (rit.value, rit.warning),
            (None, Some(ValueWarning::OutOfRange)),
            "{number}"
        );
    }
}

#[cases("STUDYREEL-23")]
#[test]
fn rit_is_rounded_half_up() {
    let cases = [
        ("190.4", 190),
        ("190.5", 191),
        ("100", 100),
        ("99.5", 100),
        ("350.4", 350),
    ];
    for (sent, rit) in cases {
        assert_eq!(
            ok(&with("map_rit_math", sent)).placement.math.rit.value,
            Some(rit),
            "{sent}"
        );
    }
}

#[test]
fn an_optional_member_given_twice_is_unknown() {
    let grade = receive(&appended(r#""age_grade": "9""#))
        .unwrap()
        .placement
        .age_grade;
    assert_eq!(
        (grade.value, grade.warning),
        (None, Some(ValueWarning::Repeated))
    );
    let broken = PRINTED_EXAMPLE.replace(r#""190""#, r#""\ud800""#);
    let rit = receive(broken.as_bytes()).unwrap().placement.math.rit;
    assert_eq!(
        (rit.value, rit.warning),
        (None, Some(ValueWarning::Unreadable))
    );
}

#[test]
fn raw_values_are_kept_short_and_without_control_characters() {
    let grade = ok(&with("age_grade", format!("a\u{0}b{}", "c".repeat(500))))
        .placement
        .age_grade;
    let raw = grade.raw.unwrap();
    assert!(raw.starts_with("abc") && raw.len() == 64, "{raw}");
}

#[cases("STUDYREEL-36")]
#[test]
fn unknown_never_overwrites_known() {
    let known = ok(&printed()).placement;
    assert_eq!(
        known.clone().updated_by(all_optional(&json!("null"))),
        known
    );
    let newer = ok(&with("studyreel_grade_math", "7")).placement;
    assert_eq!(known.updated_by(newer.clone()), newer);
}
