//! The program beside a clock that is ahead, which libfaketime makes (Debian's package `faketime`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use simulator::browser::{Browser, Request};
use simulator::clock::Clock;

use crate::support::{Running, hallpass, own_port};

const API_KEY: &str = "test-api-key-0123456789";

fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut libraries = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    let found = libraries.find(|library| library.exists());
    found.expect("libfaketime is missing: install Debian's package faketime, or run scripts/test")
}

/// The program, days ahead of everyone else. Only the date is, as with a real clock that is wrong.
fn ahead(folder: &Path, days: u32) -> Command {
    let mut command = hallpass(folder, &["serve"]);
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME", format!("+{days}d"));
    command
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_DONT_RESET", "1");
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_fifty_days_ahead_forgets_nobody_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let settings = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\nbootstrap_api_key = \"{API_KEY}\"\n\
         [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n[tool.retention]\nstudentDays = 30\n"
    );
    std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    let now = Clock::default().seconds();
    let launch = json!({
        "messageType": "LtiResourceLinkRequest", "version": "1.3.0", "resourceLink": {"id": "default"},
        "iss": "https://studyreel.alpha1edtech.com", "deployment_id": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=",
        "target_link_uri": "studyreel://learn", "role": "Student", "sub": "a", "given_name": "Ada",
        "family_name": "Moss", "nonce": "nonce-0001", "iat": now, "exp": now + 3600, "jti": "1", "age_grade": "5",
        "studyreel_grade_math": "null", "studyreel_grade_language": "null", "studyreel_grade_science": "null",
        "studyreel_grade_reading": "null", "user_acquisition_source": "StudyReel", "map_rit_math": "null",
        "map_rit_language": "null", "map_rit_science": "null", "map_rit_reading": "null",
    });
    let page = Browser::new().unwrap();
    let page = page
        .post_json(&format!("{url}/studyreel/launch"), &launch)
        .await
        .unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let student = page.json().unwrap()["userID"].as_str().unwrap().to_owned();
    server.stop();

    let is_there = async || {
        let to = format!("{url}/api/students/{student}");
        let request = Request::new("GET".parse().unwrap(), &to).unwrap();
        let request = request.header("authorization", &format!("Bearer {API_KEY}"));
        Browser::new().unwrap().send(request).await.unwrap().status == 200
    };
    let mut server = Running::start(ahead(folder, 50));
    server.line();
    assert!(is_there().await);
    let (_, log) = server.stop();
    assert!(
        log.contains("the date has moved further than running servers explain"),
        "{log}"
    );

    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    assert!(is_there().await);
    server.stop();
}
