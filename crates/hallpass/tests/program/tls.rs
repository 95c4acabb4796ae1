//! The built-in TLS listener.

use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, IpAddr, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{PATIENCE, Running, ask, hallpass, own_port, refused};

pub(crate) const CERT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/tls/cert.pem");
pub(crate) const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/program/tls/key.pem");

fn args<'a>(listen: &'a str, url: &'a str, cert: &'a str, key: &'a str) -> [&'a str; 11] {
    [
        "serve",
        "--shutdown-delay",
        "0",
        "--listen",
        listen,
        "--public-url",
        url,
        "--tls-cert",
        cert,
        "--tls-key",
        key,
    ]
}

/// A client that trusts the test's certificate.
pub(crate) fn client() -> ClientConnection {
    client_trusting(CertificateDer::from_pem_file(CERT).unwrap())
}

/// A client that trusts one certificate.
pub(crate) fn client_trusting(cert: CertificateDer<'static>) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots.add(cert).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::IpAddress(IpAddr::try_from("127.0.0.1").unwrap());
    ClientConnection::new(Arc::new(config), name).unwrap()
}

#[test]
fn a_certificate_makes_it_speak_https() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", own_port());
    let url = format!("https://{listen}");
    let mut running = Running::start(hallpass(folder.path(), &args(&listen, &url, CERT, KEY)));
    assert_eq!(running.line(), format!("hallpass ready on {url}"));

    let stream = TcpStream::connect(&listen).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let answer = ask(StreamOwned::new(client(), stream), &listen, "/readyz");
    assert_eq!(answer, "HTTP/1.1 204 No Content");
    running.stop();
}

#[test]
fn files_that_are_no_certificate_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.1:{}", own_port());
    let url = format!("https://{listen}");
    let readme = Path::new(CERT).with_file_name("README.md");
    for (cert, key) in [
        (CERT, "none.pem"),
        ("none.pem", KEY),
        (readme.to_str().unwrap(), KEY),
    ] {
        let error = refused(hallpass(folder.path(), &args(&listen, &url, cert, key)));
        assert!(error.contains("tls_cert"), "{error}");
    }
}
