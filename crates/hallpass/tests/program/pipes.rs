//! Commands whose output no one reads to its end, as `head` doesn't.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{hallpass, serving};
use crate::traces::stranger;

/// Runs it with no one at the other end of its standard output. Returns its exit code and what it
/// says beside that.
fn unread(mut command: Command) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(Stdio::from(writer)).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), errors)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_whose_reader_is_gone_ends_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let (server, url) = serving(folder.path());
    let trace = stranger(&url).await;
    let launch = folder.path().join("launch.json");
    std::fs::write(&launch, simulator::studyreel::PRINTED_EXAMPLE).unwrap();
    let of = |args: &[&str]| hallpass(folder.path(), args);
    for args in [
        &["api-keys", "list"][..],
        &["api-keys", "create", "--name", "a", "--scope", "read"],
        &["keys", "reseal"],
        &["keys", "rotate-secret"],
        &["backup", "saved.db"],
        &["restore", "saved.db", "--verify"],
        &["placement", "explain", "launch.json"],
        &["doctor", "http://127.0.0.1:9/none"],
        &["traces", "show", &trace],
        &["traces", "show", "--json", &trace],
        &["traces", "tail"],
        &["config", "show"],
    ] {
        let (code, errors) = unread(of(args));
        // As a shell says of a program that this signal ended.
        assert_eq!(code, Some(141), "{args:?}: {errors}");
        assert!(!errors.contains("pipe"), "{args:?}: {errors}");
    }
    assert!(Path::new(&folder.path().join("saved.db.json")).is_file());
    server.stop();
}
