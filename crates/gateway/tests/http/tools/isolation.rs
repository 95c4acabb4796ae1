//! No operation of the API shows or changes another tool's things, whatever the key asks for
//! (PO-10).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::{HOST, done};
use crate::openapi::contract::{Operation, operations, parameters_in};
use crate::platform_services::{Course, at};
use crate::studyreel::valid;
use crate::support::{API_KEY, Gateway, PATIENCE, Store, lms, send};

/// Tables that hold what the first tool has here.
pub(super) const TABLES: [&str; 13] = [
    "api_keys",
    "blocked_people",
    "deployments",
    "invites",
    "launches",
    "learning_paths",
    "platforms",
    "registrations",
    "score_deliveries",
    "service_places",
    "signing_keys",
    "students",
    "webhooks",
];

/// The first tool, with one of everything.
pub(super) struct Full {
    pub(super) course: Course,
    /// Ids by the part of the address that they stand behind, and other parameters by their names.
    pub(super) parameters: BTreeMap<&'static str, String>,
}

impl Full {
    pub(super) async fn new(store: Store) -> Self {
        let mut full = Self { course: Course::new(store).await, parameters: BTreeMap::new() };
        full.make().await;
        full.deliver().await;
        full.find().await;
        full
    }

    pub(super) fn gateway(&self) -> &Gateway {
        &self.course.school.gateway
    }

    pub(super) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let page = self.gateway().admin(method, path, body).await;
        assert!(matches!(page.status, 200 | 201), "{method} {path}: {}", page.text());
        page.json().unwrap()
    }

    fn know(&mut self, name: &'static str, value: &Value) {
        let text = value.as_str().unwrap_or_else(|| panic!("{name}: {value}"));
        self.parameters.insert(name, text.to_owned());
    }

    /// Makes what is made by a request.
    async fn make(&mut self) {
        let hook = json!({"url": "http://127.0.0.3:9/hooks", "events": ["webhook.disabled"]});
        let path = json!({"id": "marker-path", "subject": "math", "grades": [1, 2]});
        let key = json!({"name": "marker key", "scope": "read"});
        for (name, address, body) in [
            ("webhooks", "/admin/webhooks", hook),
            ("learning-paths", "/admin/learning-paths", path),
            ("api-keys", "/admin/api-keys", key),
            ("invites", "/admin/invites", json!({})),
        ] {
            let made = self.ask("POST", address, Some(body)).await;
            self.know(name, &made["id"]);
        }
        let platform = self.course.school.platform_id.clone();
        let blocked = format!("/admin/platforms/{platform}/blocked/marker-user");
        let page = self.gateway().admin("PUT", &blocked, None).await;
        assert!(page.status < 300, "{}", page.text());
        self.parameters.insert("user", "marker-user".to_owned());
        // Nobody is signed in to the portal: the user is looked for first.
        self.parameters.insert("session", "marker-session".to_owned());
        self.parameters.insert("platforms", platform);
        let launch = valid("marker@example.com").to_string();
        let address = self.gateway().at("/studyreel/launch");
        let request = Request::new("POST".parse().unwrap(), &address).unwrap();
        let request = request.body("application/json", launch);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        // One more platform waits for the tool's word.
        let approval =
            json!({"preApproval": {"enabled": true, "url": "http://127.0.0.3:9/approve"}});
        self.gateway().patch_tool(json!({"registration": approval})).await;
        let other = lms().await;
        let start = other.begin_registration(&self.gateway().at("/lti/register")).unwrap();
        let request = Request::new("GET".parse().unwrap(), &start.url).unwrap().no_redirects();
        let page = Browser::new().unwrap().send(request).await.unwrap();
        let to = page.location().unwrap();
        let (_, id) = to.query_pairs().find(|(name, _)| name == "registrationId").unwrap();
        self.parameters.insert("registrations", id.into_owned());
    }

    /// Sends a score, which is delivered in the background.
    async fn deliver(&mut self) {
        let score = json!({
            "userId": "5", "scoreGiven": 7, "scoreMaximum": 10, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        });
        let address = self.gateway().at(&format!("{}/scores", at(&self.course.line_item())));
        let request = Request::new("POST".parse().unwrap(), &address).unwrap().no_redirects();
        let request = request
            .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{}", self.course.ltik))
            .header("prefer", "respond-async")
            .body("application/json", score.to_string());
        let page = send(request).await;
        assert_eq!(page.status, 202, "{}", page.text());
        self.know("deliveries", &page.json().unwrap()["id"]);
    }

    /// Finds what came about by use.
    async fn find(&mut self) {
        let platform = self.course.school.platform_id.clone();
        let deployments = format!("/admin/platforms/{platform}/deployments");
        for (name, address, list, member) in [
            ("deployment", deployments.as_str(), "deployments", "deploymentId"),
            ("students", "/api/students", "students", "id"),
            ("traces", "/admin/traces", "traces", "id"),
            ("service-keys", "/admin/service-keys", "serviceKeys", "id"),
            ("tools", "/admin/tools", "tools", "id"),
            ("portal", "/admin/portal/users", "users", "id"),
            ("waiting", "/admin/waiting", "registrations", "id"),
        ] {
            let found = self.ask("GET", address, None).await;
            self.know(name, &found[list][0][member]);
        }
        let found = self.first_event().await;
        self.know("events", &found);
    }

    /// Events get their place a moment after they happened.
    async fn first_event(&self) -> Value {
        let found = async {
            loop {
                let found = self.ask("GET", "/api/events", None).await;
                if let Some(first) = found["events"].get(0) {
                    return first["id"].clone();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap()
    }

    /// The address of an operation on something of the first tool.
    pub(super) fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        let noun = path.split('/').nth(2).unwrap_or_default();
        for parameter in parameters_in(path) {
            let name = if parameter == "id" { noun } else { parameter.as_str() };
            let value = self.parameters.get(name);
            let value = value.unwrap_or_else(|| panic!("{path}: which {name} has the first tool?"));
            address = address.replace(&format!("{{{parameter}}}"), value);
        }
        address
    }
}

/// The schemes that an operation takes.
pub(super) fn schemes(operation: &Operation) -> BTreeSet<&str> {
    let ways = operation.body["security"].as_array().into_iter().flatten();
    ways.filter_map(|way| way.as_object()?.keys().next()).map(String::as_str).collect()
}

/// A body that the operation would take.
fn body(operation: &Operation, address: &str) -> Option<Value> {
    let content = &operation.body["requestBody"]["content"]["application/json"];
    let mut body = content.get("example")?.clone();
    if let Some(id) = body.get_mut("id") {
        *id = address.rsplit('/').next().unwrap_or_default().into();
    }
    Some(body)
}

#[both_stores]
async fn no_operation_reaches_another_tools_things(store: Store) {
    let full = Full::new(store).await;
    let gateway = full.gateway();
    let service_key = full.course.service_key();
    let (_, key) = gateway.new_tool(HOST).await;
    let before = gateway.rows().await;
    let mut tried = 0;
    for (method, path, operation) in operations() {
        let has_parameters = !parameters_in(&path).is_empty();
        for scheme in schemes(&operation) {
            let header = match scheme {
                "ltik" => format!("LTIK-AUTH-V2 {key}:{}", full.course.ltik),
                "serviceKey" => format!("SERVICE-AUTH-V1 {key}:{service_key}"),
                _ => format!("Bearer {key}"),
            };
            let by_key = scheme == "apiKey";
            // What a key makes or changes without naming anything is its own tool's.
            if by_key && !has_parameters && method != "GET" {
                continue;
            }
            let address = match by_key {
                true => full.address(&path),
                false => path.replace(['{', '}'], ""),
            };
            let body = body(&operation, &address);
            let page = gateway.with_authorization(&method, &address, body, &header).await;
            let (status, text) = (page.status, page.text());
            match (by_key, has_parameters) {
                (false, _) => assert_eq!(status, 401, "{method} {path} by {scheme}: {text}"),
                (true, true) => {
                    assert!(matches!(status, 403 | 404), "{method} {path}: {status} {text}");
                }
                (true, false) => {
                    assert!(matches!(status, 200 | 403), "{method} {path}: {status} {text}");
                }
            }
            for (name, value) in &full.parameters {
                // What was asked for may be said again; numbers of deployments are anyone's.
                let is_theirs = value.len() > 8 && !address.contains(value.as_str());
                assert!(
                    !is_theirs || !text.contains(value.as_str()),
                    "{name}: {method} {path}: {text}"
                );
            }
            tried += 1;
        }
    }
    assert!(tried > 60, "only {tried} requests");
    // This one names a platform in its query.
    let erase = format!("/api/deliveries?platform={}&user=5", full.parameters["platforms"]);
    done(&gateway.as_key(&key, "DELETE", &erase, None).await, 404);
    let after = gateway.rows().await;
    for table in TABLES {
        assert_eq!(after[table], before[table], "{table}");
    }
    // The first tool's own key still finds all of it.
    for noun in ["platforms", "learning-paths", "traces"] {
        let one = format!("/admin/{noun}/{}", full.parameters[noun]);
        done(&gateway.admin("GET", &one, None).await, 200);
    }
    for noun in ["students", "events", "registrations", "deliveries"] {
        let one = format!("/api/{noun}/{}", full.parameters[noun]);
        done(&gateway.admin("GET", &one, None).await, 200);
    }
}
