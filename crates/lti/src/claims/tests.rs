#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};
use test_case::cases;

use super::*;
use crate::fixture::good_but;

fn claims(changes: &[(&str, Value)]) -> Claims {
    Claims::from_payload(&good_but(changes).to_string()).unwrap()
}

#[test]
fn a_checked_payload_says_the_same_without_another_check() {
    for changes in [
        vec![],
        vec![("name", json!("Ada é")), ("lti/custom", json!({"a": 1}))],
        vec![("lti/roles", json!(null))],
    ] {
        let payload = good_but(&changes).to_string();
        let checked = Claims::from_checked_payload(&payload);
        assert_eq!(checked, Claims::from_payload(&payload));
    }
}

#[cases("TC-140")]
#[test]
fn a_context_without_usable_id_is_ignored() {
    for context in [
        json!({"title": "x"}),
        json!({"id": ""}),
        json!({"id": null}),
        json!({"id": "c".repeat(256)}),
        json!({"id": "ü"}),
        json!("c1"),
        json!([]),
    ] {
        assert_eq!(claims(&[("lti/context", context)]).context, None);
    }
}

#[test]
fn context_types_come_in_many_spellings() {
    for (types, kind) in [
        (json!(["CourseSection"]), Some(ContextType::CourseSection)),
        (
            json!(["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"]),
            Some(ContextType::CourseOffering),
        ),
        (
            json!("urn:lti:context-type:ims/lis/Group"),
            Some(ContextType::Group),
        ),
        (
            json!(["course", "coursetemplate"]),
            Some(ContextType::CourseTemplate),
        ),
        (json!(["course"]), None),
        (json!([]), None),
        (json!(null), None),
    ] {
        let context = claims(&[("lti/context", json!({"id": "c", "type": types}))]).context;
        assert_eq!(context.unwrap().kinds().next(), kind);
    }
}

#[cases("TC-054")]
#[test]
fn ids_are_kept_byte_for_byte() {
    let claims = claims(&[
        ("sub", json!(" U 1 ")),
        ("lti/resource_link", json!({"id": " r "})),
    ]);
    assert_eq!(claims.subject.as_deref(), Some(" U 1 "));
    assert_eq!(claims.resource_link.unwrap().id, " r ");
}

#[test]
fn malformed_decoration_is_absent() {
    let claims = claims(&[
        ("name", json!(["x"])),
        ("email", json!({})),
        ("picture", json!(7)),
        ("lti/tool_platform", json!("x")),
        ("lti/role_scope_mentor", json!({})),
        ("lti/launch_presentation", json!([])),
        ("lti/custom", json!([])),
        ("lti/lis", json!(1)),
        ("lti/for_user", json!("x")),
        ("lti/lti1p1", json!(false)),
    ]);
    assert_eq!((claims.person.name, claims.person.email), (None, None));
    assert_eq!(claims.person.picture.as_deref(), Some("7"));
    assert_eq!(claims.tool_platform, None);
    assert!(claims.role_scope_mentor.is_empty() && claims.custom.all().is_empty());
    assert_eq!((claims.launch_presentation, claims.lis), (None, None));
    assert_eq!((claims.for_user, claims.lti1p1), (None, None));
}

#[test]
fn nulls_are_absent() {
    let text = good_but(&[("lti/custom", json!({"a": "b"}))])
        .to_string()
        .replacen(
            '{',
            r#"{"name":null,"https://purl.imsglobal.org/spec/lti/claim/context":null,
               "https://purl.imsglobal.org/spec/lti/claim/tool_platform":{"guid":null,"name":"n"},
               "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":null,"#,
            1,
        );
    let claims = Claims::from_payload(&text).unwrap();
    assert_eq!(
        (claims.person.name, claims.context, claims.grades),
        (None, None, None)
    );
    let platform = claims.tool_platform.unwrap();
    assert_eq!((platform.guid, platform.name.as_deref()), (None, Some("n")));
}

#[test]
fn sizes_come_as_numbers_and_texts() {
    for (width, pixels) in [
        (json!(800), Some(800)),
        (json!("800"), Some(800)),
        (json!(800.0), Some(800)),
        (json!(""), None),
        (json!("80%"), None),
        (json!(-1), None),
        (json!(1e300), None),
        (json!(null), None),
    ] {
        let presentation = json!({"width": width, "return_url": "javascript:alert(1)"});
        let presentation = claims(&[("lti/launch_presentation", presentation)]).launch_presentation;
        assert_eq!(presentation.unwrap().width, pixels);
    }
}

#[cases("TC-156", "TC-157")]
#[test]
fn custom_values_are_kept_or_dropped() {
    let custom = json!({"a": "$Canvas.user.id", "b": "", "c": "$5.00", "d": 1.5, "e": true,
        "f": null, "g": {"x": 1}, "h": "$HOME/x", "i": "$", "j": "€"});
    let custom = claims(&[("lti/custom", custom)]).custom;
    assert_eq!(custom.get("a"), None);
    assert_eq!(
        custom.all().get("a").map(String::as_str),
        Some("$Canvas.user.id")
    );
    assert_eq!(custom.get("b"), Some(""));
    assert_eq!(custom.get("c"), Some("$5.00"));
    assert_eq!(
        (custom.get("d"), custom.get("e")),
        (Some("1.5"), Some("true"))
    );
    assert_eq!((custom.get("f"), custom.get("g")), (None, None));
    assert_eq!(
        (custom.get("h"), custom.get("i")),
        (Some("$HOME/x"), Some("$"))
    );
    assert_eq!(custom.get("none"), None);
}

#[test]
fn services_are_read() {
    let claims = claims(&[
        (
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
            json!({"scope": ["a", "b"], "lineitems": "https://p1.test/items?type_id=1"}),
        ),
        (
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice",
            json!({"context_memberships_url": "https://p1.test/m", "service_versions": ["2.0"]}),
        ),
        (
            "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice",
            json!({"context_groups_url": "https://p1.test/g", "scope": "one"}),
        ),
    ]);
    let grades = claims.grades.unwrap();
    assert_eq!(grades.scope, ["a", "b"]);
    assert_eq!((grades.lineitem, grades.lineitems.is_some()), (None, true));
    assert_eq!(claims.roster.unwrap().service_versions, ["2.0"]);
    assert_eq!(claims.groups.unwrap().scope, ["one"]);
}

#[test]
fn legacy_ids_are_read() {
    let claims = claims(&[
        (
            "lti/lti1p1",
            json!({"user_id": "34212", "oauth_consumer_key": "179248902"}),
        ),
        ("lti/lti11_legacy_user_id", json!(34212)),
    ]);
    assert_eq!(claims.lti11_legacy_user_id.as_deref(), Some("34212"));
    let legacy = claims.lti1p1.unwrap();
    assert_eq!(legacy.oauth_consumer_key.as_deref(), Some("179248902"));
    assert_eq!(legacy.context_id, None);
}

/// The constants must match the literals that serde needs.
#[test]
fn names_are_those_read() {
    let all = [
        (name::CONTEXT, json!({"id": "c"})),
        (name::CUSTOM, json!({"a": "b"})),
        (name::TOOL_PLATFORM, json!({"guid": "g"})),
        (name::LAUNCH_PRESENTATION, json!({"locale": "de"})),
        (name::LIS, json!({"person_sourcedid": "x"})),
        (name::ROLE_SCOPE_MENTOR, json!(["u"])),
        (name::FOR_USER, json!({"user_id": "u"})),
        (name::LTI1P1, json!({"user_id": "u"})),
        (name::LTI11_LEGACY_USER_ID, json!("u")),
        (name::AGS_ENDPOINT, json!({"lineitems": "x"})),
        (
            name::NAMES_ROLE_SERVICE,
            json!({"context_memberships_url": "x"}),
        ),
        (name::GROUPS_SERVICE, json!({"context_groups_url": "x"})),
        (name::BASIC_OUTCOME, json!({"lis_result_sourcedid": "x"})),
        (name::PLATFORM_NOTIFICATION_SERVICE, json!({"scope": ["x"]})),
    ];
    let claims = claims(&all);
    assert!(claims.context.is_some() && claims.custom.get("a") == Some("b"));
    assert!(claims.tool_platform.is_some() && claims.launch_presentation.is_some());
    assert!(claims.lis.is_some() && claims.role_scope_mentor == ["u"]);
    assert!(claims.for_user.is_some() && claims.lti1p1.is_some());
    assert!(claims.lti11_legacy_user_id.is_some() && claims.grades.is_some());
    assert!(claims.roster.is_some() && claims.groups.is_some());
    assert!(claims.basic_outcome.is_some() && claims.notifications.is_some());
}

#[test]
fn text_with_nul_can_be_stored() {
    assert_eq!(
        claims(&[("name", json!("a\u{0}b"))]).person.name.as_deref(),
        Some("ab")
    );
}
