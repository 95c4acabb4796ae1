//! B. Type variants of optional data.

use serde_json::{Map, Value, json};
use test_case::both_stores;

use super::{Accepted, StudyReel, valid, valid_with};
use crate::support::Store;

const MEASURES: [&str; 9] = [
    "studyreel_grade_math",
    "studyreel_grade_language",
    "studyreel_grade_science",
    "studyreel_grade_reading",
    "age_grade",
    "map_rit_math",
    "map_rit_language",
    "map_rit_science",
    "map_rit_reading",
];

/// V with the same value for every measure but age, or no such members at all.
fn with_all(sub: &str, value: Option<&Value>, age: Option<&Value>) -> Value {
    let mut launch = valid(sub);
    let members = launch.as_object_mut().unwrap();
    for name in MEASURES {
        members.shift_remove(name);
        let value = if name == "age_grade" { age } else { value };
        if let Some(value) = value {
            members.insert(name.to_owned(), value.clone());
        }
    }
    launch
}

/// What decides, without the words that were sent.
fn decisions(seen: &Value) -> Vec<Value> {
    let placements = seen["student"]["placement"].as_array().unwrap();
    placements.clone()
}

fn grades(seen: &Value) -> Vec<i64> {
    let placements = decisions(seen);
    placements.iter().map(|placement| placement["grade"].as_i64().unwrap()).collect()
}

#[both_stores("STUDYREEL-14", "STUDYREEL-15")]
async fn null_as_text_or_json_leaves_the_age_grade_to_decide(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let age = json!("5");
    let text = studyreel.seen(&with_all("a", Some(&json!("null")), Some(&age))).await;
    assert_eq!(grades(&text), [5, 5, 5, 5], "STUDYREEL-14");
    assert!(decisions(&text).iter().all(|p| p["reason"] == "age_grade"), "STUDYREEL-14");
    let json_null = studyreel.seen(&with_all("b", Some(&Value::Null), Some(&age))).await;
    assert_eq!(decisions(&json_null), decisions(&text), "STUDYREEL-15");
}

#[both_stores("STUDYREEL-16", "STUDYREEL-17")]
async fn with_nothing_known_the_placement_says_so(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let absent = studyreel.seen(&with_all("c", None, None)).await;
    assert!(
        decisions(&absent)
            .iter()
            .all(|p| p["reason"] == "unknown" && p["startsWithDiagnostic"] == true),
        "STUDYREEL-16"
    );
    let null = json!("null");
    let unknown = studyreel.seen(&with_all("d", Some(&null), Some(&null))).await;
    assert_eq!(decisions(&unknown), decisions(&absent), "STUDYREEL-17");
    assert!(unknown["student"].get("ageGrade").is_none(), "STUDYREEL-17");
}

fn measured(grade: impl Into<Value>, rit: impl Into<Value>) -> Value {
    let (grade, rit): (Value, Value) = (grade.into(), rit.into());
    json!({"studyreel_grade_math": grade, "map_rit_math": rit})
}

#[both_stores("STUDYREEL-18", "STUDYREEL-19")]
async fn numbers_and_padded_texts_mean_the_same(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let text = studyreel.seen(&valid_with("a", measured("5", "190"))).await;
    let number = studyreel.seen(&valid_with("b", measured(5, 190))).await;
    assert_eq!(decisions(&number), decisions(&text), "STUDYREEL-18");
    for five in ["05", "5.0", " 5 "] {
        let seen = studyreel.seen(&valid_with("c", measured(five, "190"))).await;
        assert_eq!(decisions(&seen), decisions(&text), "STUDYREEL-19: {five:?}");
    }
}

#[both_stores("STUDYREEL-20")]
async fn kindergarten_is_grade_zero(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (sub, kindergarten) in [("d", json!("K")), ("e", json!("0")), ("f", json!(0))] {
        let seen = studyreel.seen(&valid_with(sub, measured(kindergarten, Value::Null))).await;
        let reason = &decisions(&seen)[0]["reason"];
        assert_eq!((grades(&seen)[0], reason), (0, &json!("studyreel_grade")), "{sub}");
    }
}

#[both_stores("STUDYREEL-21")]
async fn unusable_grades_count_as_unknown(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (n, odd) in [json!("99"), json!("-7"), json!("abc"), json!({}), json!([]), json!(true)]
        .into_iter()
        .enumerate()
    {
        let launch = valid_with(&format!("g{n}"), json!({"studyreel_grade_math": odd}));
        let seen = studyreel.seen(&launch).await;
        assert_eq!(decisions(&seen)[0]["reason"], "age_grade", "{odd}");
    }
}

#[both_stores("STUDYREEL-22")]
async fn unusable_scores_count_as_unknown(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (n, odd) in ["\"0\"", "\"999\"", "\"abc\"", "-5", "1e999"].into_iter().enumerate() {
        let launch = valid(&format!("r{n}")).to_string();
        let launch =
            launch.replace("\"map_rit_math\":\"null\"", &format!("\"map_rit_math\":{odd}"));
        let answer = Accepted::read(&studyreel.post("application/json", launch).await);
        let seen = studyreel.seen_behind(&answer.link).await;
        assert_eq!(decisions(&seen)[0]["reason"], "age_grade", "{odd}");
        assert!(seen["student"]["rit"].get("math").is_none(), "{odd}");
    }
}

#[both_stores("STUDYREEL-23")]
async fn scores_are_rounded(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let seen = studyreel.seen(&valid_with("r", json!({"map_rit_math": "190.4"}))).await;
    assert_eq!(seen["student"]["rit"], json!({"math": 190}));
}

#[both_stores("STUDYREEL-24")]
async fn an_acquisition_source_is_optional_and_free_text(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let mut launch = valid("s");
    launch.as_object_mut().unwrap().shift_remove("user_acquisition_source");
    assert!(studyreel.seen(&launch).await["student"].get("acquisitionSource").is_none());
    for source in [json!("A friend"), json!(7), Value::Null] {
        studyreel.ok(&valid_with("t", json!({"user_acquisition_source": source}))).await;
    }
}

#[both_stores("STUDYREEL-25")]
async fn learning_blocks_are_read_under_each_name(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let block = json!({"amount": 400, "curriculumIds": ["4b9e-d7sc"], "description": "Grade 4"});
    for key in ["learning_blocks", "learningBlocks", "learningBlock"] {
        let seen = studyreel.seen(&valid_with("a", json!({key: [block]}))).await;
        assert_eq!(seen["student"]["learningBlocks"], json!([block]), "{key}");
    }
    assert!(studyreel.seen(&valid("a")).await["student"].get("learningBlocks").is_none());
}

#[both_stores("STUDYREEL-26")]
async fn malformed_learning_blocks_refuse_no_launch_unless_huge(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for odd in [json!("x"), json!({"a": 1}), json!([1, null, {"amount": "many"}]), json!(7)] {
        studyreel.ok(&valid_with("a", json!({"learning_blocks": odd}))).await;
    }
    let many = vec![json!({"amount": 1, "curriculumIds": []}); 10_000];
    let page = studyreel.launch(&valid_with("a", json!({"learning_blocks": many}))).await;
    assert_eq!(page.status, 413);
    let ones = vec![json!(1); 10_000];
    studyreel.ok(&valid_with("a", json!({"learning_blocks": ones}))).await;
}

#[both_stores("STUDYREEL-27", "STUDYREEL-28")]
async fn names_of_all_kinds_are_kept_unchanged(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (case, given, family) in [
        ("STUDYREEL-27", "Zoë", "Ångström"),
        ("STUDYREEL-27", "花子", "山田"),
        ("STUDYREEL-27", "😀", "O'Brien"),
        ("STUDYREEL-27", "نور", "שלום"),
        ("STUDYREEL-28", "<script>alert(1)</script>", "{{7*7}}"),
        ("STUDYREEL-28", "'; DROP TABLE students; --", "${jndi:x}"),
    ] {
        let names = json!({"given_name": given, "family_name": family});
        let seen = studyreel.seen(&valid_with("a", names)).await;
        assert_eq!(seen["user"]["name"], format!("{given} {family}"), "{case}");
    }
}

#[both_stores("STUDYREEL-29")]
async fn an_absent_name_is_never_shown_as_null(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (n, nothing) in [json!(""), json!("null"), Value::Null].into_iter().enumerate() {
        let launch = valid_with(&format!("m{n}"), json!({"family_name": nothing}));
        let seen = studyreel.seen(&launch).await;
        let family = seen["user"].get("familyName");
        assert_eq!((&seen["user"]["name"], family), (&json!("Ada"), None), "{nothing}");
        assert!(!seen.to_string().contains("undefined") && !seen.to_string().contains("\"null\""));
    }
    let nameless = valid_with("x", json!({"given_name": "", "family_name": ""}));
    let members: Map<String, Value> =
        studyreel.seen(&nameless).await["user"].as_object().unwrap().clone();
    assert!(["name", "givenName", "familyName"].iter().all(|name| !members.contains_key(*name)));
}
