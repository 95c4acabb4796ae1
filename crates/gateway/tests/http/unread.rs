//! Requests that are answered before their body was read: the next one on the connection is
//! answered too, or the answer says that there can be none (decision 0104).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Gateway, PATIENCE, Store};

/// Refused for want of a key, of an address, and of such a method.
const REFUSED: [(&str, &str); 3] =
    [("/admin/platforms", "401"), ("/nothing", "404"), ("/healthz", "405")];

async fn connect(gateway: &Gateway) -> TcpStream {
    TcpStream::connect(gateway.url.trim_start_matches("http://")).await.unwrap()
}

/// A head, and a body as it is sent.
fn post(path: &str, headers: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n"
    )
}

/// Reads an answer with its body; its head in lower case.
async fn answer(stream: &mut TcpStream) -> String {
    let read = async {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        head
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap()
}

#[tokio::test]
async fn after_a_small_body_the_next_request_is_answered() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for (path, status) in REFUSED {
        let mut stream = connect(&gateway).await;
        for number in 0..20 {
            stream.write_all(post(path, "Content-Length: 20000").as_bytes()).await.unwrap();
            // The body comes a moment after the head, as over a network.
            for _ in 0..2 {
                tokio::time::sleep(Duration::from_millis(number % 4)).await;
                stream.write_all(&[b'x'; 10_000]).await.unwrap();
            }
            let head = answer(&mut stream).await;
            assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
            assert!(!head.contains("connection: close"), "{head}");
        }
        let chunks = format!("{}5\r\nabcde\r\n0\r\n\r\n", post(path, "Transfer-Encoding: chunked"));
        for _ in 0..2 {
            stream.write_all(chunks.as_bytes()).await.unwrap();
            let head = answer(&mut stream).await;
            assert!(!head.contains("connection: close"), "{head}");
        }
    }
}

#[tokio::test]
async fn a_large_body_is_refused_with_a_whole_answer_and_a_goodbye() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let too_large = [("/lti/launch", "413")];
    for (path, status) in REFUSED.iter().chain(&too_large) {
        for _ in 0..10 {
            let mut stream = connect(&gateway).await;
            let head = post(path, "Content-Length: 2000000");
            stream.write_all(head.as_bytes()).await.unwrap();
            // All of it, whatever the server says meanwhile.
            stream.write_all(&vec![b'x'; 2_000_000]).await.unwrap();
            let head = answer(&mut stream).await;
            assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
            assert!(head.contains("connection: close"), "{head}");
            assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
        }
    }
}

/// Each part costs as much as hundreds of bytes, and the client may be gone (decision 0486).
#[tokio::test]
async fn a_body_in_very_small_parts_ends_the_connection() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let forms = ["/lti/login", "/lti/launch"].map(|path| (path, "400"));
    for (path, status) in REFUSED.iter().chain(&forms) {
        let head = post(path, "Transfer-Encoding: chunked")
            .replace("application/json", "application/x-www-form-urlencoded");
        let mut stream = connect(&gateway).await;
        let chunks = "1\r\na\r\n".repeat(5_000);
        stream.write_all(format!("{head}{chunks}0\r\n\r\n").as_bytes()).await.unwrap();
        let head = answer(&mut stream).await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{path}: {head}");
        assert!(head.contains("connection: close"), "{path}: {head}");
        let ended = tokio::time::timeout(PATIENCE, stream.read(&mut [0])).await;
        assert_eq!(ended.unwrap().unwrap(), 0, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for (headers, what) in [
        ("Content-Length: 10", "silent"),
        ("Content-Length: 10\r\nExpect: 100-continue", "asks first"),
    ] {
        let mut stream = connect(&gateway).await;
        stream.write_all(post("/nothing", headers).as_bytes()).await.unwrap();
        let head = answer(&mut stream).await;
        // Not 100, which would ask for the body.
        assert!(head.starts_with("http/1.1 404 "), "{what}: {head}");
        assert!(head.contains("connection: close"), "{what}: {head}");
    }
}
