//! A platform that registers again: TC-218 and lti.md D.8.

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::*;
use crate::support::Store;

/// A Moodle whose registration has ended, and its platform here.
async fn registered(store: Store) -> (Gateway, Lms, RegistrationStart, Value) {
    let settings = json!({"registration": {"autoActivate": true}});
    let gateway = Gateway::start_with(store, settings).await;
    let lms = lms_of("moodle").await;
    let (start, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    lms.activate(&start.client_id).unwrap();
    let platform = only_platform(&gateway).await;
    (gateway, lms, start, platform)
}

/// The LMS answers the next registration with the client id of an earlier one.
fn answer_with(lms: &Lms, client_id: &str) {
    lms.faults().next(Endpoint::Registration, 1, Fault::set("/client_id", client_id));
}

async fn key_ids(url: &str) -> Vec<String> {
    let page = open(url).await;
    assert_eq!(page.status, 200, "{url}: {}", page.text());
    let keys = page.json().unwrap()["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

// Moodle's "update": a registration begun again from the tool keeps its client id.
#[both_stores]
async fn moodles_update_keeps_the_platform_and_its_addresses(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    let old = lms.tool(&first.client_id).unwrap().facts;
    answer_with(&lms, &first.client_id);
    let (second, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let after = only_platform(&gateway).await;
    for same in [
        "id",
        "url",
        "clientId",
        "name",
        "authConfig",
        "authenticationEndpoint",
        "accesstokenEndpoint",
        "active",
    ] {
        assert_eq!(after[same], platform[same], "{same}");
    }
    let new = lms.tool(&second.client_id).unwrap().facts;
    assert_ne!((&new.login_url, &new.jwks_url), (&old.login_url, &old.jwks_url));
    // What its administrator reads there and ours reads here is the same.
    assert_eq!(
        (&after["loginUrl"], &after["keysetUrl"]),
        (&json!(new.login_url), &json!(new.jwks_url))
    );
    for told in ["Registration updated", "stays active"] {
        assert!(page.text().contains(told), "{}", page.text());
    }
    let trace = gateway.newest("kind=registration").await;
    let of_trace = &trace["registration"];
    assert_eq!(
        (&of_trace["result"], &of_trace["active"]),
        (&json!("update"), &json!(true)),
        "{trace}"
    );
    assert!(!of_trace["asked"].as_array().unwrap().is_empty(), "{trace}");
    // Whichever addresses the LMS goes on with, they work.
    for facts in [new.clone(), old.clone()] {
        lms.change_tool(&first.client_id, |tool| tool.facts = facts).unwrap();
        assert_launches(&lms, &first.client_id).await;
    }
    let keys = key_ids(&old.jwks_url).await;
    assert_eq!((keys.len(), &key_ids(&new.jwks_url).await), (2, &keys));
    // Once more, so that there are two old addresses.
    answer_with(&lms, &first.client_id);
    let (third, _) = register(&gateway, &lms).await;
    let newest = lms.tool(&third.client_id).unwrap().facts;
    assert_eq!(key_ids(&newest.jwks_url).await.len(), 3);
    for facts in [old, new, newest] {
        assert_eq!(key_ids(&facts.jwks_url).await.len(), 3);
        lms.change_tool(&first.client_id, |tool| tool.facts = facts).unwrap();
        assert_launches(&lms, &first.client_id).await;
    }
}

/// What the audit has of the server itself, the newest first.
async fn by_the_server(gateway: &Gateway) -> Vec<Value> {
    let page = gateway.admin("GET", "/admin/audit?actor=server", None).await;
    let log = page.json().unwrap();
    log["entries"].as_array().unwrap().clone()
}

#[both_stores("I-63")]
async fn what_an_lms_registers_is_in_the_audit(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    let entries = by_the_server(&gateway).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["action"], &entry["subject"], &entry["subjectName"]),
        (&json!("platform.registered"), &platform["id"], &platform["name"])
    );
    for (member, value) in
        [("url", &platform["url"]), ("clientId", &platform["clientId"]), ("active", &json!(true))]
    {
        assert_eq!(&entry["after"][member], value, "{entry}");
    }
    answer_with(&lms, &first.client_id);
    register(&gateway, &lms).await;
    let again = by_the_server(&gateway).await.remove(0);
    assert_eq!(
        (&again["action"], &again["subject"]),
        (&json!("platform.registered_again"), &platform["id"])
    );
    // Our addresses are new, and nothing else.
    assert_eq!(again["before"], json!({"addressedAs": platform["id"]}));
    assert_eq!(again["after"].as_object().unwrap().len(), 1, "{again}");
    assert_ne!(again["after"]["addressedAs"], platform["id"], "{again}");
    let check = gateway.admin("GET", "/admin/audit/check", None).await.json().unwrap();
    assert_eq!(check["whole"], true, "{check}");
}

/// Whoever has an LMS could fill the log otherwise.
#[both_stores("I-63")]
async fn of_many_registrations_the_audit_has_twenty_an_hour(store: Store) {
    let (gateway, lms, first, _) = registered(store).await;
    for _ in 0..22 {
        answer_with(&lms, &first.client_id);
        let (_, page) = register(&gateway, &lms).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
    // The first, and 20 of the others: one more if they took longer than three minutes.
    let noted = by_the_server(&gateway).await.len();
    assert!((21..=22).contains(&noted), "{noted}");
}

#[both_stores("I-63")]
async fn a_registration_that_waits_is_not_in_the_audit(store: Store) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let lms = lms_of("moodle").await;
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    assert!(by_the_server(&gateway).await.is_empty());
    let done = complete(&gateway, &id, None).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let entries = by_the_server(&gateway).await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["after"]["active"], false, "{entries:?}");
}

#[both_stores]
async fn an_inactive_platform_stays_inactive(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    switch(&gateway, &platform, "deactivate").await;
    answer_with(&lms, &first.client_id);
    let (_, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(only_platform(&gateway).await["active"], false);
    let text = page.text();
    assert!(text.contains("Registration updated") && text.contains("has to activate"), "{text}");
    let trace = gateway.newest("kind=registration").await;
    assert_eq!(trace["registration"]["active"], false, "{trace}");
    assert_no_launch(&lms, &first.client_id).await;
}

/// Moodle's own registration token of an update: no one verifies it, so it decides words only.
#[both_stores]
async fn an_update_is_called_one_before_the_click(store: Store) {
    let (gateway, lms, _, platform) = registered(store).await;
    gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let known = deployments(&gateway, &platform).await.remove(0);
    let before = (lms.hits(Endpoint::Registration), lms.tools().len());
    let ask = async |deployment: &str| {
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let claims = json!({"sub": deployment, "scope": "reg-update"});
        let token = lms.sign(&lms.token_header(), &claims).unwrap();
        let mut url = url::Url::parse(&start.url).unwrap();
        url.query_pairs_mut().clear().extend_pairs([
            ("openid_configuration", &*start.configuration),
            ("registration_token", &*token),
        ]);
        let page = open(url.as_str()).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.form_to("/lti/register/confirm").is_some(), "{}", page.text());
        page.text()
    };
    let text = ask(&known).await;
    for says in ["Update the registration of", "stays active", ">Update</button>"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let text = ask("nobodys").await;
    assert!(!text.contains("Update") && text.contains(">Register</button>"), "{text}");
    switch(&gateway, &platform, "deactivate").await;
    let text = ask(&known).await;
    assert!(text.contains("Update the registration of"), "{text}");
    assert!(text.contains("still has to activate it") && !text.contains("stays active"), "{text}");
    assert_eq!((lms.hits(Endpoint::Registration), lms.tools().len()), before);
    assert_eq!(only_platform(&gateway).await["active"], false);
}

#[both_stores("TC-218")]
async fn other_endpoints_are_refused_and_nothing_changes(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    let own_keys = platform["keysetUrl"].as_str().unwrap();
    let keys = key_ids(own_keys).await;
    // Strangers get their access tokens at home.
    let tokens = format!("{}/elsewhere", lms.endpoints().token);
    for (member, other) in [
        ("/jwks_uri", "http://127.0.0.1:9/elsewhere"),
        ("/token_endpoint", &*tokens),
        ("/authorization_endpoint", "http://127.0.0.1:9/elsewhere"),
    ] {
        lms.faults().next(Endpoint::Configuration, 1, Fault::set(member, other));
        answer_with(&lms, &first.client_id);
        let (second, page) = register(&gateway, &lms).await;
        assert_refused(&page, 409, "PLATFORM_ALREADY_REGISTERED");
        // It may be another installation: then the registered one must stay.
        let text = page.text();
        let (other, removal) = (text.find("lti_iss"), text.find("remove the old registration"));
        assert!(other.is_some() && other < removal, "{text}");
        let trace = gateway.newest("kind=registration").await;
        let advice = trace["reason"]["advice"].as_str().unwrap();
        assert!(
            advice.contains("lti_iss") && advice.contains("a further developer key"),
            "{trace}"
        );
        assert_eq!(only_platform(&gateway).await, platform, "{member}");
        // Nothing is left of the second try.
        let unused = lms.tool(&second.client_id).unwrap().facts;
        assert_eq!(open(&unused.jwks_url).await.status, 404);
    }
    assert_eq!(key_ids(own_keys).await, keys);
    assert_launches(&lms, &first.client_id).await;
}

#[both_stores("TC-218")]
async fn through_the_api_a_conflict_is_a_409_too(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    gateway.patch_tool(with_approval_page()).await;
    lms.faults().next(
        Endpoint::Configuration,
        1,
        Fault::set("/jwks_uri", "http://127.0.0.1:9/elsewhere"),
    );
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    answer_with(&lms, &first.client_id);
    let word = json!({"platformName": "Mine now", "autoActivate": false});
    assert_refused(&complete(&gateway, &id, Some(word)).await, 409, "PLATFORM_ALREADY_REGISTERED");
    assert_eq!(only_platform(&gateway).await, platform);
}

#[both_stores]
async fn a_deleted_platform_may_register_again(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    answer_with(&lms, &first.client_id);
    register(&gateway, &lms).await;
    let path = format!("/admin/platforms/{}", platform["id"].as_str().unwrap());
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
    assert_no_launch(&lms, &first.client_id).await;
    answer_with(&lms, &first.client_id);
    let (_, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_ne!(only_platform(&gateway).await["id"], platform["id"]);
}

/// Since an update two platforms may not be alike, but these were before (decision 0498).
#[both_stores]
async fn a_platform_that_is_alike_may_register_again(store: Store) {
    let (gateway, lms, first, platform) = registered(store).await;
    let other = json!({
        "url": "https://lms.example.edu", "clientId": first.client_id, "name": "Alike",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    let page = gateway.admin("POST", "/admin/platforms", Some(other)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (token, id) = (lms.endpoints().token, platform["id"].as_str().unwrap());
    let alike = format!("UPDATE platforms SET token_endpoint = '{token}' WHERE id <> '{id}'");
    gateway.meddle(&alike).await;
    answer_with(&lms, &first.client_id);
    let (_, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Registration updated"), "{}", page.text());
    assert_eq!(gateway.platforms().await.len(), 2);
}

/// A platform made by hand is one like any other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_made_by_hand_is_not_taken_over() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let lms = lms_of("moodle").await;
    let at = lms.endpoints();
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let by_hand = json!({
        "url": at.issuer, "clientId": start.client_id, "name": "By hand",
        "authenticationEndpoint": at.authorization,
        "accesstokenEndpoint": at.token,
        "authConfig": {"method": "JWK_SET", "key": "http://127.0.0.1:9/other"},
    });
    let page = gateway.admin("POST", "/api/platforms", Some(by_hand)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let before = only_platform(&gateway).await;
    assert_refused(&open(&start.url).await, 409, "PLATFORM_ALREADY_REGISTERED");
    assert_eq!(only_platform(&gateway).await, before);
}
