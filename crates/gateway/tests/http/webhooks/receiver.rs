//! The application's end of a webhook.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, verify};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long anything may take on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A message that came.
#[derive(Clone)]
pub(super) struct Got {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Got {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(super) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(super) fn message(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn kind(&self) -> String {
        self.message()["type"].as_str().unwrap().to_owned()
    }

    /// How many of its signatures are good under a secret, checked as the application would.
    pub(super) fn signatures_by(&self, secret: &str) -> usize {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let key = Key::new(HMAC_SHA256, &key);
        let mut signed =
            format!("{}.{}.", self.id(), self.header("webhook-timestamp")).into_bytes();
        signed.extend_from_slice(&self.body);
        let good = |signature: &&str| {
            let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
            verify(&key, &signed, &tag).is_ok()
        };
        self.header("webhook-signature").split(' ').filter(good).count()
    }
}

#[derive(Clone)]
struct Behaviour {
    got: Arc<Mutex<Vec<Got>>>,
    reply: Arc<Mutex<(u16, HeaderMap)>>,
    /// Whether it answers at all.
    speaks: Arc<watch::Sender<bool>>,
}

/// An application that is told of events.
pub(super) struct Receiver {
    pub(super) url: String,
    behaviour: Behaviour,
    task: JoinHandle<()>,
}

async fn take(
    State(app): State<Behaviour>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Vec<u8>) {
    app.got.lock().unwrap().push(Got { headers, body });
    let _ = app.speaks.subscribe().wait_for(|speaks| *speaks).await;
    let (status, headers) = app.reply.lock().unwrap().clone();
    // Longer than is read.
    (StatusCode::from_u16(status).unwrap(), headers, vec![b'x'; 100_000])
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
        let url = format!("http://{}/hooks?of=hallpass", listener.local_addr().unwrap());
        let reply = Arc::new(Mutex::new((200, HeaderMap::new())));
        let speaks = Arc::new(watch::Sender::new(true));
        let behaviour = Behaviour { got: Arc::default(), reply, speaks };
        let router = Router::new().route("/hooks", post(take)).with_state(behaviour.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, behaviour, task }
    }

    /// Answers like this from now on.
    pub(super) fn answers(&self, status: u16, headers: &[(&'static str, &'static str)]) {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        *self.behaviour.reply.lock().unwrap() = (status, headers.collect());
    }

    /// Whether it answers from now on, to what it has got as well.
    pub(super) fn speaks(&self, speaks: bool) {
        self.behaviour.speaks.send_replace(speaks);
    }

    pub(super) fn got(&self) -> Vec<Got> {
        self.behaviour.got.lock().unwrap().clone()
    }

    /// Waits for so many messages, no more and no fewer.
    pub(super) async fn gets(&self, number: usize) -> Vec<Got> {
        let waiting = async {
            while self.got().len() < number {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        let got = self.got();
        let kinds: Vec<String> = got.iter().map(Got::kind).collect();
        assert!(waited.is_ok() && got.len() == number, "{number} wanted: {kinds:?}");
        got
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}
