//! Several tools in one installation: each found by its host name, with its own settings, keys and
//! data (PO-10).

mod grades;
mod hosts;
mod isolation;
mod portal;
mod secrets;

use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use test_case::both_stores;

use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::support::{Gateway, Store};

/// A host name that a second tool can have here: this machine's, and not the first tool's.
const HOST: &str = "127.0.0.5";

impl Gateway {
    /// Makes a tool at this host: its id and its first API key.
    pub(crate) async fn new_tool(&self, host: &str) -> (String, String) {
        let asked = json!({
            "host": host, "settings": {"name": "Quiz", "launchUrl": "http://127.0.0.3:9/quiz"},
        });
        let page = self.admin("POST", "/admin/tools", Some(asked)).await;
        let made = done(&page, 201);
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        (text("id"), text("apiKey"))
    }

    /// A request with another API key than the usual one.
    pub(crate) async fn as_key(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Page {
        self.with_authorization(method, path, body, &format!("Bearer {key}")).await
    }
}

/// A course whose score is held, and is a second tool's from here on; the tool's id and its API
/// key.
pub(crate) async fn with_a_held_score(store: Store) -> (Course, String, String) {
    let unhurried = json!({"schedule": [0, 600]});
    let course = Course::in_background(store, unhurried).await;
    let refusal = ScoreRefusal::CanvasNoStudent.fault();
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
    let delivery = course.hand_in(graded("5", 7.0)).await;
    course.comes_to(&delivery["id"], "held").await;
    let gateway = &course.school.gateway;
    let (id, key) = gateway.new_tool(HOST).await;
    gateway.meddle(&format!("UPDATE score_deliveries SET tool_id = '{id}'")).await;
    (course, id, key)
}

#[track_caller]
fn done(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.text());
    page.json().unwrap_or_default()
}

#[track_caller]
fn assert_code(page: &Page, status: u16, code: &str) {
    assert_eq!(done(page, status)["details"]["message"], code, "{}", page.text());
}

#[both_stores]
async fn a_tool_is_made_with_settings_and_a_key_of_its_own(store: Store) {
    let gateway = Gateway::start(store).await;
    let first = done(&gateway.admin("GET", "/admin/tool", None).await, 200);
    let (id, key) = gateway.new_tool(HOST).await;
    let address = gateway.url.replace("127.0.0.2", HOST);
    let listed = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    let quiz = json!({
        "id": id, "name": "Quiz", "host": HOST, "url": address, "first": false,
    });
    assert_eq!(listed["tools"][1], quiz);
    assert_eq!(
        (&listed["tools"][0]["first"], &listed["tools"][0]["url"]),
        (&json!(true), &json!(gateway.url))
    );
    // Each key reads and changes its own tool's settings.
    let patch = json!({"launch": {"leewaySeconds": 10}});
    let changed = done(&gateway.as_key(&key, "PATCH", "/admin/tool", Some(patch)).await, 200);
    assert_eq!(
        (&changed["name"], &changed["launch"]["leewaySeconds"]),
        (&json!("Quiz"), &json!(10))
    );
    assert_eq!(done(&gateway.admin("GET", "/admin/tool", None).await, 200), first);
    // Its addresses are at its host.
    let invite = gateway.as_key(&key, "POST", "/admin/invites", Some(json!({}))).await;
    let invite = done(&invite, 201)["url"].as_str().unwrap().to_owned();
    assert!(invite.starts_with(&format!("{address}/lti/register/")), "{invite}");
    let launch_url = done(&gateway.as_key(&key, "GET", "/admin/studyreel", None).await, 200);
    assert_eq!(launch_url["launchUrl"], format!("{address}/studyreel/launch"));
    let gateway = gateway.restart().await;
    assert_eq!(done(&gateway.admin("GET", "/admin/tools", None).await, 200), listed);
    assert_eq!(done(&gateway.as_key(&key, "GET", "/admin/tool", None).await, 200), changed);
}

#[both_stores]
async fn only_keys_of_the_first_tool_see_and_change_tools(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, key) = gateway.new_tool(HOST).await;
    let before = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    let one = format!("/admin/tools/{id}");
    let host = || Some(json!({"host": "127.0.0.9"}));
    for (method, path, body) in [
        ("GET", "/admin/tools", None),
        ("POST", "/admin/tools", host()),
        ("PATCH", &*one, host()),
        ("DELETE", &*one, None),
    ] {
        let page = gateway.as_key(&key, method, path, body).await;
        assert_code(&page, 403, "NOT_FIRST_TOOL");
    }
    assert_eq!(done(&gateway.admin("GET", "/admin/tools", None).await, 200), before);
}

#[both_stores]
async fn what_cannot_be_a_tool_is_refused_by_name(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, _) = gateway.new_tool(HOST).await;
    let before = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    for (asked, status, code) in [
        (json!({"host": HOST}), 409, "TOOL_HOST_TAKEN"),
        // The installation's own name leads to the first tool.
        (json!({"host": "127.0.0.2"}), 409, "TOOL_HOST_TAKEN"),
        (json!({"host": "a b"}), 400, "INVALID_TOOL"),
        (json!({"host": "127.0.0.6:8080"}), 400, "INVALID_TOOL"),
        (json!({"host": "http://127.0.0.6"}), 400, "INVALID_TOOL"),
        // By plain http, only this machine is found.
        (json!({"host": "quiz.example.com"}), 400, "INVALID_TOOL"),
        (json!({"host": "127.0.0.6", "settings": {"nmae": "x"}}), 400, "INVALID_SETTINGS"),
        (json!({"settings": {"name": "x"}}), 400, "INVALID_BODY"),
        (json!({"host": "127.0.0.6", "more": 1}), 400, "INVALID_BODY"),
    ] {
        let page = gateway.admin("POST", "/admin/tools", Some(asked)).await;
        assert_code(&page, status, code);
    }
    let one = format!("/admin/tools/{id}");
    for (asked, status, code) in [
        (json!({"host": null}), 400, "INVALID_TOOL"),
        (json!({"host": "a b"}), 400, "INVALID_TOOL"),
        (json!({"host": "127.0.0.2"}), 409, "TOOL_HOST_TAKEN"),
        (json!({}), 400, "INVALID_BODY"),
    ] {
        let page = gateway.admin("PATCH", &one, Some(asked)).await;
        assert_code(&page, status, code);
    }
    for unknown in ["nobody", "00000000000000000000", "a%00b"] {
        let path = format!("/admin/tools/{unknown}");
        let other = Some(json!({"host": "127.0.0.9"}));
        assert_code(&gateway.admin("PATCH", &path, other).await, 404, "TOOL_NOT_FOUND");
        assert_code(&gateway.admin("DELETE", &path, None).await, 404, "TOOL_NOT_FOUND");
    }
    assert_eq!(done(&gateway.admin("GET", "/admin/tools", None).await, 200), before);
}

#[both_stores]
async fn a_tool_can_have_another_host_and_the_first_none(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, _) = gateway.new_tool(HOST).await;
    let all = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    let first = all["tools"][0]["id"].as_str().unwrap().to_owned();
    let change = async |id: &str, host: Value| {
        let path = format!("/admin/tools/{id}");
        done(&gateway.admin("PATCH", &path, Some(json!({"host": host}))).await, 200)
    };
    let moved = change(&id, json!(" 127.0.0.6 ")).await;
    assert_eq!(
        (&moved["host"], &moved["url"]),
        (&json!("127.0.0.6"), &json!(gateway.url.replace("127.0.0.2", "127.0.0.6")))
    );
    // The old one is free, for whichever tool.
    let named = change(&first, json!(HOST)).await;
    assert_eq!(named["url"], gateway.url.replace("127.0.0.2", HOST));
    let plain = change(&first, Value::Null).await;
    assert_eq!((plain.get("host"), &plain["url"]), (None, &json!(gateway.url)));
}

#[both_stores]
async fn a_removed_tool_is_gone_with_its_keys_and_data(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, key) = gateway.new_tool(HOST).await;
    let platform = json!({
        "url": "https://lms.example.org", "clientId": "c", "name": "School",
        "authenticationEndpoint": "https://lms.example.org/authorize",
        "accesstokenEndpoint": "https://lms.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.org/jwks"},
    });
    // The same platform may be known to both.
    done(&gateway.admin("POST", "/admin/platforms", Some(platform.clone())).await, 200);
    let before = gateway.rows().await;
    let page = gateway.as_key(&key, "POST", "/admin/platforms", Some(platform)).await;
    let key_set = done(&page, 200)["keysetUrl"].as_str().unwrap().to_owned();
    assert!(key_set.starts_with(&gateway.url.replace("127.0.0.2", HOST)), "{key_set}");
    let path = json!({"id": "m", "subject": "math", "grades": [1, 2]});
    done(&gateway.as_key(&key, "POST", "/admin/learning-paths", Some(path)).await, 201);
    done(&gateway.as_key(&key, "POST", "/admin/invites", Some(json!({}))).await, 201);

    let first = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    let first = format!("/admin/tools/{}", first["tools"][0]["id"].as_str().unwrap());
    assert_code(&gateway.admin("DELETE", &first, None).await, 409, "FIRST_TOOL");
    let one = format!("/admin/tools/{id}");
    assert_eq!(gateway.admin("DELETE", &one, None).await.status, 204);
    assert_code(&gateway.admin("DELETE", &one, None).await, 404, "TOOL_NOT_FOUND");
    assert_eq!(gateway.as_key(&key, "GET", "/admin/tool", None).await.status, 401);
    let listed = done(&gateway.admin("GET", "/admin/tools", None).await, 200);
    assert_eq!(listed["tools"].as_array().unwrap().len(), 1);

    // Clearing may take long, so nothing else that is over waits for it.
    let (app, now) = (&gateway.app, gateway.clock.now_ms());
    gateway::background::forget(app, now).await.unwrap();
    assert!(gateway.rows().await["platforms"] > before["platforms"], "it is cleared apart");
    gateway::background::clear_removed_tools(app, now).await.unwrap();
    let after = gateway.rows().await;
    for table in ["platforms", "signing_keys", "learning_paths", "invites", "students"] {
        assert_eq!(after[table], before.get(table).copied().unwrap_or_default(), "{table}");
    }
    // Its log named its staff; that it was removed stands in the first tool's.
    for table in ["audit_entries", "audit_heads"] {
        let left = format!("SELECT COUNT(*) FROM {table} WHERE tool_id = '{id}'");
        assert_eq!(gateway.number(&left).await, 0, "{table}");
    }
    let removed = "SELECT COUNT(*) FROM audit_entries WHERE action = 'tool.removed'";
    assert_eq!(gateway.number(removed).await, 1);
    // Its name is free, and another tool there has nothing of it.
    let (again, key) = gateway.new_tool(HOST).await;
    assert_ne!(again, id);
    let page = gateway.as_key(&key, "GET", "/admin/platforms", None).await;
    assert_eq!(done(&page, 200)["platforms"], json!([]));
}

#[both_stores("GR-11")]
async fn a_tool_goes_with_its_scores_only_if_counted(store: Store) {
    let (course, id, key) = with_a_held_score(store).await;
    let gateway = &course.school.gateway;
    let one = format!("/admin/tools/{id}");
    for path in [one.clone(), format!("{one}?undelivered=2")] {
        let page = gateway.admin("DELETE", &path, None).await;
        assert_code(&page, 409, "UNDELIVERED_SCORES");
        assert_eq!(page.json().unwrap()["details"]["undelivered"], 1, "{}", page.text());
    }
    let page = gateway.admin("DELETE", &format!("{one}?undelivered=all"), None).await;
    assert_code(&page, 400, "INVALID_PARAMETER");
    // It has lost nothing by that.
    done(&gateway.as_key(&key, "GET", "/admin/tool", None).await, 200);
    let page = gateway.admin("DELETE", &format!("{one}?undelivered=1"), None).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_code(&gateway.admin("DELETE", &one, None).await, 404, "TOOL_NOT_FOUND");
}
