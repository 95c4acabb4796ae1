//! Behind nginx as Debian ships it, with no word about buffers: it takes 4 KiB of an answer's
//! headers.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::LoginRequest;
use test_case::both_stores;
use tokio::net::TcpStream;
use url::Url;

use crate::ports::HeldPort;
use crate::registered::{Registered, fields, form, leads_to, ltik_of};
use crate::support::{Gateway, PATIENCE, Store, lms};

/// Where nginx's requests come from, so that it is the one proxy that is trusted.
const FROM: &str = "127.0.0.9";

/// How it passes requests on: as docs/operating.md says.
const DOCUMENTED: &str = "proxy_bind 127.0.0.9;\n\
    proxy_http_version 1.1; proxy_set_header Connection \"\";\n\
    proxy_set_header Host $http_host;\n\
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
/// As every tutorial has it: by HTTP/1.0, and the host without its port.
const BARE: &str = "proxy_set_header Host $host;";

/// One nginx, which ends with its test.
pub struct Nginx {
    process: Child,
    folder: tempfile::TempDir,
    _port: HeldPort,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `scripts/test` installs it and says where.
fn program() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where the tests' nginx is")]
    let named = std::env::var_os("TEST_NGINX");
    named.map_or_else(|| "/usr/sbin/nginx".into(), PathBuf::from)
}

impl Nginx {
    /// Starts it at this port of 127.0.0.2, in front of a gateway. `listen` is what its listener
    /// says beside the address.
    pub async fn start(port: HeldPort, upstream: &str, listen: &str) -> Self {
        Self::passing(port, upstream, listen, DOCUMENTED).await
    }

    async fn passing(port: HeldPort, upstream: &str, listen: &str, passes: &str) -> Self {
        let address = address(&port);
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {at}/{kind};\n"))
            .concat();
        let text = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;\n\
             events {{}}\n\
             http {{ access_log off; {temporary}\n\
             upstream gateway {{ server {server}; keepalive 8; }}\n\
             server {{ listen {address} {listen}; location / {{ proxy_pass http://gateway;\n\
             {passes} }} }} }}\n",
            server = upstream.trim_start_matches("http://"),
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(program());
        command.arg("-e").arg(folder.path().join("error.log")).arg("-c").arg(file);
        let process = command.stdin(Stdio::null()).spawn().expect(
            "nginx is missing: run these tests with scripts/test, or name it in TEST_NGINX",
        );
        let nginx = Self { process, folder, _port: port };
        let up = async {
            while TcpStream::connect(&address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let started = tokio::time::timeout(PATIENCE, up).await;
        assert!(started.is_ok(), "nginx did not start: {}", nginx.errors());
        nginx
    }

    /// What went wrong, as it says.
    pub fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }
}

/// Where nginx listens.
pub fn address(port: &HeldPort) -> String {
    format!("127.0.0.2:{}", port.number)
}

/// A school whose gateway is only known by nginx's address, and believes to be found there by this
/// scheme. nginx itself speaks http.
async fn behind_nginx(store: Store, limits: Value, scheme: &str) -> (Registered, Nginx) {
    behind(store, limits, scheme, DOCUMENTED).await
}

async fn behind(store: Store, limits: Value, scheme: &str, passes: &str) -> (Registered, Nginx) {
    let port = HeldPort::new();
    let address = address(&port);
    let public = format!("{scheme}://{address}");
    let installation = [
        ("public_url", public.as_str()),
        ("trusted_proxies", FROM),
        ("outbound_allow", "127.0.0.1"),
    ];
    let settings = json!({"launch": {"showReasons": true}, "limits": limits});
    let mut gateway = Gateway::start_configured(store, settings, &installation).await;
    let nginx = Nginx::passing(port, &gateway.url, "", passes).await;
    gateway.url = format!("http://{address}");
    (Registered::join(gateway, lms().await).await, nginx)
}

fn bytes_of_headers(page: &Page) -> usize {
    page.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Sends a login with this message hint and follows it to the platform's address.
async fn to_platform(begun: &LoginRequest, hint: &str, place: &str) -> Result<Url, String> {
    let mut sent = fields(begun);
    sent.retain(|(name, _)| *name != "lti_message_hint" && *name != "lti_storage_target");
    sent.push(("lti_message_hint", hint));
    let browser = Browser::new().unwrap();
    let request = form(&begun.url, &sent).header("sec-fetch-dest", place);
    let mut page = browser.send(request).await.unwrap();
    let gateway = Url::parse(&begun.url).unwrap().origin();
    loop {
        let headers = bytes_of_headers(&page);
        if page.status >= 400 || headers >= 4000 {
            return Err(format!("{place}, {} bytes: {}, {headers}", hint.len(), page.status));
        }
        let to = leads_to(&page);
        if to.origin() != gateway {
            return Ok(to);
        }
        let request = Request::new("GET".parse().unwrap(), to.as_str()).unwrap().no_redirects();
        let request = request.header("accept", "text/html").header("sec-fetch-dest", place);
        page = browser.send(request).await.unwrap();
    }
}

#[both_stores]
async fn a_hint_of_any_length_passes_nginx_as_it_comes(store: Store) {
    let (school, nginx) = behind_nginx(store, json!({}), "http").await;
    hints_pass(&school, &nginx, 250).await;
    ltik_of("a whole launch", &school.launch(&school.student()).await);
}

#[both_stores]
async fn a_proxy_that_is_hardly_configured_will_do(store: Store) {
    let (school, nginx) = behind(store, json!({}), "http", BARE).await;
    hints_pass(&school, &nginx, 1500).await;
    ltik_of("a whole launch", &school.launch(&school.student()).await);
}

/// Hints of up to 6,000 bytes come to the platform, in a window and in a frame.
async fn hints_pass(school: &Registered, nginx: &Nginx, step: usize) {
    let begun = school.lms.login_request(&school.student()).unwrap();
    for length in (1..=6001).step_by(step) {
        for place in ["document", "iframe"] {
            let hint = "h".repeat(length);
            let to = to_platform(&begun, &hint, place).await;
            let to = to.unwrap_or_else(|refused| panic!("{refused}\n{}", nginx.errors()));
            let sent = to.query_pairs().find(|(name, _)| name == "lti_message_hint").unwrap().1;
            assert_eq!(sent, hint, "{place}");
            // Servers take a request line of 8 KiB.
            assert!(to.as_str().len() < 8 * 1024, "{}", to.as_str().len());
        }
    }
}

/// By https each login has a plain and a partitioned cookie, and drops those of old ones.
#[both_stores("A-40")]
async fn logins_of_a_browser_with_many_open_ones_pass_nginx(store: Store) {
    let (school, nginx) = behind_nginx(store, json!({"loginsPerAddress": 10_000}), "https").await;
    let mut kept = vec!["theme=dark".to_owned()];
    for number in 0..60 {
        let begun = school.lms.login_request(&school.student()).unwrap();
        assert!(begun.url.starts_with("https://"), "{}", begun.url);
        let hint = "h".repeat(100 * number + 1);
        let mut sent = fields(&begun);
        sent.retain(|(name, _)| *name != "lti_message_hint");
        sent.push(("lti_message_hint", &hint));
        let request = form(&begun.url.replacen("https://", "http://", 1), &sent);
        let request = request.header("cookie", &kept.join("; "));
        let request = request.header("sec-fetch-dest", ["document", "iframe"][number % 2]);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        let bytes = bytes_of_headers(&page);
        assert!(page.status < 400 && bytes < 4000, "{number}: {bytes}\n{}", nginx.errors());
        for set in page.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, pair) = (set.split('=').next().unwrap(), set.split(';').next().unwrap());
            kept.retain(|one| !one.starts_with(&format!("{name}=")));
            if !set.contains("Max-Age=0") {
                kept.push(pair.to_owned());
            }
        }
    }
    assert_eq!(kept.len(), 1 + 24 * 2, "{kept:?}");
}

/// Saves so many hosts whose pages may frame ours.
async fn save_origins(school: &Registered, count: usize) -> Page {
    let mut platform = school.gateway.platforms().await.remove(0);
    let hosts = (0..count).map(|number| format!("https://school-{number:03}.district.example"));
    platform["frameOrigins"] = hosts.collect();
    let path = format!("/admin/platforms/{}", school.platform_id);
    school.gateway.admin("PUT", &path, Some(platform)).await
}

/// They all stand in one header, beside the cookies of a login.
#[both_stores("I-42")]
async fn the_longest_list_of_frame_origins_passes_nginx(store: Store) {
    let (school, nginx) = behind_nginx(store, json!({}), "https").await;
    let refused = save_origins(&school, 43).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    let wrong = refused.json().unwrap()["details"]["errors"][0].clone();
    assert_eq!(wrong["field"], "frameOrigins");
    let told = wrong["message"].as_str().unwrap();
    assert!(told.contains("at most 1536 bytes in all, not 1547"), "{told}");
    assert!(told.contains("https://*.example.edu covers every host"), "{told}");
    let saved = save_origins(&school, 42).await;
    assert_eq!(saved.status, 200, "{}", saved.text());

    let begun = school.lms.login_request(&school.student()).unwrap();
    let mut sent = fields(&begun);
    sent.push(("lti_storage_target", "_parent"));
    let request = form(&begun.url.replacen("https://", "http://", 1), &sent);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    let (policy, bytes) = (page.header("content-security-policy"), bytes_of_headers(&page));
    assert!(policy.is_some_and(|policy| policy.contains("school-041")), "{}", nginx.errors());
    assert!(page.status == 200 && bytes < 4000, "{}, {bytes}", page.status);
}

/// nginx keeps its connections to us open, and sends the next request of anyone on one of them:
/// whatever the last one was answered, and however much of its body no one read.
#[both_stores]
async fn kept_connections_carry_one_request_after_another(store: Store) {
    let (school, nginx) = behind_nginx(store, json!({"loginsPerAddress": 10_000}), "http").await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let at = |path: &str| school.gateway.at(path);
    let body = "x".repeat(30_000);
    for round in 0..40 {
        let refused = [
            (form(&at("/lti/register"), &[("a", &body)]), 405),
            (form(&at("/nothing"), &[("a", &body)]), 404),
            (form(&at("/api/idtoken"), &[("a", &body)]), 405),
            (Request::new("GET".parse().unwrap(), &at("/api/idtoken")).unwrap(), 401),
            (form(&at("/lti/login"), &[("a", &"a".repeat(60_000))]), 413),
        ];
        for (request, status) in refused {
            let page = Browser::new().unwrap().send(request).await.unwrap();
            assert_eq!(page.status, status, "{round}: {}\n{}", page.text(), nginx.errors());
        }
        let page = Browser::new().unwrap().send(form(&begun.url, &fields(&begun))).await.unwrap();
        assert_eq!(page.status, 302, "{round}: {}\n{}", page.text(), nginx.errors());
    }
    assert!(!nginx.errors().contains("prematurely closed"), "{}", nginx.errors());
}

/// The client is whom nginx saw, whatever the client says of itself.
#[both_stores]
async fn the_client_is_the_one_that_the_proxy_saw(store: Store) {
    let (school, _nginx) = behind_nginx(store, json!({"loginsPerAddress": 10}), "http").await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let login = async |claims: String| {
        let request = form(&begun.url, &fields(&begun)).header("x-forwarded-for", &claims);
        Browser::new().unwrap().send(request).await.unwrap().status
    };
    let mut statuses = Vec::new();
    for number in 0..30 {
        statuses.push(login(format!("192.0.2.{number}")).await);
    }
    assert!(statuses.contains(&429), "another address for each login: {statuses:?}");
}
