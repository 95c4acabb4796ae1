//! Launches in a frame through nginx as Debian ships it, which speaks TLS to the browser, over both
//! protocols.

use super::tls::Authority;
use super::*;
use crate::chromium::Cookies;
use crate::nginx::{Nginx, address};
use crate::ports::HeldPort;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_may_speak_either_protocol() {
    for (http2, protocol) in [("", "http/1.1"), ("http2", "h2")] {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        let port = HeldPort::new();
        let public = format!("https://{}", address(&port));
        let lms = Lms::start(lms_options()).await.unwrap();
        let application = Application::bind("127.0.0.3:0").await;
        let settings = json!({"launchUrl": application.url()});
        let installation = [
            ("public_url", &*public),
            ("trusted_proxies", "127.0.0.9"),
            ("outbound_allow", "127.0.0.1"),
        ];
        let gateway = Gateway::start_configured(Store::Sqlite, settings, &installation).await;
        let files = authority.files("127.0.0.2", folder.path());
        let (cert, key) = (files.cert.display(), files.key.display());
        let listen = format!("ssl {http2}; ssl_certificate {cert}; ssl_certificate_key {key}");
        let nginx = Nginx::start(port, &gateway.url, &listen).await;
        let school = School::join(lms, gateway, &public, application).await;
        let chromium = Chromium::start_with(Cookies::FirstParty, &[authority.flag()]).await;
        school.succeeds(&chromium, None).await;
        chromium.open(&format!("{public}/lti/launch")).await;
        let spoken = "return performance.getEntriesByType('navigation')[0].nextHopProtocol";
        let spoken = chromium.run(Place::Page, spoken).await;
        assert_eq!(spoken, protocol, "{}", nginx.errors());
    }
}
