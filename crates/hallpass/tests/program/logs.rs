//! What the program never logs (lti.md I-60, studyreel.md §5, item 11), at the level of a person
//! who looks for trouble.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, Lms, Options};
use simulator::studyreel;
use test_case::cases;

use crate::support::{PATIENCE, Running, get, hallpass, own_port, serving};

const API_KEY: &str = "test-api-key-0123456789";

async fn admin(
    url: &str,
    method: &str,
    path: &str,
    body: Option<serde_json::Value>,
) -> serde_json::Value {
    let mut request = Request::new(method.parse().unwrap(), &format!("{url}{path}")).unwrap();
    request = request.header("authorization", &format!("Bearer {API_KEY}"));
    if let Some(body) = body {
        request = request.body("application/json", body.to_string());
    }
    Browser::new()
        .unwrap()
        .send(request)
        .await
        .unwrap()
        .json()
        .unwrap()
}

#[cases("TC-221", "TC-336")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_has_no_token_no_secret_and_no_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving_with_every_level(folder.path());
    let lms = Lms::start(Options::default()).await.unwrap();
    let browser = Browser::new().unwrap();

    let (client_id, code) = registers(&lms, &browser, &url).await;
    let state = launches_twice(&lms, &browser, &client_id).await;
    is_refused_by_the_platform(&lms, &browser, &client_id, &url).await;
    let mut secrets = vec![API_KEY.to_owned(), code, state];
    secrets.extend(launches_students(&browser, &url).await);

    let (_, log) = server.stop();
    assert!(
        log.contains("expired ") && log.contains(" s ago"),
        "studyreel.md §4.3: {log}"
    );
    for event in [
        "provisioning hook gave nothing",
        "redirect_uri is not the registered one",
        "platform registered",
        "request refused",
    ] {
        assert!(log.contains(event), "{event}: {log}");
    }
    let words = [
        "eyJ",
        "hook-url-key",
        "@example.com",
        "@school.example",
        "Adalovelace",
        "registration_token=",
        "id_token=",
    ];
    for secret in secrets.iter().map(String::as_str).chain(words) {
        assert!(!secret.is_empty(), "every text contains this");
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

/// A server that logs all it can. No one answers its provisioning hook.
fn serving_with_every_level(folder: &Path) -> (Running, String) {
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let tool = r#"{"launchUrl": "http://127.0.0.3:9/app", "studyreel": {"provisioning": {
        "url": "http://127.0.0.3:9/hook?key=hook-url-key", "data": ["name", "subject"]}}}"#;
    let args = [
        "serve",
        "--listen",
        &listen,
        "--public-url",
        &url,
        "--bootstrap-api-key",
        API_KEY,
        "--log-level",
        "trace,hyper=info,h2=info,reqwest=trace,rustls=trace,sqlx=trace,tower=trace",
        "--tool",
        tool,
    ];
    let mut server = Running::start(hallpass(folder, &args));
    server.line();
    (server, url)
}

/// A registration that fails, and one by an invitation that works: its client id, and the code of
/// the invitation.
async fn registers(lms: &Lms, browser: &Browser, url: &str) -> (String, String) {
    lms.faults()
        .next(Endpoint::Registration, 1, Fault::Status(500));
    let failing = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    assert_eq!(browser.get(&failing.url).await.unwrap().status, 502);
    let preset = json!({"preset": {"mode": "automatic"}});
    let invite = admin(url, "POST", "/admin/invites", Some(preset)).await;
    let link = invite["url"].as_str().unwrap();
    let start = lms.begin_registration(link).unwrap();
    assert_eq!(browser.get(&start.url).await.unwrap().status, 200);
    assert_ne!(browser.get(&start.url).await.unwrap().status, 200);
    lms.activate(&start.client_id).unwrap();
    let code = link.rsplit('/').next().unwrap();
    (start.client_id, code.to_owned())
}

/// A launch that is accepted, and refused when it is posted again: its state.
async fn launches_twice(lms: &Lms, browser: &Browser, client_id: &str) -> String {
    let login = lms.login_request(&Launch::new(client_id)).unwrap();
    let page = posted(browser, &login.url, encoded(&login.fields)).await;
    let page = browser
        .get(page.location().unwrap().as_str())
        .await
        .unwrap();
    let form = page.auto_form().unwrap();
    let state = form.field("state").unwrap().to_owned();
    let body = encoded(&form.fields);
    for expected in [303, 401] {
        let page = posted(browser, form.action.as_str(), body.clone()).await;
        assert_eq!(page.status, expected);
    }
    state
}

fn encoded(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// The answer to a form, without following its redirect.
async fn posted(browser: &Browser, url: &str, body: String) -> Page {
    let request = Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects();
    browser
        .send(request.body("application/x-www-form-urlencoded", body))
        .await
        .unwrap()
}

/// What a platform says of a person, and of our request.
async fn is_refused_by_the_platform(lms: &Lms, browser: &Browser, client_id: &str, url: &str) {
    for (error, words) in [
        ("access_denied", "Adalovelace is not enrolled"),
        ("Adalovelace", "is no error"),
        ("invalid_request", "redirect_uri is not the registered one"),
    ] {
        let login = lms.login_request(&Launch::new(client_id)).unwrap();
        let request = Request::new("GET".parse().unwrap(), &login.address().unwrap()).unwrap();
        let page = browser.send(request.no_redirects()).await.unwrap();
        let to = page.location().unwrap();
        let state = to.query_pairs().find(|(name, _)| name == "state").unwrap();
        let fields = [
            ("error", error),
            ("error_description", words),
            ("state", &state.1),
        ];
        let page = browser
            .post_form(&format!("{url}/lti/launch"), &fields)
            .await
            .unwrap();
        assert_eq!(page.status, 400, "{}", page.text());
    }
}

/// StudyReel launches with a person in them: one at the wrong address, one that works at the
/// address that is a secret, and one that is late. Every secret of these.
async fn launches_students(browser: &Browser, url: &str) -> [String; 4] {
    let launch = json!({"messageType": "LtiResourceLinkRequest", "sub": "ada@school.example", "given_name": "Adalovelace"});
    let at = format!("{url}/studyreel/launch");
    let refused = browser.post_json(&at, &launch).await.unwrap();
    assert!(refused.status >= 400, "{}", refused.text());

    let owner = admin(url, "GET", "/admin/studyreel", None).await;
    let secret = |of: &serde_json::Value, member: &str| of[member].as_str().unwrap().to_owned();
    let at = secret(&owner, "capabilityLaunchUrl");
    let studyreel = studyreel::StudyReel::start(studyreel::StudyReelOptions {
        launch_url: Some(at.clone()),
        ..studyreel::StudyReelOptions::default()
    });
    let studyreel = studyreel.await.unwrap();
    let student = studyreel::Student {
        sub: "ada@school.example".into(),
        given_name: "Adalovelace".into(),
        ..studyreel::Student::documented()
    };
    let verdict = studyreel.launch(&student).await;
    assert!(verdict.accepted(), "{verdict}");
    let login_link = verdict.login_link().unwrap();
    let request = Request::new("GET".parse().unwrap(), &login_link).unwrap();
    let page = browser.send(request.no_redirects()).await.unwrap();
    assert_eq!(page.status, 303);
    let late = studyreel::Overrides::none()
        .with("iat", "2026-01-01 00:00:00")
        .with("exp", "2026-01-01 01:00:00");
    assert!(studyreel.launch_with(&student, &late).await.refused());
    [
        at.rsplit('/').next().unwrap().to_owned(),
        login_link.split('=').nth(1).unwrap().to_owned(),
        secret(&owner, "signingSecret"),
        secret(&owner["provisioning"], "secret")[6..].to_owned(),
    ]
}

/// The numbers behind `count=` in the lines that hold a text.
fn counted(log: &str, text: &str) -> Vec<u64> {
    let lines = log.lines().filter(|line| line.contains(text));
    let count = |line: &str| {
        let rest = line.split("count=").nth(1)?;
        rest.split_whitespace().next()?.parse().ok()
    };
    lines.filter_map(count).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_bad_requests_is_counted_and_not_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let browser = Browser::new().unwrap();
    for number in 0..300 {
        let request = Request::new("GET".parse().unwrap(), &format!("{url}/admin/tool")).unwrap();
        let request = request.header("authorization", &format!("Bearer guess-{number}"));
        let status = browser.send(request).await.unwrap().status;
        assert!(matches!(status, 401 | 429), "{status}");
    }
    let (_, log) = server.stop();
    // Each address is named with its number, and so is each sort of refusal.
    let named = log.lines().filter(|line| line.contains("wrong API key"));
    assert!(
        named.clone().all(|line| line.contains("address=127.0.0.1")),
        "{log}"
    );
    let keys: u64 = counted(&log, "wrong API key").iter().sum();
    assert_eq!(keys, 300, "{log}");
    let written = log.matches("request refused").count() as u64;
    let more: u64 = counted(&log, "more requests failed").iter().sum();
    assert_eq!(written + more, 300, "{log}");
    assert!(log.lines().count() < 100, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_advises_where_no_trace_can() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let back = format!("{url}/portal/oidc/callback?state=x&code=y");
    let page = Browser::new().unwrap().get(&back).await.unwrap();
    assert_eq!(page.status, 404, "{}", page.text());
    let (_, log) = server.stop();
    let line = log.lines().find(|line| line.contains("OIDC_OFF")).unwrap();
    assert!(line.contains("set portal_oidc_issuer and"), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_text_takes_255_characters_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let long = format!("https://{}.example", "x".repeat(4000));
    let login = [
        ("iss", &*long),
        ("login_hint", "1"),
        ("target_link_uri", "https://a.example"),
    ];
    let browser = Browser::new().unwrap();
    let page = browser
        .post_form(&format!("{url}/lti/login"), &login)
        .await
        .unwrap();
    assert_eq!(page.status, 400, "{}", page.text());
    // A platform is no stranger, and its words are as long as it likes.
    let lms = Lms::start(Options::default()).await.unwrap();
    let refusal =
        json!({"error": "invalid_client_metadata", "error_description": "no ".repeat(2000)});
    let refusal = Fault::Answer {
        status: 400,
        content_type: "application/json".into(),
        body: refusal.to_string(),
    };
    lms.faults().next(Endpoint::Registration, 1, refusal);
    let registration = lms.begin_registration(&format!("{url}/lti/register"));
    let page = browser.get(&registration.unwrap().url).await.unwrap();
    assert!(page.status >= 400, "{}", page.text());
    let (_, log) = server.stop();
    let failures = log.matches("request refused").count() + log.matches("request failed").count();
    assert!(failures == 2 && log.contains("no no no"), "{log}");
    let longest = log.lines().map(str::len).max().unwrap_or_default();
    assert!(longest < 1000, "{longest}: {log}");
}

/// PINGs that answer none of ours, each of which the HTTP library warns of (decision 0443).
#[test]
fn frames_that_nobody_asked_for_do_not_fill_the_log() {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const PING_ACK: [u8; 17] = [0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let address = url.strip_prefix("http://").unwrap();
    for _ in 0..2 {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        connection.write_all(PREFACE).unwrap();
        connection.write_all(&SETTINGS).unwrap();
        // The server ends it before it has read all of them.
        let _ = connection.write_all(&PING_ACK.repeat(50_000));
        let mut answer = [0; 4096];
        let ended = loop {
            match connection.read(&mut answer) {
                Ok(1..) => {}
                Ok(0) => break true,
                Err(error) => break error.kind() == ErrorKind::ConnectionReset,
            }
        };
        assert!(ended, "it goes on");
    }
    assert_eq!(get(&url, "/healthz"), "HTTP/1.1 204 No Content");
    let (_, log) = server.stop();
    assert!(log.contains("sent frames that carry nothing"), "{log}");
    let lines = log.lines().count();
    assert!(lines < 50, "{lines} lines");
}
