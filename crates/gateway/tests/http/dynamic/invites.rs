//! Invitation links: who may use them, how often, and what they set.

use std::time::Duration;

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::TOOL_CONFIGURATION;
use test_case::{both_stores, cases};

use super::*;
use crate::support::Store;

async fn invite(gateway: &Gateway, wanted: Value) -> Value {
    let page = gateway.admin("POST", "/admin/invites", Some(wanted)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    page.json().unwrap()
}

fn url(invite: &Value) -> &str {
    invite["url"].as_str().unwrap()
}

async fn invites(gateway: &Gateway) -> Value {
    let page = gateway.admin("GET", "/admin/invites", None).await;
    page.json().unwrap()["invites"].clone()
}

#[both_stores]
async fn an_invite_is_good_for_one_use_by_default(store: Store) {
    let gateway = Gateway::start(store).await;
    let once = invite(&gateway, json!({})).await;
    assert!(url(&once).starts_with(&gateway.at("/lti/register/")), "{once}");
    assert_eq!((&once["usesLeft"], &once["preset"]), (&json!(1), &json!({})));
    let lms = lms_of("moodle").await;
    let (_, page) = register_at(url(&once), &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, page) = register_at(url(&once), &lms).await;
    assert_refused(&page, 403, "INVITE_NOT_VALID");
    // TC-200: a used one causes no request.
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 1));
    assert_eq!(invites(&gateway).await[0]["usesLeft"], 0);
}

#[both_stores]
async fn an_invite_may_have_many_uses_or_any_number(store: Store) {
    let gateway = Gateway::start(store).await;
    let lms = lms_of("moodle").await;
    let twice = invite(&gateway, json!({"uses": 2, "expiresInHours": 0})).await;
    assert_eq!(twice.get("expiresAt"), None);
    for status in [200, 200, 403] {
        assert_eq!(register_at(url(&twice), &lms).await.1.status, status);
    }
    let always = invite(&gateway, json!({"uses": 0})).await;
    assert_eq!(always.get("usesLeft"), None);
    for _ in 0..3 {
        assert_eq!(register_at(url(&always), &lms).await.1.status, 200);
    }
    assert_eq!((lms.tools().len(), gateway.platforms().await.len()), (5, 5));
}

#[both_stores]
async fn an_invite_expires(store: Store) {
    let gateway = Gateway::start(store).await;
    let lms = lms_of("moodle").await;
    let hour = invite(&gateway, json!({"expiresInHours": 1, "uses": 0})).await;
    gateway.clock.advance(Duration::from_secs(3540));
    assert_eq!(register_at(url(&hour), &lms).await.1.status, 200);
    gateway.clock.advance(Duration::from_secs(61));
    let (_, page) = register_at(url(&hour), &lms).await;
    assert_refused(&page, 403, "INVITE_NOT_VALID");
    assert_eq!(lms.hits(Endpoint::Configuration), 1);
}

#[both_stores]
async fn a_single_use_invite_admits_one_of_parallel_registrations(store: Store) {
    let gateway = Gateway::start(store).await;
    let lms = lms_of("moodle").await;
    let once = invite(&gateway, json!({})).await;
    lms.faults().set(Endpoint::Registration, Fault::Late(Duration::from_millis(300)));
    let ((_, one), (_, two)) =
        tokio::join!(register_at(url(&once), &lms), register_at(url(&once), &lms));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!((statuses, lms.tools().len()), ([200, 403], 1));
}

#[both_stores]
async fn a_failed_registration_gives_the_use_back(store: Store) {
    let gateway = Gateway::start(store).await;
    let lms = lms_of("moodle").await;
    let once = invite(&gateway, json!({})).await;
    // Where nothing came of it: the configuration, then the LMS's refusal.
    lms.faults().next(Endpoint::Configuration, 1, Fault::Status(500));
    assert_eq!(register_at(url(&once), &lms).await.1.status, 502);
    lms.faults().next(Endpoint::Registration, 1, Fault::Status(400));
    assert_eq!(register_at(url(&once), &lms).await.1.status, 502);
    assert_eq!(invites(&gateway).await[0]["usesLeft"], 1);
    assert_eq!(register_at(url(&once), &lms).await.1.status, 200);
    assert_refused(&register_at(url(&once), &lms).await.1, 403, "INVITE_NOT_VALID");
}

#[both_stores]
async fn the_owner_lists_and_deletes_invites(store: Store) {
    let gateway = Gateway::start(store).await;
    assert_eq!(invites(&gateway).await, json!([]));
    let one = invite(&gateway, json!({"preset": {"platformName": "One"}})).await;
    let two = invite(&gateway, json!({"uses": 0, "expiresInHours": 0})).await;
    let listed = invites(&gateway).await;
    assert_eq!(listed[0]["id"], one["id"]);
    assert_eq!(listed[0]["preset"], json!({"platformName": "One"}));
    assert!(listed[0]["expiresAt"].is_string() && listed[0]["createdAt"].is_string());
    assert_eq!(listed[1]["id"], two["id"]);
    assert!(
        !listed.to_string().contains(url(&one).rsplit('/').next().unwrap()),
        "codes can't be read again"
    );
    let path = format!("/admin/invites/{}", one["id"].as_str().unwrap());
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
    assert_refused(&gateway.admin("DELETE", &path, None).await, 404, "INVITE_NOT_FOUND");
    assert_eq!(invites(&gateway).await.as_array().unwrap().len(), 1);
    let lms = lms_of("moodle").await;
    assert_refused(&register_at(url(&one), &lms).await.1, 403, "INVITE_NOT_VALID");
    assert_eq!(lms.hits(Endpoint::Configuration), 0);
}

/// TC-200.
#[cases("TC-200")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_code_causes_no_request() {
    let (gateway, lms) = (Gateway::start(Store::Sqlite).await, lms_of("moodle").await);
    for code in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let (_, page) = register_at(&gateway.at(&format!("/lti/register/{code}")), &lms).await;
        assert_refused(&page, 403, "INVITE_NOT_VALID");
    }
    assert_eq!(lms.hits(Endpoint::Configuration), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_open_registration_off_only_invites_work() {
    let settings = json!({"registration": {"open": false}});
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, settings).await, lms_of("moodle").await);
    for path in ["/lti/register", "/register"] {
        let (_, page) = register_at(&gateway.at(path), &lms).await;
        assert_refused(&page, 403, "DYNAMIC_REGISTRATION_DISABLED");
    }
    assert_eq!(lms.hits(Endpoint::Configuration), 0);
    let once = invite(&gateway, json!({})).await;
    assert_eq!(register_at(url(&once), &lms).await.1.status, 200);
    gateway.patch_tool(json!({"registration": {"enabled": false}})).await;
    let once = invite(&gateway, json!({})).await;
    assert_refused(&register_at(url(&once), &lms).await.1, 403, "DYNAMIC_REGISTRATION_DISABLED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presets_override_settings_and_the_url() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let lms = lms_of("moodle").await;
    let preset = json!({"preset": {
        "mode": "automatic", "privacyLevel": "anonymous", "platformName": "North <School>",
        "unknownDeployments": "reject",
        "messages": [{"type": "LtiResourceLinkRequest", "label": "Invited"}],
    }});
    let invited = invite(&gateway, preset).await;
    let (start, page) = register_at(&format!("{}?privacyLevel=public", url(&invited)), &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let platform = only_platform(&gateway).await;
    assert_eq!(platform["name"], "North <School>");
    assert_eq!(platform["active"], true);
    assert_eq!(platform["unknownDeployments"], "reject");
    let sent = &posted(&lms)[TOOL_CONFIGURATION];
    assert_eq!(sent["claims"], json!(["iss", "sub"]));
    let target = gateway.at("/lti/launch");
    let message =
        json!({"type": "LtiResourceLinkRequest", "target_link_uri": target, "label": "Invited"});
    assert_eq!(sent["messages"], json!([message]));
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
    // Another deployment than the one that came with the registration.
    lms.change_tool(&start.client_id, |tool| {
        "77".clone_into(&mut tool.deployment_id);
    })
    .unwrap();
    let page = launch(&lms, &start.client_id).await;
    assert_refused(&page, 403, "DEPLOYMENT_NOT_ACTIVE");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invites_mode_and_confirmation_override_the_settings() {
    let mut settings = with_approval_page();
    settings["registration"]["confirm"] = json!(true);
    let gateway = Gateway::start_with(Store::Sqlite, settings).await;
    let lms = lms_of("moodle").await;
    let plain = invite(&gateway, json!({"preset": {"mode": "approval", "confirm": false}})).await;
    assert_eq!(register_at(url(&plain), &lms).await.1.status, 200);
    assert_eq!(only_platform(&gateway).await["active"], false);

    let gateway = Gateway::start(Store::Sqlite).await;
    let preset = json!({"preset": {"mode": "preApproval", "confirm": true}});
    let asking = invite(&gateway, preset).await;
    let (_, page) = register_at(url(&asking), &lms).await;
    let found = page.form_to("/lti/register/confirm").unwrap();
    let click = form(found.action.as_str(), &found.fields);
    let page = Browser::new().unwrap().send(click).await.unwrap();
    assert_refused(&page, 503, "PRE_APPROVAL_URL_NOT_SET");
    assert_eq!(lms.hits(Endpoint::Registration), 1, "the first one's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_invite_is_refused_naming_the_member() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for (wanted, named) in [
        (json!({"uses": -1}), "uses"),
        (json!({"uses": "many"}), "uses"),
        (json!({"expiresInHours": 1_000_000}), "expiresInHours"),
        (json!({"preset": {"mode": "luck"}}), "mode"),
        (json!({"preset": {"privacyLevel": "Public"}}), "privacyLevel"),
        (json!({"preset": {"unknownDeployments": "maybe"}}), "unknownDeployments"),
        (json!({"preset": {"nmae": "x"}}), "nmae"),
        (json!({"preset": {"messages": [{"type": "x"}]}}), "type"),
        (json!({"useses": 1}), "useses"),
    ] {
        let page = gateway.admin("POST", "/admin/invites", Some(wanted.clone())).await;
        assert_eq!(page.status, 400, "{wanted}");
        assert!(page.text().contains(named), "{wanted}: {}", page.text());
    }
    assert_eq!(invites(&gateway).await, json!([]));
}

#[both_stores]
async fn a_link_opened_in_a_browser_explains_itself(store: Store) {
    let gateway = Gateway::start(store).await;
    let invited = invite(&gateway, json!({})).await;
    for link in [url(&invited), &gateway.at("/lti/register")] {
        for (language, words) in
            [("en", "This address belongs in your LMS"), ("de", "Diese Adresse gehört in Ihr LMS")]
        {
            let request = Request::new("GET".parse().unwrap(), link).unwrap();
            let request = request.header("accept", "text/html").header("accept-language", language);
            let page = Browser::new().unwrap().send(request).await.unwrap();
            let text = page.text();
            assert_eq!(page.status, 400, "{text}");
            assert!(text.contains(words) && text.contains(link), "{text}");
        }
    }
    // It is no attempt, and uses nothing up.
    let page = gateway.admin("GET", "/admin/traces?kind=registration", None).await;
    assert_eq!(page.json().unwrap()["traces"], json!([]), "{}", page.text());
    assert_eq!(invites(&gateway).await[0]["usesLeft"], 1);
    let lms = lms_of("moodle").await;
    assert_eq!(register_at(url(&invited), &lms).await.1.status, 200);
}
