//! `hallpass doctor`, at the simulator's profiles and their faults.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::jose::SigningKey;
use simulator::lms::{Endpoint, Lms, Options};
use simulator::profiles::Profile;

use crate::support::{PATIENCE, Running, hallpass, own_port, serving};

async fn lms_of(profile: Profile) -> Lms {
    Lms::start(Options {
        profile,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// The address that a platform would hand to a tool.
fn address(lms: &Lms) -> String {
    let start = lms
        .begin_registration("http://127.0.0.2/lti/register")
        .unwrap();
    start.configuration
}

/// The exit code, and what was said.
fn doctor(url: &str, more: &[&str]) -> (Option<i32>, String) {
    let args: Vec<&str> = [url].iter().chain(more).copied().collect();
    doctor_with(&args)
}

/// The same without an address.
fn doctor_with(args: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let args: Vec<&str> = ["doctor"].iter().chain(args).copied().collect();
    let output = hallpass(folder.path(), &args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "", "findings go to standard output");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

const IN_EARNEST: [&str; 6] = [
    "--public-url",
    "https://tool.example.com",
    "--allow",
    "127.0.0.1",
    "--tool",
    r#"{"name": "Quiz"}"#,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_platform_is_right_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.2:{}", own_port());
    let settings = ["--data-dir", "data", "--tool", r#"{"name": "Quiz"}"#];
    let args = [&["serve", "--listen", &listen][..], &settings].concat();
    let mut server = Running::start(hallpass(folder.path(), &args));
    server.line();
    server.stop();
    let database = format!(
        "sqlite:{}",
        folder.path().join("data/hallpass.db").display()
    );
    let lms = lms_of(Profile::moodle()).await;
    let more = [&IN_EARNEST[..], &["--database-url", &database]].concat();
    let (code, said) = doctor(&address(&lms), &more);
    assert_eq!(code, Some(0), "{said}");
    let (code, alone) = doctor_with(&more);
    assert_eq!(code, Some(0), "{alone}");
    assert!(
        alone.contains("\nWhat was looked at is right.\nNo platform was looked at: "),
        "{alone}"
    );
    let at = lms.endpoints();
    for line in [
        format!("right  Issuer: {}\n", at.issuer),
        format!("right  jwks_uri: {}\n", at.jwks),
        "right  It says that it is moodle 4.5.5+ (Build: 20250613).\n".into(),
        "right  Its clock and ours agree.\n".into(),
        "right  The key set has one usable key.\n".into(),
        "right  The token endpoint answers.\n".into(),
        "right  No webhook is disabled.\n".into(),
        "right  No score has waited too long.\n".into(),
        format!("Hallpass would send to {}:\n{{\n", at.registration),
        "  \"client_name\": \"Quiz\",\n".into(),
        "  \"initiate_login_uri\": \"https://tool.example.com/lti/login/<id>\",\n".into(),
        "\nAll is right.\n".into(),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    assert!(!said.contains("odd ") && !said.contains("WRONG"), "{said}");
    assert_eq!(
        (lms.hits(Endpoint::Registration), lms.tools().len()),
        (0, 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_get_the_findings_as_json() {
    let lms = lms_of(Profile::moodle()).await;
    let more = [&IN_EARNEST[..], &["--json"]].concat();
    let (code, said) = doctor(&address(&lms), &more);
    let report: Value = serde_json::from_str(&said).unwrap();
    let verdict = if code == Some(0) { "right" } else { "odd" };
    assert_eq!(report["verdict"], verdict, "{code:?}: {said}");
    let findings = report["findings"].as_array().unwrap();
    let issuer = json!({"verdict": "right", "what": format!("Issuer: {}", lms.endpoints().issuer)});
    assert!(findings.contains(&issuer), "{said}");
    assert_eq!(report["request"]["body"]["client_name"], "Quiz", "{said}");

    let inside = ["--public-url", "https://tool.example.com", "--json"];
    let (code, said) = doctor(&address(&lms), &inside);
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (code, &report["verdict"]),
        (Some(1), &json!("wrong")),
        "{said}"
    );
    let mut findings = report["findings"].as_array().unwrap().iter();
    let wrong = findings.find(|finding| finding["verdict"] == "wrong");
    let advice = wrong.unwrap()["advice"].as_str().unwrap();
    assert!(advice.contains("--allow HOST"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_profile_can_be_registered_with() {
    for profile in Profile::all()
        .into_iter()
        .filter(|profile| profile.manual.is_none())
    {
        let name = profile.name;
        let lms = lms_of(profile).await;
        let (code, said) = doctor(&address(&lms), &IN_EARNEST);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(said.contains("\nIt works, with "), "{said}");
        // Canvas's audience; no one else names a version or offers rosters.
        let is_only_the_store = said.contains("\nIt works, with one thing to know.");
        assert!(is_only_the_store || name != "moodle", "{said}");
        let secret = address(&lms);
        let secret = secret.rsplit('=').next().unwrap();
        assert!(!said.contains(secret) || name == "sakai", "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named_with_what_to_do() {
    let lms = lms_of(Profile::moodle()).await;
    let html = Fault::Html;
    let text = |body: &str| Fault::Answer {
        status: 200,
        content_type: "application/json".into(),
        body: body.into(),
    };
    for (fault, named) in [
        (Fault::Status(404), "answers with status 404"),
        (
            Fault::Redirect("https://lms.example.com/".into()),
            "Redirects are not followed",
        ),
        (html, "text/html instead of JSON"),
        (text("[]"), "cannot be read"),
        (text("{"), "cannot be read"),
        (Fault::Larger(300_000), "larger than"),
        (
            Fault::remove("/token_endpoint"),
            "WRONG  token_endpoint is missing.",
        ),
        (
            Fault::set("/issuer", "https://other.example.com"),
            "A platform may speak only for its own host",
        ),
        (
            Fault::set("/jwks_uri", "https://10.0.0.5/jwks"),
            "open its host: --allow HOST",
        ),
        (
            Fault::set("/id_token_signing_alg_values_supported", vec!["HS256"]),
            "lacks RS256",
        ),
    ] {
        lms.faults().set(Endpoint::Configuration, fault);
        let (code, said) = doctor(&address(&lms), &IN_EARNEST);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains(named) && said.contains("WRONG  "),
            "{named}: {said}"
        );
        assert!(said.contains("It can't work: "), "{said}");
    }
    lms.faults().clear(Endpoint::Configuration);
    for (fault, named) in [
        (
            Fault::Status(500),
            "The key set's address answers with status 500.",
        ),
        (Fault::Html, "The key set can't be used"),
        (
            text("{\"keys\": []}"),
            "The key set has no key that can be used.",
        ),
    ] {
        lms.faults().set(Endpoint::Jwks, fault);
        let (code, said) = doctor(&address(&lms), &IN_EARNEST);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(named), "{named}: {said}");
    }
}

/// Shared hosts publish a key for each tool of all their schools: what launches take, this must not
/// call wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_set_that_launches_take_is_right() {
    let lms = lms_of(Profile::moodle()).await;
    lms.publish_other_keys(1500);
    let (code, said) = doctor(&address(&lms), &IN_EARNEST);
    assert_eq!(code, Some(2), "there is no store: {said}");
    let line = "right  The key set has 1501 usable keys.\n";
    assert!(said.contains(line), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_odd_is_explained() {
    let lms = lms_of(Profile::moodle()).await;
    for (fault, named) in [
        (
            Fault::remove("/response_types_supported"),
            "The usual is assumed.",
        ),
        (
            Fault::set("/authorization_server", "https://elsewhere.example.com"),
            "set authorizationServer",
        ),
        (
            Fault::set(
                "/scopes_supported",
                vec!["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            ),
            "It doesn't offer",
        ),
    ] {
        lms.faults().set(Endpoint::Configuration, fault);
        let (code, said) = doctor(&address(&lms), &IN_EARNEST);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains(named) && said.contains("odd    "),
            "{named}: {said}"
        );
    }
    // On a developer's machine the tool's own address is nothing for others.
    lms.faults().clear_all();
    let (code, said) = doctor(&address(&lms), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("Set public_url to the https address"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inside_addresses_need_the_operators_leave() {
    let lms = lms_of(Profile::moodle()).await;
    let without = ["--public-url", "https://tool.example.com"];
    let (code, said) = doctor(&address(&lms), &without);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("--allow HOST") && said.contains("outbound_allow"),
        "{said}"
    );
    assert_eq!(lms.hits(Endpoint::Configuration), 0);
    let (code, said) = doctor("lms.example.com", &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("with https:// in front"), "{said}");
}

#[test]
fn a_refused_connection_says_where() {
    let closed = format!("http://127.0.0.1:{}", own_port());
    let (code, said) = doctor(&format!("{closed}/configuration"), &IN_EARNEST);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains(&format!("can't be fetched from {closed}: ")) && said.contains("refused"),
        "{said}"
    );
    assert!(!said.contains("os error"), "{said}");
}

/// An identity provider's document and its keys: its address. Its document names this issuer, if
/// any is given.
fn identity_provider(issuer: Option<&str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let document = json!({
        "issuer": issuer.unwrap_or(&url), "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"), "jwks_uri": format!("{url}/keys"),
        "code_challenge_methods_supported": ["S256"],
    });
    let keys = json!({"keys": [SigningKey::generate().unwrap().jwk()]});
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = [0; 4096];
            let length = connection.read(&mut request).unwrap_or(0);
            let is_keys = request[..length].starts_with(b"GET /keys ");
            let asked = if is_keys { &keys } else { &document };
            let body = asked.to_string();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = connection.write_all(answer.as_bytes());
        }
    });
    url
}

#[test]
fn an_identity_provider_is_looked_at_without_a_platform() {
    let look = |issuer: &str| {
        let client = [
            "--portal-oidc-client-id",
            "a",
            "--portal-oidc-client-secret",
            "b",
        ];
        doctor_with(&[&["--portal-oidc-issuer", issuer][..], &client].concat())
    };
    let url = identity_provider(None);
    let (code, said) = look(&url);
    assert_eq!(code, Some(2), "there is no store: {said}");
    for line in [
        &*format!("Identity provider: {url}"),
        "keys that can be used: 1.",
        "there: http://127.0.0.1:8080/portal/oidc/callback,",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let (code, said) = look(&identity_provider(Some("https://another.example")));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("calls itself https://another.example") && said.contains("letter by letter"),
        "{said}"
    );
    let closed = format!("http://127.0.0.1:{}", own_port());
    let (code, said) = look(&closed);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("can't be reached") && said.contains("by password"),
        "{said}"
    );
}

#[test]
fn a_store_that_can_not_be_read_is_never_all_right() {
    let (code, said) = doctor_with(&[]);
    assert_eq!(code, Some(2), "{said}");
    for part in [
        "odd    The store can't be read, so webhooks and deliveries were not looked at.\n",
        "Why: there is no store",
        "\nIt works, with one thing to know.\nNo platform was looked at: ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("All is right"), "{said}");
}

/// An address that answers 410 to everything.
fn gone() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks?key=secret", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let _ = connection.write_all(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_that_was_disabled_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    let made = |name: &str| {
        let args = ["api-keys", "create", "--name", name, "--scope", "manage"];
        let output = hallpass(folder, &args).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let key = made("first");
    let ask = async |method: &str, body: Option<Value>| {
        let request = Request::new(method.parse().unwrap(), &format!("{url}/admin/webhooks"));
        let mut request = request
            .unwrap()
            .header("authorization", &format!("Bearer {key}"));
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        Browser::new().unwrap().send(request).await.unwrap()
    };
    let create = async {
        while ask("POST", Some(json!({"url": gone()}))).await.status != 201 {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, create).await.unwrap();
    // A command makes the event, and the server sends it.
    made("second");
    let disabled = async {
        while !ask("GET", None).await.text().contains("\"GONE\"") {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, disabled).await.unwrap();
    let lms = lms_of(Profile::moodle()).await;
    let output = hallpass(folder, &["doctor", &address(&lms)])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("is disabled: it answered 410."), "{said}");
    assert!(!said.contains("secret"), "{said}");
    server.stop();
}
