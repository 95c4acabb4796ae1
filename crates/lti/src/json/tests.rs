#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use serde_json::Value;
use test_case::cases;

use serde::Deserialize;

use super::*;

#[test]
fn ordinary_objects_pass() {
    for text in [
        "{}",
        " { } ",
        r#"{"a":1}"#,
        r#"{"a":[],"b":{},"c":[1,[2,{"a":null}]],"d":"x\n\u00e9\ud83d\ude00"}"#,
        r#"{"a":{"a":1},"b":{"a":2}}"#,
        r#"{"n":-0.5e-3,"m":0,"t":true,"f":false}"#,
        "{\"ü\":\"\u{1F600}\"}\n",
    ] {
        assert_eq!(check(text.as_bytes()).unwrap(), text, "{text}");
    }
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    for (text, mended) in [
        (r#"{"a":"Ada \ud83d"}"#, r#"{"a":"Ada \ufffd"}"#),
        (r#"{"a":"x \udc00","b":1}"#, r#"{"a":"x \ufffd","b":1}"#),
        (r#"{"a":"\uD83D\u0041"}"#, r#"{"a":"\ufffd\u0041"}"#),
        (
            r#"{"a":"\ud83d\ud83d\ude00"}"#,
            r#"{"a":"\ufffd\ud83d\ude00"}"#,
        ),
        (r#"{"a":"\ud83d\n"}"#, r#"{"a":"\ufffd\n"}"#),
        (r#"{"\ud83d":["\ude00"]}"#, r#"{"\ufffd":["\ufffd"]}"#),
    ] {
        assert_eq!(check(text.as_bytes()).unwrap(), mended, "{text}");
        assert!(object::<Value>(text.as_bytes()).is_ok(), "{text}");
    }
    // Two names that become equal through the repair are duplicates.
    let twice = check(br#"{"\ud83d":1,"\ufffd":2}"#);
    assert_eq!(twice, Err(JsonError::DuplicateMember));
    let (text, places) = members(br#"{"\ud83d":1e999,"a":2}"#).unwrap();
    let names: Vec<&str> = places.into_iter().map(|place| &text[place]).collect();
    assert_eq!(names, [r"\ufffd", "a"]);
}

#[test]
fn a_byte_order_mark_in_front_is_passed_over() {
    let marked = "\u{feff}{\"a\":1}";
    assert_eq!(check(marked.as_bytes()).unwrap(), "{\"a\":1}");
    let (text, places) = members(marked.as_bytes()).unwrap();
    assert_eq!(&text[places[0].clone()], "a");
    let twice = "\u{feff}\u{feff}{}";
    assert_eq!(check(twice.as_bytes()), Err(JsonError::NotAnObject));
}

#[test]
fn any_value_is_mended_whatever_its_names_and_depth() {
    let deep = format!("{}\"\\udc00\"{}", "[".repeat(60), "]".repeat(60));
    for (text, mended) in [
        (
            r#"[{"label":"Quiz \ud83d"},1e999]"#,
            r#"[{"label":"Quiz \ufffd"},"1e999"]"#,
        ),
        (r#""\ud83d""#, r#""\ufffd""#),
        ("-1e400", r#""-1e400""#),
        (r#"{"a":1,"a":"\ude00"}"#, r#"{"a":"\ufffd"}"#),
        ("\u{feff}[1]", "[1]"),
        (&deep, &deep.replace("udc00", "ufffd")),
    ] {
        let mended: Value = serde_json::from_str(mended).unwrap();
        assert_eq!(mended_value(text.as_bytes()).unwrap(), mended, "{text}");
    }
    // Errors after an oddity are reported at the right position.
    let error = mended_value(br#"{"a":"\ud83d","b":}"#).unwrap_err();
    assert_eq!((error.line(), error.column()), (1, 19));
    for text in ["", "[1e999", r#"["\ud83d"] x"#, r#"["\ud8"]"#] {
        assert!(mended_value(text.as_bytes()).is_err(), "{text}");
    }
    assert!(mended_value(b"[\"\\ud83d\xff\"]").is_err());
}

#[cases("TC-113")]
#[test]
fn duplicate_member_is_refused() {
    for text in [
        r#"{"aud":"a","aud":"b"}"#,
        r#"{"aud":"a","x":1,"\u0061ud":"b"}"#,
        r#"{"x":{"y":[{"k":1,"k":1}]}}"#,
        r#"{"":1,"":2}"#,
    ] {
        assert_eq!(
            check(text.as_bytes()),
            Err(JsonError::DuplicateMember),
            "{text}"
        );
    }
}

#[test]
fn a_duplicate_member_of_any_value_is_named() {
    let deep = format!("{}{{\"a\":1,\"\\u0061\":2}}{}", "[".repeat(40), "]".repeat(40));
    for (json, name) in [
        (deep.as_str(), Some("a")),
        (r#"{"\ud83d": 1, "\ufffd": 2}"#, Some("\u{fffd}")),
        (r#"{"a": {"a": {"b": 1}}, "b": [{"b": 1}, {"b": 2}]}"#, None),
        ("{", None),
    ] {
        assert_eq!(duplicate_member(json.as_bytes()).as_deref(), name, "{json}");
    }
}

#[test]
fn members_are_told_by_where_their_names_stand() {
    let text = r#" {"long name":{"inner":1},"":[{"x":2}],"\u0061ud":"b","ü":1,"a":2} "#;
    let (read, places) = members(text.as_bytes()).unwrap();
    let names: Vec<&str> = places.into_iter().map(|place| &read[place]).collect();
    assert_eq!(names, ["long name", "", r"\u0061ud", "ü", "a"]);
    assert_eq!(members(b"{}"), Ok(("{}".into(), Vec::new())));
    assert_eq!(
        members(br#"{"a":1,"a":2}"#),
        Err(JsonError::DuplicateMember)
    );
}

#[cases("TC-115")]
#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(check(deep.as_bytes()), Err(JsonError::TooDeep));
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    assert_eq!(check(deep.as_bytes()), Err(JsonError::TooDeep));
    let just = format!("{{\"a\":{}{}}}", "[".repeat(31), "]".repeat(31));
    assert!(check(just.as_bytes()).is_ok());
}

#[test]
fn other_than_one_object_is_refused() {
    for text in ["", " ", "[]", "1", "\"a\"", "null", "x\u{feff}{}"] {
        assert_eq!(
            check(text.as_bytes()),
            Err(JsonError::NotAnObject),
            "{text}"
        );
    }
    for text in [
        "{",
        "{}{}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":tru}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud80\"}",
        "{\"a\":\"\\u00\"}",
        "{\"a\":\"",
        "{\"a\":NaN}",
        "{\"a\":1]",
    ] {
        assert!(
            matches!(check(text.as_bytes()), Err(JsonError::Syntax(_))),
            "{text}"
        );
    }
    assert_eq!(check(b"{\"a\":\"\xff\"}"), Err(JsonError::NotUtf8));
}

#[cases("TC-098")]
#[test]
fn a_number_out_of_range_becomes_text_and_no_number() {
    for (text, mended) in [
        ("{\"exp\":1e400}", "{\"exp\":\"1e400\"}"),
        ("{\"a\":[-1E+999,2]}", "{\"a\":[\"-1E+999\",2]}"),
    ] {
        assert_eq!(check(text.as_bytes()).unwrap(), mended);
    }
    let long = format!("{{\"exp\":{}}}", "9".repeat(400));
    let read: Value = object(long.as_bytes()).unwrap();
    assert_eq!(read["exp"].as_str().unwrap().len(), 400);
    assert_eq!(check(b"{\"exp\":1e-400}").unwrap(), "{\"exp\":1e-400}");
}

#[test]
fn many_members_stay_cheap() {
    let members: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\":1")).collect();
    let text = format!("{{{}}}", members.join(","));
    assert!(check(text.as_bytes()).is_ok());
}

#[test]
fn object_reads_typed() {
    #[derive(Deserialize)]
    struct One {
        a: u8,
    }
    assert_eq!(object::<One>(b"{\"a\":1}").unwrap().a, 1);
    assert!(matches!(
        object::<One>(b"{\"a\":\"1\"}"),
        Err(JsonError::Shape(_))
    ));
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = check(&bytes);
    }

    #[test]
    fn never_panics_on_json_like_text(text in r#"[{}\[\]",:\\u0-9a-fe.+\- tn]{0,80}"#) {
        if let Ok(text) = check(text.as_bytes()) {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
    }

    /// What passes here is valid JSON for serde_json, too.
    #[test]
    fn agrees_with_serde(text in r#"\{("[ab\\n]{0,3}":(1|\[\]|"x"|-0\.5|\{\}|null),?){0,3}\}"#) {
        let ours = check(text.as_bytes());
        let theirs = serde_json::from_str::<Value>(&text);
        if ours.is_ok() {
            prop_assert!(theirs.is_ok());
        } else if ours != Err(JsonError::DuplicateMember) {
            prop_assert!(theirs.is_err());
        }
    }
}
