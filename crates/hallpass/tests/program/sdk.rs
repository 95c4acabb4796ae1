//! LTIAAS's own Python SDK, unchanged, against `hallpass serve` with TLS (ltiaas-api.md §6).

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use simulator::lms::{Launch, Lms, Options};
use simulator::profiles::{NRPS_SCOPE, Profile};

use crate::school::{API_KEY, Gateway, application, authority};
use crate::tls::CERT;

const OPERATIONS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/program/sdk/operations.py"
);

/// The Python that has the SDK.
fn python() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where the tests' Python is")]
    let named = std::env::var_os("TEST_PYTHON_SDK");
    let usual = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/python-sdk/bin/python"
    );
    named.map_or_else(|| usual.into(), PathBuf::from)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ltiaass_python_sdk_works_as_it_is_on_moodle() {
    works_with("moodle").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ltiaass_python_sdk_works_as_it_is_on_canvas() {
    works_with("canvas").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ltiaass_python_sdk_works_as_it_is_on_brightspace() {
    works_with("brightspace").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ltiaass_python_sdk_works_as_it_is_on_blackboard() {
    works_with("blackboard").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ltiaass_python_sdk_works_as_it_is_on_sakai() {
    works_with("sakai").await;
}

async fn works_with(profile: &str) {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::start_with_tls(folder.path(), &application().await);
    let lms = lms_of(profile).await;
    let (client_id, _) = gateway.register(&lms).await;
    // Its registrations offer no scope for rosters; its developers' portal does.
    if profile == "blackboard" {
        lms.change_tool(&client_id, |tool| {
            tool.facts.scopes.push(NRPS_SCOPE.to_owned());
        })
        .unwrap();
    }
    let launch = Launch::new(&client_id).teacher();
    // The LMS remembers one request for each course.
    let asking = launch.clone().deep_linking();
    let failing = asking.clone().link("3", "3");
    let told = operations(&json!({
        "domain": gateway.url.strip_prefix("https://"), "api_key": API_KEY,
        "issuer": lms.endpoints().issuer, "client_id": client_id,
        "ltik": gateway.ltik(&lms, &launch).await,
        "picking": gateway.ltik(&lms, &asking).await,
        "failing": gateway.ltik(&lms, &failing).await,
        // What each says to a score of somebody who doesn't exist.
        "refusing_nobody": match profile {
            "canvas" => 422,
            "brightspace" => 404,
            _ => 400,
        },
    }));
    arrived(&gateway, &lms, &told).await;
    let graded = told["graded"].as_array().unwrap();
    let items = lms.line_items(&client_id);
    let is_essay = |label: &Value| {
        label
            .as_str()
            .is_some_and(|label| label.starts_with("Essay"))
    };
    let kept = items.iter().filter(|item| is_essay(&item.members["label"]));
    let kept: Vec<_> = kept.collect();
    assert_eq!(kept.len(), graded.len(), "{items:?}");
    for item in kept {
        let score = |user: &str| item.scores[user].score;
        assert_eq!(
            [score("5"), score("6"), score("7")],
            [Some(17.5), Some(0.0), None]
        );
    }
    gateway.process.stop();
}

/// An LMS of this profile whose pages keep nothing for tools, so that a launch needs no scripts.
async fn lms_of(profile: &str) -> Lms {
    let mut profile = Profile::named(profile).unwrap();
    profile.launch.storage = None;
    let authority = Some(authority());
    Lms::start(Options {
        profile,
        authority,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Lets the SDK do all it can; its last line.
fn operations(given: &Value) -> Value {
    let mut command = Command::new(python());
    command
        .arg("-I")
        .arg(OPERATIONS)
        .env_clear()
        .env("REQUESTS_CA_BUNDLE", CERT);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let started = command.spawn();
    let mut python = started.expect("LTIAAS's SDK is missing: scripts/python-sdk installs it");
    let mut input = python.stdin.take().unwrap();
    input.write_all(given.to_string().as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    let [said, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{said}{errors}");
    serde_json::from_str(said.lines().last().unwrap()).unwrap()
}

/// The browser takes what the SDK made back to the LMS.
async fn arrived(gateway: &Gateway, lms: &Lms, told: &Value) {
    let form = told["form"].as_str().unwrap();
    // As WikiEdu's client reads it (ltiaas-api.md §2.3).
    let between = |from: &str, to: &str| {
        let rest = form.split_once(from).unwrap_or_else(|| panic!("{form}")).1;
        rest.split_once(to)
            .unwrap()
            .0
            .replace("&amp;", "&")
            .replace("&#38;", "&")
    };
    let (target, message) = (
        between("action=\"", "\""),
        between("name=\"JWT\" value=\"", "\""),
    );
    let page = gateway
        .browser
        .post_form(&target, &[("JWT", &message)])
        .await
        .unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let [target, message] = ["target", "message"].map(|name| told[name].as_str().unwrap());
    gateway
        .browser
        .post_form(target, &[("JWT", message)])
        .await
        .unwrap();

    let responses = lms.deep_linking_responses();
    let [chosen, sorry] = &responses[..] else {
        panic!("{responses:?}");
    };
    assert_eq!(
        (&chosen.problems, &sorry.problems),
        (&Vec::new(), &Vec::new())
    );
    assert_eq!(
        (chosen.said("msg"), chosen.said("log")),
        ("Thank you", "one quiz")
    );
    assert_eq!(
        (sorry.said("errormsg"), sorry.said("errorlog")),
        ("Sorry", "no quiz")
    );
    let items = chosen.items();
    assert_eq!(json!(items.len()), told["items"]);
    let quiz = &items[0];
    assert_eq!(quiz["title"], "Chosen with the SDK");
    assert_eq!(quiz["url"], format!("{}/lti/launch", gateway.url));
    assert_eq!(quiz["custom"], json!({"quiz": "7"}));
    assert_eq!(
        quiz["submission"],
        json!({"endDateTime": "2036-01-06T20:05:02Z"})
    );
    assert_eq!(quiz["window"], json!({"targetName": "quiz"}));
    assert_eq!(quiz["lineItem"]["scoreMaximum"], 10);
}
