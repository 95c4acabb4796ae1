//! What is sent, how it is signed, and when it is tried again.

use std::time::Duration;

use serde_json::{Value, json};
use test_case::{both_stores, cases};

use super::receiver::{PATIENCE, Receiver};
use crate::support::{Gateway, Store, fixed};

/// A platform as an operator enters it.
fn platform(client_id: &str, active: bool) -> Value {
    json!({
        "url": "https://lms.example.edu", "clientId": client_id, "name": "Example University",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"}, "active": active,
    })
}

#[both_stores("WH-1", "WH-2", "WH-4")]
async fn a_webhook_is_told_of_the_events_it_wants(store: Store) {
    let gateway = Gateway::start(store).await;
    let (one, all) = (Receiver::start().await, Receiver::start().await);
    let (_, secret) = gateway.webhook(&one.url, json!(["platform.pending"])).await;
    let (_, other) = gateway.webhook(&all.url, json!([])).await;
    let list = gateway.admin("GET", "/admin/webhooks", None).await;
    assert!(!list.text().contains("whsec_"), "shown once");
    let made = gateway.order("/admin/platforms", Some(platform("c-1", false))).await;
    let got = one.gets(1).await.remove(0);
    assert_eq!((got.signatures_by(&secret), got.signatures_by(&other)), (1, 0));
    assert_eq!(got.header("content-type"), "application/json");
    let message = got.message();
    assert_eq!(message["type"], "platform.pending");
    assert_eq!(message["id"], got.id());
    assert_eq!(message["data"], json!({"platformId": made["id"]}), "ids only");
    let mut whole = gateway.ask(&format!("/api/events/{}", got.id())).await;
    assert_eq!(whole["at"], message["timestamp"]);
    let wanted = json!({
        "platformId": made["id"], "issuer": "https://lms.example.edu", "clientId": "c-1",
        "name": "Example University", "active": false,
    });
    assert_eq!(whole["data"].take(), wanted);
    let mut kinds: Vec<_> = all.gets(2).await.iter().map(|got| got.kind()).collect();
    kinds.sort();
    assert_eq!(kinds, ["platform.pending", "platform.registered"]);
}

#[both_stores("WH-4")]
async fn each_tool_hears_of_its_own_events_only(store: Store) {
    let gateway = Gateway::start(store).await;
    let (_, key) = gateway.new_tool("127.0.0.5").await;
    let receiver = Receiver::start().await;
    let asked = json!({"url": receiver.url, "events": ["platform.registered"]});
    let page = gateway.as_key(&key, "POST", "/admin/webhooks", Some(asked)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let ours = gateway.order("/admin/platforms", Some(platform("c-1", true))).await;
    gateway.events("?types=platform.registered", 1).await;
    let asked = Some(platform("c-2", true));
    let theirs = gateway.as_key(&key, "POST", "/admin/platforms", asked).await.json().unwrap();
    let got = receiver.gets(1).await.remove(0);
    assert_eq!(got.message()["data"]["platformId"], theirs["id"]);
    let page = gateway.as_key(&key, "GET", "/api/events?types=platform.registered", None).await;
    let listed = page.json().unwrap();
    assert_eq!(listed["events"].as_array().unwrap().len(), 1, "{listed}");
    let all = gateway.ask("/api/events?types=platform.registered").await;
    assert_eq!(all["events"].as_array().unwrap().len(), 1, "{all}");
    assert_eq!(all["events"][0]["data"]["platformId"], ours["id"]);
}

#[both_stores("WH-3", "WH-5", "GR-8")]
async fn a_message_is_tried_until_it_is_taken(store: Store) {
    // The pause is longer than a test takes, and up to 20 % longer than it says.
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 600]}})).await;
    let receiver = Receiver::start().await;
    let (id, secret) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(302, &[("location", "/elsewhere")]);
    gateway.something_happens().await;
    let tried = |number: usize| {
        move |deliveries: &Value| {
            deliveries[0]["attempts"].as_array().is_some_and(|attempts| attempts.len() == number)
        }
    };
    let first = gateway.deliveries(&id, tried(1)).await[0].take();
    assert_eq!((&first["state"], &first["attempts"][0]["status"]), (&json!("queued"), &json!(302)));
    assert!(first["nextAttemptAt"].is_string(), "{first}");
    assert!(gateway.the_webhook().await["failingSince"].is_string());
    receiver.answers(500, &[]);
    gateway.clock.advance(Duration::from_secs(721));
    gateway.deliveries(&id, tried(2)).await;
    receiver.answers(204, &[]);
    gateway.clock.advance(Duration::from_secs(721));
    let last = gateway.deliveries(&id, tried(3)).await[0].take();
    assert_eq!(last["state"], "delivered");
    assert_eq!(last["attempts"][2]["outcome"], "delivered");
    assert!(last.get("nextAttemptAt").is_none(), "{last}");
    assert!(gateway.the_webhook().await.get("failingSince").is_none());
    let got = receiver.gets(3).await;
    assert!(got.iter().all(|one| one.id() == last["event"].as_str().unwrap()), "one id");
    assert!(got.iter().all(|one| one.body == got[0].body && one.signatures_by(&secret) == 1));
    let times: Vec<&str> = got.iter().map(|one| one.header("webhook-timestamp")).collect();
    assert!(times[0] < times[1] && times[1] < times[2], "signed anew: {times:?}");
}

#[both_stores("WH-3")]
async fn an_application_says_when_to_come_again(store: Store) {
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 60]}})).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(429, &[("retry-after", "5000")]);
    gateway.something_happens().await;
    let queued = |deliveries: &Value| {
        deliveries[0]["nextAttemptAt"].is_string() && deliveries[0]["attempts"][0].is_object()
    };
    let waiting = gateway.deliveries(&id, queued).await[0].take();
    let time = |member: &str| waiting[member].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let pause = time("nextAttemptAt").as_second() - time("createdAt").as_second();
    assert!((5000..5100).contains(&pause), "{pause}");
}

#[both_stores("WH-5")]
async fn messages_go_to_public_addresses_only(store: Store) {
    let gateway = Gateway::start(store).await;
    for url in [
        "http://10.0.0.1/hooks",
        "https://169.254.169.254/latest",
        "https://[fd00::1]/",
        "http://app.example.com/hooks",
        "https://user:secret@app.example.com/",
        "https://app.example.com/#top",
        "ftp://app.example.com/",
        "app.example.com",
        "",
    ] {
        let asked = json!({"url": url});
        let page = gateway.admin("POST", "/admin/webhooks", Some(asked)).await;
        let code = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, code), (400, json!("INVALID_WEBHOOK")), "{url}");
    }
    let wrong = json!({"url": "https://app.example.com/", "events": ["grade.given"]});
    let page = gateway.admin("POST", "/admin/webhooks", Some(wrong)).await;
    assert_eq!(page.status, 400, "a type that there isn't: {}", page.text());
    assert!(page.text().contains("events[0]"), "{}", page.text());
}

/// What the name leads to is looked at each time.
#[both_stores("WH-5")]
async fn an_address_that_leads_inside_is_not_called(store: Store) {
    let listed = [("public_url", "https://hallpass.example.com"), ("outbound_allow", "localhost")];
    let gateway = Gateway::start_configured(store, json!({}), &listed).await;
    let receiver = Receiver::start().await;
    let url = receiver.url.replace("127.0.0.3", "localhost");
    let (id, _) = gateway.webhook(&url, json!([])).await;
    let row = format!("UPDATE webhooks SET url = '{}' WHERE id = '{id}'", receiver.url);
    gateway.meddle(&row).await;
    let trial = gateway.order(&format!("/admin/webhooks/{id}/test"), None).await;
    assert_eq!(
        (&trial["delivered"], &trial["outcome"]),
        (&json!(false), &json!("no answer")),
        "{trial}"
    );
    assert!(receiver.got().is_empty());
}

#[both_stores("WH-4")]
async fn a_test_message_goes_out_at_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, secret) = gateway.webhook(&receiver.url, json!(["roster.changed"])).await;
    let path = format!("/admin/webhooks/{id}");
    let test = format!("{path}/test");
    let trial = gateway.order(&test, None).await;
    assert_eq!((&trial["delivered"], &trial["status"]), (&json!(true), &json!(200)), "{trial}");
    let got = receiver.gets(1).await.remove(0);
    assert_eq!((got.kind().as_str(), got.signatures_by(&secret)), ("webhook.test", 1));
    receiver.answers(500, &[]);
    let page = gateway.admin("PATCH", &path, Some(json!({"active": false}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let trial = gateway.order(&test, None).await;
    assert_eq!((&trial["delivered"], &trial["status"]), (&json!(false), &json!(500)), "{trial}");
    assert!(gateway.the_webhook().await.get("failingSince").is_none(), "it counts for nothing");
    assert_eq!(gateway.ask("/api/events").await["events"], json!([]), "and is no event");
}

#[both_stores("GR-12", "WH-3")]
async fn a_dead_servers_messages_are_sent_by_another(store: Store) {
    let quick =
        gateway::settings::installation::Fixed { job_beat: Duration::from_millis(200), ..fixed() };
    let gateway = Gateway::start_fixed(store, json!({}), &[], quick).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    gateway.something_happens().await;
    receiver.gets(1).await;
    gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
    // As a server leaves it that is killed in the middle of sending.
    gateway.meddle("INSERT INTO job_workers (id, beat) VALUES ('dead', 3)").await;
    let running =
        "UPDATE jobs SET state = 'running', owner = 'dead', ended_at = NULL, delete_at = NULL";
    gateway.meddle(running).await;
    receiver.gets(2).await;
    let done = gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
    assert_eq!(done[0]["attempts"].as_array().unwrap().len(), 2);
    let buried = async {
        while gateway.number("SELECT COUNT(*) FROM job_workers").await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, buried).await.unwrap();
}

/// A server that is killed again and again doesn't live for long enough to miss the one before it.
#[cases("GR-12", "WH-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_files_only_server_takes_over_at_its_start() {
    const STATES: &str = "SELECT state FROM jobs";
    let unhurried =
        gateway::settings::installation::Fixed { job_beat: Duration::from_secs(600), ..fixed() };
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], unhurried).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    gateway.something_happens().await;
    receiver.gets(1).await;
    gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
    gateway.meddle("INSERT INTO job_workers (id, beat) VALUES ('dead', 3)").await;
    let running =
        "UPDATE jobs SET state = 'running', owner = 'dead', ended_at = NULL, delete_at = NULL";
    gateway.meddle(running).await;
    let mut other = gateway.replica().await;
    assert_eq!(gateway.texts(STATES).await, ["running"], "its owner may be serving");
    other.stop().await;
    let gateway = gateway.restart().await;
    assert_eq!(gateway.texts(STATES).await, ["queued"]);
    // Only as late as a server beside it would have sent it.
    gateway.clock.advance(Duration::from_secs(5 * 600 - 1));
    assert_eq!(gateway.texts(STATES).await, ["queued"]);
    gateway.clock.advance(Duration::from_secs(2));
    receiver.gets(2).await;
    gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
}

#[both_stores("WH-5")]
async fn messages_survive_a_restart(store: Store) {
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 600]}})).await;
    let receiver = Receiver::start().await;
    let (id, secret) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(503, &[]);
    gateway.something_happens().await;
    gateway.deliveries(&id, |all| all[0]["attempts"][0].is_object()).await;
    let gateway = gateway.restart().await;
    receiver.answers(200, &[]);
    gateway.clock.advance(Duration::from_secs(721));
    let got = receiver.gets(2).await.remove(1);
    assert_eq!(got.signatures_by(&secret), 1);
}

/// What is put off while the date is ahead would wait for as long as it was ahead.
#[both_stores("WH-3")]
async fn what_a_date_ahead_put_off_is_sent_once_it_is_right(store: Store) {
    const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 100]}})).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(503, &[]);
    gateway.clock.set_by(MONTH_MS);
    gateway.something_happens().await;
    let tried = |all: &Value| all[0]["attempts"][0].is_object() && all[0]["state"] == "queued";
    gateway.deliveries(&id, tried).await;
    receiver.answers(200, &[]);
    gateway.clock.set_by(-MONTH_MS);
    gateway.deliveries(&id, |all| all[0]["state"] == "delivered").await;
}

/// Its secret may be sealed with a key that is gone.
#[both_stores("WH-3")]
async fn a_message_that_cannot_be_signed_is_refused_at_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    gateway.meddle("UPDATE webhooks SET secret_sealed = SUBSTR(secret_sealed, 2)").await;
    gateway.something_happens().await;
    let ended = gateway.deliveries(&id, |all| all[0]["state"] == "refused").await[0].take();
    assert_eq!(ended["reason"], "NOT_READABLE");
    let attempts = ended["attempts"].as_array().unwrap();
    assert_eq!((attempts.len(), &attempts[0]["outcome"]), (1, &json!("not readable")));
    assert!(receiver.got().is_empty());
}

/// Services such as Slack put a secret into it.
#[both_stores("WH-4")]
async fn who_may_only_read_sees_no_more_of_an_address_than_its_host(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    gateway.webhook(&receiver.url, json!([])).await;
    assert_eq!(gateway.the_webhook().await["url"], receiver.url.as_str());
    let asked = json!({"name": "reader", "scope": "read"});
    let made = gateway.order("/admin/api-keys", Some(asked)).await;
    let header = format!("Bearer {}", made["key"].as_str().unwrap());
    let page = gateway.with_authorization("GET", "/admin/webhooks", None, &header).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (host, _) = receiver.url.split_once("/hooks").unwrap();
    assert_eq!(page.json().unwrap()["webhooks"][0]["url"], format!("{host}/…"));
}

/// A dead address doesn't fill the disk.
#[both_stores("WH-3", "WH-4")]
async fn beyond_ten_thousand_waiting_messages_events_are_missed(store: Store) {
    let gateway = Gateway::start_with(store, json!({"webhooks": {"schedule": [0, 600]}})).await;
    let receiver = Receiver::start().await;
    let (id, _) = gateway.webhook(&receiver.url, json!([])).await;
    receiver.answers(503, &[]);
    gateway.something_happens().await;
    let tried =
        |all: &Value| all[0]["nextAttemptAt"].is_string() && all[0]["attempts"][0].is_object();
    gateway.deliveries(&id, tried).await;
    let more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
                INSERT INTO jobs (id, tool_id, kind, share, subject, place, tail, state, due_at, attempts, created_at) \
                SELECT 'more' || CAST(i AS TEXT), tool_id, kind, share, subject, place, tail, state, due_at, attempts, \
                created_at FROM n, jobs";
    gateway.meddle(more).await;
    // What was counted before is trusted for five seconds.
    gateway.clock.advance(Duration::from_secs(6));
    let missed = gateway.something_happens().await;
    gateway.events("", 2).await;
    assert!(gateway.the_webhook().await["missedSince"].is_string());
    assert_eq!(gateway.number("SELECT COUNT(*) FROM jobs").await, 10_001);
    let path = format!("/admin/webhooks/{id}");
    let (replay, since) = (format!("{path}/replay"), json!({"since": "2020-01-01T00:00:00Z"}));
    let page = gateway.admin("POST", &replay, Some(since.clone())).await;
    let code = page.json().unwrap()["details"]["message"].take();
    assert_eq!((page.status, code), (409, json!("TOO_MANY_WAITING")));

    gateway.meddle("DELETE FROM jobs WHERE id LIKE 'more%'").await;
    receiver.answers(200, &[]);
    // The first one waits anyway.
    assert_eq!(gateway.order(&replay, Some(since)).await, json!({"replayed": 1}));
    let got = receiver.gets(2).await.remove(1);
    assert_eq!(got.message()["data"], json!({"apiKeyId": missed}));
    let page = gateway.admin("PATCH", &path, Some(json!({}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(gateway.the_webhook().await.get("missedSince").is_none());
}
