//! `hallpass keys`, beside a running server.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use simulator::browser::{Browser, Request};
use simulator::lms::{Lms, Options};

use crate::support::{PATIENCE, Running, hallpass, own_port, refused};

const API_KEY: &str = "test-api-key-0123456789";

/// Standard output and standard error of a command that succeeds.
fn said(folder: &Path, args: &[&str]) -> (String, String) {
    let output = hallpass(folder, args).output().unwrap();
    let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{errors}");
    (out, errors)
}

/// The columns of `hallpass keys list`.
fn keys(folder: &Path) -> Vec<Vec<String>> {
    let (list, errors) = said(folder, &["keys", "list"]);
    assert_eq!(errors, "");
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    list.lines().map(columns).collect()
}

/// A server in a folder, with its address.
fn serve(folder: &Path) -> (Running, String) {
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let settings = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\ndata_dir = \"data\"\nbootstrap_api_key = \"{API_KEY}\"\n\
         [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n"
    );
    std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    (server, url)
}

async fn published(url: &str, platform: &str) -> Vec<String> {
    let page = Browser::new()
        .unwrap()
        .get(&format!("{url}/lti/keys/{platform}"))
        .await
        .unwrap();
    let keys = page.json().unwrap();
    let kids = keys["keys"].as_array().unwrap().iter();
    kids.map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

/// A running server sees what a command did within five seconds.
async fn comes_to(url: &str, platform: &str, kids: &[&str]) {
    let seen = async {
        while published(url, platform).await != kids {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap();
}

async fn admin(url: &str, method: &str, path: &str) -> Value {
    let request = Request::new(method.parse().unwrap(), &format!("{url}{path}")).unwrap();
    let request = request.header("authorization", &format!("Bearer {API_KEY}"));
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

/// `platform` has just changed its key at once.
fn tells_what_it_can_not_rotate(folder: &Path, platform: &str) {
    let error = refused(hallpass(
        folder,
        &["keys", "rotate", "--platform", "nobody"],
    ));
    assert_eq!(
        error,
        "hallpass: there is no platform nobody; `hallpass platforms list` shows them\n"
    );
    // A new key waits already: said once.
    said(folder, &["keys", "rotate", "--platform", platform]);
    let error = refused(hallpass(
        folder,
        &["keys", "rotate", "--platform", platform],
    ));
    assert_eq!(error.matches("published already").count(), 1, "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    for args in [
        &["keys", "rotate"][..],
        &["keys", "rotate", "--all", "--platform", "x"],
    ] {
        let error = refused(hallpass(folder, args));
        assert!(error.contains("--platform"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_listed_and_changed_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serve(folder);
    assert_eq!(
        said(folder, &["keys", "list"]),
        (String::new(), String::new())
    );
    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();

    let first = keys(folder).remove(0);
    let (platform, old) = (first[0].as_str(), first[1].as_str());
    let issuer = lms.endpoints().issuer;
    assert_eq!(
        (&*first[2], &*first[4], &*first[5], &first[6]),
        ("signing", "-", "url", &issuer)
    );
    comes_to(&url, platform, &[old]).await;

    let (told, errors) = said(folder, &["keys", "rotate", "--platform", platform]);
    let both = keys(folder);
    assert_eq!((told.lines().count(), errors.as_str()), (2, ""));
    assert_eq!(
        (&*both[0][1], &*both[0][2], &*both[1][2]),
        (old, "signing", "next")
    );
    assert!(
        both[0][4] != "-" && both[1][3] > both[0][3] && both[1][4] == "-",
        "{both:?}"
    );
    comes_to(&url, platform, &[old, &both[1][1]]).await;
    let error = refused(hallpass(
        folder,
        &["keys", "rotate", "--platform", platform],
    ));
    assert!(
        error.contains(platform) && error.contains("published already"),
        "{error}"
    );
    let (told, errors) = said(folder, &["keys", "rotate", "--all"]);
    assert!(told.is_empty() && errors.contains(platform), "{errors}");

    let (told, errors) = said(folder, &["keys", "rotate", "--all", "--now"]);
    let now = keys(folder);
    assert_eq!(
        (
            now.len(),
            &*now[0][2],
            told.lines().count(),
            errors.as_str()
        ),
        (1, "signing", 1, "")
    );
    assert!(both.iter().all(|key| key[1] != now[0][1]));
    comes_to(&url, platform, &[&now[0][1]]).await;
    // The server opens what the command sealed.
    let seen = admin(&url, "GET", &format!("/admin/platforms/{platform}/keys")).await;
    assert_eq!(seen["keys"][0]["kid"], now[0][1].as_str());

    tells_what_it_can_not_rotate(folder, platform);
    server.stop();
}

#[test]
fn without_platforms_a_change_of_all_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serve(folder.path());
    for args in [
        &["keys", "rotate", "--all"][..],
        &["keys", "rotate", "--all", "--now"],
    ] {
        let (out, errors) = said(folder.path(), args);
        assert_eq!(out, "");
        assert!(errors.contains("There are no platforms yet"), "{errors}");
    }
    server.stop();
}

/// The actions in the audit log, the newest first.
fn actions(log: &Value) -> Vec<&str> {
    let entries = log["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["action"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_the_secret_key_are_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serve(folder);
    // The second time while no server has started with the first new key.
    for _ in 0..2 {
        let (_, errors) = said(folder, &["keys", "rotate-secret"]);
        assert_eq!(errors, "");
    }
    let log = admin(&url, "GET", "/admin/audit").await;
    assert_eq!(actions(&log), ["secret_key.rotated"; 2], "{log}");
    // So is what another command changes before the restart.
    let (_, note) = said(
        folder,
        &["api-keys", "create", "--name", "a", "--scope", "read"],
    );
    assert!(!note.contains("not in the audit log"), "{note}");
    server.stop();

    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    // The second time there is nothing to do.
    for _ in 0..2 {
        said(folder, &["keys", "reseal"]);
    }
    let log = admin(&url, "GET", "/admin/audit").await;
    let expected = [
        "secret_key.resealed",
        "api_key.made",
        "secret_key.rotated",
        "secret_key.rotated",
    ];
    assert_eq!(actions(&log), expected, "{log}");
    let resealed = &log["entries"][0];
    assert_eq!(resealed["actor"]["kind"], "command");
    let [renewed, lost] = ["renewed", "lost"].map(|name| resealed["after"][name].as_i64());
    // At least the three entries before.
    assert!(renewed >= Some(3) && lost == Some(0), "{log}");
    let check = admin(&url, "GET", "/admin/audit/check").await;
    assert_eq!(check["whole"], true, "{check}");
    let keys = std::fs::read_to_string(folder.join("data/secret_key")).unwrap();
    assert_eq!(keys.lines().count(), 3);
    assert!(keys.lines().all(|key| !log.to_string().contains(key)));
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_key_is_changed_in_three_steps() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serve(folder);
    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let file = folder.join("data/secret_key");
    let old = std::fs::read_to_string(&file).unwrap();

    let (told, errors) = said(folder, &["keys", "rotate-secret"]);
    assert!(
        told.contains("restart") && told.contains("hallpass keys reseal") && errors.is_empty(),
        "{told}{errors}"
    );
    let both = std::fs::read_to_string(&file).unwrap();
    assert_eq!(both.lines().collect::<Vec<_>>()[1..], [old.trim()]);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }
    // The running server has only the old one: nothing is sealed that it couldn't open.
    for args in [
        &["keys", "reseal"][..],
        &["keys", "rotate", "--all", "--now"],
    ] {
        let error = refused(hallpass(folder, args));
        assert!(error.contains("docs/keys.md"), "{error}");
    }
    server.stop();

    let settings = std::fs::read_to_string(folder.join("hallpass.toml")).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    let (told, errors) = said(folder, &["keys", "reseal"]);
    assert!(
        told.starts_with(|digit: char| ('1'..='9').contains(&digit)) && errors.is_empty(),
        "{told}{errors}"
    );
    assert!(said(folder, &["keys", "reseal"]).0.starts_with("0 rows"));
    let platform = keys(folder).remove(0).remove(0);
    let (_, errors) = said(folder, &["keys", "rotate", "--platform", &platform]);
    assert_eq!(errors, "");
    let (_, log) = server.stop();
    assert!(log.contains("the secret key has changed"), "{log}");

    // With the new one alone.
    std::fs::write(&file, both.lines().next().unwrap()).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    assert_eq!(keys(folder).len(), 2);
    server.stop();
    // With the old one alone it doesn't start; and a key in a setting is changed there.
    std::fs::write(&file, &old).unwrap();
    let error = refused(hallpass(folder, &["serve"]));
    assert!(error.contains("secret key"), "{error}");
    std::fs::write(
        folder.join("hallpass.toml"),
        format!("secret_key = \"{}\"\n{settings}", old.trim()),
    )
    .unwrap();
    let error = refused(hallpass(folder, &["keys", "rotate-secret"]));
    assert!(error.contains("the setting secret_key"), "{error}");
}
