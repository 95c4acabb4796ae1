//! Clients that connect and say nothing (decision 0100), at a server that may have 1,024 files
//! open.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use rustls::StreamOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::{PATIENCE, Running, after, hallpass, listens};
use crate::tls::{CERT, KEY, client};

/// More than fit.
const SILENT: usize = 1_100;
/// A fresh HTTP/2 client: its preface and an empty SETTINGS frame.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const NOTHING: &[u8] = b"";
/// A request whose body doesn't come.
const HALF: &[u8] = b"POST /lti/launch HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nstate";
/// The silence of a stranger lasts half a minute; this is before it ends.
const SOON: Duration = Duration::from_secs(20);

/// This test has more files open than most systems allow at first.
fn raise_own_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let enough = limit.current.is_none_or(|files| files > 2 * SILENT as u64);
    assert!(
        enough,
        "this test opens {SILENT} connections from both ends, and may open too few files ({limit:?}): raise the hard limit \
         (ulimit -Hn 4096, LimitNOFILE= of the runner)"
    );
}

fn limited(folder: &Path, more: &[&str]) -> Command {
    let args = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
    after("ulimit -n 1024", &hallpass(folder, &args))
}

/// A connection from one of our own addresses.
async fn connect(from: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// The honest one among them.
async fn is_answered(to: SocketAddr) {
    let asked = async {
        let mut stream = connect([127, 0, 0, 1], to).await;
        let request = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    };
    tokio::time::timeout(SOON, asked).await.unwrap();
}

/// How many are still connected.
fn connected(streams: &[TcpStream]) -> usize {
    let is_open = |stream: &&TcpStream| {
        let mut bytes = [0; 1024];
        let mut last = stream.try_read(&mut bytes);
        while last.as_ref().is_ok_and(|read| *read > 0) {
            last = stream.try_read(&mut bytes);
        }
        last.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    };
    streams.iter().filter(is_open).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_keep_nobody_out() {
    raise_own_limit();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(limited(folder.path(), &[]));
    let address = listens(&server.line());
    for said in [NOTHING, b"G", &HTTP2[..20], HTTP2, HALF] {
        // The first fill their one address's share, the others all places.
        for (addresses, least) in [(1, 100), (200, 600)] {
            let mut silent = Vec::with_capacity(SILENT);
            for number in 0..SILENT {
                let last = u8::try_from(number % addresses).unwrap();
                let mut stream = connect([127, 0, 0, 1 + last], address).await;
                let _ = stream.write_all(said).await;
                silent.push(stream);
            }
            is_answered(address).await;
            let connected = connected(&silent);
            assert!(
                (least..SILENT).contains(&connected),
                "{said:?}: {connected}"
            );
        }
    }
    let (_, errors) = server.stop();
    assert!(
        errors.contains("too few files") && errors.contains("LimitNOFILE"),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_after_a_tls_handshake_keeps_nobody_out() {
    raise_own_limit();
    let folder = tempfile::tempdir().unwrap();
    let tls = ["--tls-cert", CERT, "--tls-key", KEY];
    let mut server = Running::start(limited(folder.path(), &tls));
    let address = listens(&server.line());
    let shake = move || {
        let stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut stream = StreamOwned::new(client(), stream);
        stream.conn.complete_io(&mut stream.sock).unwrap();
        stream
    };
    let _no_handshake: Vec<TcpStream> = {
        let mut streams = Vec::with_capacity(SILENT);
        for _ in 0..SILENT {
            streams.push(connect([127, 0, 0, 1], address).await);
        }
        streams
    };
    let silent = move || (0..SILENT).map(|_| shake()).collect::<Vec<_>>();
    let _silent = tokio::task::spawn_blocking(silent).await.unwrap();
    let asked =
        tokio::task::spawn_blocking(move || crate::support::ask(shake(), "127.0.0.1", "/healthz"));
    let answer = tokio::time::timeout(SOON, asked).await.unwrap().unwrap();
    assert_eq!(answer, "HTTP/1.1 204 No Content");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_low_limit_that_may_be_raised_is_raised() {
    raise_own_limit();
    let folder = tempfile::tempdir().unwrap();
    let serve = hallpass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut server = Running::start(after("ulimit -S -n 256", &serve));
    let address = listens(&server.line());
    let mut silent = Vec::new();
    for _ in 0..600 {
        silent.push(connect([127, 0, 0, 1], address).await);
    }
    is_answered(address).await;
    assert_eq!(connected(&silent), 600);
    drop(silent);
    server.stop();
}
