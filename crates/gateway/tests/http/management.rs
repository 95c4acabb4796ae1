//! Reading and updating a registration at the platform (lti.md D.7).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use simulator::browser::Browser;
use test_case::both_stores;
use tokio::net::TcpListener;
use tokio::sync::RwLock;

use crate::support::{Gateway, Store};

/// The fields of a form, in order.
pub type Fields = Vec<(String, String)>;

/// A platform that keeps one registration and hands out an address to manage it.
#[derive(Clone)]
pub struct Platform {
    url: String,
    gives_token: bool,
    /// Its copy of the registration.
    pub document: Arc<Mutex<Value>>,
    /// Replacements that were asked for.
    puts: Arc<AtomicUsize>,
    /// It answers replacements with this status.
    pub refuses_with: Arc<Mutex<Option<StatusCode>>>,
    /// Who locks it keeps replacements waiting.
    pub gate: Arc<RwLock<()>>,
    pub token_requests: Arc<Mutex<Vec<Fields>>>,
}

impl Platform {
    pub async fn start(gives_token: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let platform = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            gives_token,
            document: Arc::default(),
            puts: Arc::default(),
            refuses_with: Arc::default(),
            gate: Arc::default(),
            token_requests: Arc::default(),
        };
        let router = Router::new()
            .route("/config", get(configuration))
            .route("/register", post(register))
            .route("/registration/9", get(read).put(replace))
            .route("/token", post(token))
            .with_state(platform.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        platform
    }

    /// Waits until so many replacements were asked for.
    pub async fn puts(&self, number: usize) {
        while self.puts.load(Ordering::Relaxed) < number {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let token = if self.gives_token { "Bearer own-token" } else { "Bearer access-token" };
        headers.get("authorization").is_some_and(|value| value == token)
    }
}

async fn configuration(State(platform): State<Platform>) -> Json<Value> {
    let url = &platform.url;
    Json(json!({
        "issuer": url, "authorization_endpoint": format!("{url}/auth"),
        "jwks_uri": format!("{url}/jwks"),
        "token_endpoint": format!("{url}/token"),
        "registration_endpoint": format!("{url}/register"),
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "canvas",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}],
        },
    }))
}

async fn register(
    State(platform): State<Platform>,
    Json(mut document): Json<Value>,
) -> Json<Value> {
    document["client_id"] = json!("c-9");
    document["registration_client_uri"] = json!(format!("{}/registration/9", platform.url));
    *platform.document.lock().unwrap() = document.clone();
    if platform.gives_token {
        document["registration_access_token"] = json!("own-token");
    }
    Json(document)
}

/// Some platforms make up a secret for every client, though no LTI tool uses one.
fn with_secrets(mut document: Value) -> Value {
    document["client_secret"] = json!("own-secret");
    document["registration_access_token"] = json!("own-token");
    document
}

/// HALF in a text is half an emoji, which no string of ours can hold.
async fn read(State(platform): State<Platform>, headers: HeaderMap) -> Response {
    if !platform.allows(&headers) {
        let refusal = Json(json!({"errorMessage": "no"}));
        return (StatusCode::UNAUTHORIZED, refusal).into_response();
    }
    let document = with_secrets(platform.document.lock().unwrap().clone()).to_string();
    let document = document.replace("HALF", r"\ud83d");
    ([(CONTENT_TYPE, "application/json")], document).into_response()
}

async fn replace(
    State(platform): State<Platform>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    if !platform.allows(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"errorMessage": "no"})));
    }
    let refuses_with = *platform.refuses_with.lock().unwrap();
    if let Some(status) = refuses_with {
        return (status, Json(json!({"error": "invalid_client_metadata"})));
    }
    platform.puts.fetch_add(1, Ordering::Relaxed);
    let _passed = platform.gate.read().await;
    let document: Value = serde_json::from_slice(&body).unwrap();
    *platform.document.lock().unwrap() = document.clone();
    (StatusCode::OK, Json(with_secrets(document)))
}

async fn token(State(platform): State<Platform>, body: Bytes) -> Json<Value> {
    let fields = url::form_urlencoded::parse(&body).into_owned().collect();
    platform.token_requests.lock().unwrap().push(fields);
    Json(json!({"access_token": "access-token", "token_type": "Bearer", "expires_in": 3600}))
}

pub async fn registered(gateway: &Gateway, platform: &Platform) -> String {
    let start =
        format!("{}?openid_configuration={}/config", gateway.at("/lti/register"), platform.url);
    let page = Browser::new().unwrap().get(&start).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let found = gateway.platforms().await;
    let found = found.iter().find(|found| found["url"] == platform.url.as_str()).unwrap();
    let path = format!("/admin/platforms/{}", found["id"].as_str().unwrap());
    // Only active platforms are asked for access tokens.
    if !platform.gives_token {
        let page = gateway.admin("POST", &format!("{path}/activate"), None).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
    format!("{path}/registration")
}

#[both_stores("TC-196")]
async fn an_update_sends_everything_with_the_registrations_token(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = registered(&gateway, &platform).await;
    let before = gateway.admin("GET", &path, None).await;
    assert_eq!(
        (before.status, before.json().unwrap()["client_name"].as_str()),
        (200, Some("Test tool")),
        "{}",
        before.text()
    );
    platform.document.lock().unwrap()["client_name"] = json!("Test HALF");
    let halved = gateway.admin("GET", &path, None).await.json().unwrap();
    assert_eq!(halved["client_name"], "Test \u{fffd}");
    gateway.patch_tool(json!({"name": "Renamed"})).await;
    let after = gateway.admin("PUT", &path, None).await;
    assert_eq!(after.status, 200, "{}", after.text());
    for copy in [before, after] {
        assert!(!copy.text().contains("own-"), "{}", copy.text());
    }
    let stored = platform.document.lock().unwrap().clone();
    assert_eq!(
        (stored["client_name"].as_str(), stored["client_id"].as_str()),
        (Some("Renamed"), Some("c-9"))
    );
    for member in
        ["redirect_uris", "initiate_login_uri", "jwks_uri", "grant_types", "application_type"]
    {
        assert!(!stored[member].is_null(), "{member} is missing in {stored}");
    }
    assert!(platform.token_requests.lock().unwrap().is_empty());
}

#[both_stores("TC-195")]
async fn an_access_token_serves_if_the_registration_has_none(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(false).await);
    let path = registered(&gateway, &platform).await;
    let page = gateway.admin("GET", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let asked = platform.token_requests.lock().unwrap().remove(0);
    let field = |name: &str| {
        asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap()
    };
    assert_eq!(field("grant_type"), "client_credentials");
    assert_eq!(
        field("scope"),
        "https://purl.imsglobal.org/spec/lti-reg/scope/registration.readonly"
    );
    // The assertion verifies with the key set that was registered.
    let keys_url = platform.document.lock().unwrap()["jwks_uri"].as_str().unwrap().to_owned();
    let keys = Browser::new().unwrap().get(&keys_url).await.unwrap();
    let claims =
        simulator::jose::verify(&field("client_assertion"), &keys.json().unwrap()).unwrap();
    assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some("c-9"), Some("c-9")));
    assert_eq!(claims["aud"], format!("{}/token", platform.url));
}

/// If the platform fails, nobody knows what it did; if it refuses, nothing was changed.
#[both_stores]
async fn only_a_failed_update_may_be_unfinished(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = registered(&gateway, &platform).await;
    for (status, begun) in [(StatusCode::BAD_REQUEST, 0), (StatusCode::INTERNAL_SERVER_ERROR, 1)] {
        *platform.refuses_with.lock().unwrap() = Some(status);
        let page = gateway.admin("PUT", &path, None).await;
        assert_eq!(page.status, 502, "{}", page.text());
        assert!(page.text().contains("REGISTRATION_REFUSED"), "{}", page.text());
        assert_eq!(gateway.number("SELECT COUNT(*) FROM audit_begun").await, begun, "{status}");
    }
}

/// It may be a stranger's.
#[both_stores]
async fn a_platform_that_waits_is_asked_for_no_token(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(false).await);
    let path = registered(&gateway, &platform).await;
    let stop = path.replace("/registration", "/deactivate");
    assert_eq!(gateway.admin("POST", &stop, None).await.status, 200);
    for method in ["GET", "PUT"] {
        let page = gateway.admin(method, &path, None).await;
        assert_eq!(page.status, 409, "{}", page.text());
        let said = page.json().unwrap();
        assert_eq!(said["details"]["message"], "REGISTRATION_NOT_MANAGEABLE", "{said}");
        assert!(page.text().contains("not active"), "{}", page.text());
    }
    assert!(platform.token_requests.lock().unwrap().is_empty());
}

#[both_stores]
async fn no_management_address_and_a_failing_one_differ(store: Store) {
    let gateway = Gateway::start(store).await;
    let platform = json!({"url": "http://127.0.0.1:9", "clientId": "c", "name": "By hand",
        "authenticationEndpoint": "http://127.0.0.1:9/a",
        "accesstokenEndpoint": "http://127.0.0.1:9/t",
        "authConfig": {"method": "JWK_SET", "key": "http://127.0.0.1:9/j"}});
    let created = gateway.admin("POST", "/admin/platforms", Some(platform)).await.json().unwrap();
    let page = gateway
        .admin(
            "GET",
            &format!("/admin/platforms/{}/registration", created["id"].as_str().unwrap()),
            None,
        )
        .await;
    assert_eq!(page.status, 409);
    assert_eq!(page.json().unwrap()["details"]["message"], "REGISTRATION_NOT_MANAGEABLE");
}
