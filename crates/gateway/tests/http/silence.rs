//! How long a connection may be silent: a short time before its first request, a longer one after
//! an answer (decision 0100). With times of their own, so that no one waits for half a minute.

use std::time::Duration;

use gateway::kit::clock::Stopwatch;
use gateway::settings::installation::Fixed;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Gateway, PATIENCE, Store, fixed};
use crate::undisturbed::undisturbed;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";
/// GET / of the host x, on the first stream: HEADERS with END_STREAM and END_HEADERS.
const GET: &[u8] = b"\0\0\x06\x01\x05\0\0\0\x01\x82\x84\x86\x41\x01x";
const HEALTHZ: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

const FIRST: Duration = Duration::from_millis(400);
const NEXT: Duration = Duration::from_secs(2);
/// A machine that keeps anyone waiting for so long is no judge of these times.
const LATE: Duration = Duration::from_millis(100);

async fn gateway() -> Gateway {
    let fixed = Fixed { first_request: FIRST, ..fixed() };
    Gateway::start_fixed(Store::Sqlite, json!({}), &[("idle_timeout", "2")], fixed).await
}

async fn connect(gateway: &Gateway) -> TcpStream {
    TcpStream::connect(gateway.url.trim_start_matches("http://")).await.unwrap()
}

/// Waits for the end of a connection, which may come `least` after `begun` and no earlier.
async fn ends(what: &str, mut stream: TcpStream, begun: Stopwatch, least: Duration) {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(read.is_ok(), "{what}: still open after {PATIENCE:?}");
    let lasted = begun.elapsed();
    assert!(lasted >= least, "{what}: {lasted:?}");
}

/// Reads until enough is there.
async fn reads(stream: &mut TcpStream, wanted: impl Fn(&[u8]) -> bool) {
    let mut read = Vec::new();
    while !wanted(&read) {
        let mut bytes = [0; 1024];
        let length =
            tokio::time::timeout(PATIENCE, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert!(length > 0, "the end after {read:?}");
        read.extend_from_slice(&bytes[..length]);
    }
}

fn is_answered(read: &[u8]) -> bool {
    read.ends_with(b"\r\n\r\n")
}

#[tokio::test]
async fn who_never_asks_is_let_go() {
    let gateway = gateway().await;
    let half_a_head = HEALTHZ[..HEALTHZ.len() - 2].to_vec();
    let said: [(&str, Vec<u8>); 6] = [
        ("nothing", Vec::new()),
        ("one byte", b"G".to_vec()),
        ("half a head", half_a_head),
        ("half a preface", PREFACE[..20].to_vec()),
        ("a preface", PREFACE.to_vec()),
        ("idle HTTP/2", [PREFACE, SETTINGS].concat()),
    ];
    let mut waiting = Vec::new();
    for (what, said) in &said {
        let begun = Stopwatch::start();
        let mut stream = connect(&gateway).await;
        // It may have been let go before this machine came to that.
        let _ = stream.write_all(said).await;
        waiting.push(ends(what, stream, begun, FIRST));
    }
    futures_util::future::join_all(waiting).await;
}

#[tokio::test]
async fn a_connection_rests_between_requests_for_as_long_as_set() {
    undisturbed(LATE, async || {
        let gateway = gateway().await;
        let mut stream = connect(&gateway).await;
        for _ in 0..2 {
            stream.write_all(HEALTHZ).await.unwrap();
            reads(&mut stream, is_answered).await;
            // Longer than the first request may take, shorter than the next.
            tokio::time::sleep(FIRST + FIRST / 2).await;
        }
        let begun = Stopwatch::start();
        stream.write_all(HEALTHZ).await.unwrap();
        reads(&mut stream, is_answered).await;
        ends("HTTP/1.1", stream, begun, NEXT).await;
    })
    .await;
}

#[tokio::test]
async fn http2_rests_as_long_and_no_longer() {
    undisturbed(LATE, async || {
        let gateway = gateway().await;
        let begun = Stopwatch::start();
        let mut stream = connect(&gateway).await;
        stream.write_all(&[PREFACE, SETTINGS, GET].concat()).await.unwrap();
        // HEADERS of the first stream: the answer.
        let is_answered =
            |read: &[u8]| read.windows(6).any(|at| at[0] == 1 && at[2..] == [0, 0, 0, 1]);
        reads(&mut stream, is_answered).await;
        ends("HTTP/2", stream, begun, NEXT).await;
    })
    .await;
}

#[tokio::test]
async fn a_request_that_takes_long_is_no_silence() {
    undisturbed(LATE, async || {
        let gateway = gateway().await;
        let mut stream = connect(&gateway).await;
        let head = "POST /lti/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(NEXT + FIRST).await;
        stream.write_all(b"iss=x").await.unwrap();
        reads(&mut stream, |read| read.starts_with(b"HTTP/1.1 400 ")).await;
    })
    .await;
}

#[tokio::test]
async fn who_finds_no_place_gets_that_of_a_silent_one() {
    let fixed = Fixed { connections: 8, ..fixed() };
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(connect(&gateway).await);
    }
    let mut resting = connect(&gateway).await;
    resting.write_all(HEALTHZ).await.unwrap();
    reads(&mut resting, is_answered).await;
    for _ in 0..40 {
        silent.push(connect(&gateway).await);
    }
    // Those that never asked went first.
    resting.write_all(HEALTHZ).await.unwrap();
    reads(&mut resting, is_answered).await;
}

/// A stop waits a second for a new connection's first request, but not for those that have had it.
#[tokio::test]
async fn a_stop_waits_for_no_old_connection_without_requests() {
    const GRACE: Duration = Duration::from_secs(1);
    undisturbed(LATE, async || {
        let mut gateway = Gateway::start(Store::Sqlite).await;
        let old = [connect(&gateway).await, connect(&gateway).await];
        tokio::time::sleep(GRACE + LATE).await;
        let new = connect(&gateway).await;
        // Both kinds have been accepted if a later connection is answered.
        let mut other = connect(&gateway).await;
        other.write_all(HEALTHZ).await.unwrap();
        reads(&mut other, is_answered).await;
        let begun = Stopwatch::start();
        let olds = async {
            for stream in old {
                ends("old", stream, begun, Duration::ZERO).await;
            }
            begun.elapsed()
        };
        let news = ends("new", new, begun, GRACE / 2);
        let ((), took, ()) = tokio::join!(gateway.stop(), olds, news);
        assert!(took < GRACE / 2, "{took:?}");
    })
    .await;
}

/// What a stop waits for ends with the drain, whatever a request may take otherwise.
#[tokio::test]
async fn a_request_that_never_ends_is_cut_off_at_a_stop() {
    assert_eq!(Fixed::default().drain, Duration::from_secs(20));
    let drain = Duration::from_secs(1);
    let fixed = Fixed { drain, ..fixed() };
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
    let mut stream = connect(&gateway).await;
    let head = "POST /lti/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // It is under way when its first byte was read.
    let mut other = connect(&gateway).await;
    other.write_all(HEALTHZ).await.unwrap();
    reads(&mut other, is_answered).await;
    let begun = Stopwatch::start();
    let gateway = gateway.restart().await;
    assert!(begun.elapsed() >= drain, "{:?}", begun.elapsed());
    assert!(begun.elapsed() < fixed.request / 2, "{:?}", begun.elapsed());
    ends("cut off", stream, begun, drain).await;
    // The store was closed in order, and another server goes on.
    let mut again = connect(&gateway).await;
    again.write_all(HEALTHZ).await.unwrap();
    reads(&mut again, is_answered).await;
}
