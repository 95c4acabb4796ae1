//! A rolling restart: two servers on one database behind a balancer, stopped and started in turns
//! under load. No one who launches notices (decision 0101).

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use simulator::lms::{Lms, Options};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::load::{API_KEY, Acknowledged, launches, registered};
use crate::support::{PATIENCE, Running, get, hallpass, listens};
use crate::undisturbed::undisturbed;

/// How often the balancer asks each server whether it is ready.
const EVERY: Duration = Duration::from_millis(500);
/// How long a server goes on when told to stop, in seconds: more than the balancer needs to learn
/// of it, also on a machine that stands still for a while.
const DELAY: &str = "12";
/// Who stands still for so long may turn a launch away for want of time.
const LATE: Duration = Duration::from_secs(1);

/// The servers that take new connections, as the balancer last saw them.
type Ready = Arc<Mutex<Vec<SocketAddr>>>;

/// One server behind the balancer.
struct Replica {
    server: Running,
    address: SocketAddr,
}

impl Replica {
    fn start(folder: &Path, database: &str, public_url: &str) -> Self {
        let tool = r#"{"launchUrl": "http://127.0.0.3:9/", "registration": {"autoActivate": true}, "studyreel": {"limits": {"perStudent": 0, "perDeployment": 0, "perSource": 0}}}"#;
        let args = [
            "serve",
            "--listen",
            "127.0.0.2:0",
            "--public-url",
            public_url,
            "--database-url",
            database,
            "--shutdown-delay",
            DELAY,
            "--bootstrap-api-key",
            API_KEY,
            "--tool",
            tool,
        ];
        let mut server = Running::start(hallpass(folder, &args));
        let address = listens(&server.line());
        Self { server, address }
    }

    fn is_ready(&self) -> bool {
        get(&format!("http://{}", self.address), "/readyz").contains(" 204 ")
    }
}

/// Passes each connection on to the next server that is ready.
async fn balance(listener: TcpListener, ready: Ready) {
    let turn = AtomicUsize::new(0);
    loop {
        let (mut from, _) = listener.accept().await.unwrap();
        let server = {
            let ready = ready.lock().unwrap();
            ready[turn.fetch_add(1, Ordering::Relaxed) % ready.len()]
        };
        tokio::spawn(async move {
            let mut to = TcpStream::connect(server).await.unwrap();
            // Either end may hang up at any time.
            let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        });
    }
}

/// As a balancer does, from its own point of view: turned away is who says so.
fn check(replicas: &[&Replica], ready: &Ready) {
    let answering = replicas.iter().filter(|replica| replica.is_ready());
    *ready.lock().unwrap() = answering.map(|replica| replica.address).collect();
}

/// Stops one of them and starts it again, while the other one serves.
fn restart(
    stopping: Replica,
    other: &Replica,
    ready: &Ready,
    start: impl Fn() -> Replica,
) -> Replica {
    stopping.server.signal("TERM");
    while stopping.is_ready() {}
    // The balancer learns of it at its next question, and sends it new connections until then.
    std::thread::sleep(EVERY);
    check(&[other, &stopping], ready);
    assert_eq!(*ready.lock().unwrap(), [other.address]);
    let (code, _, errors) = stopping.server.end();
    assert_eq!(code, Some(0), "{errors}");
    let again = start();
    check(&[other, &again], ready);
    assert_eq!(ready.lock().unwrap().len(), 2);
    again
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_notices_a_rolling_restart() {
    undisturbed(LATE, rolling_restart).await;
}

async fn rolling_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = crate::kills::database().await;
    let balancer = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let url = format!("http://{}", balancer.local_addr().unwrap());
    let start = || Replica::start(folder.path(), &database, &url);
    let (first, second) = (start(), start());
    let ready = Ready::default();
    check(&[&first, &second], &ready);
    let balancing = tokio::spawn(balance(balancer, ready.clone()));

    let lms = Arc::new(Lms::start(Options::default()).await.unwrap());
    let client_id = registered(&url, &lms).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut loads = JoinSet::new();
    for from in [1_000_000, 2_000_000, 3_000_000] {
        let (url, lms) = (url.clone(), lms.clone());
        loads.spawn(launches(url, lms, client_id.clone(), from, stop.clone()));
    }
    let (first, second) = tokio::task::block_in_place(|| {
        let first = restart(first, &second, &ready, start);
        let second = restart(second, &first, &ready, start);
        (first, second)
    });
    stop.store(true, Ordering::Relaxed);
    let mut all = Acknowledged::default();
    let loads = tokio::time::timeout(PATIENCE, loads.join_all())
        .await
        .unwrap();
    for (acknowledged, failures) in loads {
        assert_eq!(failures, Vec::<String>::new());
        all.students.extend(acknowledged.students);
        all.ltiks.extend(acknowledged.ltiks);
    }
    assert!(all.ltiks.len() > 20, "hardly any load: {}", all.ltiks.len());
    all.is_at(&url).await;
    balancing.abort();
    first.server.stop();
    second.server.stop();
}
