//! Servers behind one address, which are killed and started again.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinHandle;

use crate::kills::{Store, database};
use crate::load::API_KEY;
use crate::school::application;
#[cfg(unix)]
use crate::support::after;
use crate::support::{PATIENCE, Running, hallpass, listens};

/// Between two attempts to reach a server.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a server is frozen: so long that others take it for dead, and do its jobs.
const FROZEN: Duration = Duration::from_secs(30);
/// Registrations under way at once: the program takes few from one address.
const REGISTRATIONS: u32 = 4;

/// Where the servers listen; none for one that is dead.
type Alive = Arc<Mutex<Vec<Option<SocketAddr>>>>;

/// Servers on one store.
pub(super) struct Cluster {
    /// The address that the world sees.
    pub(super) url: String,
    /// A browser without cookies, whose connections all of them share.
    pub(super) browser: Browser,
    /// Places for registrations and launches. A kill takes all of them, because it would break them
    /// off.
    entering: Semaphore,
    folder: tempfile::TempDir,
    database: Option<String>,
    tool: String,
    replicas: Mutex<Vec<Option<Running>>>,
    alive: Alive,
    balancing: JoinHandle<()>,
    kills: AtomicUsize,
    freezes: AtomicUsize,
    /// How many wait for a kill, and for a freeze.
    waiting: [AtomicUsize; 2],
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
            entering: Semaphore::new(REGISTRATIONS as usize),
            folder: tempfile::tempdir().unwrap(),
            database,
            tool: tool.to_string(),
            replicas: Mutex::default(),
            alive: alive.clone(),
            balancing: tokio::spawn(balance(balancer, alive)),
            kills: AtomicUsize::new(0),
            freezes: AtomicUsize::new(0),
            waiting: Default::default(),
        };
        for _ in 0..replicas {
            cluster.add_one().await;
        }
        Arc::new(cluster)
    }

    /// Starts another server beside those that are there.
    pub(super) async fn add_one(&self) {
        let (server, address) = self.start_one().await;
        self.replicas.lock().unwrap().push(Some(server));
        self.alive.lock().unwrap().push(Some(address));
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
        // Without that, the system kills who writes more than a limit allows.
        #[cfg(unix)]
        let command = after("trap '' XFSZ", &command);
        let starting = tokio::task::spawn_blocking(move || {
            let mut server = Running::start(command);
            let address = listens(&server.line());
            (server, address)
        });
        starting.await.unwrap()
    }

    /// A place to register and launch: no server is killed while it is taken.
    pub(super) async fn enter(&self) -> SemaphorePermit<'_> {
        self.entering.acquire().await.unwrap()
    }

    /// All places, once no one registers or launches.
    async fn nobody_enters(&self) -> SemaphorePermit<'_> {
        self.entering.acquire_many(REGISTRATIONS).await.unwrap()
    }

    /// Kills the next server, as the power does, and starts another in its place after this time.
    pub(super) async fn kill_one(&self, dead: Duration) {
        let _quiet = self.nobody_enters().await;
        let at = self.kills.load(Ordering::Relaxed) % self.alive.lock().unwrap().len();
        self.kill(at).await;
        self.kills.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(dead).await;
        let (server, address) = self.start_one().await;
        self.replicas.lock().unwrap()[at] = Some(server);
        self.alive.lock().unwrap()[at] = Some(address);
    }

    /// Kills a server, and starts none in its place.
    pub(super) async fn kill(&self, at: usize) {
        self.alive.lock().unwrap()[at] = None;
        let killed = self.replicas.lock().unwrap()[at].take();
        tokio::task::spawn_blocking(move || drop(killed))
            .await
            .unwrap();
    }

    /// Freezes a server, as the move of a virtual machine does; nothing new is sent to it. Where it
    /// listens.
    pub(super) fn freeze(&self, at: usize) -> Option<SocketAddr> {
        self.signal(at, "STOP");
        self.alive.lock().unwrap()[at].take()
    }

    /// A frozen server goes on where it stood, and hears of the world again.
    pub(super) fn thaw(&self, at: usize, address: Option<SocketAddr>) {
        self.signal(at, "CONT");
        self.alive.lock().unwrap()[at] = address;
    }

    fn signal(&self, at: usize, name: &str) {
        let replicas = self.replicas.lock().unwrap();
        replicas[at].as_ref().unwrap().signal(name);
    }

    /// A server's process id.
    #[cfg(unix)]
    pub(super) fn process(&self, at: usize) -> u32 {
        self.replicas.lock().unwrap()[at].as_ref().unwrap().id()
    }

    /// Freezes the next server until others have its jobs, if there are others.
    async fn freeze_one(&self) {
        let _quiet = self.nobody_enters().await;
        let at = self.freezes.load(Ordering::Relaxed) % self.alive.lock().unwrap().len();
        let address = self.freeze(at);
        tokio::time::sleep(FROZEN).await;
        self.thaw(at, address);
        self.freezes.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were killed so far.
    pub(super) fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// Waits until another server was killed.
    pub(super) async fn another_kill(&self) {
        self.another(&self.kills, &self.waiting[0]).await;
    }

    /// Waits until another server was frozen, and goes on.
    pub(super) async fn another_freeze(&self) {
        self.another(&self.freezes, &self.waiting[1]).await;
    }

    async fn another(&self, number: &AtomicUsize, waiting: &AtomicUsize) {
        let wanted = number.load(Ordering::Relaxed) + 1;
        waiting.fetch_add(1, Ordering::Relaxed);
        let happened = async {
            while number.load(Ordering::Relaxed) < wanted {
                tokio::time::sleep(PAUSE).await;
            }
        };
        // Registrations under way come first.
        let waited = tokio::time::timeout(5 * PATIENCE, happened).await;
        waiting.fetch_sub(1, Ordering::Relaxed);
        waited.expect("nothing happened to a server");
    }

    /// Kills a server again and again while somebody waits for it, and freezes one while somebody
    /// waits for that.
    pub(super) async fn kill_for_those_who_wait(&self, dead: Duration) {
        let waits = |which: usize| self.waiting[which].load(Ordering::Relaxed) > 0;
        loop {
            if waits(0) {
                self.kill_one(dead).await;
            }
            if waits(1) {
                self.freeze_one().await;
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

/// What a server says that is about to come or to go, or that has the same request of ours in its
/// hands.
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
