//! Events for those who ask.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection;
use test_case::{both_stores, cases};

use super::receiver::PATIENCE;
use super::types;
use crate::support::{Gateway, Store};

/// How long events are kept, in milliseconds.
const EIGHT_DAYS_MS: i64 = 8 * 24 * 60 * 60 * 1000;

#[both_stores("WH-6")]
async fn whoever_goes_on_from_the_last_answer_misses_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let other = gateway.replica().await;
    let nothing = gateway.ask("/api/events").await;
    assert_eq!(nothing["events"], json!([]));
    let start = nothing["next"].as_str().unwrap().to_owned();
    assert!(start.ends_with(".0"), "{start}");
    // Events of both replicas, while somebody polls.
    let happening = async {
        let mut made = Vec::new();
        for _ in 0..10 {
            let (one, two) = tokio::join!(gateway.something_happens(), other.something_happens());
            made.extend([one, two]);
        }
        made
    };
    let polling = async {
        let (mut heard, mut next) = (Vec::new(), start);
        while heard.len() < 20 {
            let page = gateway.events(&format!("?after={next}&limit=3"), 1).await;
            let events = page["events"].as_array().unwrap();
            heard.extend(
                events.iter().map(|event| event["data"]["apiKeyId"].as_str().unwrap().to_owned()),
            );
            next = page["next"].as_str().unwrap().to_owned();
        }
        (heard, next)
    };
    let (mut made, (mut heard, next)) = tokio::join!(happening, polling);
    made.sort();
    heard.sort();
    assert_eq!(made, heard);
    let quiet = gateway.ask(&format!("/api/events?after={next}")).await;
    assert_eq!(quiet, json!({"events": [], "next": next}), "the same place");
}

/// Only PostgreSQL has two writers at once.
#[cases("WH-6")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_committed_late_comes_after_what_was_read() {
    const LATE: &str = "INSERT INTO events (id, tool_id, type, data, created_at, delete_at) \
                        SELECT '00000000000000000000', tool_id, type, data, created_at - 60000, delete_at FROM events";
    let gateway = Gateway::start(Store::Postgres).await;
    gateway.something_happens().await;
    gateway.events("", 1).await;
    let url = &gateway.app.config.database_url;
    let mut slow = sqlx::PgConnection::connect(url).await.unwrap();
    let mut transaction = slow.begin().await.unwrap();
    sqlx::query(LATE).execute(&mut *transaction).await.unwrap();
    gateway.something_happens().await;
    let read = gateway.events("", 2).await;
    assert_eq!(types(&read), ["api_key.created"; 2]);
    transaction.commit().await.unwrap();
    let next = read["next"].as_str().unwrap();
    let more = gateway.events(&format!("?after={next}"), 1).await;
    let (first, late) = (&read["events"][0], &more["events"][0]);
    assert_eq!((types(&more).len(), &late["id"]), (1, &json!("00000000000000000000")));
    assert!(late["at"].as_str() < first["at"].as_str(), "{late} {first}");
}

/// Each type is read by a statement of its own, and events get their places in between.
#[both_stores("WH-6")]
async fn whoever_asks_for_several_types_misses_nothing(store: Store) {
    const TYPES: &str = "types=platform.activated,platform.deactivated,api_key.created";
    let gateway = Gateway::start(store).await;
    let other = gateway.replica().await;
    let platform = json!({
        "url": "https://lms.example.edu", "clientId": "c-1", "name": "A",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    let made = gateway.order("/admin/platforms", Some(platform)).await;
    let platform = format!("/admin/platforms/{}", made["id"].as_str().unwrap());
    let switching = async {
        for _ in 0..5 {
            for switch in ["deactivate", "activate"] {
                gateway.order(&format!("{platform}/{switch}"), None).await;
            }
        }
    };
    let making = async {
        for _ in 0..10 {
            other.something_happens().await;
        }
    };
    let polling = async {
        let (mut heard, mut next) = (Vec::new(), "0".to_owned());
        while heard.len() < 20 {
            let page = gateway.events(&format!("?after={next}&limit=3&{TYPES}"), 1).await;
            let events = page["events"].as_array().unwrap().iter();
            heard.extend(events.map(|event| event["id"].clone()));
            next = page["next"].as_str().unwrap().to_owned();
        }
        heard
    };
    let patience = tokio::time::timeout(2 * PATIENCE, polling);
    let ((), (), heard) = tokio::join!(switching, making, patience);
    let heard = heard.expect("an event is missing");
    let all = gateway.events(&format!("?limit=200&{TYPES}"), 20).await;
    let all: Vec<Value> =
        all["events"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect();
    assert_eq!(heard, all, "each once, and in their order");
}

#[both_stores("WH-6")]
async fn events_can_be_asked_for_by_type(store: Store) {
    let gateway = Gateway::start(store).await;
    let platform = json!({
        "url": "https://lms.example.edu", "clientId": "c-1", "name": "A",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    gateway.something_happens().await;
    let made = gateway.order("/admin/platforms", Some(platform)).await;
    let id = made["id"].as_str().unwrap();
    for switch in ["deactivate", "deactivate", "activate"] {
        gateway.order(&format!("/admin/platforms/{id}/{switch}"), None).await;
    }
    let all = gateway.events("", 4).await;
    // As a script's first request with an empty variable.
    assert_eq!(gateway.ask("/api/events?after=&types=&limit=100").await, all);
    let wanted =
        ["api_key.created", "platform.registered", "platform.deactivated", "platform.activated"];
    assert_eq!(types(&all), wanted, "what changes nothing is not told");
    let some = gateway.ask("/api/events?types=platform.activated,api_key.created").await;
    assert_eq!(types(&some), ["api_key.created", "platform.activated"]);
    let one = gateway.ask("/api/events?types=platform.activated&limit=1").await;
    assert_eq!((types(&one).len(), &one["next"]), (1, &all["next"]));
    let platforms = "platform.activated,platform.registered,platform.deactivated";
    let page = gateway.ask(&format!("/api/events?types={platforms}&limit=2")).await;
    assert_eq!(types(&page), wanted[1..3]);
    let next = page["next"].as_str().unwrap();
    let page = gateway.ask(&format!("/api/events?types={platforms}&limit=2&after={next}")).await;
    assert_eq!(types(&page), wanted[3..]);
    for query in
        ["after=x", "after=-1", "after=1.x", "types=platform", "limit=0", "limit=201", "since=1"]
    {
        let page = gateway.admin("GET", &format!("/api/events?{query}"), None).await;
        let code = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, code), (400, json!("INVALID_PARAMETER")), "{query}");
    }
    for id in ["0VDr7H2kLp4vN9cX1yRw", "x"] {
        let page = gateway.admin("GET", &format!("/api/events/{id}"), None).await;
        let code = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, code), (404, json!("EVENT_NOT_FOUND")), "{id}");
    }
}

#[both_stores("WH-6")]
async fn events_are_kept_for_a_week(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.something_happens().await;
    gateway.events("", 1).await;
    let forget =
        async || gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    gateway.clock.advance(Duration::from_secs(7 * 24 * 3600 + 60));
    forget().await;
    assert_eq!(types(&gateway.ask("/api/events").await).len(), 1);
    gateway.clock.advance(Duration::from_secs(24 * 3600));
    forget().await;
    assert_eq!(gateway.ask("/api/events").await["events"], Value::Array(Vec::new()));
}

/// As `hallpass restore` leaves it, and as a copy does that someone put back.
#[both_stores("WH-6")]
async fn after_a_restore_no_event_is_missed(store: Store) {
    let gateway = Gateway::start(store).await;
    for _ in 0..3 {
        gateway.something_happens().await;
    }
    let before = gateway.events("", 3).await;
    let next = before["next"].as_str().unwrap().to_owned();
    let quiet = gateway.ask(&format!("/api/events?after={next}")).await;
    assert_eq!(quiet["events"], json!([]));
    // The backup knew the first of them.
    let first = before["events"][0]["id"].as_str().unwrap();
    gateway.meddle(&format!("DELETE FROM events WHERE id <> '{first}'")).await;
    gateway.meddle("UPDATE event_log SET last_place = 1").await;
    for (how, restored) in [
        ("a copy", "UPDATE event_log SET last_place = last_place"),
        ("a command", "UPDATE event_log SET epoch = 'another', last_place = 3"),
    ] {
        gateway.meddle(restored).await;
        let page = gateway.ask(&format!("/api/events?after={next}")).await;
        assert_eq!(page["events"][0]["id"], first, "{how}");
    }
    let id = gateway.something_happens().await;
    let page = gateway.events(&format!("?after={next}"), 2).await;
    assert_eq!(page["events"][1]["data"]["apiKeyId"], id.as_str());
    // And from there on each once.
    let next = page["next"].as_str().unwrap();
    let quiet = gateway.ask(&format!("/api/events?after={next}")).await;
    assert_eq!(quiet, json!({"events": [], "next": next}));
}

#[both_stores("WH-6")]
async fn a_tools_refused_launches_displace_no_others(store: Store) {
    let gateway = Gateway::start(store).await;
    let now = gateway.clock.now_ms();
    let quiet = format!(
        "INSERT INTO tools (id, host, settings, created_at, updated_at) \
         VALUES ('quiet', 'quiet.example', '{{}}', {now}, {now})"
    );
    gateway.meddle(&quiet).await;
    // They have a place, so that they need not be passed on.
    let refused = |tool: &str, number: u32, age_ms: i64| {
        let (at, end) = (now - age_ms, now - age_ms + EIGHT_DAYS_MS);
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) \
             INSERT INTO events (id, tool_id, type, data, place, created_at, delete_at) \
             SELECT tools.id || n.i, tools.id, 'launch.refused', '{{}}', 0, {at} + n.i, {end} + n.i \
             FROM tools, n WHERE (tools.id = 'quiet') = ('{tool}' = 'quiet')"
        )
    };
    gateway.meddle(&refused("quiet", 3, EIGHT_DAYS_MS / 2)).await;
    gateway.meddle(&refused("loud", 50_010, 60_000)).await;
    gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    let kept = async |which: &str| {
        let sql =
            format!("SELECT COUNT(*) FROM events WHERE place = 0 AND tool_id {which} 'quiet'");
        gateway.number(&sql).await
    };
    assert_eq!((kept("=").await, kept("<>").await), (3, 50_000));
}
