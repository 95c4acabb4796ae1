//! The platform's services on the application's behalf: rosters, grades and groups.

mod access_tokens;
pub mod background;
mod deliveries;
mod differences;
mod failures;
mod groups;
mod handles;
mod hostile;
mod idempotency;
mod kept_answers;
mod line_items;
mod old_tokens;
pub mod profiles;
mod reconciling;
mod reviews;
mod roster;
mod sakai;
mod scores;
mod service_keys;
mod streaming;
mod sync;

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::lms::Launch;

use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Store};

/// A launch that the application goes on to use services with.
pub struct Course {
    pub school: Registered,
    pub ltik: String,
    /// What the application read of the launch.
    pub token: Value,
}

impl Course {
    /// A teacher's launch at the usual LMS.
    pub async fn new(store: Store) -> Self {
        Self::with(store, json!({})).await
    }

    /// The same with these tool settings.
    pub async fn with(store: Store, settings: Value) -> Self {
        let school = Registered::with(store, settings).await;
        let launch = school.teacher();
        Self::of(school, launch).await
    }

    pub async fn of(school: Registered, launch: Launch) -> Self {
        let ltik = ltik_of("launch", &school.launch(&launch).await);
        let token = school.read(&ltik).await;
        Self { school, ltik, token }
    }

    /// A request with the `ltik`.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Page {
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{}", self.ltik);
        self.school.gateway.with_authorization(method, path, body, &header).await
    }

    pub async fn get(&self, path: &str) -> Page {
        self.ask("GET", path, None).await
    }

    /// A GET that must work; what it answers.
    pub async fn read(&self, path: &str) -> Value {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.json().unwrap()
    }

    /// A request with a service key.
    pub async fn with_key(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Page {
        let header = format!("SERVICE-AUTH-V1 {API_KEY}:{key}");
        self.school.gateway.with_authorization(method, path, body, &header).await
    }

    pub fn service_key(&self) -> String {
        self.token["services"]["serviceKey"].as_str().unwrap().to_owned()
    }

    /// The line item of the link.
    pub fn line_item(&self) -> String {
        self.token["launch"]["lineItemId"].as_str().unwrap().to_owned()
    }
}

/// A text as clients write it into a path or a query.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The address of a line item here.
pub fn at(id: &str) -> String {
    format!("/api/lineitems/{}", encoded(id))
}

/// An error with this status and code.
#[track_caller]
pub fn assert_error(case: &str, page: &Page, status: u16, code: &str) -> Value {
    let body: Value = page.json().unwrap_or_else(|_| panic!("{case}: {}", page.text()));
    assert_eq!(
        (page.status, &body["details"]["message"]),
        (status, &json!(code)),
        "{case}: {body}"
    );
    assert_eq!(body["status"], status, "{case}");
    body["details"].clone()
}
