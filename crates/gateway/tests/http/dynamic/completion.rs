//! The tool's word that completes a registration, and what it may set (ltiaas-api.md §5.3).

use std::time::Duration;

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::TOOL_CONFIGURATION;
use test_case::both_stores;

use super::*;
use crate::support::{API_KEY, Store};

/// A gateway with these settings beside the approval page's.
async fn approving(store: Store, settings: Value) -> Gateway {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    gateway.patch_tool(settings).await;
    gateway
}

#[both_stores]
async fn the_body_may_be_absent_empty_or_full_of_nulls(store: Store) {
    let gateway = approving(store, json!({})).await;
    let nulls = json!({"platformName": null, "autoActivate": null, "messages": null});
    for word in [None, Some(json!({})), Some(nulls)] {
        let lms = lms_of("moodle").await;
        let (_, id) = wait_for_approval(&gateway, &lms).await;
        let page = complete(&gateway, &id, word).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let answer = page.json().unwrap();
        assert_eq!(answer["html"], CLOSE);
        let path = format!("/api/platforms/{}", answer["platformId"].as_str().unwrap());
        let platform = gateway.admin("GET", &path, None).await.json().unwrap();
        assert_eq!(platform["active"], false, "the settings' own choice");
        assert_eq!(platform["name"], "Moodle at 127.0.0.1");
    }
}

#[both_stores]
async fn only_one_of_parallel_calls_reaches_the_lms(store: Store) {
    let gateway = approving(store, json!({})).await;
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    lms.faults().set(Endpoint::Registration, Fault::Late(Duration::from_millis(300)));
    let calls: Vec<_> = (0..6).map(|_| complete(&gateway, &id, None)).collect();
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(calls).await.iter().map(|page| page.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404, 404, 404, 404]);
    assert_eq!((lms.hits(Endpoint::Registration), lms.tools().len()), (1, 1));
    only_platform(&gateway).await;
}

#[both_stores]
async fn name_and_activation_in_the_body_win(store: Store) {
    for (setting, word) in [(true, false), (false, true)] {
        let gateway = approving(store, json!({"registration": {"autoActivate": setting}})).await;
        let lms = lms_of("moodle").await;
        let (start, id) = wait_for_approval(&gateway, &lms).await;
        let word = json!({"platformName": "Example School", "autoActivate": word, "unheardOf": 1});
        let page = complete(&gateway, &id, Some(word.clone())).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let platform = only_platform(&gateway).await;
        assert_eq!(
            (&platform["name"], &platform["active"]),
            (&word["platformName"], &word["autoActivate"])
        );
        lms.activate(&start.client_id).unwrap();
        if platform["active"] == true {
            assert_launches(&lms, &start.client_id).await;
        } else {
            assert_no_launch(&lms, &start.client_id).await;
        }
    }
}

#[both_stores]
async fn a_picture_in_the_body_names_no_user(store: Store) {
    let gateway = approving(store, json!({})).await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let icon = "https://me:secret@tool.example.com/icon.png";
    let details = json!({"course_navigation": {"iconUrl": icon}});
    for message in [
        json!({"type": "LtiResourceLinkRequest", "iconUrl": icon}),
        json!({"type": "LtiResourceLinkRequest", "placements": ["course_navigation"], "placementDetails": details}),
    ] {
        let page = complete(&gateway, &id, Some(json!({"messages": [message]}))).await;
        assert_refused(&page, 400, "INVALID_BODY");
        let text = page.text();
        assert!(text.contains("iconUrl") && !text.contains("secret"), "{text}");
    }
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    assert_eq!(complete(&gateway, &id, None).await.status, 200, "it still waits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_body_the_settings_decide_activation() {
    let gateway = approving(Store::Sqlite, json!({"registration": {"autoActivate": true}})).await;
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    assert_eq!(complete(&gateway, &id, None).await.status, 200);
    assert_eq!(only_platform(&gateway).await["active"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_one_of_two_replicas_calls_reaches_the_lms() {
    let gateway = approving(Store::Postgres, json!({})).await;
    let replica = gateway.replica().await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let late = Fault::Late(Duration::from_millis(300));
    lms.faults().set(Endpoint::Registration, late);
    let (here, there) = tokio::join!(complete(&gateway, &id, None), complete(&replica, &id, None));
    let mut statuses = [here.status, there.status];
    statuses.sort_unstable();
    assert_eq!((statuses, lms.hits(Endpoint::Registration)), ([200, 404], 1));
    only_platform(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_in_the_body_win_as_far_as_the_platform_offers() {
    let settings = json!({"messages": [
        {
            "type": "LtiResourceLinkRequest", "label": "Quiz",
            "placements": ["global_navigation"], "targetPath": "/lti/launch?page=quiz",
        },
        {"type": "LtiDeepLinkingRequest", "label": "Pick"},
    ]});
    let gateway = approving(Store::Sqlite, settings).await;
    let lms = lms_of("canvas").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let word = json!({"messages": [
        {"type": "LtiResourceLinkRequest", "placements": ["course_navigation", "moon_navigation"]},
        {"type": "LtiDeepLinkingRequest"},
    ]});
    let page = complete(&gateway, &id, Some(word)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let launch = gateway.at("/lti/launch");
    // A placement the LMS doesn't list is left out; label and target are the settings' own for that
    // type.
    let sent = json!([
        {
            "type": "LtiResourceLinkRequest", "target_link_uri": format!("{launch}?page=quiz"),
            "label": "Quiz", "placements": ["course_navigation"],
        },
        {"type": "LtiDeepLinkingRequest", "target_link_uri": launch, "label": "Pick"},
    ]);
    assert_eq!(posted(&lms)[TOOL_CONFIGURATION]["messages"], sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_message_is_enough() {
    let gateway = approving(Store::Sqlite, json!({})).await;
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let word = json!({"messages": [
        {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", "RichTextEditor"]},
    ]});
    assert_eq!(complete(&gateway, &id, Some(word)).await.status, 200);
    let launch = gateway.at("/lti/launch");
    let sent = json!([{
        "type": "LtiDeepLinkingRequest", "target_link_uri": launch, "placements": ["ContentArea"],
    }]);
    assert_eq!(posted(&lms)[TOOL_CONFIGURATION]["messages"], sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_body_is_refused_and_can_be_corrected() {
    let gateway = approving(Store::Sqlite, json!({})).await;
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    for word in [
        json!({"platformName": ""}),
        json!({"platformName": "a\u{7}b"}),
        json!({"platformName": "x".repeat(256)}),
        json!({"platformName": 7}),
        json!({"autoActivate": "yes"}),
        json!({"messages": {}}),
        json!({"messages": [{}]}),
        json!({"messages": [{"type": "LtiEulaRequest"}]}),
        json!({"messages": [{"type": "LtiResourceLinkRequest", "placements": "ContentArea"}]}),
        json!([1]),
        json!("text"),
    ] {
        let page = complete(&gateway, &id, Some(word.clone())).await;
        assert_eq!(page.status, 400, "{word}: {}", page.text());
        assert_eq!(code(&page), "INVALID_BODY", "{word}");
    }
    let not_json = Request::new(
        "POST".parse().unwrap(),
        &gateway.at(&format!("/api/registrations/{id}/complete")),
    )
    .unwrap()
    .header("authorization", &format!("Bearer {API_KEY}"))
    .body("application/json", "{");
    let page = Browser::new().unwrap().send(not_json).await.unwrap();
    assert_refused(&page, 400, "INVALID_BODY");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    assert_eq!(complete(&gateway, &id, None).await.status, 200);
}
