//! HTTP/2, byte by byte: what one connection may ask for at once, and what becomes of one whose
//! client is gone.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{API_KEY, Gateway, PATIENCE, Store, fixed};
use crate::undisturbed::undisturbed;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// A client that does no more than it is told to.
pub struct Http2 {
    stream: TcpStream,
    read: Vec<u8>,
    next: u32,
    authority: String,
}

/// A frame that came.
pub struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Http2 {
    /// Connects, and asks for this host.
    pub async fn connect(gateway: &Gateway, authority: &str) -> Self {
        let address = gateway.url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).await.unwrap();
        let authority = authority.to_owned();
        let mut client = Self { stream, read: Vec::new(), next: 1, authority };
        client.stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        client.send(SETTINGS, 0, 0, &[]).await;
        client
    }

    async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        self.stream.write_all(&written(kind, flags, stream, payload)).await.unwrap();
    }

    /// Sends a part of a request's body, unless the connection ended.
    pub async fn part(&mut self, stream: u32, bytes: &[u8]) {
        let _ = self.stream.write_all(&written(DATA, 0, stream, bytes)).await;
    }

    /// Lets nothing of any answer be sent but its head.
    pub async fn close_window(&mut self) {
        // SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, 6.5.2).
        self.send(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]).await;
    }

    /// Begins a request, whose body is still to come if it is a POST, unless the connection ended;
    /// gives the stream's number.
    pub async fn begin(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> u32 {
        let stream = self.next;
        self.next += 2;
        // HPACK: indexed fields, and literals that are not kept (RFC 7541, 6.1 and 6.2.2).
        let is_post = method == "POST";
        let mut block = vec![if is_post { 0x83 } else { 0x82 }, 0x86];
        let mut literal = |name: &[u8], value: &str| {
            block.extend(name);
            // A longer one has its length in two bytes.
            let length = value.len();
            if length < 127 {
                block.push(u8::try_from(length).unwrap());
            } else {
                block.extend([127, u8::try_from(length - 127).unwrap()]);
            }
            block.extend(value.as_bytes());
        };
        literal(&[0x04], path);
        literal(&[0x01], &self.authority);
        for (name, value) in headers {
            let mut written = vec![0, u8::try_from(name.len()).unwrap()];
            written.extend(name.as_bytes());
            literal(&written, value);
        }
        let flags = if is_post { END_HEADERS } else { END_HEADERS | END_STREAM };
        let _ = self.stream.write_all(&written(HEADERS, flags, stream, &block)).await;
        stream
    }

    /// Begins a request's head and doesn't end it, unless the connection ended: `frames` frames
    /// with one long field.
    pub async fn open_head(&mut self, frames: usize) {
        let stream = self.next;
        self.next += 2;
        // A literal whose value has 65,662 bytes (RFC 7541, 5.1 and 6.2.2).
        let mut block = vec![0, 1, b'x', 127, 255, 255, 3];
        block.resize(16_000, b'a');
        for number in 0..frames {
            let kind = if number == 0 { HEADERS } else { CONTINUATION };
            let _ = self.stream.write_all(&written(kind, 0, stream, &block)).await;
        }
    }

    /// Sends a request's body.
    pub async fn finish(&mut self, stream: u32, body: &str) {
        self.send(DATA, END_STREAM, stream, body.as_bytes()).await;
    }

    /// The next frame; `None` at the end of the connection.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.whole_frame() {
                return Some(frame);
            }
            let mut bytes = [0; 4096];
            let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut bytes)).await.unwrap();
            match read {
                Ok(length) if length > 0 => self.read.extend_from_slice(&bytes[..length]),
                _ => return None,
            }
        }
    }

    fn whole_frame(&mut self) -> Option<Frame> {
        let head = self.read.get(..9)?;
        let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte));
        let end = 9 + number(&head[..3]) as usize;
        let (kind, flags, stream) = (head[3], head[4], number(&head[5..9]));
        let payload = self.read.get(9..end)?.to_vec();
        self.read.drain(..end);
        Some(Frame { kind, flags, stream, payload })
    }

    /// The body that answers a request.
    pub async fn answer(&mut self, stream: u32) -> String {
        let mut body = Vec::new();
        loop {
            let frame = self.frame().await.expect("the connection ended");
            if frame.stream != stream || !matches!(frame.kind, DATA | HEADERS) {
                continue;
            }
            if frame.kind == DATA {
                body.extend(frame.payload);
            }
            if frame.flags & END_STREAM != 0 {
                return String::from_utf8(body).unwrap();
            }
        }
    }
}

/// A frame as it is sent.
fn written(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

#[tokio::test]
async fn one_address_has_so_many_requests_at_once_and_no_more() {
    let fixed = Fixed { connections: 16, ..fixed() };
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
    let mut clients = Vec::new();
    for _ in 0..2 {
        clients.push(Http2::connect(&gateway, "lti.example").await);
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let bearer = format!("Bearer {API_KEY}");
    let key = [("authorization", bearer.as_str())];
    // Four of 16, over however many connections.
    let mut waiting = Vec::new();
    for client in &mut clients {
        waiting.push([
            client.begin("POST", "/lti/login", &form).await,
            client.begin("POST", "/lti/login", &form).await,
        ]);
    }
    for client in &mut clients {
        let fifth = client.begin("GET", "/admin/tool", &key).await;
        let answer = client.answer(fifth).await;
        assert!(answer.contains("RATE_LIMITED"), "{answer}");
    }
    for (client, streams) in clients.iter_mut().zip(waiting) {
        for stream in streams {
            client.finish(stream, "iss=x").await;
            let answer = client.answer(stream).await;
            assert!(!answer.contains("RATE_LIMITED") && answer.contains("error"), "{answer}");
        }
        let later = client.begin("GET", "/admin/tool", &key).await;
        let answer = client.answer(later).await;
        assert!(answer.contains("launchUrl"), "{answer}");
    }
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed() {
    undisturbed(Duration::from_millis(100), async || {
        let ping = Duration::from_millis(300);
        let fixed = Fixed { ping, ..fixed() };
        let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let [mut gone, mut slow] = [
            Http2::connect(&gateway, "lti.example").await,
            Http2::connect(&gateway, "lti.example").await,
        ];
        // Neither is silent: a request is under way.
        gone.begin("POST", "/lti/login", &form).await;
        let stream = slow.begin("POST", "/lti/login", &form).await;
        let ends = async {
            let mut pings = 0;
            while let Some(frame) = gone.frame().await {
                pings += u8::from(frame.kind == PING && frame.flags & ACK == 0);
            }
            pings
        };
        let answers = async {
            // Longer than the other was given.
            let mut pings = 0;
            while pings < 5 {
                let frame = slow.frame().await.expect("it answers, so it stays");
                if frame.kind == PING && frame.flags & ACK == 0 {
                    slow.send(PING, ACK, 0, &frame.payload).await;
                    pings += 1;
                }
            }
            slow.finish(stream, "iss=x").await;
            slow.answer(stream).await
        };
        let (pings, answer) = tokio::join!(ends, answers);
        assert_eq!(pings, 1, "one was not answered");
        assert!(answer.contains("error"), "{answer}");
    })
    .await;
}

/// Frames that carry nothing have a budget (decision 0443).
#[tokio::test]
async fn a_flood_of_control_frames_ends_the_connection() {
    // Nothing else ends a connection in this test.
    let (first_request, ping) = (2 * PATIENCE, 2 * PATIENCE);
    let fixed = Fixed { first_request, ping, ..fixed() };
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
    let mut other = Http2::connect(&gateway, "lti.example").await;
    let floods = [(PING, 0, 0, 8), (PING, ACK, 0, 8), (SETTINGS, 0, 0, 0), (PRIORITY, 0, 1, 5)];
    for (kind, flags, stream, length) in floods {
        let client = Http2::connect(&gateway, "lti.example").await;
        let frames = written(kind, flags, stream, &vec![0; length]).repeat(50_000);
        let (mut reads, mut writes) = client.stream.into_split();
        // What answers them is read meanwhile, or both sides would wait.
        let ended = tokio::time::timeout(PATIENCE, async {
            let mut bytes = [0; 4096];
            while let Ok(1..) = reads.read(&mut bytes).await {}
        });
        let (ended, _) = tokio::join!(ended, writes.write_all(&frames));
        assert!(ended.is_ok(), "type {kind}, flags {flags}: it goes on");
        let next = other.begin("GET", "/healthz", &[]).await;
        assert_eq!(other.answer(next).await, "", "another connection is served");
    }
}

/// What a connection may send at once comes from its source's budget (decision 0484).
#[tokio::test]
async fn who_reconnects_has_no_new_budget_each_time() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let is_answered = async |frames: usize| {
        let mut client = Http2::connect(&gateway, "lti.example").await;
        let pings = written(PING, ACK, 0, &[0; 8]).repeat(frames);
        let _ = client.stream.write_all(&pings).await;
        client.begin("GET", "/healthz", &[]).await;
        while let Some(frame) = client.frame().await {
            if frame.flags & END_STREAM != 0 && matches!(frame.kind, DATA | HEADERS) {
                return true;
            }
        }
        false
    };
    assert!(is_answered(900).await, "one connection may send so many");
    let flood = async { while is_answered(900).await {} };
    let ended = tokio::time::timeout(PATIENCE, flood).await;
    assert!(ended.is_ok(), "it has as many each time");
    for _ in 0..5 {
        assert!(is_answered(50).await, "what a browser sends is still possible");
    }
}

/// Proxies that have not read our settings yet send so many at once (decision 0457).
#[tokio::test]
async fn a_proxys_connection_carries_a_hundred_requests() {
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_configured(Store::Sqlite, json!({}), &proxies).await;
    let mut proxy = Http2::connect(&gateway, "lti.example").await;
    // Room for all answers.
    proxy.send(WINDOW_UPDATE, 0, 0, &1_000_000_u32.to_be_bytes()).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let mut begun = Vec::new();
    for _ in 0..100 {
        begun.push(proxy.begin("POST", "/lti/login", &form).await);
    }
    for stream in &begun {
        proxy.finish(*stream, "iss=x").await;
    }
    let mut answered = 0;
    while answered < begun.len() {
        let frame = proxy.frame().await.expect("the connection ended");
        assert!(frame.kind != RST_STREAM, "stream {} was refused", frame.stream);
        let is_end = frame.flags & END_STREAM != 0;
        answered += usize::from(is_end && matches!(frame.kind, DATA | HEADERS));
    }
}

/// What is arriving over a proxy's connection is ended with it, so no client may use up the memory
/// (decision 0457).
#[tokio::test]
async fn while_much_arrives_a_proxys_clients_have_less_each() {
    // Of 64 requests at once a client keeps 4 while more than 128 KiB are arriving: 8 requests.
    let fixed = Fixed { connections: 256, unfinished_bytes: 512 * 1024, ..fixed() };
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &proxies, fixed).await;
    let made = json!({"name": "app", "scope": "all"});
    let made = gateway.admin("POST", "/admin/api-keys", Some(made)).await.json().unwrap();
    let made = format!("Bearer {}", made["key"].as_str().unwrap());
    let mut proxy = Http2::connect(&gateway, "lti.example").await;
    // Room for all answers.
    proxy.send(WINDOW_UPDATE, 0, 0, &1_000_000_u32.to_be_bytes()).await;
    let bearer = format!("Bearer {API_KEY}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let of = |client| ("x-forwarded-for", client);
    let [one, other] = ["192.0.2.1", "192.0.2.2"];
    for _ in 0..10 {
        proxy.begin("POST", "/lti/login", &[form, of(one)]).await;
    }
    let refused = async {
        loop {
            let headers = [("authorization", bearer.as_str()), of(one)];
            let next = proxy.begin("GET", "/admin/tool", &headers).await;
            if proxy.answer(next).await.contains("RATE_LIMITED") {
                break;
            }
        }
    };
    let refused = tokio::time::timeout(PATIENCE, refused).await;
    assert!(refused.is_ok(), "one client goes on");
    // A key that can't be guessed is no stranger's, once it is known.
    for (key, client) in [(&bearer, other), (&made, other), (&made, one)] {
        let headers = [("authorization", key.as_str()), of(client)];
        let next = proxy.begin("GET", "/admin/tool", &headers).await;
        let answer = proxy.answer(next).await;
        assert!(answer.contains("launchUrl"), "{client}: {answer}");
    }
}

/// A stream that is reset can cost a client the answer (decision 0104).
#[tokio::test]
async fn a_small_body_that_nobody_reads_is_taken_all_the_same() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let mut client = Http2::connect(&gateway, "lti.example").await;
    let json = [("content-type", "application/json")];
    for path in ["/admin/platforms", "/nothing", "/healthz"] {
        let refused = client.begin("POST", path, &json).await;
        client.send(DATA, 0, refused, &[b'x'; 10_000]).await;
        // The rest comes a moment later, as over a network.
        tokio::time::sleep(Duration::from_millis(20)).await;
        client.finish(refused, &"x".repeat(1000)).await;
        // Its answer comes, and behind it that of the next request.
        let next = client.begin("GET", "/healthz", &[]).await;
        let mut answered = Vec::new();
        while answered.len() < 2 {
            let frame = client.frame().await.expect("the connection ended");
            assert!(frame.kind != RST_STREAM, "{path}: stream {} was reset", frame.stream);
            if matches!(frame.kind, DATA | HEADERS) && frame.flags & END_STREAM != 0 {
                answered.push(frame.stream);
            }
        }
        answered.sort_unstable();
        assert_eq!(answered, [refused, next], "{path}");
    }
}

/// A client learns of a stop from GOAWAY, sends no more requests here, and is given the answers to
/// those it sent (decision 0101).
#[tokio::test]
async fn at_a_stop_open_streams_are_finished() {
    let mut gateway = Gateway::start(Store::Sqlite).await;
    let mut client = Http2::connect(&gateway, "lti.example").await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let open = client.begin("POST", "/lti/login", &form).await;
    // The server has read the first head if a later request is answered.
    let later = client.begin("GET", "/healthz", &[]).await;
    assert_eq!(client.answer(later).await, "");
    let finished = async {
        let (mut goodbyes, mut body, mut is_answered) = (0, Vec::new(), false);
        while let Some(frame) = client.frame().await {
            match frame.kind {
                GOAWAY => {
                    // NO_ERROR, behind the last stream that is served (RFC 9113, 6.8).
                    assert_eq!(frame.payload[4..8], [0_u8; 4], "nothing was wrong");
                    if goodbyes == 0 {
                        client.finish(open, "iss=x").await;
                    }
                    goodbyes += 1;
                }
                PING if frame.flags & ACK == 0 => {
                    let pong = written(PING, ACK, 0, &frame.payload);
                    let _ = client.stream.write_all(&pong).await;
                }
                DATA | HEADERS if frame.stream == open => {
                    assert!(goodbyes > 0, "an answer before its request was whole");
                    is_answered = frame.flags & END_STREAM != 0;
                    if frame.kind == DATA {
                        body.extend(frame.payload);
                    }
                }
                _ => {}
            }
        }
        assert!(goodbyes > 0, "it ended without a word");
        assert!(is_answered, "the answer isn't whole: {} bytes", body.len());
        String::from_utf8(body).unwrap()
    };
    let ((), answer) = tokio::join!(gateway.stop(), finished);
    assert!(answer.contains("error"), "{answer}");
}
