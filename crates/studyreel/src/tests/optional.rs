//! The other optional members: source, learning blocks, names.

use serde_json::json;
use test_case::cases;

use super::*;

#[cases("STUDYREEL-24")]
#[test]
fn acquisition_source_is_optional() {
    assert_eq!(
        ok(&without("user_acquisition_source")).acquisition_source,
        None
    );
    assert_eq!(
        ok(&with("user_acquisition_source", json!([1]))).acquisition_source,
        None
    );
    let other = ok(&with("user_acquisition_source", "Fair")).acquisition_source;
    assert_eq!(other.as_deref(), Some("Fair"));
}

#[cases("STUDYREEL-25")]
#[test]
fn learning_blocks_are_read_under_each_name() {
    let blocks = json!([{
        "amount": 400, "curriculumIds": ["7f1e-d7sc-1", "b"], "description": "Grade 4", "more": 1
    }, {"amount": 99.5, "curriculumIds": []}]);
    for name in ["learning_blocks", "learningBlocks", "learningBlock"] {
        let read = ok(&with(name, blocks.clone())).learning_blocks;
        assert_eq!(read.ignored, 0);
        assert_eq!(read.blocks[0].amount, 400.into());
        assert_eq!(read.blocks[0].curriculum_ids, ["7f1e-d7sc-1", "b"]);
        assert_eq!(read.blocks[0].description, "Grade 4");
        assert_eq!(read.blocks[1].description, "");
    }
    let mut both = with("learningBlock", json!([]));
    both["learning_blocks"] = blocks;
    assert_eq!(ok(&both).learning_blocks.blocks.len(), 2);
    both["learningBlocks"] = both["learning_blocks"].take();
    assert_eq!(
        ok(&both).learning_blocks.blocks.len(),
        2,
        "null is no blocks"
    );
}

#[cases("STUDYREEL-26")]
#[test]
fn malformed_learning_blocks_never_refuse() {
    let block = json!({"amount": 1, "curriculumIds": ["a"], "description": "d"});
    for (value, blocks, ignored) in [
        (json!("text"), 0, 1),
        (json!({"amount": 1}), 0, 1),
        (json!(7), 0, 1),
        (Value::Null, 0, 0),
        (json!([1, "x", null, {}, [], block]), 1, 5),
        (json!([{"amount": "1", "curriculumIds": ["a"]}]), 0, 1),
        (json!([{"amount": 1, "curriculumIds": "a"}]), 0, 1),
        (json!([{"amount": 1, "curriculumIds": [1]}]), 0, 1),
        (
            json!([{"amount": 1, "curriculumIds": ["a"], "description": {}}]),
            0,
            1,
        ),
        (Value::Array(vec![block; 10_000]), 100, 9_900),
    ] {
        let read = ok(&with("learning_blocks", value)).learning_blocks;
        assert_eq!((read.blocks.len(), read.ignored), (blocks, ignored));
    }
    let huge = appended(r#""learning_blocks":[{"amount":1e999,"curriculumIds":[]}]"#);
    assert_eq!(receive(&huge).unwrap().learning_blocks.ignored, 1);
    let twice = appended(r#""learningBlocks":[],"learningBlocks":[]"#);
    assert_eq!(receive(&twice).unwrap().learning_blocks.ignored, 1);
}

#[cases("STUDYREEL-27", "STUDYREEL-28")]
#[test]
fn names_stay_as_they_are() {
    for name in [
        "Zoë",
        "李小龍",
        "O'Brien",
        "👩🏽‍🎓 Ada",
        "محمد",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "Robert'); DROP TABLE",
    ] {
        assert_eq!(
            ok(&with("given_name", name)).given_name.as_deref(),
            Some(name)
        );
    }
    let escaped = PRINTED_EXAMPLE.replace("\"John\"", r#""\ud83d\ude00""#);
    assert_eq!(
        receive(escaped.as_bytes()).unwrap().given_name.as_deref(),
        Some("😀")
    );
    let cleaned = ok(&with("given_name", "Jo\u{0}hn\n"));
    assert_eq!(cleaned.given_name.as_deref(), Some("John"));
    let long = ok(&with("given_name", "é".repeat(5000)));
    assert_eq!(long.given_name.unwrap().chars().count(), 100);
}

#[cases("STUDYREEL-29")]
#[test]
fn an_absent_name_stays_absent() {
    for nothing in [
        json!(""),
        json!("null"),
        json!("  "),
        json!("undefined"),
        Value::Null,
    ] {
        let mononym = ok(&with("family_name", nothing.clone()));
        assert_eq!(names(&mononym), (Some("John"), None), "{nothing}");
        let mut nameless = with("family_name", nothing.clone());
        nameless["given_name"] = nothing;
        assert_eq!(names(&ok(&nameless)), (None, None));
    }
    let null = ok(&with("family_name", "Null"));
    assert_eq!(names(&null), (Some("John"), Some("Null")));
}
