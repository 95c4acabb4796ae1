//! API keys, service keys, webhooks and events.

use simulator::browser::{Form, Page};
use test_case::both_stores;

use super::{Portal, audit, has, lacks, open, send};
use crate::portal::{Visitor, first};
use crate::support::{API_KEY, Gateway, PATIENCE, Store};

#[both_stores("PO-9")]
async fn a_key_is_made_shown_once_used_and_revoked(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, "/portal/keys").await;
    lacks(&text, &[API_KEY]);
    let wrong = owner.post(&page, "/portal/keys", &[("name", ""), ("scope", "read")]).await;
    assert_eq!(wrong.status, 400);
    has(&wrong.text(), &["This was not done", "1 to 100 characters"]);
    let endless = i64::MAX.to_string();
    let fields = [("name", "endless"), ("scope", "read"), ("ends", endless.as_str())];
    assert_eq!(owner.post(&page, "/portal/keys", &fields).await.status, 400);
    let fields = [("name", "nightly report"), ("scope", "read"), ("ends", "90")];
    let text = send(&owner, &page, "/portal/keys", &fields).await;
    has(&text, &["The key is made: nightly report", "shown this once"]);
    let (_, rest) = text.split_once("<code id=\"key\">").unwrap();
    let (key, _) = rest.split_once('<').unwrap();
    let header = format!("Bearer {key}");
    let read = gateway.with_authorization("GET", "/admin/platforms", None, &header).await;
    assert_eq!(read.status, 200, "{}", read.text());
    let (_, text) = open(&owner, "/portal/keys").await;
    has(&text, &["nightly report", "read what is no secret"]);
    lacks(&text, &[key]);
    lacks(&audit(&owner).await, &[key]);

    let keys = gateway.admin("GET", "/admin/api-keys", None).await.json().unwrap();
    let id = |name: &str| {
        let mut keys = keys["apiKeys"].as_array().unwrap().iter();
        let key = keys.find(|key| key["name"] == name).unwrap();
        key["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/portal/keys/{}/revoke", id("nightly report"));
    has(&send(&owner, &page, &path, &[]).await, &["The key is revoked."]);
    let read = gateway.with_authorization("GET", "/admin/platforms", None, &header).await;
    assert_eq!(read.status, 401, "{}", read.text());
    // The last that may do everything stays.
    let path = format!("/portal/keys/{}/revoke", id("first key"));
    let text = send(&owner, &page, &path, &[]).await;
    has(&text, &["role=\"alert\"", "This is the last key that may do everything."]);
    has(&audit(&owner).await, &["api_key.made", "api_key.revoked", "<del>nightly report</del>"]);
}

/// A page that asks, and its form. Asking does nothing.
async fn asked(owner: &Visitor, there: &str, posts_to: &str) -> (Page, Form) {
    let (page, text) = open(owner, there).await;
    let form = page.form_to(posts_to).unwrap_or_else(|| panic!("{there}: {text}"));
    has(&text, &["id=\"question\"", "Leave it as it is", "class=\"danger primary\""]);
    (page, form)
}

#[both_stores("PO-9")]
async fn what_cannot_be_undone_is_asked_once(store: Store) {
    let portal = Portal::new(store).await;
    let (gateway, owner) = (portal.gateway(), &portal.owner);
    let admin = Visitor::invited(gateway, owner, "admin").await;
    let (page, _) = open(owner, "/portal/keys").await;
    send(owner, &page, "/portal/keys", &[("name", "nightly"), ("scope", "read")]).await;
    let url = [("url", "http://127.0.0.3:9/h"), ("platform.pending", "on")];
    send(owner, &page, "/portal/keys/webhooks", &url).await;
    portal.school.accepts("a launch with services", portal.school.teacher()).await;
    // No page has a button that does it.
    let lists = ["/portal/keys", "/portal/keys/services", "/portal/keys/webhooks", "/portal/users"];
    for list in lists.map(str::to_owned).into_iter().chain([portal.platform("/keys")]) {
        let (_, text) = open(owner, &list).await;
        lacks(&text, &["<button class=\"danger\"", "/revoke\" class=\"acts\""]);
    }
    let first_of = |text: &str, begins: &str, ends: &str| {
        let begins = format!("href=\"{begins}");
        let mut found = text.split(&begins).skip(1);
        let id = found.find_map(|rest| rest.split_once(ends)).map(|(id, _)| id.to_owned());
        id.unwrap_or_else(|| panic!("{begins}: {text}"))
    };
    let id = first_of(&open(owner, "/portal/keys").await.1, "/portal/keys/", "/revoke\"");
    let key = format!("/portal/keys/{id}/revoke");
    let (_, text) = open(owner, "/portal/keys/services").await;
    let id = first_of(&text, "/portal/keys/services/", "/revoke\"");
    let place = format!("/portal/keys/services/{id}/revoke");
    let (_, text) = open(owner, "/portal/keys/webhooks").await;
    let hook = format!("/portal/keys/webhooks/{}", first_of(&text, "/portal/keys/webhooks/", "\""));
    let (_, text) = open(owner, "/portal/users").await;
    let users = text.split("/portal/users/").skip(1);
    let users = users.map(|rest| rest.split('"').next().unwrap().to_owned());
    let users = users.filter(|id| id.len() == 20);
    let user = format!("/portal/users/{}/remove", users.last().unwrap());
    let off = "/portal/account/second-step/off".to_owned();
    for (there, posts_to) in [
        (&off, &off),
        (&portal.platform("/keys/now"), &portal.platform("/keys")),
        (&place, &place),
        (&user, &user),
        (&format!("{hook}/delete"), &hook),
        (&key, &key),
    ] {
        asked(owner, there, posts_to).await;
    }
    assert!(admin.is_in().await);
    for (there, posts_to, said) in [
        (&key, &key, "The key is revoked."),
        (&format!("{hook}/delete"), &hook, "The webhook is deleted."),
        (&place, &place, "Its keys are revoked."),
    ] {
        let (page, form) = asked(owner, there, posts_to).await;
        let page = owner.submit(&page, &form).await;
        has(&page.text(), &[said]);
    }
}

#[both_stores]
async fn the_use_of_a_key_shows_at_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    gateway.admin("GET", "/admin/tool", None).await;
    let (_, text) = open(&owner, "/portal/keys").await;
    has(&text, &["first key</th>", "data-l=\"Last used\"><span><time"]);
}

#[both_stores("PO-3")]
async fn keys_want_a_password_that_was_given_just_now(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal/keys").await;
    gateway.clock.advance(std::time::Duration::from_secs(11 * 60));
    let asked = owner.post(&page, "/portal/keys", &[("name", "k"), ("scope", "all")]).await;
    assert_eq!((first(&asked), asked.url.path()), (303, "/portal/confirm"), "{}", asked.text());
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.json().unwrap();
    assert_eq!(keys["apiKeys"].as_array().unwrap().len(), 1);
}

#[both_stores("PO-3", "PO-10")]
async fn a_key_to_all_tools_is_made_by_owners(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let admin = Visitor::invited(&gateway, &owner, "admin").await;
    let (page, text) = open(&admin, "/portal/keys").await;
    has(&text, &["value=\"manage\""]);
    lacks(&text, &["value=\"all\""]);
    let of = |name, scope| [("name", name), ("scope", scope)];
    // With such a key of the first tool, tools are made, moved and removed, which is for owners.
    let refused = admin.post(&page, "/portal/keys", &of("wide", "all")).await;
    assert_eq!(first(&refused), 403, "{}", refused.text());
    has(
        &send(&admin, &page, "/portal/keys", &of("deploys", "manage")).await,
        &["The key is made: deploys"],
    );
    let (page, text) = open(&owner, "/portal/keys").await;
    has(&text, &["value=\"all\""]);
    has(&send(&owner, &page, "/portal/keys", &of("wide", "all")).await, &["The key is made: wide"]);
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.json().unwrap();
    let scopes = keys["apiKeys"].as_array().unwrap().iter().map(|key| key["scope"].clone());
    assert_eq!(scopes.collect::<Vec<_>>(), ["all", "manage", "all"]);
}

#[both_stores]
async fn service_keys_are_listed_and_revoked(store: Store) {
    let portal = Portal::new(store).await;
    let (page, text) = open(&portal.owner, "/portal/keys/services").await;
    has(&text, &["None was given out yet."]);
    portal.school.accepts("a launch with services", portal.school.teacher()).await;
    let (_, text) = open(&portal.owner, "/portal/keys/services").await;
    let name = portal.api().await["name"].as_str().unwrap().to_owned();
    has(&text, &["Course: <code>", "Rosters of courses", &name, &portal.platform("")]);
    lacks(&text, &["namesAndRoles"]);
    let (_, rest) = text.split_once("href=\"/portal/keys/services/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let path = format!("/portal/keys/services/{id}/revoke");
    has(&send(&portal.owner, &page, &path, &[]).await, &["Its keys are revoked.", "revoked"]);
}

#[both_stores]
async fn a_webhook_is_made_tested_rotated_switched_and_deleted(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let list = "/portal/keys/webhooks";
    let (page, text) = open(&owner, list).await;
    has(&text, &["No webhook is set up.", "platform.registered"]);
    let wrong = owner.post(&page, list, &[("url", "ftp://x.example"), ("grade.held", "on")]).await;
    assert_eq!(wrong.status, 400);
    let ticked = "name=\"grade.held\" checked";
    has(&wrong.text(), &["This was not done", "ftp://x.example", ticked]);
    has(&wrong.text(), &["<a href=\"#url\">", "id=\"url-e\""]);
    // Nothing listens there: a test says so.
    let fields =
        [("url", "http://127.0.0.3:9/hook"), ("platform.pending", "on"), ("api_key.created", "on")];
    let text = send(&owner, &page, list, &fields).await;
    has(&text, &["The webhook is made", "whsec_", "api_key.created, platform.pending"]);
    let hooks = gateway.admin("GET", "/admin/webhooks", None).await.json().unwrap();
    let one = format!("{list}/{}", hooks["webhooks"][0]["id"].as_str().unwrap());
    let (_, text) = open(&owner, &one).await;
    has(&text, &["http://127.0.0.3:9/hook", "No event was sent there yet."]);
    lacks(&text, &["whsec_"]);
    has(&send(&owner, &page, &one, &[("do", "test")]).await, &["The test message was not taken"]);
    has(&send(&owner, &page, &one, &[("do", "rotate")]).await, &["New secret", "whsec_"]);
    has(&text, &["After a new secret, messages are signed", "name=\"platform.pending\" checked"]);
    let text = send(&owner, &page, &one, &[("do", "events"), ("grade.held", "on")]).await;
    has(&text, &["The webhook is changed.", ticked]);
    lacks(&text, &["name=\"platform.pending\" checked"]);
    has(
        &send(&owner, &page, &one, &[("do", "off")]).await,
        &["The webhook is changed.", "Switch on"],
    );
    let replay = [("do", "replay"), ("hours", "1")];
    let text = send(&owner, &page, &one, &replay).await;
    has(&text, &["Nothing is sent to this webhook.", "Switch on"]);
    has(&send(&owner, &page, &one, &[("do", "on")]).await, &["Switch off"]);
    has(&send(&owner, &page, &one, &replay).await, &["Sent again: 0."]);
    let text = send(&owner, &page, &one, &[("do", "delete")]).await;
    has(&text, &["The webhook is deleted.", "No webhook is set up."]);
    let log = audit(&owner).await;
    has(&log, &["webhook.made", "webhook.rotated", "webhook.deleted"]);
    has(&log, &["active: <del>true</del> → <ins>false</ins>"]);
    has(&log, &["<ins>[&#34;grade.held&#34;]</ins>"]);
}

#[both_stores]
async fn a_webhook_is_tested_so_often_and_no_oftener(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let list = "/portal/keys/webhooks";
    let (page, _) = open(&owner, list).await;
    for url in ["http://127.0.0.3:9/one", "http://127.0.0.3:9/two"] {
        send(&owner, &page, list, &[("url", url), ("grade.held", "on")]).await;
    }
    let hooks = gateway.admin("GET", "/admin/webhooks", None).await.json().unwrap();
    let hook = |at: usize| format!("{list}/{}", hooks["webhooks"][at]["id"].as_str().unwrap());
    let test = async |at| send(&owner, &page, &hook(at), &[("do", "test")]).await;
    for _ in 0..20 {
        has(&test(0).await, &["The test message was not taken"]);
    }
    let text = test(0).await;
    has(&text, &["This was tested often just now. Wait 1 min and try again."]);
    lacks(&text, &["The test message was not taken"]);
    has(&test(1).await, &["The test message was not taken"]);
}

#[both_stores]
async fn events_are_listed(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, "/portal/keys/events").await;
    has(&text, &["Nothing has happened yet."]);
    send(&owner, &page, "/portal/keys", &[("name", "k"), ("scope", "read")]).await;
    // An event gets its place a moment after its commit.
    let shown = async {
        loop {
            let (_, text) = open(&owner, "/portal/keys/events").await;
            if text.contains("api_key.created") {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let shown = tokio::time::timeout(PATIENCE, shown).await;
    assert!(shown.is_ok());
}
