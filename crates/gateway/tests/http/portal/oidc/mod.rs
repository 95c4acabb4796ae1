//! Signing in at an identity provider: a pretend one, which redeems codes as a real one does and
//! signs with a real key.

mod account;
mod refused;
mod sign_in;
mod strangers;
mod tokens;
mod uninvited;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::browser::{Page, Request};
use simulator::jose::SigningKey;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use url::form_urlencoded;

use super::Visitor;
use crate::support::{Gateway, Store, fixed, lms_options, random};

const CLIENT: &str = "portal";
const SECRET: &str = "s3cret/of the client";
/// Who is invited in these tests.
const MAIL: &str = "ines@school.example";

/// A code that waits to be redeemed: the challenge that it was asked for with, where it was sent,
/// and its token.
struct Grant {
    challenge: String,
    redirect_uri: String,
    token: String,
}

/// What the pretend provider knows, and how it behaves.
#[derive(Default)]
struct Known {
    url: String,
    keys: Value,
    grants: HashMap<String, Grant>,
    /// Members of its document that are others.
    document: HashMap<&'static str, Value>,
    /// What its token endpoint answers instead.
    exchange: Option<(u16, Value)>,
    /// Requests that have come to its token endpoint.
    asked: usize,
    /// What they wait for there.
    gate: Option<Arc<Semaphore>>,
}

type Shared = Arc<Mutex<Known>>;

/// A pretend identity provider on 127.0.0.1: another site than the portal, for browsers.
struct Idp {
    url: String,
    key: SigningKey,
    known: Shared,
}

/// What a browser was sent to the provider with.
struct Asked(HashMap<String, String>);

impl Asked {
    fn of(page: &Page) -> Self {
        let location = page.location().unwrap_or_else(|| panic!("{}", page.text()));
        assert_eq!(location.path(), "/authorize", "{location}");
        Self(location.query_pairs().into_owned().collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("{name}: {:?}", self.0))
    }
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

async fn document(State(known): State<Shared>) -> Json<Value> {
    let known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let at = |path: &str| format!("{}{path}", known.url);
    let mut document = json!({
        "issuer": known.url, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "response_types_supported": ["code"],
    });
    for (name, value) in &known.document {
        document[*name] = value.clone();
    }
    Json(document)
}

async fn keys(State(known): State<Shared>) -> Json<Value> {
    Json(known.lock().unwrap_or_else(PoisonError::into_inner).keys.clone())
}

/// Whether the client has proven who it is, in the one way that the document names.
fn is_client(known: &Known, headers: &HeaderMap, form: &HashMap<String, String>) -> bool {
    let in_form = form.get("client_id").map(String::as_str) == Some(CLIENT)
        && form.get("client_secret").map(String::as_str) == Some(SECRET);
    let basic = STANDARD.encode(format!("{CLIENT}:s3cret%2Fof+the+client"));
    let wanted = format!("Basic {basic}");
    let in_header = headers.get(header::AUTHORIZATION).is_some_and(|value| *value == wanted);
    match known.document.get("token_endpoint_auth_methods_supported") {
        Some(_) => in_form && !in_header,
        None => in_header && !form.contains_key("client_secret"),
    }
}

async fn token(State(known): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let gate = {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        known.gate.clone()
    };
    if let Some(gate) = gate {
        let _opened = gate.acquire().await;
    }
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((status, body)) = &known.exchange {
        return (StatusCode::from_u16(*status).unwrap(), Json(body.clone())).into_response();
    }
    let value = |name: &str| form.get(name).cloned().unwrap_or_default();
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error})));
    if !is_client(&known, &headers, &form) {
        return refused("invalid_client").into_response();
    }
    // A code is good once, for whoever asked for it.
    let grant = known.grants.remove(&value("code"));
    let grant = grant.filter(|grant| {
        value("grant_type") == "authorization_code"
            && grant.redirect_uri == value("redirect_uri")
            && grant.challenge == hash(&value("code_verifier"))
    });
    match grant {
        Some(grant) => {
            let answer =
                json!({"access_token": "a", "token_type": "Bearer", "id_token": grant.token});
            Json(answer).into_response()
        }
        None => refused("invalid_grant").into_response(),
    }
}

impl Idp {
    async fn start() -> Self {
        let key = lms_options().key.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let known =
            Known { url: url.clone(), keys: json!({"keys": [key.jwk()]}), ..Known::default() };
        let known = Arc::new(Mutex::new(known));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(known.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, key, known }
    }

    /// A gateway whose people may sign in here.
    async fn gateway(&self, store: Store, more: &[(&str, &str)]) -> Gateway {
        self.gateway_fixed(store, more, fixed()).await
    }

    /// The same with other values of what no setting changes.
    async fn gateway_fixed(&self, store: Store, more: &[(&str, &str)], fixed: Fixed) -> Gateway {
        let settings = [
            ("portal_oidc_issuer", &*self.url),
            ("portal_oidc_client_id", CLIENT),
            ("portal_oidc_client_secret", SECRET),
            ("portal_oidc_label", "Kestrel College"),
        ];
        let tool = json!({"launch": {"showReasons": true}});
        Gateway::start_fixed(store, tool, &[&settings[..], more].concat(), fixed).await
    }

    fn behave(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How many requests have come to its token endpoint.
    fn asked(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).asked
    }

    /// The claims of somebody who has just signed in.
    fn claims(&self, gateway: &Gateway, asked: &Asked) -> Value {
        let now = gateway.clock.now_seconds();
        json!({
            "iss": self.url, "aud": CLIENT, "sub": "u-1", "nonce": asked.get("nonce"), "iat": now, "exp": now + 300,
            "auth_time": now, "email": MAIL, "email_verified": true, "name": "Ines Quill",
        })
    }

    fn sign(&self, claims: &Value) -> String {
        self.key.sign(&self.key.header(), claims).unwrap()
    }

    /// A code for a token.
    fn grant(&self, asked: &Asked, token: String) -> String {
        let code = random();
        let grant = Grant {
            challenge: asked.get("code_challenge").to_owned(),
            redirect_uri: asked.get("redirect_uri").to_owned(),
            token,
        };
        self.behave(|known| drop(known.grants.insert(code.clone(), grant)));
        code
    }

    /// Sends a browser back with this answer, as a page of the provider's does, until the portal
    /// has nothing to go on to.
    async fn send_back(&self, visitor: &Visitor, asked: &Asked, answer: &[(&str, &str)]) -> Page {
        let mut url: url::Url = asked.get("redirect_uri").parse().unwrap();
        url.query_pairs_mut().extend_pairs(answer);
        let mut request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap();
        request.initiator = Some(self.url.parse().unwrap());
        let page = visitor.browser.send(request).await.unwrap();
        visitor.browser.settle(page).await.unwrap()
    }

    /// The same with a token.
    async fn answer(&self, visitor: &Visitor, asked: &Asked, token: String) -> Page {
        let code = self.grant(asked, token);
        let answer = [("code", &*code), ("state", asked.get("state"))];
        self.send_back(visitor, asked, &answer).await
    }

    /// Somebody comes to the sign-in page, goes to the provider, and comes back with these claims
    /// that are others.
    async fn sign_in(
        &self,
        gateway: &Gateway,
        visitor: &Visitor,
        change: &[(&str, Value)],
    ) -> Page {
        let asked = visitor.departs().await;
        let mut claims = self.claims(gateway, &asked);
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        self.answer(visitor, &asked, self.sign(&claims)).await
    }
}

impl Visitor {
    /// Opens a link of the portal's that leads to the provider, and stops there.
    async fn leaves_by(&self, path: &str) -> Asked {
        let address = format!("{}{path}", self.base);
        let request = Request::new("GET".parse().unwrap(), &address).unwrap().no_redirects();
        Asked::of(&self.browser.send(request).await.unwrap())
    }

    /// Takes the button of the sign-in page.
    async fn departs(&self) -> Asked {
        let page = self.get("/portal/sign-in").await;
        let text = page.text();
        assert!(text.contains(">Sign in with Kestrel College</a>"), "{text}");
        self.leaves_by("/portal/oidc/sign-in?next=%2Fportal").await
    }
}

/// Somebody doesn't come in, and reads why, in a page that leads back.
#[track_caller]
fn stays_out(visitor: &Visitor, page: &Page, status: u16, code: &str) {
    let text = page.text();
    assert_eq!((page.status, visitor.session()), (status, None), "{text}");
    assert!(text.contains(&format!("<code>{code}: ")), "{code}: {text}");
    assert!(text.contains("Back to sign-in") && !text.contains(MAIL), "{text}");
}
