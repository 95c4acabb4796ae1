//! C. Placement, and the printed example.

use serde_json::{Value, json};
use studyreel::PRINTED_EXAMPLE;
use test_case::both_stores;

use super::{Accepted, StudyReel, refusal, time, valid_with};
use crate::support::Store;

/// The printed example with times, nonce and jti of now.
fn printed_example(sub: &str) -> Value {
    let mut launch: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
    let fresh = valid_with(sub, json!({}));
    for name in ["iat", "exp", "nonce", "jti", "sub"] {
        launch[name] = fresh[name].clone();
    }
    launch
}

/// The examples of docs/studyreel.md: what the application reads, a learning path, and a page of
/// students.
fn documentation() -> (String, Value, Value) {
    let text = include_str!("../../../../../docs/studyreel.md");
    let mut blocks = text.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let seen = blocks.next().unwrap().to_owned();
    let mut next = || serde_json::from_str(blocks.next().unwrap()).unwrap();
    (seen, next(), next())
}

/// Subject, grade, reason and conflict of each placement.
fn placements(seen: &Value) -> Vec<(String, i64, String, bool)> {
    let placements = seen["student"]["placement"].as_array().unwrap().iter();
    let read = |p: &Value| {
        (
            p["subject"].as_str().unwrap().to_owned(),
            p["grade"].as_i64().unwrap(),
            p["reason"].as_str().unwrap().to_owned(),
            p["conflict"].as_bool().unwrap(),
        )
    };
    placements.map(read).collect()
}

fn math(seen: &Value) -> (i64, Option<i64>) {
    let placement = &seen["student"]["placement"][0];
    assert_eq!(placement["subject"], "math");
    (placement["grade"].as_i64().unwrap(), placement["suggestedGrade"].as_i64())
}

#[both_stores("STUDYREEL-30")]
async fn the_printed_example_is_placed_as_documented(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let seen = studyreel.seen(&printed_example("student@studyreel.com")).await;
    let expected = [
        ("math", 5, "studyreel_grade", true),
        ("language", 5, "studyreel_grade", true),
        ("science", 6, "studyreel_grade", true),
        ("reading", 5, "age_grade", false),
    ]
    .map(|(subject, grade, reason, conflict)| {
        (subject.to_owned(), grade, reason.to_owned(), conflict)
    });
    assert_eq!(placements(&seen), expected);
    let student = &seen["student"];
    assert_eq!(student["grades"], json!({"math": 5, "language": 5, "science": 6}));
    assert_eq!(student["rit"], json!({"math": 190, "language": 170, "science": 180}));
    assert_eq!(
        (&student["ageGrade"], &student["placement"][0]["ritGrade"]),
        (&json!(5), &json!(3))
    );
    assert!(student["placement"][0]["explanation"].as_str().unwrap().contains("190"));
    assert_eq!(studyreel.rows("enrolments").await, 4);
}

#[both_stores("STUDYREEL-31")]
async fn rit_alone_decides_the_grade(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let seen = studyreel.seen(&valid_with("a", json!({"map_rit_math": "190"}))).await;
    assert_eq!(placements(&seen)[0], ("math".to_owned(), 3, "map_rit".to_owned(), false));
}

#[both_stores("STUDYREEL-33")]
async fn the_same_inputs_place_two_students_alike(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let measured = json!({"map_rit_math": "190"});
    let first = studyreel.seen(&valid_with("a", measured.clone())).await;
    let second = studyreel.seen(&valid_with("b", measured)).await;
    assert_eq!(second["student"]["placement"], first["student"]["placement"]);
}

#[both_stores("STUDYREEL-32")]
async fn grades_outside_the_path_are_clamped(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (sub, sent, placed) in [("a", "13", 12), ("b", "PK", 0)] {
        let seen = studyreel.seen(&valid_with(sub, json!({"studyreel_grade_math": sent}))).await;
        assert_eq!(math(&seen).0, placed);
        assert!(seen["student"]["placement"][0]["clampedFrom"].is_i64());
    }
}

#[both_stores("STUDYREEL-34", "STUDYREEL-35", "STUDYREEL-36")]
async fn later_launches_move_up_and_never_down(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = |grade: &str, rit: &str| {
        valid_with("a", json!({"studyreel_grade_math": grade, "map_rit_math": rit}))
    };
    let first = studyreel.seen(&launch("5", "212")).await;
    let again = studyreel.seen(&launch("5.0", "212")).await;
    assert_eq!(again["student"]["placement"], first["student"]["placement"], "STUDYREEL-34");
    assert_eq!((studyreel.rows("enrolments").await, studyreel.rows("placements").await), (4, 4));
    assert_eq!(math(&studyreel.seen(&launch("7", "212")).await), (7, None), "STUDYREEL-35");
    assert_eq!(studyreel.rows("placements").await, 5);
    assert_eq!(math(&studyreel.seen(&launch("null", "null")).await), (7, None), "STUDYREEL-36");
    assert_eq!(studyreel.rows("placements").await, 5);
    // No one is moved down by a launch; the suggestion is noted once.
    for _ in 0..2 {
        assert_eq!(math(&studyreel.seen(&launch("4", "212")).await), (7, Some(4)));
        assert_eq!(studyreel.rows("placements").await, 6);
    }
    assert_eq!(math(&studyreel.seen(&launch("8", "212")).await), (8, None));
    assert_eq!((studyreel.rows("enrolments").await, studyreel.rows("placements").await), (4, 7));
}

#[both_stores("STUDYREEL-52")]
async fn the_printed_example_is_stale_byte_for_byte(store: Store) {
    let strict = StudyReel::start(store).await;
    let page = strict.post("application/json", PRINTED_EXAMPLE).await;
    assert_eq!((page.status, refusal(&page).as_str()), (401, "expired"));
    strict.nothing_is_stored().await;
    let sandbox = StudyReel::start_with(store, json!({"sandbox": true})).await;
    assert!(Accepted::read(&sandbox.post("application/json", PRINTED_EXAMPLE).await).is_new);
    // Even there nothing comes twice.
    assert_eq!(sandbox.post("application/json", PRINTED_EXAMPLE).await.status, 409);
    let ahead = valid_with("a", json!({"iat": time(7200), "exp": time(10_800)}));
    assert_eq!(sandbox.refused(&ahead).await, "not_yet_valid");
}

#[both_stores]
async fn the_documented_answer_is_the_real_one(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let (example, path, students) = documentation();
    let page = studyreel.gateway.admin("POST", "/admin/learning-paths", Some(path)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let seen = studyreel.seen(&printed_example("student@studyreel.com")).await;
    let id = seen["student"]["id"].as_str().unwrap();
    let expected = example
        .replace("VbihRqOVEu1YFIWzENpc", id)
        .replace("https://lti.example.com", &studyreel.gateway.url);
    assert_eq!(seen, serde_json::from_str::<Value>(&expected).unwrap());
    let change = json!({"externalId": "pupil-7", "positions": {"math": "unit-12"}});
    studyreel.gateway.admin("PATCH", &format!("/api/students/{id}"), Some(change)).await;
    studyreel.ok(&printed_example("another@studyreel.com")).await;
    let page = studyreel.gateway.admin("GET", "/api/students?limit=1", None).await.json().unwrap();
    let members = |page: &Value| {
        let student = page["students"][0].as_object().unwrap();
        let names: Vec<String> =
            page.as_object().unwrap().keys().chain(student.keys()).cloned().collect();
        let same =
            ["externalId", "issuer", "subject", "name", "status", "ageGrade", "grades", "rit"];
        (names, same.map(|name| student[name].clone()), student["placement"][0]["position"].clone())
    };
    assert_eq!(members(&page), members(&students));
}

#[both_stores]
async fn the_tool_sets_the_placement_rule(store: Store) {
    let studyreel =
        StudyReel::start_with(store, json!({"placement": {"precedence": "rit-first"}})).await;
    let seen = studyreel.seen(&printed_example("a")).await;
    let grades: Vec<i64> = placements(&seen).into_iter().map(|placement| placement.1).collect();
    assert_eq!(grades, [3, 2, 2, 5]);
}
