//! `hallpass serve`: its one line, its first secrets, and what it refuses to start with.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use simulator::browser::Browser;
use simulator::lms::{Lms, Options};
use sqlx::{ConnectOptions, Connection};

use crate::support::{Running, after, get, hallpass, listens, own_port, refused, serving};

/// `serve` on a free port, with nothing else set.
fn serve(folder: &Path) -> (Command, String) {
    let (listen, url) = {
        let port = own_port();
        (
            format!("127.0.0.1:{port}"),
            format!("http://127.0.0.1:{port}"),
        )
    };
    let args = ["serve", "--listen", &listen, "--public-url", &url];
    (hallpass(folder, &args), url)
}

#[test]
fn an_empty_folder_is_enough_and_secrets_are_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let (command, url) = serve(folder.path());
    let mut running = Running::start(command);
    assert_eq!(running.line(), format!("hallpass ready on {url}"));
    assert_eq!(get(&url, "/readyz"), "HTTP/1.1 204 No Content");
    let (more, errors) = running.stop();
    assert_eq!(more, [""; 0], "one line on standard output, and no other");
    for told in [
        "API key:",
        &format!("{url}/lti/register"),
        &format!("{url}/portal/welcome/"),
    ] {
        assert_eq!(errors.matches(told).count(), 1, "{errors}");
    }
    let line = errors
        .lines()
        .find(|line| line.contains("API key:"))
        .unwrap();
    let secret = line.split_whitespace().last().unwrap().to_owned();

    let (command, url) = serve(folder.path());
    let mut running = Running::start(command);
    assert_eq!(running.line(), format!("hallpass ready on {url}"));
    let (_, errors) = running.stop();
    for told in ["API key", "/portal/welcome/", &*secret] {
        assert!(!errors.contains(told), "{errors}");
    }
}

/// The command of the first start, run by a shell as it was printed; the status of the answer,
/// which is the tool.
#[cfg(unix)]
fn pasted(errors: &str, environment: &[(&str, &str)]) -> (String, Value) {
    let (_, rest) = errors
        .split_once("curl ")
        .unwrap_or_else(|| panic!("{errors}"));
    let (command, _) = rest.split_once("\n\n").unwrap();
    let mut shell = Command::new("/bin/sh");
    let line = format!("curl -sS -w '\\n%{{http_code}}' {command}");
    shell
        .args(["-c", &line])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output = shell.envs(environment.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let (body, status) = said
        .rsplit_once('\n')
        .unwrap_or_else(|| panic!("{command}: {output:?}"));
    let body = serde_json::from_str(body).unwrap_or_else(|_| panic!("{command}: {said}"));
    (status.to_owned(), body)
}

#[cfg(unix)]
#[test]
fn the_command_of_the_first_start_can_be_pasted() {
    let key = "a-key-of-my-own-123";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("the key");
    std::fs::write(&file, format!("{key}\n")).unwrap();
    let file = file.to_str().unwrap();
    for environment in [
        &[][..],
        &[("HALLPASS_BOOTSTRAP_API_KEY", key)],
        &[("HALLPASS_BOOTSTRAP_API_KEY_FILE", file)],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (mut command, _) = serve(folder.path());
        command.envs(environment.iter().copied());
        let told = folder.path().join("told");
        let mut running = Running::start(after(&format!("exec 2>{}", told.display()), &command));
        running.line();
        let errors = std::fs::read_to_string(&told).unwrap();
        let (status, tool) = pasted(&errors, environment);
        assert_eq!(status, "200", "{tool}");
        assert_eq!(tool["launchUrl"], "http://127.0.0.1:3000/launch", "{tool}");
        running.stop();
    }
    // Given otherwise, it stands nowhere for a shell to read, and what is missing is said.
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("bootstrap_api_key = \"{key}\"\n");
    std::fs::write(folder.path().join("hallpass.toml"), settings).unwrap();
    let mut running = Running::start(serve(folder.path()).0);
    running.line();
    let (_, errors) = running.stop();
    assert!(!errors.contains(key) && !errors.contains('$'), "{errors}");
    assert!(
        errors.contains("with your API key") && errors.contains("Bearer YOUR_API_KEY"),
        "{errors}"
    );
}

/// Tables of a later version must not be written by this one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    server.stop();
    let file = folder.path().join("data/hallpass.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = options.connect().await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (999999, 'newer', TRUE, X'00', 0)";
    sqlx::query(newer).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let names = ["made by a newer Hallpass", "999999"];
    sentence(hallpass(folder.path(), &["serve"]), &names);
}

#[test]
fn an_open_studyreel_address_is_reported_at_every_start() {
    for (setting, is_open) in [("false", true), ("null", false)] {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let listen = format!("127.0.0.1:{}", own_port());
            let tool = format!(r#"{{"studyreel": {{"requireCapability": {setting}}}}}"#);
            let args = ["serve", "--listen", &listen, "--tool", &tool];
            let mut command = hallpass(folder.path(), &args);
            command.env("HALLPASS_PUBLIC_URL", "https://lti.example.com");
            let mut running = Running::start(command);
            running.line();
            let (_, errors) = running.stop();
            let said = errors
                .matches("studyreel.requireCapability is false")
                .count();
            assert_eq!(said, usize::from(is_open), "{errors}");
        }
    }
}

#[test]
fn pages_that_browsers_block_are_reported_at_every_start() {
    let folder = tempfile::tempdir().unwrap();
    let tool = r#"{"launchUrl": "https://app.example.com", "deepLinkingUrl": "http://app.example.com/choose",
        "registration": {"preApproval": {"url": "http://127.0.0.1:3000/approve"}}}"#;
    for _ in 0..2 {
        let args = ["serve", "--listen", "127.0.0.1:0", "--tool", tool];
        let mut command = hallpass(folder.path(), &args);
        command.env("HALLPASS_PUBLIC_URL", "https://lti.example.com");
        command.env("HALLPASS_SHUTDOWN_DELAY", "0");
        let mut running = Running::start(command);
        running.line();
        let (_, errors) = running.stop();
        assert!(errors.contains("deepLinkingUrl is plain http"), "{errors}");
        for fine in ["launchUrl is plain", "preApproval.url is plain"] {
            assert!(!errors.contains(fine), "{errors}");
        }
    }
}

#[test]
fn secrets_that_were_given_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let (mut command, _) = serve(folder.path());
    command.env("HALLPASS_BOOTSTRAP_API_KEY", "a-key-of-my-own-123");
    command.env("HALLPASS_BOOTSTRAP_ADMIN_PASSWORD", "a-password-of-my-own");
    let mut running = Running::start(command);
    running.line();
    let (_, errors) = running.stop();
    assert!(!errors.contains("of-my-own"), "{errors}");
}

#[test]
fn a_launch_url_that_was_given_is_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (mut command, _) = serve(folder.path());
    command.env(
        "HALLPASS_TOOL",
        r#"{"launchUrl": "http://127.0.0.1:3000/launch"}"#,
    );
    let mut running = Running::start(command);
    running.line();
    let (_, errors) = running.stop();
    assert!(
        errors.contains("This is the first start.") && !errors.contains("curl"),
        "{errors}"
    );
}

/// LMSs keep the addresses that they were given.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_public_url_says_who_has_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let (_, errors) = server.stop();
    assert!(!errors.contains("public_url has changed"), "{errors}");
    for warns in [true, false] {
        let args = [
            "serve",
            "--public-url",
            "https://new.example.com",
            "--shutdown-delay",
            "0",
        ];
        let mut server = Running::start(hallpass(folder.path(), &args));
        server.line();
        let (_, errors) = server.stop();
        assert_eq!(errors.contains("public_url has changed"), warns, "{errors}");
        assert_eq!(errors.contains("platforms=1"), warns, "{errors}");
    }
}

/// The one sentence of a start that was refused, which names what is wrong.
fn sentence(command: Command, names: &[&str]) {
    let error = refused(command);
    for name in names {
        assert!(error.contains(name), "{error:?} does not name {name}");
    }
    assert_eq!(
        error.trim_end().lines().count(),
        1,
        "more than a sentence: {error}"
    );
}

#[test]
fn a_name_nobody_knows_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    // The command line's own answer also shows the usage.
    let error = refused(hallpass(folder.path(), &["serve", "--public-ulr", "x"]));
    assert!(error.contains("--public-ulr"), "{error}");

    let (mut command, _) = serve(folder.path());
    command.env("HALLPASS_PUBLIC_ULR", "x");
    sentence(command, &["HALLPASS_PUBLIC_ULR"]);

    std::fs::write(folder.path().join("hallpass.toml"), "public_ulr = \"x\"\n").unwrap();
    sentence(serve(folder.path()).0, &["hallpass.toml", "public_ulr"]);

    let file = "[tool]\nlaunchUlr = \"https://app.example.com\"\n";
    std::fs::write(folder.path().join("hallpass.toml"), file).unwrap();
    sentence(serve(folder.path()).0, &["tool", "launchUlr"]);
}

#[test]
fn a_value_that_does_not_fit_stops_the_start() {
    // The port is taken, so a value that is only looked at afterwards isn't named.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for (flag, value) in [
        ("--listen", "here"),
        ("--public-url", "ftp://lti.example.com"),
        ("--public-url", "https://lti.example.com/below"),
        ("--database-url", "mysql://db/hallpass"),
        ("--secret-key", "short"),
        ("--tls-cert", "only-one.pem"),
        ("--outbound-allow", "10.0.0.0/99"),
        ("--bootstrap-api-key", "short"),
        ("--bootstrap-admin-password", "short"),
        ("--log-format", "xml"),
        ("--log-level", "gateway=loud"),
        ("--tool", "{\"launchUrl\": 7}"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let key = flag.trim_start_matches('-').replace('-', "_");
        let mut command = hallpass(folder.path(), &["serve", flag, value]);
        command.env("HALLPASS_LISTEN", &listen);
        sentence(command, &[&key]);
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut command, _) = serve(folder.path());
    command.env("HALLPASS_LOG_FORMAT", "xml");
    sentence(command, &["log_format", "HALLPASS_LOG_FORMAT"]);
    std::fs::write(folder.path().join("hallpass.toml"), "log_format = 7\n").unwrap();
    sentence(serve(folder.path()).0, &["log_format", "hallpass.toml"]);
}

#[test]
fn plain_http_is_for_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["serve", "--public-url", "http://lti.example.com"];
    sentence(hallpass(folder.path(), &args), &["public_url", "https"]);
}

#[test]
fn settings_are_checked_before_the_port_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for (wrong, named) in [
        (&["--secret-key", "short"][..], "secret_key"),
        (&["--tls-cert", "a.pem", "--tls-key", "b.pem"], "tls_cert"),
        (&["--log-level", "gateway=loud"], "log_level"),
        (&["--data-dir", "/dev/null"], "data_dir"),
    ] {
        let args = [&["serve", "--listen", &listen], wrong].concat();
        sentence(hallpass(folder.path(), &args), &[named]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn the_ready_line_names_the_address_listened_on() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["serve", "--listen", "127.0.0.1:0"];
    let mut running = Running::start(hallpass(folder.path(), &args));
    let ready = running.line();
    // The port that was taken is the one people are sent to.
    let url = format!("http://{}", listens(&ready));
    assert_eq!(ready, format!("hallpass ready on {url}"));
    assert_eq!(get(&url, "/healthz"), "HTTP/1.1 204 No Content");
    running.stop();
}

#[test]
fn a_taken_port_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let args = [
        "serve",
        "--listen",
        &listen,
        "--public-url",
        "http://127.0.0.1",
    ];
    sentence(hallpass(folder.path(), &args), &["listen", &listen]);
}

/// A store that can't be opened is named with its place. What was refused is not tried again: that
/// would end with words about the time it took.
#[test]
fn a_store_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = format!("127.0.0.1:{}", own_port());
    let postgres = format!("postgres://hallpass:s3cret@{at}/hallpass");
    for args in [&["serve"][..], &["platforms", "list"]] {
        for (address, names) in [
            (&*postgres, &*format!("connection refused at {at}")),
            ("sqlite:nowhere/hallpass.db", "/nowhere/hallpass.db"),
        ] {
            let mut command = hallpass(folder.path(), args);
            command.env("HALLPASS_DATABASE_URL", address);
            command.env("HALLPASS_LISTEN", format!("127.0.0.1:{}", own_port()));
            sentence(command, &[names]);
        }
    }
}

/// A server that is frozen, or behind a firewall that drops everything.
#[test]
fn a_postgresql_that_never_answers_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // The system accepts connections, and no one reads from them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap().to_string();
    let mut command = hallpass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let address = format!("postgres://hallpass:s3cret@{at}/hallpass");
    command.env("HALLPASS_DATABASE_URL", address);
    let says = format!("no answer for 20 seconds at {at}");
    sentence(command, &[&says]);
}
