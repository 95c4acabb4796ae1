//! Strangers register a pretend LMS to get at another school's: what we send to prove who we are
//! stays where it belongs (lti.md I-14, decision 0498).

use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::jose;
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::*;
use crate::support::{Store, lms, register_by_hand};

/// A school that was added by hand, its client id, and an LMS that nobody knows yet.
async fn school_and_stranger(store: Store, settings: Value) -> (Gateway, Lms, String, Lms) {
    let gateway = Gateway::start_with(store, settings).await;
    let school = lms().await;
    let client_id = register_by_hand(&gateway, &school, &gateway.url).await;
    (gateway, school, client_id, lms_of("moodle").await)
}

/// What the stranger's LMS calls itself, and us.
fn pretend(stranger: &Lms, member: &str, value: &str, client_id: &str) {
    stranger.faults().set(Endpoint::Configuration, Fault::set(member, value));
    stranger.faults().set(Endpoint::Registration, Fault::set("/client_id", client_id));
}

async fn invited(gateway: &Gateway, lms: &Lms) -> Page {
    let page = gateway.admin("POST", "/admin/invites", Some(json!({}))).await;
    let invite = page.json().unwrap();
    register_at(invite["url"].as_str().unwrap(), lms).await.1
}

async fn kids(url: &str) -> Vec<String> {
    let keys = open(url).await.json().unwrap()["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn found_at(gateway: &Gateway, platform: &Value) -> String {
    let path = format!("/admin/platforms/{}/check", platform["id"].as_str().unwrap());
    let page = gateway.admin("POST", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.text()
}

async fn strangers_platform(gateway: &Gateway, stranger: &Lms) -> Value {
    let issuer = stranger.endpoints().issuer;
    let mut platforms = gateway.platforms().await.into_iter();
    platforms.find(|platform| platform["url"] == *issuer).unwrap()
}

/// Even one that may launch at once.
#[both_stores]
async fn a_strangers_key_is_not_at_the_shared_address(store: Store) {
    let settings = json!({"registration": {"autoActivate": true}});
    let (gateway, _, client_id, stranger) = school_and_stranger(store, settings).await;
    let before = kids(&gateway.at("/lti/keys")).await;
    assert_eq!((before.len(), kids(&gateway.at("/keys")).await), (1, before.clone()));
    let (_, page) = register(&gateway, &stranger).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let platform = strangers_platform(&gateway, &stranger).await;
    let own = kids(platform["keysetUrl"].as_str().unwrap()).await;
    assert!(platform["active"] == true && own.len() == 1 && own != before, "{platform}");
    assert_eq!(kids(&gateway.at("/lti/keys")).await, before);
    let school = gateway.platforms().await.into_iter();
    let mut school = school.filter(|platform| platform["clientId"] == *client_id);
    let school = school.next().unwrap();
    assert_eq!(kids(school["keysetUrl"].as_str().unwrap()).await, before);
}

#[both_stores]
async fn a_waiting_stranger_is_sent_no_assertion(store: Store) {
    let (gateway, school, client_id, stranger) = school_and_stranger(store, json!({})).await;
    pretend(&stranger, "/authorization_server", &school.endpoints().token, &client_id);
    let (_, page) = register(&gateway, &stranger).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let platform = strangers_platform(&gateway, &stranger).await;
    assert_eq!((&platform["active"], &platform["clientId"]), (&json!(false), &json!(client_id)));
    assert_eq!(platform["authorizationServer"], Value::Null, "{platform}");
    let found = found_at(&gateway, &platform).await;
    assert!(found.contains("was not asked for an access token"), "{found}");
    assert_eq!(stranger.hits(Endpoint::Token), 0);
    // Not even if someone activates it does it get something to use elsewhere.
    switch(&gateway, &platform, "activate").await;
    found_at(&gateway, &platform).await;
    assert_eq!(stranger.hits(Endpoint::Token), 1);
    let asked = said(&stranger, Endpoint::Token.title()).remove(0);
    let mut parameters = asked.parameters.iter();
    let assertion = parameters.find(|parameter| parameter.name == "client_assertion").unwrap();
    let assertion = jose::decode(&assertion.value).unwrap();
    assert_eq!(assertion.claims["aud"], stranger.endpoints().token);
    assert_eq!(school.hits(Endpoint::Token), 0);
}

#[both_stores]
async fn a_platform_added_by_hand_is_checked_as_before(store: Store) {
    let (gateway, school, _, _) = school_and_stranger(store, json!({})).await;
    let platform = only_platform(&gateway).await;
    switch(&gateway, &platform, "deactivate").await;
    let found = found_at(&gateway, &platform).await;
    assert!(!found.contains("was not asked"), "{found}");
    assert_eq!(school.hits(Endpoint::Token), 1);
}

#[both_stores]
async fn a_strangers_tokens_come_from_its_own_place(store: Store) {
    let settings = json!({"registration": {"autoActivate": true}});
    let (gateway, school, _, stranger) = school_and_stranger(store, settings).await;
    pretend(&stranger, "/token_endpoint", &school.endpoints().token, "of-its-own");
    let (_, page) = register(&gateway, &stranger).await;
    assert_refused(&page, 400, "CONFIGURATION_INVALID");
    assert!(page.text().contains("needs an invitation"), "{}", page.text());
    assert_eq!((stranger.hits(Endpoint::Registration), gateway.platforms().await.len()), (0, 1));
    // Someone who is known may have such an LMS.
    let page = invited(&gateway, &stranger).await;
    assert_eq!((page.status, gateway.platforms().await.len()), (200, 2), "{}", page.text());
}

#[both_stores]
async fn nobody_gets_another_ones_client_id_and_tokens(store: Store) {
    let (gateway, school, client_id, stranger) = school_and_stranger(store, json!({})).await;
    let before = only_platform(&gateway).await;
    let tokens = school.endpoints().token;
    pretend(&stranger, "/token_endpoint", &tokens, &client_id);
    let page = invited(&gateway, &stranger).await;
    assert_refused(&page, 409, "PLATFORM_ALREADY_REGISTERED");
    assert_eq!(only_platform(&gateway).await, before);
    // By hand, and in a file.
    let by_hand = |tokens: &str, server: Value| {
        json!({
            "url": "https://lms.example.edu", "clientId": client_id, "name": "Other",
            "authenticationEndpoint": "https://lms.example.edu/auth",
            "accesstokenEndpoint": tokens, "authorizationServer": server,
            "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
        })
    };
    let own = "https://lms.example.edu/token";
    for platform in [by_hand(&format!("{tokens}/?x=1"), Value::Null), by_hand(own, json!(tokens))] {
        let page = gateway.admin("POST", "/admin/platforms", Some(platform.clone())).await;
        assert_refused(&page, 400, "INVALID_PLATFORM");
        let details = page.json().unwrap()["details"].clone();
        assert_eq!(details["errors"][0]["field"], "accesstokenEndpoint", "{details}");
        let file = json!({"format": 1, "tools": [{"platforms": [platform]}]});
        let page = gateway.admin("POST", "/admin/apply", Some(file)).await;
        assert_eq!(page.status, 400, "{}", page.text());
        assert!(page.text().contains("another platform with this client id"), "{}", page.text());
    }
    assert_eq!(only_platform(&gateway).await, before);
}

#[both_stores]
async fn a_platform_is_not_moved_to_another_ones_tokens(store: Store) {
    let (gateway, school, client_id, _) = school_and_stranger(store, json!({})).await;
    let mut other = json!({
        "url": "https://lms.example.edu", "clientId": client_id, "name": "Other",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    let page = gateway.admin("POST", "/admin/platforms", Some(other.clone())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let path = format!("/admin/platforms/{}", page.json().unwrap()["id"].as_str().unwrap());
    other["name"] = "Renamed".into();
    let page = gateway.admin("PUT", &path, Some(other.clone())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    other["accesstokenEndpoint"] = school.endpoints().token.into();
    let page = gateway.admin("PUT", &path, Some(other)).await;
    assert_refused(&page, 400, "INVALID_PLATFORM");
}
