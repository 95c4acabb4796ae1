//! Requests that are let in by their heads, and whose bodies come later: meanwhile their sender may
//! have lost the right to what they ask for.

use std::time::Duration;

use serde_json::json;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::deep_linking::{answered, asked, quiz};
use crate::platform_services::at;
use crate::portal::{OTHERS, OWNER, PASSWORD, Visitor, operator};
use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Gateway, PATIENCE, Store};

/// What a server says when a handler wants the body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A request whose body is still to come.
pub(crate) struct Late {
    stream: TcpStream,
    body: String,
}

impl Late {
    /// Sends the head, and waits until its handler wants the body.
    pub(crate) async fn begin(gateway: &Gateway, head: &str, body: String) -> Self {
        let address = gateway.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = body.len();
        let head = format!(
            "{head}\r\nHost: {address}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut says = vec![0; CONTINUE.len()];
        let asked = tokio::time::timeout(PATIENCE, stream.read_exact(&mut says)).await;
        asked.unwrap().unwrap();
        assert_eq!(says, CONTINUE, "{}", String::from_utf8_lossy(&says));
        Self { stream, body }
    }

    /// Sends the body; gives the answer.
    pub(crate) async fn end(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.stream.read_to_end(&mut answer)).await;
        read.unwrap().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[both_stores]
async fn a_key_revoked_while_a_body_arrives_changes_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let thiefs = json!({"name": "thief's", "scope": "all"});
    let platform = json!({
        "url": "https://lms.example.edu", "clientId": "a", "name": "School",
        "authenticationEndpoint": "https://lms.example.edu/auth",
        "accesstokenEndpoint": "https://lms.example.edu/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/jwks"},
    });
    for (path, more, body) in [
        ("/admin/api-keys", "", thiefs),
        ("/admin/platforms", "", platform.clone()),
        // The layer around it reads the body.
        ("/api/platforms", "\r\nIdempotency-Key: 1", platform),
    ] {
        let stolen = json!({"name": "stolen", "scope": "all"});
        let stolen = gateway.admin("POST", "/admin/api-keys", Some(stolen)).await;
        let stolen = stolen.json().unwrap();
        let [id, key] = ["id", "key"].map(|name| stolen[name].as_str().unwrap());
        let head = format!(
            "POST {path} HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json{more}"
        );
        let late = Late::begin(&gateway, &head, body.to_string()).await;
        let revoked = gateway.admin("DELETE", &format!("/admin/api-keys/{id}"), None).await;
        assert_eq!(revoked.status, 204, "{}", revoked.text());
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{path}: {answer}");
    }
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.text();
    assert!(!keys.contains("thief's"), "{keys}");
    let platforms = gateway.admin("GET", "/admin/platforms", None).await.json().unwrap();
    assert_eq!(platforms["platforms"], json!([]));
}

#[both_stores("PO-3")]
async fn a_role_lost_while_a_form_arrives_changes_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let other = Visitor::invited(&gateway, &owner, "owner").await;
    let page = other.get("/portal/users").await;
    let form = page.form_to("/portal/sign-out").unwrap();
    let token = form.field("token").unwrap();
    let fields = format!("token={token}&role=owner&mail=again%40school.example");
    let head = format!(
        "POST /portal/users HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\nCookie: hallpass_portal={}\r\n\
         Content-Type: application/x-www-form-urlencoded",
        other.session().unwrap()
    );
    let late = Late::begin(&gateway, &head, fields).await;
    let users = gateway.admin("GET", "/admin/portal/users", None).await.json().unwrap();
    let mut users = users["users"].as_array().unwrap().iter();
    let user = users.find(|user| user["login"] == "owner@school.example").unwrap();
    let path = format!("/portal/users/{}", user["id"].as_str().unwrap());
    let page = owner.get(&path).await;
    owner.post(&page, &format!("{path}/role"), &[("role", "viewer")]).await;
    let answer = late.end().await;
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let invited = gateway.admin("GET", "/admin/portal/invitations", None).await.json().unwrap();
    assert_eq!(invited["invitations"], json!([]));
}

/// The head of a request to the API.
fn head(path: &str, authorization: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nAuthorization: {authorization}\r\nContent-Type: application/json"
    )
}

#[both_stores]
async fn a_late_body_asks_the_store_for_its_key(store: Store) {
    let gateway = Gateway::start(store).await;
    let thiefs = json!({"name": "thief's", "scope": "all"}).to_string();
    let end = gateway.clock.now_seconds() + 60;
    let end = jiff::Timestamp::from_second(end).unwrap().to_string();
    for expires_at in [json!(null), json!(end)] {
        let is_revoked = expires_at.is_null();
        let stolen = json!({"name": "stolen", "scope": "all", "expiresAt": expires_at});
        let stolen = gateway.admin("POST", "/admin/api-keys", Some(stolen)).await;
        let stolen = stolen.json().unwrap();
        let [id, key] = ["id", "key"].map(|name| stolen[name].as_str().unwrap());
        let head = head("/admin/api-keys", &format!("Bearer {key}"));
        let late = Late::begin(&gateway, &head, thiefs.clone()).await;
        if is_revoked {
            // Another process, which can't tell this one.
            let operator = operator(&gateway).await;
            operator.revoke_api_key(id).await.unwrap();
            operator.close().await;
        }
        gateway.clock.advance(Duration::from_secs(if is_revoked { 2 } else { 120 }));
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.text();
    assert!(!keys.contains("thief's"), "{keys}");
}

#[both_stores]
async fn a_revoked_key_in_memory_leaves_nothing_behind(store: Store) {
    let gateway = Gateway::start(store).await;
    let before = gateway.admin("GET", "/admin/tool", None).await.text();
    for (method, path, body) in [
        ("POST", "/admin/api-keys", Some(json!({"name": "thief's", "scope": "all"}))),
        ("POST", "/admin/tools", Some(json!({"host": "127.0.0.5"}))),
        ("POST", "/admin/webhooks", Some(json!({"url": gateway.at("/hook")}))),
        ("POST", "/admin/invites", Some(json!({}))),
        (
            "POST",
            "/admin/portal/invitations",
            Some(json!({"email": "thief@thief.example", "role": "admin"})),
        ),
        ("PATCH", "/admin/tool", Some(json!({"launchUrl": "https://thief.example/"}))),
        ("POST", "/admin/platforms/0/activate", None),
    ] {
        let stolen = json!({"name": "stolen", "scope": "all"});
        let stolen = gateway.admin("POST", "/admin/api-keys", Some(stolen)).await.json().unwrap();
        let [id, key] = ["id", "key"].map(|name| stolen[name].as_str().unwrap());
        assert_eq!(gateway.as_key(key, "GET", "/admin/tool", None).await.status, 200);
        let operator = operator(&gateway).await;
        operator.revoke_api_key(id).await.unwrap();
        operator.close().await;
        let page = gateway.as_key(key, method, path, body).await;
        assert_eq!(page.status, 401, "{path}: {}", page.text());
    }
    assert_eq!(gateway.admin("GET", "/admin/tool", None).await.text(), before);
    for (path, left) in [
        ("/admin/portal/invitations", "invitations"),
        ("/admin/invites", "invites"),
        ("/admin/webhooks", "webhooks"),
    ] {
        let list = gateway.admin("GET", path, None).await.json().unwrap();
        assert_eq!(list[left], json!([]), "{path}");
    }
    let tools = gateway.admin("GET", "/admin/tools", None).await.json().unwrap();
    assert_eq!(tools["tools"].as_array().unwrap().len(), 1);
}

#[both_stores("PO-10")]
async fn a_removed_tools_late_body_makes_no_key(store: Store) {
    let gateway = Gateway::start(store).await;
    let (id, key) = gateway.new_tool("127.0.0.5").await;
    let body = json!({"name": "more", "scope": "all"}).to_string();
    let head = head("/admin/api-keys", &format!("Bearer {key}"));
    let late = Late::begin(&gateway, &head, body).await;
    let removed = gateway.admin("DELETE", &format!("/admin/tools/{id}"), None).await;
    assert_eq!(removed.status, 204, "{}", removed.text());
    let answer = late.end().await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let left = format!("SELECT COUNT(*) FROM api_keys WHERE tool_id = '{id}'");
    assert_eq!(gateway.number(&left).await, 0);
}

#[both_stores]
async fn what_ends_while_a_body_arrives_takes_no_grade(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, platform) = (&school.gateway, &school.platform_id);
    let student = ltik_of("student", &school.launch(&school.student()).await);
    let student = format!("LTIK-AUTH-V2 {API_KEY}:{student}");
    let teacher = ltik_of("teacher", &school.launch(&school.teacher()).await);
    let token = school.read(&teacher).await;
    let place =
        format!("SERVICE-AUTH-V1 {API_KEY}:{}", token["services"]["serviceKey"].as_str().unwrap());
    let teacher = format!("LTIK-AUTH-V2 {API_KEY}:{teacher}");
    let places = gateway.admin("GET", "/admin/service-keys", None).await.json().unwrap();
    let id = places["serviceKeys"][0]["id"].as_str().unwrap();
    let column = json!({"label": "Late", "scoreMaximum": 10}).to_string();
    for (authorization, method, stop) in [
        (&student, "PUT", format!("/admin/platforms/{platform}/blocked/5")),
        (&place, "DELETE", format!("/admin/service-keys/{id}")),
        (&teacher, "POST", format!("/admin/platforms/{platform}/deactivate")),
    ] {
        let head = head("/api/lineitems", authorization);
        let late = Late::begin(gateway, &head, column.clone()).await;
        let stopped = gateway.admin(method, &stop, None).await;
        assert!((200..300).contains(&stopped.status), "{stop}: {}", stopped.text());
        gateway.clock.advance(Duration::from_secs(2));
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{stop}: {answer}");
    }
}

#[both_stores]
async fn every_late_body_of_an_application_is_checked(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, platform) = (&school.gateway, &school.platform_id);
    let choosing = asked(&school, json!({})).await;
    let teacher = ltik_of("teacher", &school.launch(&school.teacher()).await);
    let token = school.read(&teacher).await;
    let id = token["launch"]["lineItemId"].as_str().unwrap();
    let place =
        format!("SERVICE-AUTH-V1 {API_KEY}:{}", token["services"]["serviceKey"].as_str().unwrap());
    let [chooser, teacher] =
        [&choosing, &teacher].map(|ltik| format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"));
    let chosen = json!({"contentItems": [quiz(gateway)]});
    let column = json!({"label": "Late", "scoreMaximum": 10});
    let handle = json!({"resourceId": "late"});
    let score = json!({
        "userId": "5", "scoreGiven": 8, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    });
    let by_handle = json!({"handle": handle, "label": "Late", "scoreMaximum": 10, "score": score});
    let item = at(id);
    let [scores, pin] = ["scores", "handle"].map(|behind| format!("{item}/{behind}"));
    let (item, scores, pin) = (item.as_str(), scores.as_str(), pin.as_str());
    let mut late = Vec::new();
    for (authorization, method, path, body) in [
        (&chooser, "POST", "/api/deeplinking", chosen.clone()),
        (&chooser, "POST", "/api/deeplinking/form", chosen.clone()),
        (&teacher, "PUT", item, column),
        (&teacher, "PUT", pin, handle),
        (&teacher, "POST", scores, score.clone()),
        (&teacher, "POST", "/api/scores", by_handle),
        (&teacher, "POST", "/api/memberships/sync", json!({})),
        (&place, "POST", scores, score),
        (&place, "POST", "/api/deliveries/reconcile", json!({"lineItem": id})),
    ] {
        let head = head(path, authorization).replacen("POST", method, 1);
        let begun = Late::begin(gateway, &head, body.to_string()).await;
        late.push((path, begun));
    }
    let switch = async |how: &str| {
        let page = gateway.admin("POST", &format!("/admin/platforms/{platform}/{how}"), None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    };
    switch("deactivate").await;
    gateway.clock.advance(Duration::from_secs(2));
    for (path, late) in late {
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{path}: {answer}");
    }
    for endpoint in [Endpoint::LineItem, Endpoint::Scores, Endpoint::Memberships] {
        assert_eq!(school.lms.hits(endpoint), 0, "{endpoint:?}");
    }
    // The choice can still be made.
    switch("activate").await;
    answered(gateway, &choosing, chosen).await;
}

#[both_stores]
async fn what_ends_while_a_body_arrives_gets_no_kept_answer(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, platform) = (&school.gateway, &school.platform_id);
    let student = ltik_of("student", &school.launch(&school.student()).await);
    let student = format!("LTIK-AUTH-V2 {API_KEY}:{student}");
    let token = ltik_of("teacher", &school.launch(&school.teacher()).await);
    let token = school.read(&token).await;
    let place =
        format!("SERVICE-AUTH-V1 {API_KEY}:{}", token["services"]["serviceKey"].as_str().unwrap());
    let places = gateway.admin("GET", "/admin/service-keys", None).await.json().unwrap();
    let id = places["serviceKeys"][0]["id"].as_str().unwrap();
    let column = json!({"label": "Late", "scoreMaximum": 10}).to_string();
    for (authorization, method, stop) in [
        (&student, "PUT", format!("/admin/platforms/{platform}/blocked/5")),
        (&place, "DELETE", format!("/admin/service-keys/{id}")),
    ] {
        let head = format!("{}\r\nIdempotency-Key: 1", head("/api/lineitems", authorization));
        let first = Late::begin(gateway, &head, column.clone()).await.end().await;
        assert!(first.starts_with("HTTP/1.1 201 "), "{stop}: {first}");
        let late = Late::begin(gateway, &head, column.clone()).await;
        let stopped = gateway.admin(method, &stop, None).await;
        assert!((200..300).contains(&stopped.status), "{stop}: {}", stopped.text());
        gateway.clock.advance(Duration::from_secs(2));
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{stop}: {answer}");
    }
}

#[both_stores("PO-3")]
async fn a_session_that_ends_while_a_form_arrives_makes_no_key(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for ends_elsewhere in [false, true] {
        let thief = Visitor::of(&gateway);
        thief.sign_in(OWNER, PASSWORD).await;
        let page = thief.get("/portal/keys").await;
        let form = page.form_to("/portal/sign-out").unwrap();
        let token = form.field("token").unwrap();
        let head = format!(
            "POST /portal/keys HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\nCookie: hallpass_portal={}\r\n\
             Content-Type: application/x-www-form-urlencoded",
            thief.session().unwrap()
        );
        let late =
            Late::begin(&gateway, &head, format!("token={token}&name=thief&scope=all")).await;
        if ends_elsewhere {
            let account = owner.get("/portal/account").await;
            let fields = [("current", PASSWORD), ("new", OTHERS)];
            let page = owner.post(&account, "/portal/account/password", &fields).await;
            assert!(page.text().contains("The password is changed"), "{}", page.text());
        } else {
            thief.post(&page, "/portal/sign-out", &[]).await;
        }
        let answer = late.end().await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    let keys = gateway.admin("GET", "/admin/api-keys", None).await.text();
    assert!(!keys.contains("thief"), "{keys}");
}

/// Forms that anyone may post.
const FORMS: [&str; 8] = [
    "/portal/sign-in",
    "/portal/sign-in/code",
    "/portal/welcome/x",
    "/portal/users",
    "/lti/login",
    "/lti/launch",
    "/lti/register/confirm",
    "/studyreel/learn",
];

/// The beginning of a form's head.
fn posted(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded")
}

/// The status of an answer.
fn status(answer: &str) -> Option<&str> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)
}

/// The handlers of these forms are called when the body is there (decision 0445).
#[tokio::test]
async fn a_strangers_late_form_is_answered_as_one_in_time() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let address = gateway.url.trim_start_matches("http://");
    for path in FORMS {
        let late = Late::begin(&gateway, &posted(path), "a=b".to_owned()).await;
        let late = late.end().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let rest = format!("Host: {address}\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b");
        let whole = format!("{}\r\n{rest}", posted(path));
        stream.write_all(whole.as_bytes()).await.unwrap();
        let mut in_time = String::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut in_time)).await;
        read.unwrap().unwrap();
        assert!(status(&late).is_some(), "{path}: {late}");
        assert_eq!(status(&late), status(&in_time), "{path}");
    }
}

#[tokio::test]
async fn a_strangers_late_form_has_its_limit() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for (path, limit) in [
        ("/portal/sign-in", 64),
        ("/portal/welcome/x", 64),
        ("/lti/launch", 256),
        ("/lti/register/confirm", 256),
    ] {
        for (bytes, is_too_large) in [(limit * 1024, false), (limit * 1024 + 1, true)] {
            let form = format!("a={}", "b".repeat(bytes - 2));
            let late = Late::begin(&gateway, &posted(path), form).await;
            let answer = late.end().await;
            assert_eq!(status(&answer) == Some("413"), is_too_large, "{path}, {bytes}: {answer}");
        }
    }
}
