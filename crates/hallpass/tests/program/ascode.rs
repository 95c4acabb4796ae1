//! `hallpass export` and `hallpass apply`, beside a running server.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{hallpass, refused, serving};

/// What a command says on both outputs.
fn said(folder: &Path, args: &[&str]) -> (String, String) {
    let output = hallpass(folder, args).output().unwrap();
    let [out, errors] = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap());
    assert!(output.status.success(), "{args:?}: {errors}");
    (out, errors)
}

const PLATFORM: &str = r#"
[[tools.platforms]]
url = "https://lms.example.edu"
clientId = "abc"
name = "School"
authenticationEndpoint = "https://lms.example.edu/auth"
accesstokenEndpoint = "https://lms.example.edu/token"
authConfig = { method = "JWK_SET", key = "https://lms.example.edu/jwks" }
deployments = [{ deploymentId = "1", status = "active" }]
"#;

/// The exported file with one platform more.
fn with_platform(text: &str) -> String {
    assert_eq!(text.matches("platforms = []\n").count(), 1, "{text}");
    text.replace("platforms = []\n", "") + PLATFORM
}

#[test]
fn what_is_exported_can_be_changed_and_applied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serving(folder);
    let (text, errors) = said(folder, &["export"]);
    assert_eq!(errors, "");
    assert!(text.starts_with("format = 1\n"), "{text}");
    assert!(
        text.contains("launchUrl = \"http://127.0.0.3:9/\""),
        "{text}"
    );
    std::fs::write(folder.join("same.toml"), &text).unwrap();
    let (out, told) = said(folder, &["apply", "same.toml"]);
    assert_eq!(out, "");
    assert!(told.starts_with("Nothing to change"), "{told}");

    std::fs::write(folder.join("more.toml"), with_platform(&text)).unwrap();
    let (out, told) = said(folder, &["apply", "more.toml", "--dry-run"]);
    let planned = "+ platform https://lms.example.edu abc\n+ deployment 1\n";
    assert_eq!(out, planned);
    assert_eq!(told, "2 changes would be made. Nothing was changed.\n");
    assert_eq!(said(folder, &["export"]).0, text);
    let (out, told) = said(folder, &["apply", "more.toml"]);
    assert_eq!(out, planned);
    assert!(told.starts_with("2 changes made."), "{told}");
    assert!(said(folder, &["platforms", "list"]).0.contains("abc"));
    let (text, _) = said(folder, &["export"]);
    assert!(text.contains("clientId = \"abc\""), "{text}");

    // Without a server, as JSON, and through a pipe.
    server.stop();
    let (json, _) = said(folder, &["export", "--format", "json"]);
    let mut code: Value = serde_json::from_str(&json).unwrap();
    code["tools"][0]["settings"]["name"] = "Other".into();
    code["tools"][0]["platforms"] = Value::Array(Vec::new());
    let mut command = hallpass(folder, &["apply", "-", "--prune", "--json"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, code.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told: Vec<&Value> = plan["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["what"])
        .collect();
    assert_eq!(told, ["settings", "platform"], "{plan}");
    let (text, _) = said(folder, &["export"]);
    assert!(
        text.contains("name = \"Other\"") && text.contains("platforms = []"),
        "{text}"
    );
}

#[test]
fn a_mistake_is_named_with_file_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, _) = serving(folder);
    let (before, _) = said(folder, &["export"]);
    for (text, place) in [
        ("format = 1\n[[tools]\n", "line 2"),
        ("format = 1\ntools = School\n", "line 2: "),
        ("format = 1\n[[tools]]\nhots = \"a\"\n", "tools[0].hots"),
        (
            "format = 1\n[[tools]]\n[tools.settings]\nname = \"x\"\n[tools.settings.launch]\nleewaySeconds = 301\n",
            "tools[0].settings.launch.leewaySeconds: must be at most 300",
        ),
    ] {
        std::fs::write(folder.join("wrong.toml"), text).unwrap();
        let error = refused(hallpass(folder, &["apply", "wrong.toml"]));
        for part in ["wrong.toml", "nothing was changed", place] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(!error.contains(", expected "), "{error}");
    }
    std::fs::write(folder.join("latin.toml"), b"format = 1\n# \xE9\n").unwrap();
    let error = refused(hallpass(folder, &["apply", "latin.toml"]));
    assert!(
        error.contains("latin.toml can't be read: it is not UTF-8"),
        "{error}"
    );
    let mut piped = hallpass(folder, &["apply", "-"]);
    piped.stdin(std::fs::File::open(folder.join("latin.toml")).unwrap());
    let error = refused(piped);
    assert!(
        error.contains("standard input can't be read: it is not UTF-8"),
        "{error}"
    );
    let error = refused(hallpass(folder, &["apply", "missing.toml"]));
    assert!(error.contains("missing.toml can't be read"), "{error}");
    assert_eq!(said(folder, &["export"]).0, before);
    server.stop();
}
