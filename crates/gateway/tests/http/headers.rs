//! Headers that every answer has, whatever was asked and whatever came of it.

use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::declared;
use crate::registered::leads_to;
use crate::studyreel::{StudyReel, open, valid};
use crate::support::{API_KEY, Gateway, PATIENCE, Store, lms};

/// What is asked besides every route: with other methods, with words in place of ids, and what
/// isn't there.
const ASTRAY: &[(&str, &str)] = &[
    ("PUT", "/lti/launch"),
    ("GET", "/lti/register/x"),
    ("GET", "/lti/keys/x"),
    ("POST", "/studyreel/launch"),
    ("POST", "/studyreel/launch/x"),
    ("GET", "/studyreel/learn?token=x"),
    ("GET", "/api/registrations/x"),
    ("GET", "/admin/nothing"),
    ("GET", "/portal/failures/x/report"),
    ("GET", "/nothing"),
];

/// Method and address of everything whose answer is for one person or program: a new route is among
/// them.
fn addresses() -> Vec<(String, String)> {
    let mut all: Vec<_> = ASTRAY.iter().map(|(m, p)| ((*m).to_owned(), (*p).to_owned())).collect();
    for (path, mut methods) in declared::routes() {
        if KEPT.contains(&path.as_str()) {
            continue;
        }
        // A handler that was made elsewhere.
        if methods.is_empty() {
            methods.extend(["GET", "POST"].map(str::to_owned));
        }
        let address = declared::address(&path);
        all.extend(methods.into_iter().map(|method| (method, address.clone())));
    }
    assert!(all.len() > 250, "only {} addresses", all.len());
    all
}

/// What may be kept, since it is the same for everyone.
const KEPT: &[&str] = &["/lti/keys", "/keys", "/openapi.json", "/docs"];

async fn ask(gateway: &Gateway, method: &str, path: &str, accept: &str, key: bool) -> Page {
    let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
    let mut request = request.no_redirects().header("accept", accept);
    if key {
        request = request.header("authorization", &format!("Bearer {API_KEY}"));
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores]
async fn no_answer_is_kept_or_taken_for_another_type(store: Store) {
    let [local, public] = ["http://127.0.0.1:8080", "https://lti.example.com"];
    for (public_url, hsts) in [(local, None), (public, Some("max-age=31536000"))] {
        let settings = [("public_url", public_url)];
        let gateway = Gateway::start_configured(store, json!({}), &settings).await;
        let check = |page: &Page, what: &str| {
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{what}");
            assert_eq!(page.header("strict-transport-security"), hsts, "{what}");
        };
        for (method, path) in addresses() {
            for (accept, key) in [("text/html", false), ("*/*", true)] {
                let page = ask(&gateway, &method, &path, accept, key).await;
                let what = format!("{method} {path} {accept}: {}", page.status);
                check(&page, &what);
                assert_eq!(page.header("cache-control"), Some("no-store"), "{what}");
            }
        }
        for path in KEPT {
            let page = ask(&gateway, "GET", path, "*/*", false).await;
            check(&page, path);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.header("cache-control").unwrap().starts_with("public"), "{path}");
        }
    }
}

/// nginx takes 4 KiB of them unless it is set otherwise.
#[track_caller]
fn fit(page: &Page, what: &str) {
    let headers = page.headers.iter();
    let bytes: usize = headers.map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(bytes < 3900, "{what}: {bytes}, {:?}", page.headers);
}

/// Whatever stands in an address comes back in no header.
#[both_stores]
async fn nobody_makes_headers_longer_than_a_proxy_takes(store: Store) {
    let gateway = Gateway::start(store).await;
    let long = "x".repeat(7000);
    for path in [
        "/?openid_configuration=https://",
        "/lti/login?iss=",
        "/lti/login?iss=https://lms.example.edu&target_link_uri=x&login_hint=",
        "/lti/login/go?login_hint=1&state=",
        "/lti/register?openid_configuration=https://",
        "/lti/register/",
        "/register/canvas?",
        "/lti/keys/",
        "/studyreel/learn?token=",
        "/portal?",
        "/portal/platforms?q=%22%22",
        "/portal/failures/",
        "/portal/sign-in?next=/portal/",
        "/portal/oidc/sign-in?next=/portal/",
        "/portal/oidc/callback?state=",
        "/docs?",
        "/api/",
        "/nothing/",
    ] {
        for accept in ["text/html", "*/*"] {
            fit(&ask(&gateway, "GET", &format!("{path}{long}"), accept, false).await, path);
        }
    }
}

/// The tool's addresses may be as long as its owner likes: people come there by a page.
#[both_stores]
async fn the_tools_long_addresses_stand_in_no_header(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let address = |path: &str| format!("http://127.0.0.3:9/{path}?own={}", "1".repeat(3000));
    let approval = json!({"preApproval": {"enabled": true, "url": address("approve")}});
    let settings = json!({"launchUrl": address("app"), "registration": approval});
    studyreel.gateway.patch_tool(settings).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let page = open(&studyreel.browser(), &link).await;
    fit(&page, "the login link");
    let to = leads_to(&page);
    assert!(to.as_str().starts_with(&address("app")) && to.as_str().contains("&ltik=ey"), "{to}");

    let lms = lms().await;
    let start = lms.begin_registration(&studyreel.gateway.at("/lti/register")).unwrap();
    let page = open(&studyreel.browser(), &start.url).await;
    fit(&page, "the page that approves");
    let to = leads_to(&page);
    let begins = format!("{}&registrationId=", address("approve"));
    assert!(to.as_str().starts_with(&begins), "{to}");
}

#[tokio::test]
async fn the_date_of_an_answer_is_that_of_the_clock_when_it_is_set() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for jump in [0, -7200, 3600, -86400] {
        gateway.clock.set_by(jump * 1000);
        let page = ask(&gateway, "GET", "/healthz", "*/*", false).await;
        let date = page.header("date").unwrap();
        let said = jiff::fmt::rfc2822::parse(date).unwrap().timestamp().as_second();
        let late = gateway.clock.now_seconds() - said;
        assert!((0..60).contains(&late), "{jump}: {date}, {late} s late");
    }
}

/// The host decides which tool is meant.
#[both_stores("PO-10")]
async fn a_request_names_its_host_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let address = gateway.url.trim_start_matches("http://");
    for (version, hosts, status) in [
        ("1.1", vec![address], "204"),
        ("1.1", vec![], "400"),
        ("1.1", vec![address, "other.example"], "400"),
        ("1.0", vec![], "204"),
        ("1.0", vec![address, address], "400"),
    ] {
        let named: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        let request = format!("GET /healthz HTTP/{version}\r\n{named}Connection: close\r\n\r\n");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
        read.unwrap().unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(status), "{version} {hosts:?}: {answer}");
    }
}
