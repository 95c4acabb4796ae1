//! Pages stay small even if names, ids and values are long and consist of what takes five bytes on
//! a page (portal.md PO-2): `open` refuses a page of more than 30,000 bytes.

use serde_json::{Value, json};
use test_case::both_stores;

use super::sizes::{all_pages, create};
use super::{enter, has, open, platform, send};
use crate::portal::Visitor;
use crate::support::{Gateway, PATIENCE, Store};

/// A long name or id, told from others by its end.
fn long(mark: &str, number: u32) -> String {
    format!("{}{number:03}", mark.repeat(200))
}

#[both_stores("PO-2")]
async fn names_of_quotation_marks_leave_lists_small(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for number in 1..=20 {
        enter(&gateway, platform(&long("\"", number), &format!("client-{number:02}"))).await;
        let invited = json!({"preset": {"platformName": long("&", number)}});
        create(&gateway, "/admin/invites", invited).await;
    }
    let wait = "UPDATE platforms SET active = FALSE WHERE client_id LIKE 'client-1_'";
    gateway.meddle(wait).await;
    let lists = ["/portal", "/portal/platforms", "/portal/platforms?state=active"];
    for path in lists.into_iter().chain(["/portal/platforms/waiting"]) {
        has(&open(&owner, path).await.1, &["&#34;…&#34;"]);
    }
    let invitations = all_pages(&owner, "/portal/connect").await;
    for number in 1..=20 {
        has(&invitations, &[&format!("&#38;{number:03}</b>")]);
    }
}

#[both_stores("PO-2")]
async fn ids_of_quotation_marks_leave_lists_small(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let id = enter(&gateway, platform(&long("\"", 1), "kestrel-1")).await;
    let there = format!("/portal/platforms/{id}");
    let (deployments, blocked) = (format!("{there}/deployments"), format!("{there}/blocked"));
    let (page, _) = open(&owner, &there).await;
    for number in 1..=12 {
        for (mark, status) in [("\"", "pending"), ("&", "active")] {
            let deployment = json!({"deploymentId": long(mark, number), "status": status});
            create(&gateway, &format!("/admin/platforms/{id}/deployments"), deployment).await;
        }
        let user = long("'", number);
        send(&owner, &page, &blocked, &[("do", "block"), ("user", &user)]).await;
    }
    let known = all_pages(&owner, &deployments).await;
    let people = all_pages(&owner, &blocked).await;
    for number in 1..=12 {
        has(&known, &[&format!("&#38;{number:03}</code>")]);
        has(&people, &[&format!("&#39;{number:03}</code>")]);
    }
    assert_eq!(known.matches("/deployments/forget?").count(), 12);
    assert_eq!(people.matches("value=\"unblock\"").count(), 12);
    for path in ["/portal", "/portal/platforms", "/portal/platforms/waiting"] {
        has(&open(&owner, path).await.1, &["&#34;…&#34;"]);
    }
}

/// The entries on a page of the audit by their numbers, and the address of the next page.
fn entries(text: &str) -> (Vec<u32>, Option<String>) {
    let parts = text.split("<span class=\"sub\">Entry ").skip(1);
    let numbers = parts.map(|part| part.split('<').next().unwrap().parse().unwrap());
    let (_, pages) = text.split_once("<nav class=\"pages\"").unwrap();
    let before = pages.split_once("?before=").map(|(_, rest)| rest.split('"').next().unwrap());
    (numbers.collect(), before.map(|before| format!("/portal/audit?before={before}")))
}

#[both_stores("PO-2", "PO-9")]
async fn the_audit_of_long_values_loses_no_entry(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for number in 0..20 {
        let value = format!("{number}{}", "\"".repeat(140));
        let parameters: Value =
            (1..=4).map(|at| (format!("parameter{at}"), json!(value))).collect();
        gateway.patch_tool(json!({"customParameters": parameters})).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/portal/audit".to_owned());
    for _ in 0..10 {
        let (_, text) = open(&owner, &path).await;
        let (numbers, older) = entries(&text);
        seen.extend(numbers);
        let Some(older) = older else {
            break;
        };
        has(&text, &["&#34;…</ins>"]);
        path = older;
    }
    let expected: Vec<u32> = (1..=seen[0]).rev().collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(seen, expected);
}

#[both_stores("PO-2")]
async fn a_webhook_with_a_long_address_has_a_small_page(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let url = format!("http://127.0.0.3:9/hook?{}", "a&".repeat(900));
    let hook = json!({"url": url, "events": ["api_key.created"]});
    let made = gateway.admin("POST", "/admin/webhooks", Some(hook)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made: Value = made.json().unwrap();
    let id = made["id"].as_str().unwrap();
    for number in 1..=12 {
        let key = json!({"name": format!("key {number}"), "scope": "read"});
        create(&gateway, "/admin/api-keys", key).await;
    }
    let list = format!("/admin/webhooks/{id}/deliveries");
    let sent = async {
        loop {
            let sent: Value = gateway.admin("GET", &list, None).await.json().unwrap();
            if sent["deliveries"].as_array().unwrap().len() == 12 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, sent).await.is_ok(), "12 keys are no 12 messages");
    let path = format!("/portal/keys/webhooks/{id}");
    let (_, text) = open(&owner, &path).await;
    has(&text, &["a&#38;a&#38;", "…</h2>"]);
    assert_eq!(text.matches("name=\"event\"").count(), 10);
    let (_, rest) = text.split_once("?after=").unwrap();
    let after = rest.split('"').next().unwrap();
    let (_, text) = open(&owner, &format!("{path}?after={after}")).await;
    assert_eq!(text.matches("name=\"event\"").count(), 2);
}
