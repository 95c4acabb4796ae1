//! When a webhook is told no more.

use std::time::Duration;

use serde_json::{Value, json};
use test_case::both_stores;

use super::receiver::{PATIENCE, Receiver};
use super::types;
use crate::kept_log;
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

/// Longer than an application may fail, in milliseconds.
const SIX_DAYS_MS: i64 = 6 * 24 * 60 * 60 * 1000;

#[both_stores("WH-3")]
async fn an_application_that_is_gone_is_told_no_more(store: Store) {
    let gateway = Gateway::start(store).await;
    let (gone, other) = (Receiver::start().await, Receiver::start().await);
    let (id, _) = gateway.webhook(&gone.url, json!([])).await;
    let (_, secret) = gateway.webhook(&other.url, json!(["webhook.disabled"])).await;
    gone.answers(410, &[]);
    gateway.something_happens().await;
    let heard = other.gets(1).await.remove(0);
    assert_eq!(heard.signatures_by(&secret), 1);
    assert_eq!(heard.message()["data"], json!({"webhookId": id}));
    let whole = gateway.ask(&format!("/api/events/{}", heard.id())).await;
    assert_eq!(whole["data"], json!({"webhookId": id, "reason": "GONE"}));
    let webhook = gateway.the_webhook().await;
    assert_eq!((&webhook["active"], &webhook["disabledReason"]), (&json!(false), &json!("GONE")));
    let ended = gateway.deliveries(&id, |all| all[0]["state"] == "refused").await;
    assert_eq!(ended[0]["reason"], "GONE");
    gateway.something_happens().await;
    gateway.events("?types=api_key.created", 2).await;
    assert_eq!(gone.got().len(), 1, "nothing more");
    // Back again, with a clean slate.
    gone.answers(200, &[]);
    let path = format!("/admin/webhooks/{id}");
    let page = gateway.admin("PATCH", &path, Some(json!({"active": true}))).await;
    assert!(page.json().unwrap().get("disabledReason").is_none(), "{}", page.text());
    gateway.something_happens().await;
    gone.gets(2).await;
}

#[both_stores("WH-3")]
async fn a_disabled_webhook_is_on_home_and_in_the_audit(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let gone = Receiver::start().await;
    let (id, _) = gateway.webhook(&gone.url, json!(["api_key.created"])).await;
    gone.answers(410, &[]);
    gateway.something_happens().await;
    gateway.events("?types=webhook.disabled", 1).await;
    let log = gateway.ask("/admin/audit?actor=server").await;
    let entries = log["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{log:#}");
    assert_eq!(
        (&entries[0]["action"], &entries[0]["subject"], &entries[0]["actor"]["name"]),
        (&json!("webhook.disabled"), &json!(id), &json!("Hallpass"))
    );
    assert_eq!(entries[0]["before"], json!({"active": true}));
    assert_eq!(entries[0]["after"], json!({"active": false, "disabledReason": "GONE"}));
    assert_eq!(gateway.ask("/admin/audit/check").await["whole"], true);
    let home = owner.get("/portal").await.text();
    assert!(home.contains("1 ended after failures"), "{home}");
    assert!(home.contains("<a href=\"/portal/keys/webhooks\">"), "{home}");
    let page = owner.get("/portal/audit?actor=server").await.text();
    let (_, listed) = page.split_once("<tbody").unwrap();
    assert!(listed.contains("Webhook switched off by us") && listed.contains(&id), "{listed}");
    assert!(page.contains("value=\"server\" selected>Hallpass itself<"), "{page}");
}

/// How many lines of the log say this about a webhook.
fn lines(webhook: &str, words: &str) -> usize {
    let log = kept_log::text();
    log.lines().filter(|line| line.contains(webhook) && line.contains(words)).count()
}

async fn until_logged(webhook: &str, words: &str) {
    let waiting = async {
        while lines(webhook, words) == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect(words);
}

#[both_stores("WH-3")]
async fn the_log_says_disabled_once_that_is_committed(store: Store) {
    kept_log::keep();
    let gateway = Gateway::start(store).await;
    let gone = Receiver::start().await;
    let (id, _) = gateway.webhook(&gone.url, json!(["api_key.created"])).await;
    gone.answers(410, &[]);
    gone.speaks(false);
    gateway.something_happens().await;
    gone.gets(1).await;
    gateway.commit_no_entry(store).await;
    gone.speaks(true);
    until_logged(&id, "what came of a job is not noted yet").await;
    assert_eq!(lines(&id, "webhook disabled"), 0);
    gateway.commit_entries(store).await;
    // The transaction is tried again every second.
    until_logged(&id, "webhook disabled").await;
    assert_eq!(lines(&id, "webhook disabled"), 1);
    assert_eq!(gateway.the_webhook().await["disabledReason"], "GONE");
}

#[both_stores("WH-3")]
async fn what_an_old_address_says_ends_no_new_one(store: Store) {
    let gateway = Gateway::start(store).await;
    let (old, new) = (Receiver::start().await, Receiver::start().await);
    let (id, _) = gateway.webhook(&old.url, json!([])).await;
    old.answers(410, &[]);
    old.speaks(false);
    gateway.something_happens().await;
    old.gets(1).await;
    let path = format!("/admin/webhooks/{id}");
    let page = gateway.admin("PATCH", &path, Some(json!({"url": new.url}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    old.speaks(true);
    // Nor does it end the message.
    let heard = new.gets(1).await.remove(0);
    assert_eq!(heard.id(), old.got()[0].id());
    let ended = gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
    let outcomes = [0_usize, 1].map(|attempt| &ended[0]["attempts"][attempt]["outcome"]);
    assert_eq!(outcomes, [&json!("gone"), &json!("delivered")], "{ended:#}");
    let webhook = gateway.the_webhook().await;
    assert_eq!((&webhook["active"], webhook.get("disabledReason")), (&json!(true), None));
    assert_eq!(old.got().len(), 1);
}

#[both_stores("WH-3")]
async fn an_application_may_end_one_message(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(500, &[("webhook-delivery", "abort-message")]);
    gateway.something_happens().await;
    let ended = gateway.deliveries(&id, |all| all[0]["state"] == "refused").await;
    assert_eq!(
        (&ended[0]["reason"], &ended[0]["attempts"][0]["outcome"]),
        (&json!("ABORTED"), &json!("aborted"))
    );
    let webhook = gateway.the_webhook().await;
    assert!(webhook.get("failingSince").is_none() && webhook["active"] == true, "{webhook}");
}

#[both_stores("WH-3")]
async fn after_five_days_of_failures_a_webhook_is_disabled(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!(["api_key.created"])).await;
    receiver.answers(500, &[]);
    let tried = |number: usize| {
        move |all: &Value| {
            let all = all.as_array().unwrap();
            all.len() == number && all.iter().all(|one| one["attempts"][0].is_object())
        }
    };
    for day in 0..5 {
        for half in 1..=2 {
            gateway.something_happens().await;
            gateway.deliveries(&id, tried(2 * day + half)).await;
            assert_eq!(gateway.the_webhook().await["active"], true, "day {day}");
            gateway.clock.advance(Duration::from_secs(12 * 3600 - 60));
        }
    }
    gateway.clock.advance(Duration::from_secs(3600));
    gateway.something_happens().await;
    let disabled = gateway.events("?types=webhook.disabled", 1).await;
    assert_eq!(types(&disabled), ["webhook.disabled"]);
    assert_eq!(disabled["events"][0]["data"]["reason"], "FAILING");
    let webhook = gateway.the_webhook().await;
    assert_eq!(
        (&webhook["active"], &webhook["disabledReason"]),
        (&json!(false), &json!("FAILING"))
    );
    // What still waits for it is not sent.
    let none_is = |state: &'static str| {
        move |all: &Value| all.as_array().unwrap().iter().all(|one| one["state"] != state)
    };
    gateway.deliveries(&id, none_is("sending")).await;
    let before = receiver.got().len();
    gateway.clock.advance(Duration::from_secs(9 * 3600));
    gateway.deliveries(&id, none_is("queued")).await;
    assert_eq!(receiver.got().len(), before);
}

#[both_stores("WH-4")]
async fn a_webhook_that_is_deleted_hears_nothing_more(store: Store) {
    // Nothing is sent a second time before the webhook is gone.
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 600]}})).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(503, &[]);
    gateway.something_happens().await;
    gateway.deliveries(&id, |all| all[0]["attempts"][0].is_object()).await;
    let path = format!("/admin/webhooks/{id}");
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 204);
    let page = gateway.admin("DELETE", &path, None).await;
    assert_eq!(page.status, 404, "{}", page.text());
    let before = receiver.got().len();
    gateway.clock.advance(Duration::from_secs(721));
    let ended = async {
        while gateway.texts("SELECT reason FROM jobs WHERE reason IS NOT NULL").await
            != ["WEBHOOK_DELETED"]
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.unwrap();
    assert_eq!(receiver.got().len(), before);
}

#[both_stores("WH-4")]
async fn a_tool_has_twenty_webhooks_at_most(store: Store) {
    let gateway = Gateway::start(store).await;
    let asked = json!({"url": "http://127.0.0.3:9/hooks", "active": false});
    for _ in 0..20 {
        gateway.order("/admin/webhooks", Some(asked.clone())).await;
    }
    let page = gateway.admin("POST", "/admin/webhooks", Some(asked)).await;
    let code = page.json().unwrap()["details"]["message"].take();
    assert_eq!((page.status, code), (409, json!("TOO_MANY_WEBHOOKS")));
}

/// Six days ahead for a moment, while an application is down for an hour.
#[both_stores("WH-3")]
async fn a_date_that_was_set_disables_no_webhook(store: Store) {
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 60]}})).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!(["api_key.created"])).await;
    receiver.answers(500, &[]);
    let tried = |number: usize, attempts: usize| {
        move |all: &Value| {
            let all = all.as_array().unwrap();
            let tried = |one: &&Value| one["attempts"].as_array().unwrap().len() >= attempts;
            all.iter().filter(tried).count() == number
        }
    };
    for number in 1..=10 {
        gateway.something_happens().await;
        gateway.deliveries(&id, tried(number, 1)).await;
    }
    gateway.clock.set_by(SIX_DAYS_MS);
    gateway.deliveries(&id, tried(10, 2)).await;
    gateway.something_happens().await;
    gateway.deliveries(&id, tried(11, 1)).await;
    gateway.clock.set_by(-SIX_DAYS_MS);
    let webhook = gateway.the_webhook().await;
    assert_eq!(webhook["active"], true, "{webhook}");
    receiver.answers(200, &[]);
    let sent = |all: &Value| all.as_array().unwrap().iter().all(|one| one["state"] == "delivered");
    let all = gateway.deliveries(&id, sent).await;
    assert_eq!(all.as_array().unwrap().len(), 11, "none was given up");
    assert!(gateway.the_webhook().await.get("failingSince").is_none());
}
