//! Messages that are sent once more.

use serde_json::{Value, json};
use test_case::both_stores;

use super::receiver::Receiver;
use crate::support::{Gateway, Store};

#[both_stores("WH-4")]
async fn what_was_missed_is_replayed_since_a_time_or_one_by_one(store: Store) {
    let gateway = Gateway::start(store).await;
    for _ in 0..3 {
        gateway.something_happens().await;
    }
    let events = gateway.events("", 3).await["events"].take();
    let ids: Vec<&str> = (0..3).map(|at| events[at]["id"].as_str().unwrap()).collect();
    let receiver = Receiver::start().await;
    let (id, secret) = gateway.webhook(&receiver.url, json!(["api_key.created"])).await;
    let path = format!("/admin/webhooks/{id}/replay");
    let since = json!({"since": events[0]["at"]});
    let replayed = gateway.order(&path, Some(since.clone())).await;
    assert_eq!(replayed, json!({"replayed": 3}));
    let got = receiver.gets(3).await;
    assert!(got.iter().all(|one| one.signatures_by(&secret) == 1));
    let mut heard: Vec<&str> = got.iter().map(|one| one.id()).collect();
    heard.sort_unstable();
    assert_eq!(heard, ids);
    gateway.deliveries(&id, |all| (0..3).all(|at| all[at]["state"] == "delivered")).await;

    // Once more, each with the same id; the delivery remembers both times.
    let one = gateway.order(&path, Some(json!({"event": ids[1]}))).await;
    assert_eq!(one, json!({"replayed": 1}));
    assert_eq!(receiver.gets(4).await[3].id(), ids[1]);
    let twice =
        |all: &Value| all[1]["attempts"].as_array().is_some_and(|attempts| attempts.len() == 2);
    let all = gateway.deliveries(&id, twice).await;
    assert_eq!(all.as_array().unwrap().len(), 3, "{all:#}");
    let later = gateway.order(&path, Some(json!({"since": "2999-01-01T00:00:00Z"}))).await;
    assert_eq!(later, json!({"replayed": 0}));
}

#[both_stores("WH-4")]
async fn a_long_replay_goes_on_page_by_page(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.something_happens().await;
    gateway.events("", 1).await;
    // As many as two requests take, and all of one time.
    let more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
                INSERT INTO events (id, tool_id, type, data, place, created_at, delete_at) \
                SELECT SUBSTR(id, 1, 17) || CAST(100 + i AS TEXT), tool_id, type, data, 100 + i, created_at, delete_at \
                FROM n, events";
    gateway.meddle(more).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    let path = format!("/admin/webhooks/{id}/replay");
    let first = gateway.order(&path, Some(json!({"since": "2020-01-01T00:00:00Z"}))).await;
    assert_eq!(first["replayed"], 250, "{first}");
    let second = gateway.order(&path, Some(json!({"after": first["next"]}))).await;
    assert_eq!(second, json!({"replayed": 51}));
    let jobs = gateway.number("SELECT COUNT(*) FROM jobs WHERE kind = 'webhook'").await;
    assert_eq!(jobs, 301);
}

#[both_stores("WH-4")]
async fn a_replay_that_makes_no_sense_is_refused(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, _) = gateway.webhook("http://127.0.0.3:9/hooks", json!([])).await;
    let path = format!("/admin/webhooks/{id}");
    let replay = format!("{path}/replay");
    for (body, status, code) in [
        (json!({}), 400, "INVALID_REPLAY"),
        (
            json!({"since": "2026-11-29T00:00:00Z", "event": "0VDr7H2kLp4vN9cX1yRw"}),
            400,
            "INVALID_REPLAY",
        ),
        (json!({"since": "yesterday"}), 400, "INVALID_REPLAY"),
        (json!({"after": "7"}), 400, "INVALID_REPLAY"),
        (json!({"event": "0VDr7H2kLp4vN9cX1yRw"}), 404, "EVENT_NOT_FOUND"),
        (json!({"event": "%"}), 404, "EVENT_NOT_FOUND"),
    ] {
        let page = gateway.admin("POST", &replay, Some(body.clone())).await;
        let said = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, said), (status, json!(code)), "{body}");
    }
    gateway.admin("PATCH", &path, Some(json!({"active": false}))).await;
    let since = json!({"since": "2026-11-29T00:00:00Z"});
    let page = gateway.admin("POST", &replay, Some(since)).await;
    let said = page.json().unwrap()["details"]["message"].take();
    assert_eq!((page.status, said), (409, json!("WEBHOOK_INACTIVE")));
    for (method, tail) in
        [("PATCH", ""), ("POST", "/test"), ("POST", "/rotate"), ("GET", "/deliveries")]
    {
        let body = (method == "PATCH").then(|| json!({}));
        let page = gateway
            .admin(method, &format!("/admin/webhooks/0VDr7H2kLp4vN9cX1yRw{tail}"), body)
            .await;
        let said = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, said), (404, json!("WEBHOOK_NOT_FOUND")), "{method} {tail}");
    }
}
