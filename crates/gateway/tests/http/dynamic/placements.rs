//! Label, picture, target and so on of each placement: Canvas hears of them, other LMSs don't
//! (services.md SV-21).

use serde_json::json;
use simulator::lms::Endpoint;
use simulator::profiles::TOOL_CONFIGURATION;
use test_case::{both_stores, cases};

use super::*;
use crate::support::Store;

const CANVAS: &str = "https://canvas.instructure.com/lti/";

/// A quiz in three places of Canvas, one of which differs in everything.
fn quiz() -> Value {
    json!({
        "type": "LtiResourceLinkRequest", "label": "Quiz", "visibility": "members",
        "customParameters": {"from": "anywhere", "colour": "blue"},
        "placements": ["global_navigation", "course_navigation", "file_menu"],
        "placementDetails": {"course_navigation": {
            "label": "Course quizzes", "iconUrl": "https://tool.example.com/menu.png",
            "targetPath": "/lti/launch?page=course", "customParameters": {"from": "menu"},
            "visibility": "admins", "defaultEnabled": false,
        }},
    })
}

/// What Canvas is told of the quiz.
fn to_canvas(gateway: &Gateway) -> Value {
    let launch = gateway.at("/lti/launch");
    json!([
        {
            "type": "LtiResourceLinkRequest", "target_link_uri": launch, "label": "Quiz",
            "custom_parameters": {"from": "anywhere", "colour": "blue"},
            "placements": ["global_navigation", "file_menu"],
            (format!("{CANVAS}visibility")): "members",
        },
        {
            "type": "LtiResourceLinkRequest", "target_link_uri": format!("{launch}?page=course"),
            "label": "Course quizzes", "icon_uri": "https://tool.example.com/menu.png",
            "custom_parameters": {"from": "menu", "colour": "blue"},
            "placements": ["course_navigation"],
            (format!("{CANVAS}visibility")): "admins",
            (format!("{CANVAS}course_navigation/default_enabled")): false,
        },
    ])
}

fn messages(lms: &Lms) -> Value {
    posted(lms)[TOOL_CONFIGURATION]["messages"].clone()
}

#[both_stores("SV-21")]
async fn canvas_gets_each_placement_as_it_is_set(store: Store) {
    let gateway = Gateway::start_with(store, json!({"messages": [quiz()]})).await;
    let lms = lms_of("canvas").await;
    let (_, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(messages(&lms), to_canvas(&gateway));
    assert_eq!(lms.tools().len(), 1);

    // A developer key has an entry a placement.
    let key = open(&gateway.at("/register/canvas")).await.json().unwrap();
    let placements = key["extensions"][0]["settings"]["placements"].as_array().unwrap();
    let named: Vec<&Value> = placements.iter().map(|one| &one["placement"]).collect();
    assert_eq!(named, ["global_navigation", "file_menu", "course_navigation"]);
    assert_eq!(
        placements[2],
        json!({
            "placement": "course_navigation", "message_type": "LtiResourceLinkRequest",
            "target_link_uri": gateway.at("/lti/launch?page=course"), "text": "Course quizzes",
            "icon_url": "https://tool.example.com/menu.png", "visibility": "admins",
            "custom_fields": {"from": "menu", "colour": "blue"}, "default": "disabled",
        })
    );
    assert_eq!(
        (&placements[0]["visibility"], placements[0].get("default")),
        (&json!("members"), None)
    );
}

#[cases("SV-21")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_platforms_hear_nothing_of_placements_they_lack() {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"messages": [quiz()]})).await;
    let launch = gateway.at("/lti/launch");
    for profile in Profile::all() {
        if profile.manual.is_some() || profile.name == "canvas" {
            continue;
        }
        let lms = lms_of(profile.name).await;
        let (_, page) = register(&gateway, &lms).await;
        assert_eq!(page.status, 200, "{}: {}", profile.name, page.text());
        let plain = json!([{
            "type": "LtiResourceLinkRequest", "target_link_uri": launch, "label": "Quiz",
            "custom_parameters": {"from": "anywhere", "colour": "blue"},
        }]);
        assert_eq!(messages(&lms), plain, "{}", profile.name);
    }
}

#[both_stores("SV-21")]
async fn an_invite_sets_placements(store: Store) {
    let gateway = Gateway::start(store).await;
    let wanted = json!({"uses": 2, "preset": {"messages": [quiz()]}});
    let page = gateway.admin("POST", "/admin/invites", Some(wanted)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let invite = page.json().unwrap();
    assert_eq!(invite["preset"]["messages"], json!([quiz()]));
    let lms = lms_of("canvas").await;
    let (_, page) = register_at(invite["url"].as_str().unwrap(), &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(messages(&lms), to_canvas(&gateway));
}

#[both_stores("SV-21")]
async fn completing_a_registration_sets_placements(store: Store) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let page = complete(&gateway, &id, Some(json!({"messages": [quiz()]}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(messages(&lms), to_canvas(&gateway));

    // What the word leaves out is the settings'; their details of other placements are no mistake.
    gateway.patch_tool(json!({"messages": [quiz()]})).await;
    for (mut word, placements) in [
        (json!({"label": "Today's quiz"}), 2),
        (json!({"label": "Today's quiz", "placements": ["file_menu"]}), 1),
    ] {
        let lms = lms_of("canvas").await;
        let (_, id) = wait_for_approval(&gateway, &lms).await;
        word["type"] = json!("LtiResourceLinkRequest");
        let page = complete(&gateway, &id, Some(json!({"messages": [word]}))).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let sent = messages(&lms);
        assert_eq!(sent.as_array().unwrap().len(), placements, "{sent}");
        assert_eq!(sent[0]["label"], "Today's quiz");
        assert_eq!(sent[0][format!("{CANVAS}visibility")], "members");
    }
}

#[cases("SV-21")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_placement_is_refused_by_name_wherever_it_is_set() {
    let gateway = Gateway::start_with(Store::Sqlite, with_approval_page()).await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    for (details, named) in [
        (json!({"course_navigation": {"label": " "}}), "course_navigation.label"),
        (json!({"course_navigation": {"label": "x".repeat(256)}}), "course_navigation.label"),
        (json!({"course_navigation": {"iconUrl": "data:,x"}}), "course_navigation.iconUrl"),
        (
            json!({"course_navigation": {"targetPath": "/elsewhere"}}),
            "course_navigation.targetPath",
        ),
        (
            json!({"course_navigation": {"customParameters": {"a=b": "c"}}}),
            "course_navigation.customParameters.a=b",
        ),
        (json!({"course_navigation": {"visibility": "admin"}}), "visibility"),
        (json!({"course_navigation": {"defaultEnabled": "no"}}), "defaultEnabled"),
        (json!({"course_navigation": {"enabled": true}}), "enabled"),
        (json!({"file_menu": {"defaultEnabled": false}}), "file_menu.defaultEnabled"),
        (json!({"wiki_page_menu": {}}), "placementDetails.wiki_page_menu"),
    ] {
        let message = json!({
            "type": "LtiResourceLinkRequest", "placements": ["course_navigation", "file_menu"],
            "placementDetails": details,
        });
        let list = json!({"messages": [message]});
        let settings = gateway.admin("PATCH", "/admin/tool", Some(list.clone())).await;
        let invite = json!({"preset": list});
        let invite = gateway.admin("POST", "/admin/invites", Some(invite)).await;
        let word = complete(&gateway, &id, Some(list)).await;
        for (page, code) in
            [(settings, "INVALID_SETTINGS"), (invite, "INVALID_BODY"), (word, "INVALID_BODY")]
        {
            assert_refused(&page, 400, code);
            assert!(page.text().contains(named), "{named}: {}", page.text());
        }
    }
    assert_eq!(lms.hits(Endpoint::Registration), 0);
}
