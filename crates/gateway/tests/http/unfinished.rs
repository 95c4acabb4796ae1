//! Heads and bodies that are still arriving: how long a head may be, and how much all of them
//! together may hold (decisions 0269, 0437, 0445, 0446 and 0456).

use std::net::SocketAddr;
use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;

use crate::http2::Http2;
use crate::support::{Gateway, Store, fixed};

const PATIENCE: Duration = Duration::from_secs(30);
/// What all connections may hold here.
const BUDGET: usize = 256 * 1024;
/// Connections that send slowly, and what each sends at least.
const FLOOD: usize = 24;
const EACH: usize = 32 * 1024;
/// Requests on one HTTP/2 connection that send no byte of their bodies.
const BARE: usize = 8;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

async fn gateway(unfinished_bytes: usize) -> Gateway {
    // No silence ends a connection while this test runs.
    let first_request = PATIENCE * 10;
    let fixed = Fixed { first_request, unfinished_bytes, ..fixed() };
    Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await
}

/// A connection from one of our own addresses.
async fn connect(gateway: &Gateway, from: [u8; 4]) -> TcpStream {
    let to: SocketAddr = gateway.url.trim_start_matches("http://").parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Waits for the end of a connection; what came before it.
async fn rest(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut read).await;
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn a_head_has_64_kib_and_a_longer_one_ends_the_connection() {
    let gateway = gateway(Fixed::default().unfinished_bytes).await;
    let head =
        |bytes: usize| format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}", "a".repeat(bytes));
    let mut stream = connect(&gateway, [127, 0, 0, 1]).await;
    let whole = format!("{}\r\nConnection: close\r\n\r\n", head(60_000));
    stream.write_all(whole.as_bytes()).await.unwrap();
    let answer = tokio::time::timeout(PATIENCE, rest(stream)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let mut stream = connect(&gateway, [127, 0, 0, 1]).await;
    // It goes on for ever.
    let _ = stream.write_all(head(100_000).as_bytes()).await;
    let answer = tokio::time::timeout(PATIENCE, rest(stream)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

/// How a client keeps its request from being whole.
#[derive(Clone, Copy, Debug)]
enum Slow {
    Head,
    Body,
    Http2,
    /// Many requests whose bodies never begin: they cost memory all the same.
    Streams,
    /// A second request whose head goes on in frame after frame.
    Frames,
    /// Requests whose answers are not read.
    Unread,
    /// A long head that is answered, on a connection that stays: its buffer does, too.
    Buffer,
}

/// Sends what never ends, and waits for the end of the connection.
async fn never_end(gateway: &Gateway, how: Slow, ended: mpsc::Sender<()>) {
    let part = "a".repeat(EACH);
    let sent = match how {
        Slow::Head => format!("GET / HTTP/1.1\r\nHost: x\r\nX: {part}"),
        Slow::Buffer => {
            format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(60_000))
        }
        Slow::Body => {
            format!(
                "POST /lti/login HTTP/1.1\r\nHost: x\r\n{FORM}\r\nContent-Length: 48000\r\n\r\n{part}"
            )
        }
        Slow::Http2 => {
            let mut client = Http2::connect(gateway, "lti.example").await;
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let stream = client.begin("POST", "/lti/login", &form).await;
            for _ in 0..2 {
                client.part(stream, &part.as_bytes()[..EACH / 2]).await;
            }
            return until_the_end(client, ended);
        }
        Slow::Streams => {
            let mut client = Http2::connect(gateway, "lti.example").await;
            let form = [("content-type", "application/x-www-form-urlencoded")];
            for _ in 0..BARE {
                client.begin("POST", "/lti/launch", &form).await;
            }
            return until_the_end(client, ended);
        }
        Slow::Frames => {
            let mut client = Http2::connect(gateway, "lti.example").await;
            let first = client.begin("GET", "/healthz", &[]).await;
            client.answer(first).await;
            client.open_head(2).await;
            return until_the_end(client, ended);
        }
        Slow::Unread => {
            let mut client = Http2::connect(gateway, "lti.example").await;
            client.close_window().await;
            for _ in 0..BARE {
                client.begin("GET", "/portal/sign-in", &[]).await;
            }
            return until_the_end(client, ended);
        }
    };
    let mut stream = connect(gateway, [127, 0, 0, 1]).await;
    let _ = stream.write_all(sent.as_bytes()).await;
    if matches!(how, Slow::Buffer) {
        let _ = stream.read(&mut [0; 1024]).await;
        // Now the last that came is short.
        let _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    }
    tokio::spawn(async move {
        rest(stream).await;
        let _ = ended.send(()).await;
    });
}

fn until_the_end(mut client: Http2, ended: mpsc::Sender<()>) {
    tokio::spawn(async move {
        while client.frame().await.is_some() {}
        let _ = ended.send(()).await;
    });
}

#[tokio::test]
async fn who_holds_most_unfinished_bytes_leaves_and_others_stay() {
    let on_http1 = [Slow::Head, Slow::Body, Slow::Buffer];
    let on_http2 = [Slow::Http2, Slow::Streams, Slow::Frames, Slow::Unread];
    for how in on_http1.into_iter().chain(on_http2) {
        let gateway = gateway(BUDGET).await;
        let mut honest = connect(&gateway, [127, 0, 0, 9]).await;
        let begun = format!(
            "POST /lti/login HTTP/1.1\r\nHost: x\r\n{FORM}\r\nContent-Length: 15000\r\nConnection: close\r\n\r\n{}",
            "a".repeat(10_000)
        );
        honest.write_all(begun.as_bytes()).await.unwrap();
        let (ended, mut ends) = mpsc::channel(FLOOD);
        for _ in 0..FLOOD {
            never_end(&gateway, how, ended.clone()).await;
        }
        // Together they hold at least three times as much as they may; half as much where each has
        // many requests, because then further ones are refused.
        let has_many = matches!(how, Slow::Streams | Slow::Unread);
        let leaving = if has_many { FLOOD / 3 } else { FLOOD / 2 };
        for number in 0..leaving {
            let end = tokio::time::timeout(PATIENCE, ends.recv()).await;
            assert!(matches!(end, Ok(Some(()))), "{how:?}: only {number} had to leave");
        }
        honest.write_all(&[b'a'; 5_000]).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, rest(honest)).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{how:?}: {answer}");
    }
}

/// A refused request is over, but for half a second its connection waits for the rest of its body.
#[tokio::test]
async fn the_rest_of_a_refused_body_is_counted() {
    // Room for all of them but one: each counts as 16 KiB.
    let gateway = gateway((BARE * 16 - 8) * 1024).await;
    let mut client = Http2::connect(&gateway, "lti.example").await;
    for _ in 0..BARE {
        client.begin("POST", "/nothing/is/here", &[]).await;
    }
    let ended = async { while client.frame().await.is_some() {} };
    let ended = tokio::time::timeout(PATIENCE, ended).await;
    assert!(ended.is_ok(), "requests that still arrive took too much memory");
}
