//! What a registration may make us connect to, as far as loopback can show it: TC-223 to TC-244. The tables of hostile
//! spellings and of networks are in `outbound/address.rs`, what a name may resolve to in `outbound/mod.rs`.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::*;
use crate::support::Store;

/// An installation as it runs in earnest: only what the operator lists may be private or plain http.
async fn in_earnest(allowed: &str) -> Gateway {
    let settings = [
        ("public_url", "https://gateway.example.com"),
        ("outbound_allow", allowed),
    ];
    Gateway::start_configured(Store::Sqlite, json!({}), &settings).await
}

async fn lms_on(last: u8) -> Lms {
    let addr = SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0));
    Lms::start(Options {
        addr,
        ..Options::default()
    })
    .await
    .unwrap()
}

fn registration_url(gateway: &Gateway, configuration: &str) -> String {
    let query = Serializer::new(String::new())
        .append_pair("openid_configuration", configuration)
        .finish();
    gateway.at(&format!("/lti/register?{query}"))
}

async fn register_from(gateway: &Gateway, configuration: &str) -> Page {
    open(&registration_url(gateway, configuration)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_243_the_operator_opens_exactly_one_address() {
    let (listed, other) = (lms_on(5).await, lms_on(6).await);
    let gateway = in_earnest("127.0.0.5").await;
    let (_, page) = register(&gateway, &listed).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, page) = register(&gateway, &other).await;
    assert_refused(&page, 400, "ADDRESS_NOT_ALLOWED");
    assert_eq!(
        (
            other.hits(Endpoint::Configuration),
            other.hits(Endpoint::Registration)
        ),
        (0, 0)
    );

    let port = Url::parse(listed.url()).unwrap().port().unwrap();
    let gateway = in_earnest(&format!("127.0.0.5:{}", port ^ 1)).await;
    assert_refused(
        &register(&gateway, &listed).await.1,
        400,
        "ADDRESS_NOT_ALLOWED",
    );
    let gateway = in_earnest(&format!("127.0.0.5:{port}")).await;
    assert_eq!(register(&gateway, &listed).await.1.status, 200);
    let gateway = in_earnest("127.0.0.4/31").await;
    assert_eq!(register(&gateway, &listed).await.1.status, 200);
    let gateway = in_earnest("").await;
    assert_refused(
        &register(&gateway, &listed).await.1,
        400,
        "ADDRESS_NOT_ALLOWED",
    );
}

/// TC-223 to TC-227, TC-237, TC-238 and TC-244: nobody at this machine's own addresses hears of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_223_to_238_inside_addresses_are_not_connected_to() {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    let gateway = in_earnest("127.0.0.5").await;
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://localhost.:{port}/"),
        format!("https://0.0.0.0:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://0x7f.1:{port}/"),
        format!("https://017700000001:{port}/"),
        format!("https://127.0.0.1.:{port}/"),
        format!("https://x@127.0.0.1:{port}/"),
        format!("https://127.0.0.5@127.0.0.1:{port}/"),
        format!("https://%31%32%37.0.0.1:{port}/"),
        format!("https://①②⑦.0.0.1:{port}/"),
        format!("https:127.0.0.1:{port}"),
        "https://127.0.0.1/".into(),
        "https://localhost/".into(),
        "https://app.localhost/".into(),
        "https://[::1]/".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://metadata.internal/".into(),
        "https://10.0.0.5/".into(),
        "https://100.64.0.1/".into(),
        "https://[64:ff9b::7f00:1]/".into(),
        "https://[2002:7f00:1::]/".into(),
        "https://[fc00::1]/".into(),
        "https://[fe80::1]/".into(),
        "file:///etc/passwd".into(),
        "gopher://127.0.0.1/".into(),
        format!("ftp://127.0.0.1:{port}/"),
        "data:application/json,{}".into(),
        "https://lms.example.com:22/".into(),
        "https://lms.example.com:6379/".into(),
        "http://lms.example.com/".into(),
        "https://printer/".into(),
    ] {
        assert_refused(
            &register_from(&gateway, &url).await,
            400,
            "ADDRESS_NOT_ALLOWED",
        );
    }
    let nobody = tokio::time::timeout(Duration::from_millis(50), inside.accept()).await;
    assert!(nobody.is_err(), "somebody connected");
}

/// TC-233: the configuration's own addresses are under the same rules.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_233_inside_endpoints_refuse_the_registration() {
    let lms = lms_on(5).await;
    let gateway = in_earnest("127.0.0.5").await;
    for member in [
        "/jwks_uri",
        "/token_endpoint",
        "/registration_endpoint",
        "/authorization_endpoint",
    ] {
        for inside in [
            "https://10.0.0.5/x",
            "https://localhost/x",
            "https://lms.example.com:8443/x",
            "http://127.0.0.6/x",
        ] {
            lms.faults()
                .set(Endpoint::Configuration, Fault::set(member, inside));
            let (_, page) = register(&gateway, &lms).await;
            assert_refused(&page, 400, "ADDRESS_NOT_ALLOWED");
        }
    }
    assert_eq!(
        (
            lms.hits(Endpoint::Registration),
            gateway.platforms().await.len()
        ),
        (0, 0)
    );
}

/// TC-234: manual registrations too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_234_inside_endpoints_are_refused_by_hand_too() {
    let gateway = in_earnest("127.0.0.5").await;
    let platform = |token: &str| {
        json!({
            "url": "https://lms.example.com", "clientId": "1", "name": "x", "authenticationEndpoint": "https://lms.example.com/auth",
            "accesstokenEndpoint": token, "authConfig": {"method": "JWK_SET", "key": "https://lms.example.com/jwks"},
        })
    };
    for inside in [
        "https://10.0.0.5/token",
        "https://127.0.0.1/token",
        "http://lms.example.com/token",
    ] {
        let page = gateway
            .admin("POST", "/admin/platforms", Some(platform(inside)))
            .await;
        assert_refused(&page, 400, "INVALID_PLATFORM");
    }
    let page = gateway
        .admin(
            "POST",
            "/admin/platforms",
            Some(platform("http://127.0.0.5:9/token")),
        )
        .await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// TC-231, TC-232.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_231_232_a_configuration_elsewhere_is_not_fetched() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let (lms, elsewhere) = (lms_of("moodle").await, lms_of("moodle").await);
    lms.faults().set(
        Endpoint::Configuration,
        Fault::Redirect(elsewhere.endpoints().configuration),
    );
    let (_, page) = register(&gateway, &lms).await;
    assert_refused(&page, 502, "CONFIGURATION_UNREACHABLE");
    // Not even to another path of the same server.
    lms.faults().set(
        Endpoint::Configuration,
        Fault::Redirect(lms.endpoints().jwks),
    );
    assert_eq!(register(&gateway, &lms).await.1.status, 502);
    assert_eq!(
        (
            elsewhere.hits(Endpoint::Configuration),
            lms.hits(Endpoint::Jwks)
        ),
        (0, 0)
    );
}

/// TC-242.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_242_a_certificate_nobody_vouches_for_is_refused() {
    let pem = include_bytes!("self-signed.pem");
    let certificate = CertificateDer::from_pem_slice(pem).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.5:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        TlsAcceptor::from(Arc::new(tls))
            .accept(stream)
            .await
            .map(drop)
    });
    let gateway = in_earnest("127.0.0.5").await;
    let page = register_from(
        &gateway,
        &format!("https://127.0.0.5:{port}/configuration?secret=s3cret"),
    )
    .await;
    assert_refused(&page, 502, "CONFIGURATION_UNREACHABLE");
    assert!(!page.text().contains("s3cret"), "{}", page.text());
    assert!(
        server.await.unwrap().is_err(),
        "the handshake must fail before anything is asked"
    );
}

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

/// A server that plays a trick on whoever asks, and counts what it could send.
struct Trickster {
    url: String,
    sent: Arc<AtomicUsize>,
    asked: Arc<Mutex<String>>,
}

impl Trickster {
    async fn start(trick: Trick) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/configuration", listener.local_addr().unwrap());
        let (sent, asked) = (
            Arc::<AtomicUsize>::default(),
            Arc::<Mutex<String>>::default(),
        );
        let trickster = Self {
            url,
            sent: sent.clone(),
            asked: asked.clone(),
        };
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
            // Whoever unpacked this would have to look at it first.
            let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
            packed.extend([0x55; 10_000]);
            let head = format!(
                "{JSON}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
                packed.len()
            );
            stream.write_all(head.as_bytes()).await?;
            return stream.write_all(&packed).await;
        }
        Trick::Endless => (format!("{JSON}\r\n"), vec![b' '; 16 * 1024], None),
        Trick::Drip => (format!("{JSON}\r\n"), vec![b' '], Some(second)),
        Trick::DrippingHeaders => (JSON.to_owned(), b"x".to_vec(), Some(second)),
        Trick::EndlessHeaders => (
            JSON.to_owned(),
            b"x-more: and more and more and more and more\r\n".repeat(100),
            None,
        ),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_239_a_packed_body_is_not_unpacked() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let trickster = Trickster::start(Trick::Packed).await;
    let page = register_from(&gateway, &trickster.url).await;
    assert_refused(&page, 400, "CONFIGURATION_NOT_JSON");
    let asked = trickster.asked.lock().await.to_ascii_lowercase();
    assert!(asked.contains("accept-encoding: identity\r\n"), "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_239_tc_241_what_has_no_end_is_cut_off() {
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

/// The simulator's browser is less patient than we are here.
async fn patiently(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    let mut stream = TcpStream::connect(url.authority()).await.unwrap();
    let request = format!(
        "GET {}?{} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        url.path(),
        url.query().unwrap(),
        url.authority()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(15), read)
        .await
        .expect("an answer within 15 seconds")
        .unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tc_240_slow_answers_end_in_time() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let tricks = [Trick::Drip, Trick::DrippingHeaders, Trick::Silence].map(|trick| {
        let gateway = &gateway;
        async move {
            let trickster = Trickster::start(trick).await;
            patiently(&registration_url(gateway, &trickster.url)).await
        }
    });
    for answer in futures_util::future::join_all(tricks).await {
        assert!(
            answer.starts_with("HTTP/1.1 502") && answer.contains("CONFIGURATION_UNREACHABLE"),
            "{answer}"
        );
    }
}
