//! Servers that play tricks on their clients: packed, endless and dripping answers (TC-239 to
//! TC-241).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use test_case::{both_stores, cases};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use super::outbound::register_from;
use super::*;
use crate::support::Store;

/// Ways to answer that no honest server has.
#[derive(Clone, Copy)]
enum Trick {
    /// A packed body (TC-239).
    Packed,
    /// A body without end (TC-207, TC-239).
    Endless,
    /// A byte of the body a second (TC-240).
    Drip,
    /// A byte of the headers a second (TC-240).
    DrippingHeaders,
    /// Headers without end (TC-241).
    EndlessHeaders,
    /// Nothing at all.
    Silence,
}

/// A server that plays a trick on its client, and counts what it could send.
struct Trickster {
    url: String,
    sent: Arc<AtomicUsize>,
    asked: Arc<Mutex<String>>,
}

impl Trickster {
    async fn start(trick: Trick) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/configuration", listener.local_addr().unwrap());
        let (sent, asked) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<String>>::default());
        let trickster = Self { url, sent: sent.clone(), asked: asked.clone() };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (sent, asked) = (sent.clone(), asked.clone());
                tokio::spawn(async move {
                    *asked.lock().await = read_head(&mut stream).await;
                    play(trick, &mut stream, &sent).await
                });
            }
        });
        trickster
    }
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// Until the other side has had enough.
async fn play(trick: Trick, stream: &mut TcpStream, sent: &AtomicUsize) -> std::io::Result<()> {
    const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let second = Duration::from_secs(1);
    let (head, chunk, pause) = match trick {
        Trick::Packed => {
            // Anyone who unpacked this would have to look at it first.
            let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
            packed.extend([0x55; 10_000]);
            let head =
                format!("{JSON}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
            stream.write_all(head.as_bytes()).await?;
            return stream.write_all(&packed).await;
        }
        Trick::Endless => (format!("{JSON}\r\n"), vec![b' '; 16 * 1024], None),
        Trick::Drip => (format!("{JSON}\r\n"), vec![b' '], Some(second)),
        Trick::DrippingHeaders => (JSON.to_owned(), b"x".to_vec(), Some(second)),
        Trick::EndlessHeaders => {
            (JSON.to_owned(), b"x-more: and more and more and more and more\r\n".repeat(100), None)
        }
        Trick::Silence => (String::new(), Vec::new(), Some(second)),
    };
    stream.write_all(head.as_bytes()).await?;
    loop {
        stream.write_all(&chunk).await?;
        sent.fetch_add(chunk.len(), Ordering::Relaxed);
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
    }
}

#[cases("TC-239")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compressed_body_is_not_decompressed() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let trickster = Trickster::start(Trick::Packed).await;
    let page = register_from(&gateway, &trickster.url).await;
    assert_refused(&page, 400, "CONFIGURATION_NOT_JSON");
    let asked = trickster.asked.lock().await.to_ascii_lowercase();
    assert!(asked.contains("accept-encoding: identity\r\n"), "{asked}");
}

#[cases("TC-239", "TC-241")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_answers_are_cut_off() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for (trick, status, code) in [
        (Trick::Endless, 400, "CONFIGURATION_TOO_LARGE"),
        (Trick::EndlessHeaders, 502, "CONFIGURATION_UNREACHABLE"),
    ] {
        let trickster = Trickster::start(trick).await;
        assert_refused(&register_from(&gateway, &trickster.url).await, status, code);
        // What fits into limits and the system's own buffers, and no more.
        let sent = trickster.sent.load(Ordering::Relaxed);
        assert!(sent < 16 * 1024 * 1024, "{sent}");
    }
}

#[cases("TC-240")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_answers_are_ended_in_time() {
    // One gateway each: of one address two are asked at a time.
    let tricks = [Trick::Drip, Trick::DrippingHeaders, Trick::Silence].map(|trick| async move {
        let gateway = Gateway::start(Store::Sqlite).await;
        let trickster = Trickster::start(trick).await;
        register_from(&gateway, &trickster.url).await
    });
    for page in futures_util::future::join_all(tricks).await {
        assert_refused(&page, 502, "CONFIGURATION_UNREACHABLE");
    }
}

/// Administrators paste the address they have at hand.
#[both_stores]
async fn any_address_pasted_for_registering_leads_on(store: Store) {
    let gateway = Gateway::start(store).await;
    let pasted_addresses = [
        "/",
        "/lti/launch",
        "/lti/login",
        "/login",
        "/docs",
        "/nowhere",
        "/register/canvas",
        "/lti/register/canvas",
        "/lti/registered",
    ];
    for pasted in pasted_addresses {
        let lms = lms_of("moodle").await;
        let start = lms.begin_registration(&gateway.at(pasted)).unwrap();
        let page = Browser::new().unwrap().get(&start.url).await.unwrap();
        assert_eq!(page.status, 200, "{pasted}: {}", page.text());
        assert_eq!(page.url.path(), "/lti/register", "{pasted}");
        assert_eq!(lms.tools().len(), 1, "{pasted}");
    }
    assert_eq!(gateway.platforms().await.len(), pasted_addresses.len());
    // A token of four kilobytes fits into an address, and not into the headers that a proxy takes.
    let lms = lms_of("moodle").await;
    let start = lms.begin_registration(&gateway.at("/lti/launch")).unwrap();
    let page = open(&format!("{}&x={}", start.url, "x".repeat(4000))).await;
    let headers = page.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    assert!(page.status == 200 && headers.sum::<usize>() < 4000, "{:?}", page.headers);
    let there = crate::registered::leads_to(&page);
    let page = Browser::new().unwrap().get(there.as_str()).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/lti/register"), "{}", page.text());
    assert_eq!(lms.tools().len(), 1);
    // An API call is none, and an invitation that is wrong stays wrong.
    let page = gateway.admin("GET", "/admin/platforms?openid_configuration=x", None).await;
    assert_eq!(page.status, 200);
    let lms = lms_of("moodle").await;
    let (_, page) = register_at(&gateway.at("/lti/register/nobodys"), &lms).await;
    assert_eq!((page.status, lms.tools().len()), (403, 0), "{}", page.text());
    // It was never used, and has not expired.
    let right = gateway.at("/lti/register");
    assert!(page.text().contains(&right) && !page.text().contains("expired"), "{}", page.text());
    let trace = gateway.newest("kind=registration").await;
    assert_eq!(trace["reason"]["code"], "INVITE_UNKNOWN", "{trace}");
}
