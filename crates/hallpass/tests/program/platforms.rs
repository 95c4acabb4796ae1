//! `hallpass platforms`, beside a running server.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::lms::{Launch, Lms, Options};

use crate::support::{PATIENCE, hallpass, refused, serving};

fn said(folder: &Path, args: &[&str]) -> String {
    let output = hallpass(folder, args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn platforms_are_listed_activated_and_deactivated() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    assert_eq!(said(folder, &["platforms", "list"]), "");

    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let list = said(folder, &["platforms", "list"]);
    let fields: Vec<&str> = list.trim_end_matches('\n').split('\t').collect();
    let (issuer, client_id) = (lms.endpoints().issuer, &start.client_id);
    assert_eq!(
        fields[1..5],
        ["inactive", &issuer, client_id, "Moodle at 127.0.0.1"]
    );
    assert!(fields[5].ends_with('Z'), "when it was registered: {list}");
    assert_eq!(fields[6..], ["-", ""], "it has never launched");
    let active = list.replace("inactive", "active");
    assert_eq!(said(folder, &["platforms", "activate", fields[0]]), active);
    assert_eq!(said(folder, &["platforms", "list"]), active);
    // The same settings by flag, from elsewhere.
    let data = folder.join("data").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let args = ["platforms", "deactivate", "--data-dir", &data, fields[0]];
    assert_eq!(said(elsewhere.path(), &args), list);

    let error = refused(hallpass(folder, &["platforms", "activate", "nobody"]));
    assert!(
        error.contains("nobody") && error.contains("platforms list"),
        "{error}"
    );
    server.stop();
    // And without a server.
    assert_eq!(said(folder, &["platforms", "list"]), list);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_is_shown_with_its_last_launch_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    lms.activate(&start.client_id).unwrap();
    let json = |args: &[&str]| -> Value { serde_json::from_str(&said(folder, args)).unwrap() };
    let id = json(&["platforms", "list", "--json"])["id"]
        .as_str()
        .unwrap()
        .to_owned();
    said(folder, &["platforms", "activate", &id]);
    // The server sees it within five seconds.
    let launched = async {
        let launch = Launch::new(&start.client_id);
        loop {
            let page = Browser::new()
                .unwrap()
                .open(&lms.launch_url(&launch).unwrap())
                .await;
            if page.is_err() {
                // It went on to the application, which isn't there.
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, launched).await.unwrap();
    // A stop writes what was noted.
    server.stop();
    let shown = json(&["platforms", "show", &id, "--json"]);
    assert_eq!(
        (&shown["id"], &shown["active"]),
        (&json!(id), &json!(true)),
        "{shown}"
    );
    assert_eq!(shown["loginUrl"], format!("{url}/lti/login/{id}"));
    assert_eq!(shown["deployments"][0]["status"], "active");
    assert_eq!(shown["authConfig"]["method"], "JWK_SET");
    assert_eq!(shown["keys"][0]["state"], "signing");
    assert!(
        shown["lastLaunchAt"].as_str().unwrap().ends_with('Z'),
        "{shown}"
    );
    let own_name = shown["ownName"].as_str().unwrap();
    assert!(!own_name.is_empty());
    let text = said(folder, &["platforms", "show", &id]);
    for told in [
        &*format!("{url}/lti/keys/{id}"),
        own_name,
        "deployment",
        "last launch",
        "public_url (hallpass.toml)",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }

    // From elsewhere, the public address may be another one.
    let data = folder.join("data").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let args = ["platforms", "show", &id, "--data-dir", &data];
    let text = said(elsewhere.path(), &args);
    assert!(text.contains("public_url isn't set here"), "{text}");

    let error = refused(hallpass(folder, &["platforms", "remove", &id]));
    assert!(
        error.contains("--yes") && error.contains("1 deployment "),
        "{error}"
    );
    assert_eq!(json(&["platforms", "list", "--json"])["id"], id);
    let told = said(folder, &["platforms", "remove", &id, "--yes"]);
    assert!(told.starts_with("Removed platform"), "{told}");
    assert_eq!(said(folder, &["platforms", "list"]), "");
    assert_eq!(said(folder, &["keys", "list"]), "");
    refused(hallpass(folder, &["platforms", "remove", &id, "--yes"]));
}

/// What a command shows to a person: `script` gives it a terminal.
#[cfg(target_os = "linux")]
fn shown(folder: &Path, args: &[&str]) -> String {
    shown_after(folder, "", args)
}

/// The same after a line of shell on that terminal.
#[cfg(target_os = "linux")]
fn shown_after(folder: &Path, before: &str, args: &[&str]) -> String {
    let command = hallpass(folder, args);
    let line = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<&str> = line.map(|word| word.to_str().unwrap()).collect();
    let mut script = Command::new("script");
    script.args([
        "--quiet",
        "--return",
        "--command",
        &format!("{before}{}", line.join(" ")),
        "/dev/null",
    ]);
    script
        .current_dir(folder)
        .env_clear()
        .env("SHELL", "/bin/sh");
    let output = script.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    said.replace("\r\n", "\n")
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_terminal_tables_have_headings() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    let empty = shown(folder, &["platforms", "list"]);
    assert_eq!(empty, "No platform is registered yet.\n");
    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let table = shown(folder, &["platforms", "list"]);
    // The headings are bold.
    let table = table.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    for heading in ["ID", "ISSUER", "CLIENT ID", "LAST LAUNCH"] {
        assert!(lines[0].contains(heading), "{heading}: {table}");
    }
    // Each under its heading, and no tab.
    let at = lines[0].find("ISSUER").unwrap();
    assert!(
        lines[1][at..].starts_with(&lms.endpoints().issuer),
        "{table}"
    );
    assert!(!table.contains('\t'), "{table}");
    assert!(lines[1].contains("none noted"), "{table}");
    let narrow = shown_after(folder, "stty cols 80; ", &["platforms", "list"]);
    let narrow = narrow.replace("\u{1b}[1m", "").replace("\u{1b}[2m", "");
    let narrow = narrow.replace("\u{1b}[0m", "");
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 80),
        "{narrow}"
    );
    for told in ["ID ", "STATE", "ISSUER", "NAME", "Cut to fit"] {
        assert!(narrow.contains(told), "{told}: {narrow}");
    }
    assert!(!narrow.contains("CALLS ITSELF"), "{narrow}");
    server.stop();
}

/// `hallpass platforms list | head`, whose reader may go first.
#[cfg(unix)]
#[test]
fn a_reader_who_goes_early_hears_no_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    for args in [
        &["api-keys", "list"][..],
        &["api-keys", "list", "--json"],
        &["completions", "bash"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = hallpass(folder.path(), args)
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(141), "{args:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
    }
    server.stop();
}

#[test]
fn where_no_server_ever_ran_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(hallpass(folder.path(), &["platforms", "list"]));
    assert!(
        error.contains("database_url") && error.contains("hallpass serve"),
        "{error}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
