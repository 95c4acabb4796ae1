//! `hallpass config`, `hallpass completions`, and the settings in `--help`.

use std::path::Path;

use serde_json::Value;

use crate::support::{hallpass, refused};

fn said(folder: &Path, args: &[&str]) -> String {
    let output = hallpass(folder, args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn settings_are_checked_without_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let told = said(folder, &["config", "check", "--listen", "127.0.0.2:9001"]);
    assert!(
        told.contains("http://127.0.0.2:9001") && told.contains("The database was not opened"),
        "{told}"
    );
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        0,
        "nothing is made"
    );
    for (args, names) in [
        (["--listen", "nowhere"], "listen"),
        (["--log-level", "inof"], "log_level"),
        (["--tls-cert", "cert.pem"], "tls_key"),
        (["--public-url", "nowhere"], "public_url"),
        (["--tool", "{\"name\""], "line 1"),
        (["--data-dir", ""], "data_dir"),
        (["--data-dir", "/dev/null/data"], "/dev/null/data"),
        (["--database-url", "sqlite:"], "names no file"),
        (["--database-url", "sqlite:nowhere/a.db"], "/nowhere"),
        (["--database-url", "sqlite:/dev"], "/dev: "),
        (["--database-url", "postgres://u:a/b@h/d"], "%2F"),
    ] {
        let error = refused(hallpass(folder, &["config", "check", args[0], args[1]]));
        assert!(error.contains(names), "{error}");
        for parsers_words in ["relative URL", "EOF while", "expected ident"] {
            assert!(!error.contains(parsers_words), "{error}");
        }
    }
    let both = [
        "config",
        "check",
        "--tls-cert",
        "a.pem",
        "--tls-key",
        "b.pem",
    ];
    assert!(refused(hallpass(folder, &both)).contains("a.pem"));
    let mut command = hallpass(folder, &["config", "check"]);
    command.env("HALLPASS_SECRET_KEY_FILE", "nowhere.txt");
    let error = refused(command);
    assert!(
        error.contains("HALLPASS_SECRET_KEY_FILE") && error.contains("nowhere.txt"),
        "{error}"
    );
    let tool = r#"{"launchUrl": "http://app.example.com/"}"#;
    let args = [
        "config",
        "check",
        "--public-url",
        "https://lti.example.com",
        "--tool",
        tool,
    ];
    let output = hallpass(folder, &args).output().unwrap();
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && warned.contains("launchUrl is plain http"),
        "{warned}"
    );
}

/// docs/operating.md has people type them.
#[test]
fn the_settings_under_systemd_are_good_ones() {
    let page = include_str!("../../../../docs/operating.md");
    let typed = "sudo tee /etc/hallpass/hallpass.toml > /dev/null <<'END'\n";
    let (_, rest) = page.split_once(typed).unwrap();
    let (settings, _) = rest.split_once("END\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hallpass.toml"), settings).unwrap();
    let output = hallpass(folder.path(), &["config", "check"]).output();
    let output = output.unwrap();
    let (told, errors) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{errors}");
    assert!(told.contains("https://lti.example.com"), "{told}");
}

#[test]
fn settings_are_shown_and_secrets_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("hallpass.toml"), "idle_timeout = 90\n").unwrap();
    let mut command = hallpass(
        folder,
        &["config", "show", "--json", "--listen", "127.0.0.2:9001"],
    );
    command.env(
        "HALLPASS_DATABASE_URL",
        "postgres://hallpass:s3cret@db.example.com/h",
    );
    command.env("HALLPASS_BOOTSTRAP_API_KEY", "s3cret-0123456789");
    command.env("HALLPASS_TOOL", r#"{"name": "s3cret"}"#);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && !text.contains("s3cret"),
        "{text}"
    );
    let settings: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (name, value, from) in [
        ("listen", "127.0.0.2:9001", "--listen"),
        ("public_url", "http://127.0.0.2:9001", "default"),
        ("idle_timeout", "90", "hallpass.toml"),
        ("database_url", "(set)", "HALLPASS_DATABASE_URL"),
        ("bootstrap_api_key", "(set)", "HALLPASS_BOOTSTRAP_API_KEY"),
        ("tool", "(set)", "HALLPASS_TOOL"),
        ("log_level", "info", "default"),
    ] {
        let found = settings
            .iter()
            .find(|setting| setting["setting"] == name)
            .unwrap();
        assert_eq!(
            (&found["value"], &found["from"]),
            (&value.into(), &from.into()),
            "{name}"
        );
    }
    let lines = said(folder, &["config", "show"]);
    assert!(lines.contains("idle_timeout\t90\thallpass.toml"), "{lines}");
    assert!(
        lines.contains("secret_key\tmade on first start in data_dir\tdefault"),
        "{lines}"
    );
    // Once it is there, where.
    let file = folder.join("hallpass-data").join("secret_key");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "00".repeat(32)).unwrap();
    let lines = said(folder, &["config", "show"]);
    assert!(
        lines.contains("secret_key\t(in ") && lines.contains("hallpass-data/secret_key)\tdefault"),
        "{lines}"
    );
}

#[test]
fn help_has_the_settings_under_a_heading_short_help_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let heading = "Settings of the installation";
    for command in [
        &["serve"][..],
        &["platforms", "list"],
        &["keys", "list"],
        &["api-keys", "create"],
        &["traces", "show"],
        &["deliveries", "list"],
        &["portal", "users"],
        &["export"],
        &["apply"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &["studyreel", "register"],
        &["placement", "explain"],
        &["config", "show"],
    ] {
        let help = |flag| said(folder, &[command, &[flag]].concat());
        let (long, short) = (help("--help"), help("-h"));
        assert_eq!(long.matches(heading).count(), 1, "{long}");
        let settings = long.split_once(heading).unwrap().1;
        assert!(
            settings.contains("--database-url") && settings.contains("--config"),
            "{long}"
        );
        assert!(!short.contains("--database-url"), "{short}");
    }
}

#[test]
fn shells_get_their_completions() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = said(folder.path(), &["completions", shell]);
        assert!(
            script.contains("api-keys") && script.contains("hallpass"),
            "{shell}"
        );
    }
    refused(hallpass(folder.path(), &["completions", "cmd"]));
}
