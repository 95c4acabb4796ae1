//! Servers behind one address, which are killed and started again.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::kills::{Store, database};
use crate::load::API_KEY;
use crate::school::application;
use crate::support::{PATIENCE, Running, hallpass, listens};

/// Between two attempts to reach a server.
const PAUSE: Duration = Duration::from_millis(100);
/// Registrations under way at once: the program takes few from one address.
const REGISTRATIONS: usize = 4;

/// Where the servers listen; none for one that is dead.
type Alive = Arc<Mutex<Vec<Option<SocketAddr>>>>;

/// Servers on one store.
pub(super) struct Cluster {
    /// The address that the world sees.
    pub(super) url: String,
    /// A browser without cookies, whose connections all of them share.
    pub(super) browser: Browser,
    /// Who may register at this moment.
    pub(super) registering: Semaphore,
    folder: tempfile::TempDir,
    database: Option<String>,
    tool: String,
    replicas: Mutex<Vec<Option<Running>>>,
    alive: Alive,
    balancing: JoinHandle<()>,
    kills: AtomicUsize,
    waiting: AtomicUsize,
}

impl Cluster {
    /// One server on SQLite, or so many on PostgreSQL.
    pub(super) async fn start(store: Store, replicas: usize, grades: Value) -> Arc<Self> {
        let (database, replicas) = match store {
            Store::Sqlite => (None, 1),
            Store::Postgres => (Some(database().await), replicas),
        };
        let balancer = TcpListener::bind("127.0.0.2:0").await.unwrap();
        let url = format!("http://{}", balancer.local_addr().unwrap());
        let mut tool = application().await;
        tool["grades"] = grades;
        tool["registration"] = json!({"autoActivate": true});
        tool["limits"] = json!({
            "loginsPerAddress": 0, "launchesPerAddress": 0, "registrationsPerAddress": 0, "keySetsPerAddress": 0,
        });
        let alive = Alive::default();
        let cluster = Self {
            url,
            browser: Browser::new().unwrap(),
            registering: Semaphore::new(REGISTRATIONS),
            folder: tempfile::tempdir().unwrap(),
            database,
            tool: tool.to_string(),
            replicas: Mutex::default(),
            alive: alive.clone(),
            balancing: tokio::spawn(balance(balancer, alive)),
            kills: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
        };
        for _ in 0..replicas {
            let (server, address) = cluster.start_one().await;
            cluster.replicas.lock().unwrap().push(Some(server));
            cluster.alive.lock().unwrap().push(Some(address));
        }
        Arc::new(cluster)
    }

    async fn start_one(&self) -> (Running, SocketAddr) {
        let mut args = vec![
            "serve",
            "--listen",
            "127.0.0.2:0",
            "--public-url",
            &self.url,
            "--shutdown-delay",
            "0",
            "--bootstrap-api-key",
            API_KEY,
            "--tool",
            &self.tool,
        ];
        if let Some(database) = &self.database {
            args.extend(["--database-url", database]);
        }
        let command = hallpass(self.folder.path(), &args);
        let starting = tokio::task::spawn_blocking(move || {
            let mut server = Running::start(command);
            let address = listens(&server.line());
            (server, address)
        });
        starting.await.unwrap()
    }

    /// Kills the next server, as the power does, and starts another in its place after this time.
    pub(super) async fn kill_one(&self, dead: Duration) {
        let at = self.kills.load(Ordering::Relaxed) % self.alive.lock().unwrap().len();
        self.alive.lock().unwrap()[at] = None;
        let killed = self.replicas.lock().unwrap()[at].take();
        tokio::task::spawn_blocking(move || drop(killed))
            .await
            .unwrap();
        self.kills.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(dead).await;
        let (server, address) = self.start_one().await;
        self.replicas.lock().unwrap()[at] = Some(server);
        self.alive.lock().unwrap()[at] = Some(address);
    }

    /// How many were killed so far.
    pub(super) fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// Waits until another server was killed.
    pub(super) async fn another_kill(&self) {
        let before = self.kills();
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let killed = async {
            while self.kills() == before {
                tokio::time::sleep(PAUSE).await;
            }
        };
        let waited = tokio::time::timeout(2 * PATIENCE, killed).await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        waited.expect("nobody killed a server");
    }

    /// Kills a server again and again while somebody waits for it.
    pub(super) async fn kill_for_those_who_wait(&self, dead: Duration) {
        loop {
            if self.waiting.load(Ordering::Relaxed) > 0 {
                self.kill_one(dead).await;
            }
            tokio::time::sleep(10 * PAUSE).await;
        }
    }

    /// Asks until a server answers: what was under way at a server that died is asked again.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Page {
        let mut request =
            Request::new(method.parse().unwrap(), &format!("{}{path}", self.url)).unwrap();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        let answered = async {
            loop {
                match self.browser.send(request.clone().no_redirects()).await {
                    Ok(page) if !is_passing(&page) => return page,
                    _ => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        let page = tokio::time::timeout(2 * PATIENCE, answered).await;
        page.unwrap_or_else(|_| panic!("no answer to {method} {path}"))
    }

    /// A request of the tool's owner, which must work.
    pub(super) async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let header = format!("Bearer {API_KEY}");
        let page = self
            .ask(method, path, &[("authorization", &header)], body)
            .await;
        let is_done = matches!(page.status, 200 | 201 | 204);
        assert!(is_done, "{method} {path}: {}: {}", page.status, page.text());
        page.json().unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.balancing.abort();
    }
}

/// What a server says that is about to come or to go, or that has the same request of ours in its hands.
fn is_passing(page: &Page) -> bool {
    page.status == 503 || (page.status == 409 && page.text().contains("IDEMPOTENCY_KEY_IN_USE"))
}

/// Passes each connection on to a server that is alive.
async fn balance(balancer: TcpListener, alive: Alive) {
    let turn = AtomicUsize::new(0);
    loop {
        let Ok((mut from, _)) = balancer.accept().await else {
            continue;
        };
        let (turn, alive) = (turn.fetch_add(1, Ordering::Relaxed), alive.clone());
        tokio::spawn(async move {
            let Some(mut to) = reach(turn, &alive).await else {
                return;
            };
            // Either end may hang up at any time.
            let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        });
    }
}

/// A connection to one of those that are alive, when there is one.
async fn reach(turn: usize, alive: &Alive) -> Option<TcpStream> {
    let reached = async {
        for attempt in turn.. {
            let address = {
                let alive = alive.lock().unwrap();
                let number = alive.len().max(1);
                alive.get(attempt % number).copied().flatten()
            };
            if let Some(address) = address
                && let Ok(stream) = TcpStream::connect(address).await
            {
                return Some(stream);
            }
            tokio::time::sleep(PAUSE).await;
        }
        None
    };
    tokio::time::timeout(PATIENCE, reached).await.ok().flatten()
}
