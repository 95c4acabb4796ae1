//! A server that a pretend LMS is registered at, with the application's end of launches: what an
//! application's code is tried out with.

use std::path::Path;

use axum::Router;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, Lms};
use tokio::net::TcpListener;

use crate::support::{Running, hallpass, own_port};
use crate::tls::{CERT, KEY};

pub(crate) const API_KEY: &str = "test-api-key-0123456789";

/// A running server.
pub(crate) struct Gateway {
    pub(crate) url: String,
    pub(crate) process: Running,
    /// A browser that trusts it.
    pub(crate) browser: Browser,
}

impl Gateway {
    /// With these tool settings, on plain http.
    pub(crate) fn start(folder: &Path, tool: &Value) -> Self {
        let listen = format!("127.0.0.2:{}", own_port());
        let url = format!("http://{listen}");
        Self::with(folder, &listen, url, tool, &[], Browser::new().unwrap())
    }

    /// The same with TLS, by the certificate of these tests.
    pub(crate) fn start_with_tls(folder: &Path, tool: &Value) -> Self {
        let listen = format!("127.0.0.1:{}", own_port());
        let url = format!("https://{listen}");
        let more = [
            "--tls-cert",
            CERT,
            "--tls-key",
            KEY,
            "--outbound-allow",
            "127.0.0.1",
        ];
        let browser = Browser::trusting(&authority()).unwrap();
        Self::with(folder, &listen, url, tool, &more, browser)
    }

    fn with(
        folder: &Path,
        listen: &str,
        url: String,
        tool: &Value,
        more: &[&str],
        browser: Browser,
    ) -> Self {
        let tool = tool.to_string();
        let mut args = vec!["serve", "--listen", listen, "--public-url", &url];
        args.extend([
            "--shutdown-delay",
            "0",
            "--bootstrap-api-key",
            API_KEY,
            "--tool",
            &tool,
        ]);
        args.extend(more);
        let mut process = Running::start(hallpass(folder, &args));
        process.line();
        Self {
            url,
            process,
            browser,
        }
    }

    /// A request of the tool's owner, which must work.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let request =
            Request::new(method.parse().unwrap(), &format!("{}{path}", self.url)).unwrap();
        let mut request = request.header("authorization", &format!("Bearer {API_KEY}"));
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        let page = self.browser.send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        page.json().unwrap()
    }

    /// Registers the tool at an LMS, active on both sides. Its client id there, and the platform's
    /// id here.
    pub(crate) async fn register(&self, lms: &Lms) -> (String, String) {
        let start = lms
            .begin_registration(&format!("{}/lti/register", self.url))
            .unwrap();
        let page = self.browser.get(&start.url).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        lms.activate(&start.client_id).unwrap();
        let query = format!("/admin/platforms?clientId={}", start.client_id);
        let found = self.admin("GET", &query, None).await;
        let id = found["platforms"][0]["id"].as_str().unwrap().to_owned();
        self.admin("POST", &format!("/admin/platforms/{id}/activate"), None)
            .await;
        (start.client_id, id)
    }

    /// Launches in a fresh browser, to the application's page.
    pub(crate) async fn launch(&self, lms: &Lms, launch: &Launch) -> Page {
        let page = lms.launch(&self.browser.fresh(), launch).await.unwrap();
        assert_eq!(page.status, 200, "{}: {}", page.url, page.text());
        page
    }

    /// The same, for the `ltik` alone.
    pub(crate) async fn ltik(&self, lms: &Lms, launch: &Launch) -> String {
        let page = self.launch(lms, launch).await;
        let ltik = page.url.query_pairs().find(|(name, _)| name == "ltik");
        ltik.unwrap_or_else(|| panic!("{}: {}", page.url, page.text()))
            .1
            .into_owned()
    }
}

/// What the server's certificate is checked by.
pub(crate) fn authority() -> Vec<u8> {
    std::fs::read(CERT).unwrap()
}

/// An application that answers everything with an empty page; tool settings that lead there.
pub(crate) async fn application() -> Value {
    let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
    let url = format!("http://{}/launch", listener.local_addr().unwrap());
    let everything = Router::new().fallback(|| async { "" });
    tokio::spawn(async move { axum::serve(listener, everything).await });
    json!({"name": "Quiz", "launchUrl": url})
}
