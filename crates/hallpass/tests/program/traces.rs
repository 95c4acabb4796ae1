//! `hallpass traces`, beside a running server.

use std::path::Path;

use serde_json::Value;
use simulator::browser::{Browser, Request};

use crate::support::{Running, hallpass, refused, serving};

/// A login of a platform no one registered; the reference that comes back.
pub(crate) async fn stranger(url: &str) -> String {
    stranger_with(url, "c1").await
}

/// The same with a client id as it stands in a URL.
async fn stranger_with(url: &str, client_id: &str) -> String {
    let address = format!(
        "{url}/lti/login?iss=https%3A%2F%2Fstranger.example&client_id={client_id}&login_hint=u-17&target_link_uri={url}/lti/launch"
    );
    let request = Request::new("GET".parse().unwrap(), &address).unwrap();
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 400, "{}", page.text());
    let body = page.json().unwrap();
    body["details"]["correlationId"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn said(folder: &Path, args: &[&str]) -> String {
    let output = hallpass(folder, args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traces_are_followed_as_they_come_and_shown_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    let earlier = stranger(&url).await;

    // The earlier one is there at once; each that comes is shown once.
    let mut tail = Running::start(hallpass(folder, &["traces", "tail", "--failed"]));
    let mut as_json = Running::start(hallpass(folder, &["traces", "tail", "--json", "-n", "0"]));
    let first = tail.line();
    let fields: Vec<&str> = first.split('\t').collect();
    let text = "no platform is registered with issuer https://stranger.example and client id c1";
    let issuer = "https://stranger.example";
    assert_eq!(
        fields[1..],
        [
            "failed",
            "login",
            "PLATFORM_UNREGISTERED",
            issuer,
            &earlier,
            text
        ]
    );
    // The other follows since a moment that nothing tells; it shows one of those that come.
    let mut later = Vec::new();
    for _ in 0..3 {
        later.push(stranger(&url).await);
        assert!(tail.line().contains(later.last().unwrap()));
    }
    let trace: Value = loop {
        later.push(stranger(&url).await);
        tail.line();
        if let Some(line) = as_json.line_within(std::time::Duration::from_secs(2)) {
            break serde_json::from_str(&line).unwrap();
        }
    };
    assert!(later.iter().any(|id| trace["id"] == id.as_str()), "{trace}");
    assert_eq!(trace["reason"]["code"], "PLATFORM_UNREGISTERED");
    let (rest, errors) = tail.stop();
    assert!(rest.is_empty() && errors.is_empty(), "{rest:?} {errors}");
    as_json.stop();

    // One by one; also without a server.
    server.stop();
    let shown = said(folder, &["traces", "show", &earlier]);
    assert!(shown.starts_with("login failed at 20"), "{shown}");
    for part in [
        "PLATFORM_UNREGISTERED",
        text,
        "Register the platform",
        "its registration (hallpass platforms list)",
        "ms  form read",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("u-17"), "{shown}");
    let json: Value =
        serde_json::from_str(&said(folder, &["traces", "show", "--json", &earlier])).unwrap();
    assert_eq!(json["id"], earlier.as_str());
    let error = refused(hallpass(folder, &["traces", "show", "nobody"]));
    assert!(
        error.contains("nobody") && error.contains("traces tail"),
        "{error}"
    );
    assert!(
        error.contains("Errors of the API (/api, /admin) and of the portal leave no trace"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_strangers_send_can_t_turn_or_recolour_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    // A login with controls is refused before it is written down.
    let hostile = "a%E2%80%AEb%E2%81%A6%E2%80%8Bc";
    let mut tail = Running::start(hallpass(folder, &["traces", "tail"]));
    let mut as_json = Running::start(hallpass(folder, &["traces", "tail", "--json"]));
    let reference = stranger_with(&url, hostile).await;
    let (line, json) = (tail.line(), as_json.line());
    let shown = said(folder, &["traces", "show", &reference]);
    let whole = said(folder, &["traces", "show", "--json", &reference]);
    for text in [&line, &json, &shown, &whole] {
        assert!(text.contains(r"a\u202eb\u2066\u200bc"), "{text}");
        for raw in ['\u{202e}', '\u{2066}', '\u{200b}'] {
            assert!(!text.contains(raw), "{raw:?}: {text:?}");
        }
    }
    assert_eq!(line.split('\t').count(), 7, "{line}");
    let trace: Value = serde_json::from_str(&json).unwrap();
    assert!(
        trace["clientId"]
            .as_str()
            .unwrap()
            .starts_with("a\u{202e}b"),
        "{trace}"
    );
    let error = refused(hallpass(folder, &["traces", "show", "x\u{202e}y\u{1b}[2J"]));
    assert!(error.contains(r"x\u202ey\u001b[2J"), "{error:?}");
    tail.stop();
    as_json.stop();
    server.stop();
}
