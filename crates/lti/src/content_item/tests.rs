#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use serde_json::json;
use test_case::cases;

use super::*;

fn read(items: Value) -> Result<Value, Vec<String>> {
    let items = ContentItem::list(items);
    let items = items.map(|items| serde_json::to_value(items).unwrap());
    items.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn places(items: Value) -> Vec<String> {
    let problems = ContentItem::list(items).unwrap_err();
    problems.into_iter().map(|problem| problem.at).collect()
}

#[test]
fn every_member_of_every_type_is_passed_on() {
    let items = json!([
        {"type": "ltiResourceLink", "url": "https://t.test/lti/launch?r=7", "title": "Quiz", "text": "About it",
         "icon": {"url": "https://t.test/i.png", "width": 50, "height": 50},
         "thumbnail": {"url": "https://t.test/t.png"},
         "window": {"targetName": "w", "width": 800, "height": 600, "windowFeatures": "height=600"},
         "iframe": {"width": 800, "height": 600}, "custom": {"resource": "7", "empty": ""},
         "lineItem": {"label": "Quiz", "scoreMaximum": 10.5, "resourceId": "7", "tag": "quiz", "gradesReleased": true},
         "available": {"startDateTime": "2026-01-06T20:05:02Z", "endDateTime": "2026-02-07T20:05:02+01:00"},
         "submission": {"endDateTime": "2026-02-06T20:05:02Z"},
         "https://www.sakailms.org/spec/lti-dl/placement": {"deep": [1, {"x": ""}]}},
        {"type": "link", "url": "http://example.org/", "embed": {"html": "<b>x</b>"},
         "iframe": {"src": "https://example.org/e", "width": 1}},
        {"type": "file", "url": "https://t.test/f.pdf", "mediaType": "application/pdf", "expiresAt": "2026-03-06T20:05:02Z"},
        {"type": "html", "html": "<script>theirs()</script>", "title": "\"><script>"},
        {"type": "image", "url": "https://t.test/i.png", "width": 100, "height": 0},
        {"type": "https://vendor.test/type", "anything": {"goes": true}},
    ]);
    assert_eq!(read(items.clone()).unwrap(), items);
}

#[test]
fn nulls_and_empty_members_are_left_out_at_every_depth() {
    let items = json!({"type": "ltiResourceLink", "url": "", "icon": null, "text": " ", "custom": {}, "title": "T",
        "window": {"targetName": null}, "lineItem": {"scoreMaximum": 1, "tag": null, "label": ""},
        "x": [1, null, {"y": null}]});
    assert_eq!(
        read(items).unwrap(),
        json!([{"type": "ltiResourceLink", "title": "T", "lineItem": {"scoreMaximum": 1}, "x": [1, {}]}])
    );
    // PHP encodes an empty object as an empty list. Unnamed members are passed on unchanged.
    let items = json!({"type": "ltiResourceLink", "custom": [], "icon": [], "lineItem": [], "submission": {"endDateTime": []},
        "x": []});
    assert_eq!(
        read(items).unwrap(),
        json!([{"type": "ltiResourceLink", "x": []}])
    );
    let items = json!([{"type": "link", "url": []}, {"type": "ltiResourceLink", "custom": ["7"]}]);
    assert_eq!(
        places(items),
        ["contentItems[0].url", "contentItems[1].custom"]
    );
}

#[test]
fn members_as_ltiaass_python_sdk_writes_them_are_understood() {
    let items = json!({"type": "ltiResourceLink", "submission": {"start_date_time": null, "end_date_time": "2026-02-06T20:05:02Z"},
        "window": {"target_name": "w", "window_features": "a=1", "targetName": "ours"}, "custom": {"end_date_time": "kept"}});
    assert_eq!(
        read(items).unwrap(),
        json!([{"type": "ltiResourceLink", "custom": {"end_date_time": "kept"}, "submission": {"endDateTime": "2026-02-06T20:05:02Z"},
                "window": {"targetName": "ours", "windowFeatures": "a=1"}}])
    );
    assert_eq!(
        places(json!({"type": "ltiResourceLink", "available": {"end_date_time": "tomorrow"}})),
        ["contentItems[0].available.endDateTime"]
    );
}

#[test]
fn sizes_and_parameters_are_read_leniently() {
    let items = json!([{"type": "image", "url": "https://t.test/", "width": "640", "height": 480.0},
        {"type": "ltiResourceLink", "custom": {"n": 5, "on": true, "x": "=y"}}]);
    assert_eq!(
        read(items).unwrap(),
        json!([{"type": "image", "url": "https://t.test/", "width": 640, "height": 480.0},
               {"type": "ltiResourceLink", "custom": {"n": "5", "on": "true", "x": "=y"}}])
    );
    let items = json!({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": "12.5", "resourceId": 7, "tag": 1.5}});
    assert_eq!(
        read(items).unwrap(),
        json!([{"type": "ltiResourceLink",
                "lineItem": {"scoreMaximum": 12.5, "resourceId": "7", "tag": "1.5"}}])
    );
    let items =
        json!({"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 1, "resourceId": true}});
    assert_eq!(places(items), ["contentItems[0].lineItem.resourceId"]);
}

#[test]
fn no_item_or_one_alone_is_a_list_too() {
    assert_eq!(read(Value::Null).unwrap(), json!([]));
    assert_eq!(read(json!([])).unwrap(), json!([]));
    let one = json!({"type": "html", "html": "x"});
    assert_eq!(read(one.clone()).unwrap(), json!([one]));
}

#[cases("TC-275")]
#[test]
fn a_line_item_needs_a_maximum_above_zero() {
    for line_item in [
        json!({"scoreMaximum": 0}),
        json!({"scoreMaximum": -1}),
        json!({"label": "x"}),
        json!({"scoreMaximum": "x"}),
    ] {
        let items = json!([{"type": "ltiResourceLink", "lineItem": line_item}]);
        assert_eq!(places(items), ["contentItems[0].lineItem.scoreMaximum"]);
    }
}

#[test]
fn everything_that_is_wrong_is_listed_with_its_place() {
    let items = json!([
        {"type": "ltiResourceLink", "url": "https://t.test/#part", "title": 5, "available": {"startDateTime": "2026-01-06T20:05:02"},
         "custom": {"list": []}, "icon": {"width": -1}, "lineItem": {"scoreMaximum": 1, "gradesReleased": "yes"}},
        {"type": "link", "iframe": {"width": 5}},
        {"type": "file"}, {"type": "image"}, {"type": "html"}, {"type": "lti link"}, {}, 5,
    ]);
    let wanted = [
        "contentItems[0].title",
        "contentItems[0].icon.url",
        "contentItems[0].icon.width",
        "contentItems[0].custom.list",
        "contentItems[0].lineItem.gradesReleased",
        "contentItems[0].available.startDateTime",
        "contentItems[0].url",
        "contentItems[1].url",
        "contentItems[1].iframe.src",
        "contentItems[2].url",
        "contentItems[3].url",
        "contentItems[4].html",
        "contentItems[5].type",
        "contentItems[6].type",
        "contentItems[7]",
    ];
    assert_eq!(places(items), wanted);
}

#[test]
fn hostile_addresses_are_refused() {
    let long = format!("https://t.test/{}", "x".repeat(9000));
    for url in [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//t.test/x",
        "/x",
        "x",
        "https://",
        "https://user@t.test/",
        "https://t.test/a\r\nSet-Cookie: x",
        "https:\\\\t.test",
        "https://t.test/a b",
        long.as_str(),
    ] {
        for member in ["url", "iframe.src", "icon.url"] {
            let mut item = json!({"type": "link", "url": "https://t.test/"});
            match member.split_once('.') {
                Some((outer, inner)) => item[outer] = json!({inner: url}),
                None => item[member] = json!(url),
            }
            assert_eq!(
                places(json!([item])),
                [format!("contentItems[0].{member}")],
                "{url:?}"
            );
        }
    }
}

#[test]
fn lists_of_items_and_of_problems_are_bounded() {
    let many = vec![json!({"type": "html", "html": "x"}); MAX_ITEMS + 1];
    assert_eq!(places(Value::Array(many)), ["contentItems"]);
    let wrong = vec![json!(5); MAX_ITEMS];
    assert_eq!(places(Value::Array(wrong)).len(), MAX_PROBLEMS);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("https://t.test/")),
        Just(json!("ltiResourceLink")),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![
            "type|url|html|icon|lineItem|custom|iframe|scoreMaximum|x",
            ".{0,6}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

proptest! {
    #[test]
    fn whatever_is_sent_is_refused_or_clean_and_clean_stays_clean(value in any_json()) {
        if let Ok(items) = ContentItem::list(value) {
            let written = serde_json::to_value(&items).unwrap();
            prop_assert!(!has_null(&written));
            prop_assert_eq!(ContentItem::list(written).unwrap(), items);
        }
    }
}

#[cases("SV-3")]
#[test]
fn a_handle_is_a_short_text_of_a_resource_link() {
    let wrong = |item: Value| {
        let problems = ContentItem::list(item).unwrap_err();
        problems
            .into_iter()
            .map(|problem| problem.fault)
            .next()
            .unwrap()
    };
    for handle in [
        json!(""),
        json!(7),
        json!("h".repeat(256)),
        json!("a\nb"),
        json!(["h"]),
    ] {
        let item = json!({"type": "ltiResourceLink", "handle": handle});
        assert_eq!(wrong(item), ItemFault::NotAHandle, "{handle}");
    }
    let elsewhere = json!({"type": "link", "url": "https://t.test/", "handle": "h"});
    assert_eq!(wrong(elsewhere), ItemFault::HandleOfNoLink);
    let other = json!({"type": "ltiResourceLink", "handle": "h", "custom": {"handle": "i"}});
    assert_eq!(wrong(other), ItemFault::OtherHandle);
    let absent = ContentItem::list(json!({"type": "ltiResourceLink", "handle": null})).unwrap();
    assert_eq!(absent[0].handle(), None);
    // The handle is not sent as a member, because platforms don't know it.
    let item = ContentItem::list(json!({"type": "ltiResourceLink", "handle": "h"})).unwrap();
    assert_eq!(
        serde_json::to_value(&item[0]).unwrap(),
        json!({"type": "ltiResourceLink"})
    );
}
