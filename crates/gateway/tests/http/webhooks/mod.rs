//! Webhooks and events (grades.md WH-1 to WH-6).

mod causes;
mod ending;
mod packages;
mod polling;
mod pooled;
mod receiver;
mod replaying;
mod rotating;
mod sending;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Gateway;
use receiver::PATIENCE;

impl Gateway {
    /// Makes a webhook for these events: its id and its secret.
    async fn webhook(&self, url: &str, events: Value) -> (String, String) {
        let asked = json!({"url": url, "events": events});
        let page = self.admin("POST", "/admin/webhooks", Some(asked)).await;
        assert_eq!(page.status, 201, "{}", page.text());
        let made = page.json().unwrap();
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        assert!(text("secret").starts_with("whsec_"), "{made}");
        (text("id"), text("secret"))
    }

    /// The one webhook as it is now.
    async fn the_webhook(&self) -> Value {
        let list = self.ask("/admin/webhooks").await;
        list["webhooks"][0].clone()
    }

    async fn ask(&self, path: &str) -> Value {
        let page = self.admin("GET", path, None).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.json().unwrap()
    }

    async fn order(&self, path: &str, body: Option<Value>) -> Value {
        let page = self.admin("POST", path, body).await;
        assert!(matches!(page.status, 200 | 201), "{path}: {}", page.text());
        page.json().unwrap()
    }

    /// Something happens: an API key is made. Its id.
    async fn something_happens(&self) -> String {
        let asked = json!({"name": "k", "scope": "read"});
        let made = self.order("/admin/api-keys", Some(asked)).await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// The events behind a place, once there are so many.
    async fn events(&self, query: &str, number: usize) -> Value {
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.ask(&format!("/api/events{query}")).await;
                if last["events"].as_array().unwrap().len() >= number {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{number} wanted: {last:#}");
        last
    }

    /// The deliveries to a webhook, once they are as wanted.
    async fn deliveries(&self, webhook: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/admin/webhooks/{webhook}/deliveries");
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.ask(&path).await["deliveries"].take();
                if wanted(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{last:#}");
        last
    }
}

fn types(events: &Value) -> Vec<&str> {
    let events = events["events"].as_array().unwrap().iter();
    events.map(|event| event["type"].as_str().unwrap()).collect()
}
