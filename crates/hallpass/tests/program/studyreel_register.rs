//! `hallpass studyreel register`, against the pretend StudyReel and against worse ones.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::studyreel::{Student, StudyReel, StudyReelOptions, deployment_of};
use sqlx::{ConnectOptions, Connection};

use crate::support::{Running, hallpass, own_port, refused};

const KEY: &str = "studyreel-key-0123456789";
const API_KEY: &str = "test-api-key-0123456789";

/// An installation in a folder, set up and running.
fn serve(folder: &Path, issuer: &str) -> (Running, String) {
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let settings = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\ndata_dir = \"data\"\nbootstrap_api_key = \"{API_KEY}\"\n\
         [tool]\nname = \"Fractions\"\ndescription = \"Learn fractions.\"\n\
         logoUrl = \"https://fractions.example.com/logo.png\"\nlaunchUrl = \"http://127.0.0.3:9/\"\n\
         [tool.studyreel]\nissuers = [\"{issuer}\"]\ndeployments = [\"older\"]\n"
    );
    std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    (server, url)
}

fn register(folder: &Path, at: &str, more: &[&str]) -> Command {
    let mut args = vec!["studyreel", "register", "--url", at];
    args.extend(more);
    let mut command = hallpass(folder, &args);
    command.env("HALLPASS_STUDYREEL_API_KEY", KEY);
    command
}

fn said(mut command: Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

async fn admin(method: &str, url: &str, body: Option<String>) -> Page {
    let mut request = Request::new(method.parse().unwrap(), url)
        .unwrap()
        .header("authorization", &format!("Bearer {API_KEY}"));
    if let Some(body) = body {
        request = request.body("application/json", body);
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

/// Everything StudyReel may know of a tool.
const MORE: [&str; 10] = [
    "--cover-image-url",
    "https://fractions.example.com/cover.jpg",
    "--names-and-roles-service",
    "https://fractions.example.com/nrps",
    "--grade-service",
    "https://fractions.example.com/ags",
    "--contact",
    "Ada Moss <ada@example.com>",
    "--app-version",
    "1.3",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_is_registered_once_and_can_be_launched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let options = StudyReelOptions {
        api_key: Some(KEY.to_owned()),
        ..StudyReelOptions::default()
    };
    let studyreel = StudyReel::start(options).await.unwrap();
    studyreel.set_issuer(studyreel.url());
    let (server, url) = serve(folder, studyreel.url());

    a_dry_run_sends_nothing(folder, &studyreel, &url);
    let told = registered_with_a_key_file(folder, &studyreel, &url);
    let launch_url = studyreel.tools().pop().unwrap().launch_url;
    what_it_says_to_allow_lets_it_launch(&told, &studyreel, &url).await;

    // Again: nothing is sent, unless one insists; and what is kept survives the refusal.
    let deployment = deployment_of("Fractions", "1.3");
    let again = said(register(folder, studyreel.url(), &MORE));
    assert!(
        again.contains("Nothing was sent") && again.contains(&deployment),
        "{again}"
    );
    assert_eq!(studyreel.tools().len(), 1);
    let insist = [&MORE[..], &["--again"]].concat();
    let error = refused(register(folder, studyreel.url(), &insist));
    assert!(
        error.contains("already") && error.contains("--app-version"),
        "{error}"
    );
    assert!(said(register(folder, studyreel.url(), &MORE)).contains("Nothing was sent"));

    another_version_takes_the_key_by_a_pipe(folder, studyreel.url());
    assert_eq!(studyreel.tools().len(), 2);

    // A new secret is a new launch URL, which StudyReel can only take under another version.
    let patch = json!({"studyreel": {"secrets": [1, 2]}}).to_string();
    let page = admin("PATCH", &format!("{url}/admin/tool"), Some(patch)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let error = refused(register(folder, studyreel.url(), &MORE));
    assert!(error.contains("--app-version"), "{error}");
    said(register(folder, studyreel.url(), &["--app-version", "2.1"]));
    let newest = studyreel.tools().pop().unwrap().launch_url;
    assert_ne!(newest, launch_url);
    every_registration_is_in_the_audit(&studyreel, &url).await;
    server.stop();
}

fn a_dry_run_sends_nothing(folder: &Path, studyreel: &StudyReel, url: &str) {
    let dry = said(register(folder, studyreel.url(), &["--dry-run"]));
    let body: Value = serde_json::from_str(dry.split_once('\n').unwrap().1).unwrap();
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "name",
            "description",
            "launchUrl",
            "logoUrl",
            "status",
            "platform",
            "version",
            "redirectUris"
        ]
    );
    assert_eq!(
        body["redirectUris"],
        json!([format!("{url}/studyreel/learn")])
    );
    assert!(!dry.contains(KEY) && studyreel.tools().is_empty());
}

/// Registers with everything StudyReel may know; what the command says.
fn registered_with_a_key_file(folder: &Path, studyreel: &StudyReel, url: &str) -> String {
    let key_file = folder.join("key");
    std::fs::write(&key_file, format!("{KEY}\n")).unwrap();
    let mut command = register(folder, studyreel.url(), &MORE);
    command
        .env_remove("HALLPASS_STUDYREEL_API_KEY")
        .env("HALLPASS_STUDYREEL_API_KEY_FILE", &key_file);
    let told = said(command);
    assert!(!told.contains(KEY), "{told}");
    let tool = studyreel.tools().pop().unwrap();
    assert_eq!(
        tool.registration.len(),
        12,
        "all that is documented: {:?}",
        tool.registration
    );
    assert_eq!(
        tool.registration["contacts"],
        json!([{"name": "Ada Moss", "email": "ada@example.com"}])
    );
    let deployment = deployment_of("Fractions", "1.3");
    assert!(
        told.contains(&tool.id) && told.contains(&deployment),
        "{told}"
    );
    assert!(
        tool.launch_url
            .starts_with(&format!("{url}/studyreel/launch/"))
    );
    told
}

/// What the command says to allow is what lets this tool launch, and no one else.
async fn what_it_says_to_allow_lets_it_launch(told: &str, studyreel: &StudyReel, url: &str) {
    let (_, patch) = told.split_once("-d '").unwrap();
    let (patch, _) = patch.split_once('\'').unwrap();
    let at = format!("{url}/admin/tool");
    let page = admin("PATCH", &at, Some(patch.to_owned())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let deployment = deployment_of("Fractions", "1.3");
    let settings = page.json().unwrap()["studyreel"].take();
    assert_eq!(
        settings["deployments"],
        json!(["older", {"issuer": studyreel.url(), "id": deployment}])
    );
    assert_eq!(settings["requireCapability"], true);
    assert_eq!(settings["issuers"], json!([studyreel.url()]));
    let verdict = studyreel.launch(&Student::documented()).await;
    assert!(verdict.accepted(), "{verdict}");
    let owner = admin("GET", &format!("{url}/admin/studyreel"), None).await;
    let owner = owner.json().unwrap();
    assert_eq!(owner["registrations"][0]["deploymentId"], json!(deployment));
    assert_eq!(owner["registrations"][0]["answered"], true);
}

/// What was refused, or sent nothing, is not; nor is what only StudyReel and the owner may know.
async fn every_registration_is_in_the_audit(studyreel: &StudyReel, url: &str) {
    let log = admin("GET", &format!("{url}/admin/audit?actor=command"), None).await;
    let log = log.json().unwrap();
    let entries = log["entries"].as_array().unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (&entry["action"], &entry["after"]["version"]))
        .collect();
    let registered = json!("tool.registered");
    let versions = ["2.1", "2.0", "1.3"].map(|version| json!(version));
    let expected = versions.each_ref().map(|version| (&registered, version));
    assert_eq!(told, expected, "{log}");
    assert_eq!(entries[2]["subjectName"], "Fractions");
    assert_eq!(
        entries[2]["after"],
        json!({
            "studyreel": studyreel.url(),
            "version": "1.3",
            "deploymentId": deployment_of("Fractions", "1.3"),
        })
    );
    let text = log.to_string();
    for tool in studyreel.tools() {
        let (_, secret) = tool.launch_url.rsplit_once('/').unwrap();
        assert!(!secret.is_empty() && !text.contains(secret), "{text}");
    }
    assert!(!text.contains(KEY) && !text.contains("ada@"), "{text}");
    let check = admin("GET", &format!("{url}/admin/audit/check"), None).await;
    assert_eq!(check.json().unwrap()["whole"], true);
}

fn another_version_takes_the_key_by_a_pipe(folder: &Path, at: &str) {
    let mut command = register(folder, at, &["--app-version", "2.0"]);
    command.env_remove("HALLPASS_STUDYREEL_API_KEY");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(format!("{KEY}\n").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_work_is_told_before_or_after() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let nowhere = refused(register(folder, "http://127.0.0.1:9", &[]));
    assert!(nowhere.contains("hallpass serve"), "{nowhere}");
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        0,
        "nothing is made"
    );
    let studyreel = StudyReel::start(StudyReelOptions::default()).await.unwrap();
    let (server, _) = serve(folder, studyreel.url());
    for (more, words) in [
        (&["--description", " "][..], "--description"),
        (&["--app-version", ""], "--app-version"),
    ] {
        let error = refused(register(folder, studyreel.url(), more));
        assert!(error.contains(words), "{error}");
    }
    let error = refused(register(folder, studyreel.url(), &[]));
    assert!(error.contains("API key") && !error.contains(KEY), "{error}");
    let mut no_key = register(folder, studyreel.url(), &[]);
    no_key.env_remove("HALLPASS_STUDYREEL_API_KEY");
    assert!(refused(no_key).contains("HALLPASS_STUDYREEL_API_KEY_FILE"));
    let mut staging = hallpass(
        folder,
        &["studyreel", "register", "--environment", "staging"],
    );
    staging.env("HALLPASS_STUDYREEL_API_KEY", KEY);
    assert!(
        refused(staging).contains("public_url"),
        "a loopback address is of no use to StudyReel"
    );
    assert!(refused(hallpass(folder, &["studyreel", "register"])).contains("--environment"));
    assert!(studyreel.tools().is_empty());
    server.stop();
}

#[test]
fn an_address_that_is_none_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for option in [
        "--url",
        "--logo-url",
        "--cover-image-url",
        "--names-and-roles-service",
        "--grade-service",
        "--redirect-uri",
        "--issuer",
    ] {
        for wrong in ["app.example.com", "localhost:8080", "https://"] {
            let args = ["studyreel", "register", option, wrong];
            let error = refused(hallpass(folder.path(), &args));
            assert!(
                error.contains("must be an http or https URL"),
                "{option} {wrong}: {error}"
            );
            for parsers_words in ["relative URL", "empty host"] {
                assert!(!error.contains(parsers_words), "{option}: {error}");
            }
        }
    }
}

/// Answers one request with these bytes; gives its address, where nobody listens afterwards, and
/// what it was sent.
fn answer_once(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", own_port())).unwrap();
    let url = format!("http://{}/base/", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let from = head.len();
            reader.read_line(&mut head).unwrap();
            let line = head[from..].to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        head
    });
    (url, thread)
}

/// Registered, though nothing of the answer is as we would expect.
fn is_registered_whatever_the_answer(folder: &Path) {
    let (url, thread) = answer_once("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK");
    let told = said(register(folder, &url, &[]));
    thread.join().unwrap();
    assert!(
        told.contains("named no deployment") && told.contains(&deployment_of("Fractions", "1.0")),
        "{told}"
    );
    assert!(told.contains("is not in studyreel.issuers yet"), "{told}");
    // The command adds it, or whatever one says that launches will name.
    let base = url.trim_end_matches('/');
    for (more, issuers) in [
        (&[][..], vec![base]),
        (
            &["--issuer", "staging", "--issuer", "https://x.example/"],
            vec!["https://studyreel.alpha1edtech.com", "https://x.example"],
        ),
    ] {
        let told = said(register(folder, &url, more));
        let patch = told.split_once("-d '").unwrap().1;
        let patch: Value = serde_json::from_str(patch.split_once('\'').unwrap().0).unwrap();
        let deployment = deployment_of("Fractions", "1.0");
        let mut listed = vec![json!("older")];
        listed.extend(
            issuers
                .iter()
                .map(|issuer| json!({"issuer": issuer, "id": deployment})),
        );
        let mut allowed = vec!["https://studyreel.example"];
        allowed.extend(issuers);
        assert_eq!(
            patch,
            json!({"studyreel": {"deployments": listed, "requireCapability": true, "issuers": allowed}})
        );
    }
    assert!(said(register(folder, &url, &[])).contains("Nothing was sent"));
}

/// After ten minutes a server records that it was begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_of_which_no_one_knows_stays_begun() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serve(folder, "https://studyreel.example");
    for answer in [
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno",
        "HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\nboom",
    ] {
        let (url, thread) = answer_once(answer);
        refused(register(folder, &url, &[]));
        thread.join().unwrap();
    }
    server.stop();
    let file = folder.join("data/hallpass.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = options.connect().await.unwrap();
    let begun = sqlx::query_scalar("SELECT request FROM audit_begun");
    let begun: Vec<String> = begun.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(begun, ["hallpass studyreel register"]);
}

#[test]
fn odd_answers_of_the_other_side_are_told_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serve(folder, "https://studyreel.example");
    for (answer, words) in [
        (
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 33\r\n\r\n{\"message\": \"coverImageUrl\x1b[2J no\"}",
            &["status 400", "coverImageUrl"][..],
        ),
        (
            "HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n",
            &["status 302"],
        ),
        (
            "HTTP/1.1 500 Oh\r\ncontent-length: 4\r\n\r\nboom",
            &["status 500", "boom", "look there"],
        ),
        ("", &["look there"]),
    ] {
        let (url, thread) = answer_once(answer);
        let error = refused(register(folder, &url, &[]));
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
        assert!(!error.contains('\x1b') && !error.contains(KEY), "{error}");
        let head = thread.join().unwrap().to_ascii_lowercase();
        assert!(
            head.starts_with("post /base/tools/register ")
                && head.contains(&format!("x-api-key: {KEY}")),
            "{head}"
        );
        assert!(head.contains("content-type: application/json"), "{head}");
        // Only where no one knows how it went is there anything to say the next time.
        let (again, thread) = (url.clone(), words.contains(&"look there"));
        let next = register(folder, &again, &[]).output().unwrap();
        assert_eq!(
            String::from_utf8(next.stdout)
                .unwrap()
                .contains("got no answer"),
            thread
        );
    }
    is_registered_whatever_the_answer(folder);
    server.stop();
}
