//! A tiny tool to test the pretend LMS with: it answers logins, publishes a key and remembers what
//! is posted to it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "every test file uses a part, and a failed step is a failed test"
)]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page, Request},
    jose::SigningKey,
    lms::{Lms, ManualTool, Options, Tool},
};

pub type Fields = HashMap<String, String>;

#[derive(Clone)]
pub struct FakeTool {
    pub url: String,
    pub key: SigningKey,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
pub struct Inner {
    pub authorization: String,
    changes: Vec<(String, Option<String>)>,
    logins: Vec<Fields>,
    posted: Vec<Fields>,
}

impl FakeTool {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.2:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let tool = Self {
            url,
            key: SigningKey::generate().unwrap(),
            inner: Arc::default(),
        };
        let router = Router::new()
            .route("/login", post(login).get(login_by_get))
            .route("/launch", post(launch))
            .route(
                "/jwks",
                get(|State(tool): State<FakeTool>| async move {
                    Json(json!({ "keys": [tool.key.jwk()] }))
                }),
            )
            .with_state(tool.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        tool
    }

    /// A tool by hand at a fresh LMS.
    pub async fn at_an_lms() -> (Lms, Self, Tool) {
        Self::at(Options::default()).await
    }

    /// A tool by hand at a fresh LMS of this kind.
    pub async fn at(options: Options) -> (Lms, Self, Tool) {
        let lms = Lms::start(options).await.unwrap();
        let tool = Self::start().await;
        let registered = lms.register_tool(tool.manual());
        tool.inner().authorization = lms.endpoints().authorization;
        (lms, tool, registered)
    }

    pub fn manual(&self) -> ManualTool {
        ManualTool::new(
            &format!("{}/login", self.url),
            &format!("{}/launch", self.url),
            &format!("{}/jwks", self.url),
        )
    }

    pub fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Changes the authentication requests of this tool.
    pub fn say(&self, name: &str, value: Option<&str>) {
        self.inner()
            .changes
            .push((name.to_owned(), value.map(str::to_owned)));
    }

    /// Takes back all changes.
    pub fn forget(&self) {
        self.inner().changes.clear();
    }

    /// What was last posted to the redirect URI.
    pub fn posted(&self) -> Fields {
        self.inner().posted.last().cloned().unwrap_or_default()
    }

    pub fn launches(&self) -> usize {
        self.inner().posted.len()
    }

    /// The claims of the last launch.
    pub fn claims(&self) -> Value {
        simulator::jose::decode(&self.posted()["id_token"])
            .unwrap()
            .claims
    }

    pub fn last_login(&self) -> Fields {
        self.inner().logins.last().cloned().unwrap()
    }

    /// An access token for these scopes.
    pub async fn access_token(&self, lms: &Lms, client_id: &str, scopes: &str) -> String {
        let answer = self
            .token_request(lms, &assertion_claims(lms, client_id), scopes)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json().unwrap()["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn token_request(&self, lms: &Lms, claims: &Value, scopes: &str) -> Page {
        let assertion = self.key.sign(&self.key.header(), claims).unwrap();
        let fields = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
            ("scope", scopes),
        ];
        Browser::new()
            .unwrap()
            .post_form(&lms.endpoints().token, &fields)
            .await
            .unwrap()
    }
}

pub fn assertion_claims(lms: &Lms, client_id: &str) -> Value {
    let now = lms.clock().seconds();
    json!({ "iss": client_id, "sub": client_id, "aud": lms.endpoints().token, "iat": now, "exp": now + 60, "jti": "j-1" })
}

/// A request with a bearer token.
pub async fn call(
    method: &str,
    url: &str,
    token: &str,
    media_type: &str,
    body: Option<&Value>,
) -> Page {
    let mut request = Request::new(method.parse().unwrap(), url)
        .unwrap()
        .header("authorization", &format!("Bearer {token}"));
    request = match body {
        Some(body) => request.body(media_type, body.to_string()),
        None => request.header("accept", media_type),
    };
    Browser::new().unwrap().send(request).await.unwrap()
}

async fn login(State(tool): State<FakeTool>, Form(fields): Form<Fields>) -> Response {
    let mut answer: Vec<(String, String)> = [
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for name in ["client_id", "login_hint", "lti_message_hint"] {
        answer.push((name.to_owned(), fields[name].clone()));
    }
    answer.push(("redirect_uri".to_owned(), format!("{}/launch", tool.url)));
    let mut inner = tool.inner();
    inner.logins.push(fields);
    for (name, value) in &inner.changes {
        answer.retain(|(known, _)| known != name);
        answer.extend(value.clone().map(|value| (name.clone(), value)));
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(answer)
        .finish();
    (
        StatusCode::FOUND,
        [(header::LOCATION, format!("{}?{query}", inner.authorization))],
    )
        .into_response()
}

async fn login_by_get(tool: State<FakeTool>, Query(fields): Query<Fields>) -> Response {
    login(tool, Form(fields)).await
}

async fn launch(State(tool): State<FakeTool>, Form(fields): Form<Fields>) -> &'static str {
    tool.inner().posted.push(fields);
    "launched"
}
