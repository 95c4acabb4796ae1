//! `hallpass api-keys`, beside a running server and with nothing but its store and secret key.

use std::path::Path;
use std::time::Duration;

use simulator::browser::{Browser, Page, Request};

use crate::support::{PATIENCE, Running, hallpass, refused, serving};

/// Standard output and standard error of a command that succeeds.
fn said(folder: &Path, args: &[&str]) -> (String, String) {
    let output = hallpass(folder, args).output().unwrap();
    let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{errors}");
    (out, errors)
}

/// The columns of `hallpass api-keys list`: id, scope, made, last used, end, name, tool.
fn list(folder: &Path) -> Vec<Vec<String>> {
    let (list, errors) = said(folder, &["api-keys", "list"]);
    assert_eq!(errors, "");
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    list.lines().map(columns).collect()
}

fn create(folder: &Path, name: &str, scope: &str) -> String {
    let args = ["api-keys", "create", "--name", name, "--scope", scope];
    let (key, note) = said(folder, &args);
    assert!(
        note.contains("shown only now") && !note.contains(key.trim()),
        "{note}"
    );
    key.trim_end().to_owned()
}

async fn ask(url: &str, key: &str) -> Page {
    let request = Request::new("GET".parse().unwrap(), &format!("{url}/admin/tool")).unwrap();
    let request = request.header("authorization", &format!("Bearer {key}"));
    Browser::new().unwrap().send(request).await.unwrap()
}

async fn comes_to(url: &str, key: &str, status: u16) {
    let seen = async {
        while ask(url, key).await.status != status {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap();
}

/// docs/keys.md, "An API key was stolen", to the letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_replaced_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, url) = serving(folder);
    let first = list(folder).remove(0);
    assert_eq!(
        (&*first[1], &*first[3], &*first[4], &*first[5]),
        ("all", "-", "-", "first key")
    );

    let key = create(folder, "application", "all");
    assert!(
        key.starts_with("hallpass_") && key.lines().count() == 1,
        "{key}"
    );
    comes_to(&url, &key, 200).await;
    let (told, note) = said(folder, &["api-keys", "revoke", &first[0]]);
    assert!(told.contains(&first[0]) && note.is_empty(), "{told}{note}");

    let second = list(folder).remove(0);
    assert_eq!((list(folder).len(), &*second[5]), (1, "application"));
    let (_, note) = said(folder, &["api-keys", "revoke", &second[0]]);
    assert!(note.contains("the last key with the scope all"), "{note}");
    comes_to(&url, &key, 401).await;
    let error = refused(hallpass(folder, &["api-keys", "revoke", &second[0]]));
    assert!(error.contains("there is no API key"), "{error}");

    // No one is locked out: the store and the secret key are enough.
    comes_to(&url, &create(folder, "found again", "manage"), 200).await;
}

/// A stolen key has to go even if nothing can be recorded.
#[test]
fn a_change_without_an_audit_entry_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serving(folder);
    server.stop();
    let key = list(folder).remove(0);
    std::fs::remove_file(folder.join("data/secret_key")).unwrap();
    let (told, note) = said(folder, &["api-keys", "revoke", &key[0]]);
    assert!(told.contains(&key[0]), "{told}");
    assert!(note.contains("not in the audit log: "), "{note}");
    assert!(list(folder).is_empty());
}

#[test]
fn a_key_needs_a_name_and_a_scope_and_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let create = ["api-keys", "create", "--name", "a", "--scope", "all"];
    let error = refused(hallpass(folder, &create));
    assert!(error.contains("there is no store"), "{error}");
    let (server, _) = serving(folder);
    server.stop();
    for (wrong, names) in [
        (&["--scope", "all"][..], "--name"),
        (&["--name", "a"], "--scope"),
        (&["--name", "a", "--scope", "most"], "services"),
        (&["--name", " ", "--scope", "all"], "1 to 100 characters"),
        (&["--name", "a", "--scope", "all", "--days", "0"], "--days"),
    ] {
        let args = [&["api-keys", "create"], wrong].concat();
        let error = refused(hallpass(folder, &args));
        assert!(error.contains(names), "{wrong:?}: {error}");
    }
    std::fs::remove_file(folder.join("data/secret_key")).unwrap();
    let error = refused(hallpass(folder, &create));
    assert!(error.contains("data/secret_key"), "{error}");
}

/// A server whose first key is the given one.
fn started(folder: &Path, key: &str) -> String {
    let mut command = hallpass(folder, &["serve"]);
    command.env("HALLPASS_BOOTSTRAP_API_KEY", key);
    let mut server = Running::start(command);
    server.line();
    server.stop().1
}

#[test]
fn a_bootstrap_key_that_is_not_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serving(folder);
    server.stop();
    std::fs::remove_dir_all(folder.join("data")).unwrap();
    let unused = "the setting bootstrap_api_key is not used";
    for (key, is_told) in [
        ("the-first-key-0123456789", false),
        ("the-first-key-0123456789", false),
        ("another-key-0123456789", true),
    ] {
        let log = started(folder, key);
        assert_eq!(log.contains(unused), is_told, "{log}");
        assert!(!log.contains(key), "{log}");
    }
}

#[test]
fn a_bootstrap_key_that_may_be_guessed_is_told() {
    for (key, is_told) in [
        ("hallpasshallpasshallpass", true),
        ("0f1e2d3c4b5a69788796a5b4c3d2e1f0", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (server, _) = serving(folder);
        server.stop();
        std::fs::remove_dir_all(folder.join("data")).unwrap();
        // At the first start, and at each that follows.
        for _ in 0..2 {
            let log = started(folder, key);
            let lines = log.matches("has a key that may be guessed").count();
            assert_eq!(lines, usize::from(is_told), "{log}");
            assert!(!log.contains(key), "{log}");
        }
    }
}

/// The tool's settings are told as well, but have their own way to change.
#[test]
fn tool_settings_that_are_not_in_force_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    server.stop();
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    let unused = "not all of the setting tool is in force";
    let started = |tool: &str| {
        let mut command = hallpass(folder.path(), &["serve"]);
        command.env("HALLPASS_TOOL", tool);
        let mut server = Running::start(command);
        server.line();
        server.stop().1
    };
    let first = r#"{"name": "Quiz", "retention": {"launchMinutes": 60}}"#;
    for same in [first, first, r#"{"name": "Quiz"}"#, "{}"] {
        let log = started(same);
        assert!(!log.contains(unused), "{same}: {log}");
    }
    let log = started(
        r#"{"name": "Exam", "retention": {"launchMinutes": 60}, "traces": {"claimValues": true}}"#,
    );
    let line = log.lines().find(|line| line.contains(unused)).unwrap();
    assert!(
        line.contains("WARN")
            && line.contains("\"name, traces.claimValues\"")
            && line.contains("PATCH /admin/tool"),
        "{line}"
    );
}
