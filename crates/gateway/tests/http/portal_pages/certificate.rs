//! The certificate of a server that speaks TLS itself, on Home (portal.md, Pages).

use gateway::kit::certificate::CertificateLife;
use gateway::settings::installation::TlsFiles;
use test_case::both_stores;
use tokio::net::TcpListener;

use super::{has, lacks, open};
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

const HOUR_MS: i64 = 60 * 60 * 1000;

#[both_stores("PO-6")]
async fn home_says_when_the_certificate_ends(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    // A proxy's is the proxy's business.
    lacks(&open(&owner, "/portal").await.1, &["<dt>Certificate</dt>"]);
    let now = gateway.clock.now_ms();
    for (lived, left, kind, words) in [
        (30 * 24, 60 * 24, "ok", "ends in 60 days"),
        (80 * 24, 10 * 24, "warn", "ends in 10 days"),
        // Of one that lives for six days, the last two count.
        (3 * 24, 3 * 24, "ok", "ends in 3 days"),
        (5 * 24, 30, "warn", "ends in 30 h"),
        (90 * 24, -3, "bad", "ended 2 h ago"),
    ] {
        let (begins, ends) = (now - lived * HOUR_MS, now + left * HOUR_MS + HOUR_MS / 2);
        gateway.app.certificate.note(Some(CertificateLife { begins, ends }));
        let (_, text) = open(&owner, "/portal").await;
        let row = format!("<dt>Certificate</dt><dd><span class=\"status {kind}\">{words}</span>");
        has(&text, &[&row]);
        let remedy = text.contains("Renew the files that tls_cert and tls_key name.");
        assert_eq!(remedy, kind != "ok", "{words}: {text}");
    }
}

#[both_stores]
async fn the_certificate_is_that_of_the_listener(store: Store) {
    let gateway = Gateway::start(store).await;
    assert_eq!(gateway.app.certificate.life(), None);
    let folder = tempfile::tempdir().unwrap();
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    let pair = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["127.0.0.2".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(2090, 1, 2);
    std::fs::write(&cert, params.self_signed(&pair).unwrap().pem()).unwrap();
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let replica = gateway.replica_on(listener, Some(TlsFiles { cert, key })).await;
    let end: jiff::Timestamp = "2090-01-02T00:00:00Z".parse().unwrap();
    let life = replica.app.certificate.life().unwrap();
    assert_eq!(life.ends, end.as_millisecond());
}
