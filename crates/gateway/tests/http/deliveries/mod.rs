//! Scores that are delivered in the background (grades.md GR-1 to GR-21).

mod accepting;
mod answers;
mod at_once;
mod at_once_looks;
mod clocks;
mod commands;
mod harmless;
mod in_order;
mod late;
mod line_items;
mod meanwhile;
mod overdue;
mod overtaken;
mod products;
mod refusing;
mod replicas;
mod restored;
mod room;
mod three_servers;
mod vendors;
mod waiting;
mod ways;

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Page, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;

use crate::platform_services::{Course, at};
use crate::support::{API_KEY, Gateway, Store, send};

/// How long a test waits for what is done in the background.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a busy platform asks to wait, in seconds, and the pause before a second attempt: longer
/// than any test takes. So a state lasts until the test lets time pass ([`Course::later`]).
const PAUSE: u32 = 600;

/// A platform that is busy for a while.
fn busy() -> Fault {
    Fault::Busy { status: 429, seconds: PAUSE }
}

/// Settings by which there is no second attempt before the test lets time pass.
fn unhurried() -> Value {
    json!({"grades": {"schedule": [0, PAUSE]}})
}

/// A score out of 10.
fn graded(given: f64) -> Value {
    json!({
        "userId": "5", "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    })
}

impl Course {
    /// One in which there is no second attempt before the test lets time pass.
    async fn unhurried(store: Store) -> Self {
        Self::with(store, unhurried()).await
    }

    /// Lets enough time pass that what waits after a failure, or for a busy platform, is tried
    /// again.
    fn later(&self) {
        // Pauses are up to 20 % longer.
        self.school.advance(u64::from(PAUSE) * 6 / 5 + 1);
    }

    /// Waits until the LMS was asked so often.
    async fn asked(&self, endpoint: Endpoint, times: u64) {
        let waiting = async {
            while self.school.lms.hits(endpoint) < times {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "not asked {times} times: {}", endpoint.title());
    }

    async fn post_score(&self, score: &Value, headers: &[(&str, &str)]) -> Page {
        let gateway = &self.school.gateway;
        let path = format!("{}/scores", at(&self.line_item()));
        let mut request = Request::new("POST".parse().unwrap(), &gateway.at(&path))
            .unwrap()
            .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik))
            .no_redirects();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        send(request.body("application/json", score.to_string())).await
    }

    /// A score to be delivered in the background; its delivery.
    async fn deliver(&self, score: Value) -> Value {
        let page = self.post_score(&score, &[("prefer", "respond-async")]).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()
    }

    /// The id of such a delivery.
    async fn delivery(&self, score: Value) -> String {
        self.deliver(score).await["id"].as_str().unwrap().to_owned()
    }

    /// A score that waits for a busy platform.
    async fn waiting(&self, given: f64) -> String {
        self.school.lms.faults().next(Endpoint::Scores, 1, busy());
        let id = self.delivery(graded(given)).await;
        self.school.gateway.tried(&id).await;
        id
    }

    /// What the LMS has taken.
    fn taken(&self) -> Vec<Value> {
        self.school.lms.line_items(&self.school.client_id)[0].received.clone()
    }

    /// The scores that the LMS has taken.
    fn given(&self) -> Vec<f64> {
        self.taken().iter().map(|score| score["scoreGiven"].as_f64().unwrap()).collect()
    }
}

impl Gateway {
    /// A delivery's state and its reason.
    async fn state_of(&self, id: &str) -> String {
        let sql = format!(
            "SELECT state || ' ' || COALESCE(reason, '') FROM score_deliveries WHERE id = '{id}'"
        );
        self.texts(&sql).await.remove(0).trim().to_owned()
    }

    /// Waits until a delivery was tried.
    async fn tried(&self, id: &str) {
        let sql = format!(
            "SELECT COUNT(*) FROM score_deliveries WHERE id = '{id}' AND attempts_sealed IS NOT NULL"
        );
        let waiting = async {
            while self.number(&sql).await == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "it was never tried");
    }

    /// Waits until no attempt is under way, so that all pauses have begun.
    async fn rests(&self) {
        let running = "SELECT COUNT(*) FROM jobs WHERE kind = 'score' AND state = 'running'";
        let waiting = async {
            while self.number(running).await > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "an attempt takes for ever");
    }

    /// Waits until so many attempts at a delivery have failed.
    async fn failed(&self, id: &str, number: i64) {
        let failures = format!("SELECT failures FROM score_deliveries WHERE id = '{id}'");
        let waiting = async {
            while self.number(&failures).await < number {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "not tried {number} times");
    }

    /// Waits until a delivery is in a state, written with its reason.
    async fn until(&self, id: &str, wanted: &str) {
        let mut last = String::new();
        let waiting = async {
            loop {
                last = self.state_of(id).await;
                if last == wanted {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{wanted} wanted, not {last}");
    }

    /// The data of the first event of a type, once there is one.
    async fn told(&self, kind: &str) -> Value {
        let path = format!("/api/events?types={kind}");
        let mut found = Value::Null;
        let waiting = async {
            loop {
                let page = self.admin("GET", &path, None).await;
                assert_eq!(page.status, 200, "{}", page.text());
                let events = page.json().unwrap();
                if let Some(event) = events["events"].get(0) {
                    found = event["data"].clone();
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "no {kind}");
        found
    }
}
