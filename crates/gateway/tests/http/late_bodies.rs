//! Requests that are let in by their heads, and whose bodies come later: meanwhile their sender may have lost the right to
//! what they ask for.

use serde_json::json;
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::portal::Visitor;
use crate::support::{Gateway, PATIENCE, Store};

/// What a server says when a handler wants the body.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A request whose body is still to come.
struct Late {
    stream: TcpStream,
    body: String,
}

impl Late {
    /// Sends the head, and waits until its handler wants the body.
    async fn begin(gateway: &Gateway, head: &str, body: String) -> Self {
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
    async fn end(mut self) -> String {
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
