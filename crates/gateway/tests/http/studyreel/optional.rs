//! B. Type variants of optional data.

use serde_json::{Map, Value, json};

use super::{Accepted, StudyReel, valid, valid_with};
use crate::support::on_both_stores;

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
    placements
        .iter()
        .map(|placement| placement["grade"].as_i64().unwrap())
        .collect()
}

on_both_stores! {
    async fn case_14_to_17_nothing_known_by_any_spelling(store) {
        let studyreel = StudyReel::start(store).await;
        let null = json!("null");
        let text = studyreel.seen(&with_all("a", Some(&null), Some(&json!("5")))).await;
        assert_eq!(grades(&text), [5, 5, 5, 5], "case 14");
        assert!(decisions(&text).iter().all(|p| p["reason"] == "age_grade"));
        let json_null = studyreel.seen(&with_all("b", Some(&Value::Null), Some(&json!("5")))).await;
        assert_eq!(decisions(&json_null), decisions(&text), "case 15");
        let absent = studyreel.seen(&with_all("c", None, None)).await;
        assert!(decisions(&absent).iter().all(|p| p["reason"] == "unknown" && p["startsWithDiagnostic"] == true), "case 16");
        let unknown = studyreel.seen(&with_all("d", Some(&null), Some(&null))).await;
        assert_eq!(decisions(&unknown), decisions(&absent), "case 17");
        assert!(unknown["student"].get("ageGrade").is_none());
    }

    async fn case_18_to_20_numbers_zeros_blanks_and_kindergarten(store) {
        let studyreel = StudyReel::start(store).await;
        let measured = |grade: Value, rit: Value| json!({"studyreel_grade_math": grade, "map_rit_math": rit});
        let text = studyreel.seen(&valid_with("a", measured(json!("5"), json!("190")))).await;
        let number = studyreel.seen(&valid_with("b", measured(json!(5), json!(190)))).await;
        assert_eq!(decisions(&number), decisions(&text), "case 18");
        for five in ["05", "5.0", " 5 "] {
            let seen = studyreel.seen(&valid_with("c", measured(json!(five), json!("190")))).await;
            assert_eq!(decisions(&seen), decisions(&text), "case 19: {five:?}");
        }
        for (sub, kindergarten) in [("d", json!("K")), ("e", json!("0")), ("f", json!(0))] {
            let seen = studyreel.seen(&valid_with(sub, measured(kindergarten, Value::Null))).await;
            assert_eq!((grades(&seen)[0], &decisions(&seen)[0]["reason"]), (0, &json!("studyreel_grade")), "case 20");
        }
    }

    async fn case_21_to_24_unusable_values_are_unknown(store) {
        let studyreel = StudyReel::start(store).await;
        for (n, odd) in [json!("99"), json!("-7"), json!("abc"), json!({}), json!([]), json!(true)].into_iter().enumerate() {
            let launch = valid_with(&format!("g{n}"), json!({"studyreel_grade_math": odd}));
            let seen = studyreel.seen(&launch).await;
            assert_eq!(decisions(&seen)[0]["reason"], "age_grade", "case 21: {odd}");
        }
        for (n, odd) in ["\"0\"", "\"999\"", "\"abc\"", "-5", "1e999"].into_iter().enumerate() {
            let launch = valid(&format!("r{n}")).to_string();
            let launch = launch.replace("\"map_rit_math\":\"null\"", &format!("\"map_rit_math\":{odd}"));
            let answer = Accepted::read(&studyreel.post("application/json", launch).await);
            let seen = studyreel.seen_behind(&answer.link).await;
            assert_eq!(decisions(&seen)[0]["reason"], "age_grade", "case 22: {odd}");
            assert!(seen["student"]["rit"].get("math").is_none());
        }
        let seen = studyreel.seen(&valid_with("r", json!({"map_rit_math": "190.4"}))).await;
        assert_eq!(seen["student"]["rit"], json!({"math": 190}), "case 23");
        let mut launch = valid("s");
        launch.as_object_mut().unwrap().shift_remove("user_acquisition_source");
        assert!(studyreel.seen(&launch).await["student"].get("acquisitionSource").is_none(), "case 24");
        for source in [json!("A friend"), json!(7), Value::Null] {
            studyreel.ok(&valid_with("t", json!({"user_acquisition_source": source}))).await;
        }
    }

    async fn case_25_and_26_learning_blocks(store) {
        let studyreel = StudyReel::start(store).await;
        let block = json!({"amount": 400, "curriculumIds": ["4b9e-d7sc"], "description": "Grade 4"});
        for key in ["learning_blocks", "learningBlocks", "learningBlock"] {
            let seen = studyreel.seen(&valid_with("a", json!({key: [block]}))).await;
            assert_eq!(seen["student"]["learningBlocks"], json!([block]), "case 25: {key}");
        }
        assert!(studyreel.seen(&valid("a")).await["student"].get("learningBlocks").is_none());
        for odd in [json!("x"), json!({"a": 1}), json!([1, null, {"amount": "many"}]), json!(7)] {
            studyreel.ok(&valid_with("a", json!({"learning_blocks": odd}))).await;
        }
        let many = vec![json!({"amount": 1, "curriculumIds": []}); 10_000];
        let page = studyreel.launch(&valid_with("a", json!({"learning_blocks": many}))).await;
        assert_eq!(page.status, 413, "case 26");
        let ones = vec![json!(1); 10_000];
        studyreel.ok(&valid_with("a", json!({"learning_blocks": ones}))).await;
    }

    async fn case_27_to_29_names_of_all_kinds(store) {
        let studyreel = StudyReel::start(store).await;
        for (given, family) in [
            ("Zoë", "Ångström"), ("花子", "山田"), ("😀", "O'Brien"), ("نور", "שלום"),
            ("<script>alert(1)</script>", "{{7*7}}"), ("'; DROP TABLE students; --", "${jndi:x}"),
        ] {
            let seen = studyreel.seen(&valid_with("a", json!({"given_name": given, "family_name": family}))).await;
            assert_eq!(seen["user"]["name"], format!("{given} {family}"), "cases 27 and 28");
        }
        for (n, nothing) in [json!(""), json!("null"), Value::Null].into_iter().enumerate() {
            let seen = studyreel.seen(&valid_with(&format!("m{n}"), json!({"family_name": nothing}))).await;
            assert_eq!((&seen["user"]["name"], seen["user"].get("familyName")), (&json!("Ada"), None), "case 29");
            assert!(!seen.to_string().contains("undefined") && !seen.to_string().contains("\"null\""));
        }
        let nameless = valid_with("x", json!({"given_name": "", "family_name": ""}));
        let members: Map<String, Value> = studyreel.seen(&nameless).await["user"].as_object().unwrap().clone();
        assert!(["name", "givenName", "familyName"].iter().all(|name| !members.contains_key(*name)));
    }
}
