#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::{Map, Value, json};
use test_case::cases;
use url::{Origin, Url};

use super::*;
use crate::claims::{Claims, DeepLinkingSettings, name};
use crate::content_item::ContentItem;
use crate::registration::Family;

fn settings(change: &Value) -> DeepLinkingSettings {
    let mut settings = json!({"deep_link_return_url": "https://p1.test/return?a=b", "accept_types": ["ltiResourceLink", "file"],
        "accept_presentation_document_targets": ["iframe", "window"]});
    settings
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    let payload = json!({
        "iss": "https://p1.test", "aud": "c1", "sub": "u", "nonce": "n", "iat": 1, "exp": 2,
        name::VERSION: "1.3.0", name::MESSAGE_TYPE: "LtiDeepLinkingRequest", name::DEPLOYMENT_ID: "d1",
        name::TARGET_LINK_URI: "https://t.test/", name::ROLES: [], name::DEEP_LINKING_SETTINGS: settings,
    });
    Claims::from_payload(&payload.to_string())
        .unwrap()
        .deep_linking
        .unwrap()
}

fn accept(change: &Value, family: Family, items: Value) -> Result<AcceptedItems, Vec<String>> {
    let origins: [Origin; 1] = [Url::parse("https://t.test").unwrap().origin()];
    let request = ContentRequest {
        settings: &settings(change),
        family,
        launch_url: "https://t.test/lti/launch",
        origins: &origins,
    };
    let accepted = request.accept(ContentItem::list(items).unwrap());
    accepted.map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn warnings(accepted: &AcceptedItems) -> Vec<(&str, &Note)> {
    let warnings = accepted.warnings.iter();
    warnings
        .map(|warning| (warning.at.as_str(), &warning.note))
        .collect()
}

const LINK: &str = "https://t.test/lti/launch?r=7";

#[cases("TC-273")]
#[test]
fn a_type_the_platform_does_not_accept_is_refused() {
    let items = json!([{"type": "ltiResourceLink"}]);
    assert_eq!(
        accept(
            &json!({"accept_types": ["link", "html"]}),
            Family::Other,
            items
        )
        .unwrap_err(),
        ["contentItems[0].type is not among the types that the platform accepts here: link, html"]
    );
    let vendors = json!([{"type": "https://v.test/t"}]);
    assert!(
        accept(
            &json!({"accept_types": ["https://v.test/t"]}),
            Family::Other,
            vendors.clone()
        )
        .is_ok()
    );
    assert!(accept(&json!({}), Family::Other, vendors).is_err());
}

#[cases("TC-272")]
#[test]
fn several_items_need_a_platform_that_says_it_takes_them() {
    let two =
        json!([{"type": "ltiResourceLink", "url": LINK}, {"type": "ltiResourceLink", "url": LINK}]);
    for said in [
        json!({}),
        json!({"accept_multiple": false}),
        json!({"accept_multiple": "false"}),
    ] {
        assert_eq!(
            accept(&said, Family::Other, two.clone()).unwrap_err(),
            ["contentItems has 2 items, and the platform accepts one"]
        );
    }
    // Two items with the same address are still two items (SV-7).
    let accepted = accept(&json!({"accept_multiple": "true"}), Family::Other, two).unwrap();
    assert_eq!(accepted.items.len(), 2);
}

#[cases("TC-274")]
#[test]
fn a_line_item_goes_where_line_items_are_accepted() {
    let items = json!([{"type": "ltiResourceLink", "url": LINK, "lineItem": {"scoreMaximum": 5}}]);
    let kept = |said: Value, family| {
        let accepted = accept(&said, family, items.clone()).unwrap();
        let kept = accepted.items[0].members().contains_key("lineItem");
        let told =
            warnings(&accepted).contains(&("contentItems[0].lineItem", &Note::LineItemLeftOut));
        assert_ne!(kept, told);
        kept
    };
    assert!(kept(json!({"accept_lineitem": true}), Family::Other));
    assert!(!kept(json!({"accept_lineitem": false}), Family::Other));
    assert!(!kept(json!({}), Family::Other));
    // Moodle says nothing and creates the column, as a running instance showed.
    assert!(kept(json!({}), Family::Moodle));
    assert!(!kept(json!({"accept_lineitem": false}), Family::Moodle));
}

#[test]
fn files_are_of_the_media_types_accepted() {
    let file =
        |media: Value| json!([{"type": "file", "url": "https://t.test/f", "mediaType": media}]);
    let takes = |ranges: &str, media: Value| {
        accept(
            &json!({"accept_media_types": ranges}),
            Family::Other,
            file(media),
        )
        .is_ok()
    };
    assert!(takes("application/pdf, image/*", json!("Image/PNG; q=1")));
    assert!(takes("application/pdf,image/*", json!("application/pdf")));
    assert!(takes("*/*", json!("text/plain")));
    assert!(takes(" , ", json!("text/plain")));
    assert!(takes("image/*", json!(null)));
    assert!(!takes("image/*", json!("imagery/png")));
    assert!(!takes("image/png", json!("image/jpeg")));
}

#[test]
fn what_only_adds_to_an_item_is_left_out_with_a_word() {
    let items = json!([{"type": "ltiResourceLink", "url": LINK, "window": {"width": 5}, "iframe": {"width": 5}}]);
    let accepted = accept(
        &json!({"accept_presentation_document_targets": ["frame"]}),
        Family::Other,
        items.clone(),
    )
    .unwrap();
    assert_eq!(
        warnings(&accepted),
        [("contentItems[0].window", &Note::PresentationLeftOut)]
    );
    assert!(accepted.items[0].members().contains_key("iframe"));
    let silent = accept(
        &json!({"accept_presentation_document_targets": []}),
        Family::Other,
        items,
    );
    assert_eq!(silent.unwrap().warnings, []);
}

#[test]
fn a_resource_link_always_has_an_address() {
    let items = json!([{"type": "ltiResourceLink", "custom": {"r": "7"}}]);
    let accepted = accept(&json!({}), Family::Other, items).unwrap();
    assert_eq!(
        accepted.items[0].text("url"),
        Some("https://t.test/lti/launch")
    );
    assert_eq!(
        warnings(&accepted),
        [("contentItems[0].url", &Note::UrlFilledIn)]
    );
    let elsewhere = json!([{"type": "ltiResourceLink", "url": "https://old.test/launch"}]);
    let accepted = accept(&json!({}), Family::Other, elsewhere).unwrap();
    assert_eq!(
        warnings(&accepted),
        [("contentItems[0].url", &Note::OtherHost)]
    );
}

#[test]
fn what_moodle_ignores_is_told() {
    let period = json!({"endDateTime": "2026-02-06T20:05:02Z"});
    let items = json!([{"type": "ltiResourceLink", "url": LINK, "submission": period, "available": period}]);
    let accepted = accept(&json!({}), Family::Moodle, items.clone()).unwrap();
    let told = [
        ("contentItems[0].available", &Note::Ignored),
        ("contentItems[0].submission", &Note::Ignored),
    ];
    assert_eq!(warnings(&accepted), told);
    assert_eq!(accepted.items[0].members()["submission"], period);
    assert_eq!(
        accept(&json!({}), Family::Canvas, items).unwrap().warnings,
        []
    );
}

fn claims(issuer: &str) -> ResponseClaims<'_> {
    ResponseClaims::new("c1", issuer, "d1", "fresh", 1_000_000)
}

#[cases("TC-268", "TC-270", "TC-271")]
#[test]
fn a_response_without_anything_is_a_cancellation() {
    let written = serde_json::to_value(claims("https://p1.test")).unwrap();
    let wanted = json!({
        "iss": "c1", "aud": "https://p1.test", "iat": 999_990, "exp": 1_000_290, "nonce": "fresh",
        name::MESSAGE_TYPE: "LtiDeepLinkingResponse", name::VERSION: "1.3.0", name::DEPLOYMENT_ID: "d1",
        name::CONTENT_ITEMS: [],
    });
    assert_eq!(written, wanted);
    let blackboard = serde_json::to_value(claims("https://blackboard.com")).unwrap();
    assert_eq!(blackboard["sub"], "c1");
}

#[cases("TC-269")]
#[test]
fn data_is_given_back_to_the_letter() {
    for data in [
        "\"a\\\"b<c>&é\"",
        "\"\\u00e9\\/\"",
        "{ \"b\" : 1.0, \"a\":[1e2,null] }",
        "17",
        "-0.0",
        "true",
        "[]",
        "123456789012345678901234567890.1234567890",
    ] {
        let written = serde_json::to_string(&claims("i").data(Some(data)).unwrap()).unwrap();
        assert!(
            written.contains(&format!("\"{}\":{data}", name::DEEP_LINKING_DATA)),
            "{written}"
        );
    }
    assert!(claims("i").data(Some("{")).is_err());
}

#[test]
fn errors_win_over_good_news() {
    let words = Words::new(Some("fine"), Some("log"), Some("broken"), Some(" "));
    let written = serde_json::to_value(claims("i").words(words)).unwrap();
    assert!(words.is_error());
    assert_eq!(written[name::DEEP_LINKING_ERROR_MSG], "broken");
    for absent in [
        name::DEEP_LINKING_MSG,
        name::DEEP_LINKING_LOG,
        name::DEEP_LINKING_ERROR_LOG,
    ] {
        assert_eq!(written.get(absent), None);
    }
    let words = Words::new(Some("fine"), None, Some(""), None);
    assert_eq!((words.msg, words.is_error()), (Some("fine"), false));
}

#[test]
fn vendors_claims_pass_and_the_messages_own_do_not() {
    let given = json!({
        "https://canvas.instructure.com/lti/module_name": "Week 1", "x": {"a": null, "b": 1}, "gone": null,
        "iss": "evil", "aud": "evil", "exp": 9, "nonce": "evil", "sub": "evil", name::MESSAGE_TYPE: "x",
        name::DEEP_LINKING_DATA: "evil", name::CONTENT_ITEMS: [],
    });
    let given: Map<String, Value> = given.as_object().unwrap().clone();
    let (foreign, warnings) = foreign_claims(given.clone());
    assert_eq!(
        Value::Object(foreign),
        json!({"https://canvas.instructure.com/lti/module_name": "Week 1", "x": {"b": 1}})
    );
    assert_eq!(warnings.len(), 8);
    let text = serde_json::to_string(&claims("i").foreign(given)).unwrap();
    assert!(!text.contains("evil"), "{text}");
}

#[cases("SV-3", "SV-4")]
#[test]
fn a_handle_travels_where_platforms_keep_it() {
    let link = |change: Value| {
        let mut item = json!({"type": "ltiResourceLink", "handle": "quiz 7"});
        let item_members = item.as_object_mut().unwrap();
        item_members.extend(change.as_object().unwrap().clone());
        item
    };
    let sent = |change: Value| {
        let said = json!({"accept_lineitem": true});
        let accepted = accept(&said, Family::Other, json!([link(change)])).unwrap();
        assert_eq!(accepted.items[0].handle(), Some("quiz 7"));
        serde_json::to_value(&accepted.items[0]).unwrap()
    };
    assert_eq!(
        sent(json!({"url": LINK, "custom": {"a": "b"}, "lineItem": {"scoreMaximum": 5}})),
        json!({
            "type": "ltiResourceLink", "url": "https://t.test/lti/launch?r=7&handle=quiz+7",
            "custom": {"a": "b", "handle": "quiz 7"},
            "lineItem": {"scoreMaximum": 5, "resourceId": "quiz 7"},
        })
    );
    // What the application wrote itself is kept.
    let own = sent(json!({
        "url": "https://t.test/lti/launch?handle=x", "custom": {"handle": "quiz 7"},
        "lineItem": {"scoreMaximum": 5, "resourceId": "own"},
    }));
    assert_eq!(own["url"], "https://t.test/lti/launch?handle=x");
    assert_eq!(own["lineItem"]["resourceId"], "own");
    // Another host's address is left alone; an address that we filled in gets the handle.
    assert_eq!(
        sent(json!({"url": "https://o.test/?r=7"}))["url"],
        "https://o.test/?r=7"
    );
    assert_eq!(
        sent(json!({}))["url"],
        "https://t.test/lti/launch?handle=quiz+7"
    );
}
