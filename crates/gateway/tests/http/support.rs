//! A whole gateway per test, with a store of its own, and a pretend LMS that is registered with it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gateway::app::App;
use gateway::kit::clock::{Clock, Random};
use gateway::kit::supplies::Supplies;
use gateway::operator::setup::FirstStart;
use gateway::server::{Reload, Server};
use gateway::settings::installation::{Config, Fixed, Sources, TlsFiles};
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::jose::SigningKey;
use simulator::lms::{Lms, ManualTool, Options};
use store::Limits;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::kept_pairs::KeptPairs;
use crate::openapi::contract;
use crate::ports::HeldPort;
pub use crate::stores::empty_postgres;
use crate::stores::{migrated_postgres, put_sqlite};

pub const API_KEY: &str = "test-api-key-0123456789";

/// Which store a test runs on: both in turn with `#[both_stores]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Sqlite,
    Postgres,
}

/// A running gateway. It listens on 127.0.0.2, which browsers take for another site than the LMS on
/// 127.0.0.1.
pub struct Gateway {
    pub url: String,
    pub app: App,
    pub clock: Clock,
    pub first_start: Option<FirstStart>,
    pub reload: Reload,
    config: Config,
    supplies: Supplies,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<()>,
    /// Nobody else is given its port while it restarts, nor the same one at another address of this
    /// machine.
    port: Option<HeldPort>,
    folder: Option<tempfile::TempDir>,
}

/// How long anything may take before a test gives up. It only matters where something fails, so it
/// is long enough for a machine that is busy, or stands still for a while.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// By when another replica must know what it hears of within five seconds. A slow machine has more
/// time, but not as much as what is looked at once a minute.
pub const SOON: Duration = Duration::from_secs(30);

/// Where gateways of tests listen.
const HOST: &str = "127.0.0.2";

/// A fresh store of that kind: its URL, and the folder it lives in.
async fn fresh(store: Store) -> (Option<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    match store {
        Store::Sqlite => {
            put_sqlite(folder.path()).await;
            (None, folder)
        }
        Store::Postgres => (Some(migrated_postgres().await), folder),
    }
}

/// What a test starts with that says nothing else: a key pair is made when one is needed, or
/// hundreds of tests would fill their pools; readiness is what it is at the moment; what is over
/// may go at once; and the store may take its time, and so may platforms' key sets and services.
pub fn fixed() -> Fixed {
    Fixed {
        store: Limits { lock: PATIENCE, statement: PATIENCE, request: PATIENCE },
        quick_keys: PATIENCE,
        quick_services: PATIENCE,
        keys_ahead: 0,
        last_writes: PATIENCE,
        readiness: Duration::ZERO,
        quiet_start: Duration::ZERO,
        ..Fixed::default()
    }
}

/// The same with the program's own limits for the store: for tests of what becomes of a request
/// that has to wait for it.
pub fn fixed_and_hurried() -> Fixed {
    Fixed { store: Limits::default(), ..fixed() }
}

/// The program's own values, but for how long a slow machine may take.
pub fn shipped() -> Fixed {
    Fixed { store: fixed().store, ..Fixed::default() }
}

impl Gateway {
    /// Starts one with a Launch URL and nothing else set.
    pub async fn start(store: Store) -> Self {
        Self::start_with(store, json!({})).await
    }

    /// Starts one whose tool has these settings beside its Launch URL.
    pub async fn start_with(store: Store, settings: Value) -> Self {
        Self::start_configured(store, settings, &[]).await
    }

    /// Starts one with these tool settings and these installation settings.
    pub async fn start_configured(store: Store, settings: Value, more: &[(&str, &str)]) -> Self {
        Self::start_fixed(store, settings, more, fixed()).await
    }

    /// The same with other values of what no setting changes.
    pub async fn start_fixed(
        store: Store,
        settings: Value,
        more: &[(&str, &str)],
        fixed: Fixed,
    ) -> Self {
        let (database_url, folder) = fresh(store).await;
        let port = HeldPort::new();
        let listener = port.listen(HOST).await;
        let mut tool = json!({"name": "Test tool", "launchUrl": "http://127.0.0.3:9/app?own=1"});
        tool.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let mut flags = vec![
            ("public_url".to_owned(), format!("http://{}", listener.local_addr().unwrap())),
            ("data_dir".to_owned(), folder.path().display().to_string()),
            ("bootstrap_api_key".to_owned(), API_KEY.to_owned()),
            ("bootstrap_admin_password".to_owned(), "correct horse battery".to_owned()),
            ("tool".to_owned(), tool.to_string()),
        ];
        flags.extend(database_url.map(|url| ("database_url".to_owned(), url)));
        flags.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let mut config =
            Config::load(&Sources { flags: flags.into_iter().collect(), ..Sources::default() })
                .unwrap();
        config.fixed = fixed;
        let supplies = Supplies { pairs: KeptPairs::some(), ..Supplies::default() };
        Self::run(listener, Some(port), config, supplies, Some(folder)).await
    }

    async fn run(
        listener: TcpListener,
        port: Option<HeldPort>,
        config: Config,
        supplies: Supplies,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let server = Server::start_on(listener, config.clone(), supplies.clone()).await;
        let mut server = server.unwrap();
        let app = server.app.clone();
        let (first_start, reload) = (server.first_start.take(), server.reload());
        let (stop, stopped) = oneshot::channel();
        let done = tokio::spawn(server.run(async move {
            let _ = stopped.await;
        }));
        Self {
            url: format!("http://{address}"),
            app,
            clock: supplies.clock.clone(),
            supplies,
            first_start,
            reload,
            config,
            stop: Some(stop),
            done,
            port,
            folder,
        }
    }

    /// A second replica on the same store and secret, at an address of its own: the world knows one
    /// public address, and a load balancer would choose between the two.
    pub async fn replica(&self) -> Self {
        self.replica_changed(|_| ()).await
    }

    /// The same on a listener that is open already, which speaks TLS where there is a certificate.
    pub async fn replica_on(&self, listener: TcpListener, tls: Option<TlsFiles>) -> Self {
        let (tls_cert, tls_key) = tls.map(|files| (files.cert, files.key)).unzip();
        let config = Config { tls_cert, tls_key, ..self.config.clone() };
        Self::run(listener, None, config, self.supplies.clone(), None).await
    }

    /// The same with this one's port at another address of this machine.
    pub async fn replica_at(&self, host: &str) -> Self {
        let port = self.port.as_ref().unwrap();
        self.replica_on(port.listen(host).await, None).await
    }

    /// A second replica with some settings changed.
    pub async fn replica_changed(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.config.clone();
        change(&mut config);
        let port = HeldPort::new();
        let listener = port.listen(HOST).await;
        Self::run(listener, Some(port), config, self.supplies.clone(), None).await
    }

    /// Has other learning paths in its settings file, from the next restart on.
    pub fn write_learning_paths(&mut self, paths: Value) {
        self.config.learning_paths = serde_json::from_value(paths).unwrap();
    }

    /// The same with other secret keys.
    pub async fn replica_with_secret(&self, secret: &str) -> Self {
        self.replica_changed(|config| config.secret_key = Some(secret.to_owned())).await
    }

    /// Stops it and starts it again on the same store, with other secret keys.
    pub async fn restart_with_secret(self, secret: &str) -> Self {
        self.restart_changed(|config| config.secret_key = Some(secret.to_owned())).await
    }

    /// The same with any setting changed.
    pub async fn restart_changed(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self.restart().await
    }

    /// Stops it and starts it again on the same store.
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        let address = self.url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind(address).await.unwrap();
        let (port, folder) = (self.port.take(), self.folder.take());
        Self::run(listener, port, self.config.clone(), self.supplies.clone(), folder).await
    }

    /// Stops it, as a service manager does.
    pub async fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
            (&mut self.done).await.unwrap();
        }
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A request with the API key.
    pub async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Page {
        self.with_authorization(method, path, body, &format!("Bearer {API_KEY}")).await
    }

    /// `GET /api/idtoken` with LTIK-AUTH-V2.
    pub async fn idtoken(&self, ltik: &str, query: &str) -> Page {
        self.with_authorization(
            "GET",
            &format!("/api/idtoken{query}"),
            None,
            &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"),
        )
        .await
    }

    /// A request with any `Authorization` header.
    pub async fn with_authorization(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        header: &str,
    ) -> Page {
        let mut request = Request::new(method.parse().unwrap(), &self.at(path))
            .unwrap()
            .header("authorization", header)
            .no_redirects();
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        send(request).await
    }

    /// Changes the tool's settings.
    pub async fn patch_tool(&self, patch: Value) {
        let page = self.admin("PATCH", "/admin/tool", Some(patch)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    /// Every platform, as the API gives them.
    pub async fn platforms(&self) -> Vec<Value> {
        let page = self.admin("GET", "/admin/platforms", None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()["platforms"].as_array().unwrap().clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.done.abort();
    }
}

/// Sends a request as a new browser. What the API answers must be as its document says.
pub async fn send(request: Request) -> Page {
    let (method, url) = (request.method.clone(), request.url.clone());
    let page = Browser::new().unwrap().send(request).await.unwrap();
    contract::hold(method.as_str(), url.as_str(), &page);
    page
}

/// Enters the tool in the LMS and the LMS here, as two administrators do who type everything; the
/// client id. `public` is the gateway's address to the world.
pub async fn register_by_hand(gateway: &Gateway, lms: &Lms, public: &str) -> String {
    let at = |path: &str| format!("{public}{path}");
    let tool =
        lms.register_tool(ManualTool::new(&at("/lti/login"), &at("/lti/launch"), &at("/lti/keys")));
    let endpoints = lms.endpoints();
    // No one's certificates are trusted here but those of the world.
    let keys = if endpoints.jwks.starts_with("https:") {
        json!({"method": "JWK_KEY", "key": lms.key().jwk().to_string()})
    } else {
        json!({"method": "JWK_SET", "key": endpoints.jwks})
    };
    let platform = json!({
        "url": endpoints.issuer, "clientId": tool.client_id, "name": "Test",
        "authenticationEndpoint": endpoints.authorization, "accesstokenEndpoint": endpoints.token,
        "authConfig": keys,
    });
    let page = gateway.admin("POST", "/admin/platforms", Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    tool.client_id
}

/// Key pairs of pretend LMSs, made once in this program: each takes a good part of a second.
static LMS_KEYS: [OnceLock<SigningKey>; 16] = [const { OnceLock::new() }; 16];

/// What a pretend LMS starts with: the usual profile, and a key under an id of its own.
pub fn lms_options() -> Options {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let key = LMS_KEYS[number % LMS_KEYS.len()].get_or_init(|| SigningKey::generate().unwrap());
    Options { key: Some(key.with_kid(&random())), ..Options::default() }
}

/// A pretend LMS of the usual profile.
pub async fn lms() -> Lms {
    Lms::start(lms_options()).await.unwrap()
}

/// A text with another letter in this place.
pub fn altered(text: &str, at: usize) -> String {
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// A random text, for what must be distinct.
pub fn random() -> String {
    Random::default().token()
}
