//! Learning paths as written by people.

use serde_json::{Value, json};

use super::*;

fn read(path: Value) -> Result<LearningPath, String> {
    serde_json::from_value(path).map_err(|error| error.to_string())
}

#[test]
fn a_whole_path_goes_round() {
    let path = read(json!({
        "id": "math-1", "subject": "math", "title": "Math", "grades": {"from": "K", "to": 3},
        "entryPoints": {"K": "unit-0", "2": "https://app.example/two"},
        "diagnosticEntry": "test-me", "weeklyGoal": {"minutes": 60, "days": [1, 3]}
    }))
    .unwrap();
    assert_eq!(path.grades.as_slice(), [0, 1, 2, 3]);
    assert_eq!(path.entry_points[&0], "unit-0");
    let written = serde_json::to_value(&path).unwrap();
    assert_eq!(written["grades"], json!([0, 1, 2, 3]));
    assert_eq!(written["entryPoints"]["2"], "https://app.example/two");
    assert_eq!(read(written).unwrap(), path);
}

#[test]
fn a_path_can_be_written_in_toml() {
    let text = "id = 'r'\nsubject = 'reading'\ngrades = ['PreK', 'K', 2]\n\
                [entryPoints]\nK = 'begin'\n2 = 'later'\n[weeklyGoal]\nminutes = 30";
    let path: LearningPath = toml::from_str(text).unwrap();
    assert_eq!(path.grades.as_slice(), [-1, 0, 2]);
    assert_eq!(
        (path.title.as_str(), path.entry_points.len()),
        ("reading", 2)
    );
    assert_eq!(path.weekly_goal, json!({"minutes": 30}));
}

#[test]
fn a_subject_of_the_launch_has_one_spelling() {
    for (written, subject) in [("Math", "math"), (" READING ", "reading"), ("Art", "Art")] {
        let path = read(json!({"id": "p", "subject": written, "grades": [1]})).unwrap();
        assert_eq!(
            (path.subject.as_str(), path.title.as_str()),
            (subject, subject)
        );
    }
}

#[test]
fn broken_paths_are_refused_with_a_reason() {
    let base = json!({"id": "p", "subject": "math", "title": "T", "grades": [3, 4]});
    read(base.clone()).unwrap();
    for (member, value, reason) in [
        ("id", json!(""), "'id'"),
        ("id", json!("a/b"), "'id'"),
        ("subject", json!(" "), "'subject'"),
        ("title", json!("a\nb"), "'title'"),
        ("grades", json!([]), "at least one"),
        ("grades", json!({"from": 5, "to": 3}), "at least one"),
        ("grades", json!([14]), "take grades"),
        ("grades", json!([-2, 3]), "take grades"),
        ("grades", json!(["x"]), "take grades"),
        ("grades", json!("K-8"), "or a range with from and to"),
        ("entryPoints", json!({"5": "e"}), "grade 5, which"),
        ("entryPoints", json!({"3": "e", "03": "f"}), "grade 3 twice"),
        ("entryPoints", json!({"three": "e"}), "no grade"),
        ("entryPoints", json!({"3": ""}), "plain text for grade 3"),
        ("diagnosticEntry", json!("\u{0}"), "'diagnosticEntry'"),
        ("colour", json!("red"), "unknown field `colour`"),
    ] {
        let mut path = base.clone();
        path[member] = value;
        let error = read(path).unwrap_err();
        assert!(error.contains(reason), "{member}: {error}");
    }
}

#[test]
fn the_nearest_grade_is_never_a_harder_one_unless_all_are() {
    let grades = OfferedGrades::list(vec![7, 3, 4, 3]).unwrap();
    let nearest = [(-1, 3), (3, 3), (4, 4), (5, 4), (6, 4), (7, 7), (13, 7)];
    for (grade, offered) in nearest {
        assert_eq!(grades.nearest(grade), offered);
    }
}
