//! Scores that are answered before the platform has them: what the tests of deliveries share.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Page;

use super::{Course, at};
use crate::support::{API_KEY, Gateway, Store};

/// How long a delivery may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A final grade out of ten.
pub fn graded(user: &str, given: f64) -> Value {
    json!({
        "userId": user, "scoreGiven": given, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    })
}

/// Answers of the API that must be good.
#[track_caller]
pub fn good(page: &Page) -> Value {
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

impl Course {
    /// A teacher's launch of a tool that sends scores in the background; `grades` are more of its
    /// settings.
    pub async fn in_background(store: Store, grades: Value) -> Self {
        let mut settings = json!({"grades": {"delivery": "async"}});
        settings["grades"].as_object_mut().unwrap().extend(grades.as_object().unwrap().clone());
        Self::with(store, settings).await
    }

    /// Hands a score in; the delivery.
    pub async fn hand_in(&self, score: Value) -> Value {
        let path = format!("{}/scores", at(&self.line_item()));
        let page = self.ask("POST", &path, Some(score)).await;
        assert_eq!(page.status, 202, "{}", page.text());
        page.json().unwrap()
    }

    /// A delivery as the tool sees it.
    pub async fn shown_delivery(&self, id: &Value) -> Value {
        let path = format!("/api/deliveries/{}", id.as_str().unwrap());
        good(&self.school.gateway.admin("GET", &path, None).await)
    }

    /// A delivery once it is in this state.
    pub async fn comes_to(&self, id: &Value, state: &str) -> Value {
        self.delivery_once(id, state, |delivery| delivery["state"] == state).await
    }

    /// A delivery once there was an attempt at it.
    pub async fn tried(&self, id: &Value) -> Value {
        let is_tried = |delivery: &Value| !delivery["attempts"].as_array().unwrap().is_empty();
        self.delivery_once(id, "tried", is_tried).await
    }

    /// A delivery once this is so.
    async fn delivery_once(&self, id: &Value, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let comes = async {
            loop {
                let delivery = self.shown_delivery(id).await;
                if is_so(&delivery) {
                    return delivery;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, comes).await {
            Ok(delivery) => delivery,
            Err(_) => panic!("it is not {what}: {}", self.shown_delivery(id).await),
        }
    }

    /// Hands a score in and waits until it has arrived.
    pub async fn arrives(&self, score: Value) -> Value {
        let delivery = self.hand_in(score).await;
        self.comes_to(&delivery["id"], "delivered").await
    }

    /// An order of an operator.
    pub async fn order(&self, path: &str, body: Option<Value>) -> Page {
        self.school.gateway.admin("POST", path, body).await
    }

    /// A request with the `ltik` at another replica.
    pub async fn ask_at(&self, gateway: &Gateway, path: &str, body: Value) -> Page {
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik);
        gateway.with_authorization("POST", path, Some(body), &header).await
    }
}
