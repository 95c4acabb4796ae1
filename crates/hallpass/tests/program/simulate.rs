//! `hallpass simulate`.

use crate::support::{Running, get, hallpass, refused};

#[test]
fn each_simulator_says_where_it_is_and_stays() {
    for (what, more) in [
        ("lms", vec!["--profile", "canvas"]),
        (
            "studyreel",
            vec![
                "--launch-url",
                "http://127.0.0.1:9/launch",
                "--launch-url",
                "http://127.0.0.1:9/other",
            ],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut args = vec!["simulate", what, "--listen", "127.0.0.1:0"];
        args.extend(more);
        let mut running = Running::start(hallpass(folder.path(), &args));
        let line = running.line();
        let url = line
            .strip_prefix(&format!("hallpass simulate {what} ready on "))
            .expect(&line);
        assert_eq!(get(url, "/"), "HTTP/1.1 200 OK");
        let (more, _) = running.stop();
        assert_eq!(more, [""; 0]);
    }
}

#[test]
fn the_address_the_world_sees_is_the_one_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "simulate",
        "lms",
        "--listen",
        "127.0.0.1:0",
        "--public-url",
        "https://lms.example.com/",
    ];
    let mut running = Running::start(hallpass(folder.path(), &args));
    assert_eq!(
        running.line(),
        "hallpass simulate lms ready on https://lms.example.com"
    );
}

#[test]
fn an_address_to_listen_on_is_asked_for_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for (what, option) in [
        ("lms", "--listen"),
        ("lms", "--sign-on-listen"),
        ("studyreel", "--listen"),
    ] {
        let error = refused(hallpass(
            folder.path(),
            &["simulate", what, option, "localhost:8090"],
        ));
        assert!(
            error.contains("must be an address and a port, such as 127.0.0.1:8090"),
            "{what} {option}: {error}"
        );
        assert!(!error.contains("invalid socket"), "{error}");
    }
}

#[test]
fn what_it_cannot_do_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for (args, named) in [
        (["simulate", "lms", "--profile", "paper"], "moodle"),
        (["simulate", "lms", "--listen", "here"], "--listen"),
        (
            ["simulate", "studyreel", "--launch-url", "studyreel://x"],
            "--launch-url",
        ),
    ] {
        let error = refused(hallpass(folder.path(), &args));
        assert!(error.contains(named), "{error}");
    }
}
