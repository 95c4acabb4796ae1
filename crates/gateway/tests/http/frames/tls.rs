//! The same over TLS, under a certificate authority made here: the LMS and the application behind a
//! front that ends TLS, the gateway with its own.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gateway::settings::installation::TlsFiles;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData};
use rustls::pki_types::PrivateKeyDer;
use test_case::cases;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::chromium::Cookies;

/// A certificate authority of one test.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// What makes Chromium trust what this authority signs.
    pub(super) fn flag(&self) -> String {
        let hash = digest(&SHA256, &self.0.key().subject_public_key_info());
        format!("--ignore-certificate-errors-spki-list={}", STANDARD.encode(hash))
    }

    /// A certificate for an address, and its key.
    fn sign(&self, address: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![address.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    fn acceptor(&self, address: &str) -> TlsAcceptor {
        let (certificate, key) = self.sign(address);
        let chain = vec![certificate.der().clone(), self.0.der().clone()];
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    pub(super) fn files(&self, address: &str, folder: &Path) -> TlsFiles {
        let (certificate, key) = self.sign(address);
        let files = TlsFiles { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
        let chain = format!("{}{}", certificate.pem(), self.0.pem());
        std::fs::write(&files.cert, chain).unwrap();
        std::fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }
}

/// A school where everything is https, and the gateway's listener that speaks it.
async fn school(authority: &Authority, profile: &str) -> (School, Gateway) {
    let (lms, application, launch_url) = around(authority, profile).await;
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let public = format!("https://{}", listener.local_addr().unwrap());
    // The application's calls need no certificate: they go to a replica without TLS.
    let gateway = gateway(&public, &launch_url).await;
    let folder = tempfile::tempdir().unwrap();
    let files = authority.files("127.0.0.2", folder.path());
    let with_tls = gateway.replica_on(listener, Some(files)).await;
    let school = School::join(lms, gateway, &public, application).await;
    (school, with_tls)
}

/// The same with a front that speaks TLS for the gateway, too, and a browser that sees its answers
/// so.
async fn school_seen_by(authority: &Authority, profile: &str, browser: Browser) -> School {
    let (lms, application, launch_url) = around(authority, profile).await;
    let front = Front::bind("127.0.0.2:0").await;
    let public = front.url("https");
    let gateway = gateway(&public, &launch_url).await;
    front.end_tls(&gateway.url, authority.acceptor("127.0.0.2"), browser.changes());
    School::join(lms, gateway, &public, application).await
}

async fn gateway(public: &str, launch_url: &str) -> Gateway {
    let installation = [("public_url", public), ("outbound_allow", "127.0.0.1")];
    let settings = json!({"launchUrl": launch_url});
    Gateway::start_configured(Store::Sqlite, settings, &installation).await
}

/// An LMS and an application behind fronts that speak TLS, and the application's address to the
/// world.
async fn around(authority: &Authority, profile: &str) -> (Lms, Application, String) {
    let lms_front = Front::bind("127.0.0.1:0").await;
    let lms = Lms::start(Options {
        profile: Profile::named(profile).unwrap(),
        public_url: Some(lms_front.url("https")),
        ..lms_options()
    })
    .await
    .unwrap();
    lms_front.end_tls(lms.listens_on(), authority.acceptor("127.0.0.1"), &[]);
    let application = Application::bind("127.0.0.3:0").await;
    let application_front = Front::bind("127.0.0.3:0").await;
    let launch_url = format!("{}/app", application_front.url("https"));
    let behind = application.url();
    let behind = behind.trim_end_matches("/app");
    application_front.end_tls(behind, authority.acceptor("127.0.0.3"), &[]);
    (lms, application, launch_url)
}

#[cases("TC-029")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_partitioned_cookies_bind_moodles_frames() {
    let authority = Authority::new();
    let chromium = Chromium::start_with(Cookies::FirstParty, &[authority.flag()]).await;
    let (school, _with_tls) = school(&authority, "moodle").await;
    school.succeeds(&chromium, None).await;
    school.open(&chromium, 4, None).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(5, "partitioned cookie").await;
}

#[cases("TC-167")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_blackboard_binds_by_storage_or_offers_a_window() {
    let authority = Authority::new();
    let chromium = Chromium::start_with(Cookies::None, &[authority.flag()]).await;
    let unhurried = school_seen_by(&authority, "blackboard", Browser::Unhurried).await;
    unhurried.succeeds(&chromium, None).await;
    unhurried.open(&chromium, 4, None).await;
    unhurried.all_arrive(&chromium, 4).await;
    unhurried.assert_bound(5, "platform storage").await;
    let (school, _with_tls) = school(&authority, "blackboard").await;
    let said = school.fails(&chromium, Some(StorageFault::Silent)).await;
    assert!(said.contains("in a new window"), "{said}");
}

#[cases("TC-029")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_plain_cookies_bind_if_they_are_kept() {
    let authority = Authority::new();
    let chromium = Chromium::start_with(Cookies::All, &[authority.flag()]).await;
    let (school, _with_tls) = school(&authority, "moodle").await;
    school.succeeds(&chromium, None).await;
    school.assert_bound(1, "cookie").await;
}
