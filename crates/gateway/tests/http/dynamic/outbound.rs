//! What a registration may make us connect to, as far as loopback can show it: TC-223 to TC-244.
//! The tables of hostile spellings and of networks are in `outbound/address.rs`, what a name may
//! resolve to in `outbound/mod.rs`.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::cases;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::*;
use crate::support::{Store, lms_options};

/// An installation as it runs in earnest: only what the operator lists may be private or plain
/// http.
async fn in_earnest(allowed: &str) -> Gateway {
    let settings = [("public_url", "https://gateway.example.com"), ("outbound_allow", allowed)];
    Gateway::start_configured(Store::Sqlite, json!({}), &settings).await
}

async fn lms_on(last: u8) -> Lms {
    let addr = SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0));
    Lms::start(Options { addr, ..lms_options() }).await.unwrap()
}

pub fn registration_url(gateway: &Gateway, configuration: &str) -> String {
    let query =
        Serializer::new(String::new()).append_pair("openid_configuration", configuration).finish();
    gateway.at(&format!("/lti/register?{query}"))
}

pub async fn register_from(gateway: &Gateway, configuration: &str) -> Page {
    open(&registration_url(gateway, configuration)).await
}

#[cases("TC-243")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_opens_exactly_one_address() {
    let (listed, other) = (lms_on(5).await, lms_on(6).await);
    let gateway = in_earnest("127.0.0.5").await;
    let (_, page) = register(&gateway, &listed).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, page) = register(&gateway, &other).await;
    assert_refused(&page, 400, "ADDRESS_NOT_ALLOWED");
    assert_eq!((other.hits(Endpoint::Configuration), other.hits(Endpoint::Registration)), (0, 0));

    let port = Url::parse(listed.url()).unwrap().port().unwrap();
    let gateway = in_earnest(&format!("127.0.0.5:{}", port ^ 1)).await;
    assert_refused(&register(&gateway, &listed).await.1, 400, "ADDRESS_NOT_ALLOWED");
    let gateway = in_earnest(&format!("127.0.0.5:{port}")).await;
    assert_eq!(register(&gateway, &listed).await.1.status, 200);
    let gateway = in_earnest("127.0.0.4/31").await;
    assert_eq!(register(&gateway, &listed).await.1.status, 200);
    let gateway = in_earnest("").await;
    assert_refused(&register(&gateway, &listed).await.1, 400, "ADDRESS_NOT_ALLOWED");
}

/// A configuration at each of these addresses is refused. `PORT` stands for that of a listener, to
/// which nothing connects.
async fn never_connected_to(urls: &[&str]) {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port().to_string();
    let gateway = in_earnest("127.0.0.5").await;
    for url in urls {
        let page = register_from(&gateway, &url.replace("PORT", &port)).await;
        assert_refused(&page, 400, "ADDRESS_NOT_ALLOWED");
    }
    let caller = tokio::time::timeout(Duration::from_millis(50), inside.accept()).await;
    assert!(caller.is_err(), "there was a connection");
}

#[cases("TC-223", "TC-226", "TC-244")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn this_machine_is_never_connected_to_however_it_is_spelt() {
    never_connected_to(&[
        "https://127.0.0.1:PORT/",
        "http://127.0.0.1:PORT/",
        "https://localhost:PORT/",
        "https://localhost.:PORT/",
        "https://0.0.0.0:PORT/",
        "https://[::1]:PORT/",
        "https://2130706433:PORT/",
        "https://0x7f.1:PORT/",
        "https://017700000001:PORT/",
        "https://127.0.0.1.:PORT/",
        "https://x@127.0.0.1:PORT/",
        "https://127.0.0.5@127.0.0.1:PORT/",
        "https://%31%32%37.0.0.1:PORT/",
        "https://①②⑦.0.0.1:PORT/",
        "https:127.0.0.1:PORT",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://app.localhost/",
        "https://[::1]/",
    ])
    .await;
}

#[cases("TC-224", "TC-225", "TC-227", "TC-244")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_inside_are_never_connected_to() {
    never_connected_to(&[
        "https://[::ffff:127.0.0.1]:PORT/",
        "https://169.254.169.254/latest/meta-data",
        "https://metadata.internal/",
        "https://10.0.0.5/",
        "https://100.64.0.1/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[fc00::1]/",
        "https://[fe80::1]/",
        "https://printer/",
    ])
    .await;
}

#[cases("TC-237", "TC-238")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_schemes_and_ports_are_never_connected_to() {
    never_connected_to(&[
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1:PORT/",
        "data:application/json,{}",
        "https://lms.example.com:22/",
        "https://lms.example.com:6379/",
        "http://lms.example.com/",
    ])
    .await;
}

/// TC-233: the configuration's own addresses are under the same rules.
#[cases("TC-233")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn internal_endpoints_refuse_the_registration() {
    let lms = lms_on(5).await;
    let gateway = in_earnest("127.0.0.5").await;
    for member in
        ["/jwks_uri", "/token_endpoint", "/registration_endpoint", "/authorization_endpoint"]
    {
        for inside in [
            "https://10.0.0.5/x",
            "https://localhost/x",
            "https://lms.example.com:8443/x",
            "http://127.0.0.6/x",
        ] {
            lms.faults().set(Endpoint::Configuration, Fault::set(member, inside));
            let (_, page) = register(&gateway, &lms).await;
            assert_refused(&page, 400, "ADDRESS_NOT_ALLOWED");
        }
    }
    assert_eq!((lms.hits(Endpoint::Registration), gateway.platforms().await.len()), (0, 0));
}

/// TC-234: manual registrations too.
#[cases("TC-234")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn internal_endpoints_are_refused_for_manual_platforms_too() {
    let gateway = in_earnest("127.0.0.5").await;
    let platform = |token: &str| {
        json!({
            "url": "https://lms.example.com", "clientId": "1", "name": "x",
            "authenticationEndpoint": "https://lms.example.com/auth",
            "accesstokenEndpoint": token,
            "authConfig": {"method": "JWK_SET", "key": "https://lms.example.com/jwks"},
        })
    };
    for inside in
        ["https://10.0.0.5/token", "https://127.0.0.1/token", "http://lms.example.com/token"]
    {
        let page = gateway.admin("POST", "/admin/platforms", Some(platform(inside))).await;
        assert_refused(&page, 400, "INVALID_PLATFORM");
    }
    let page =
        gateway.admin("POST", "/admin/platforms", Some(platform("http://127.0.0.5:9/token"))).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// TC-231, TC-232.
#[cases("TC-231", "TC-232")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_elsewhere_is_not_fetched() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let (lms, elsewhere) = (lms_of("moodle").await, lms_of("moodle").await);
    lms.faults().set(Endpoint::Configuration, Fault::Redirect(elsewhere.endpoints().configuration));
    let (_, page) = register(&gateway, &lms).await;
    assert_refused(&page, 502, "CONFIGURATION_UNREACHABLE");
    // Not even to another path of the same server.
    lms.faults().set(Endpoint::Configuration, Fault::Redirect(lms.endpoints().jwks));
    assert_eq!(register(&gateway, &lms).await.1.status, 502);
    assert_eq!((elsewhere.hits(Endpoint::Configuration), lms.hits(Endpoint::Jwks)), (0, 0));
}

/// TC-242.
#[cases("TC-242")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_certificate_is_refused() {
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
        TlsAcceptor::from(Arc::new(tls)).accept(stream).await.map(drop)
    });
    let gateway = in_earnest("127.0.0.5").await;
    let page =
        register_from(&gateway, &format!("https://127.0.0.5:{port}/configuration?secret=s3cret"))
            .await;
    assert_refused(&page, 502, "CONFIGURATION_UNREACHABLE");
    assert!(!page.text().contains("s3cret"), "{}", page.text());
    assert!(server.await.unwrap().is_err(), "the handshake must fail before anything is asked");
}
