//! Whose business the files of an installation are.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::{Running, hallpass, refused, serving};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_services_user_reads_its_files_and_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // As `mkdir` and most packages leave it.
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    let (server, _) = serving(folder.path());
    for name in [
        "secret_key",
        "hallpass.db",
        "hallpass.db-wal",
        "hallpass.db-shm",
    ] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    let (_, log) = server.stop();
    assert!(!log.contains("every user of this machine"), "{log}");

    for name in ["secret_key", "hallpass.db"] {
        std::fs::set_permissions(data.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    std::fs::set_permissions(&data, Permissions::from_mode(0o777)).unwrap();
    let mut server = Running::start(hallpass(folder.path(), &["serve"]));
    server.line();
    let (_, log) = server.stop();
    for name in ["secret_key", "hallpass.db"] {
        assert!(log.contains(&format!("chmod 600 data/{name}")), "{log}");
    }
    assert_eq!(log.matches("chmod 700 data\n").count(), 1, "{log}");
    // Before a start, too.
    let check = hallpass(folder.path(), &["config", "check"])
        .output()
        .unwrap();
    let warned = String::from_utf8(check.stderr).unwrap();
    assert!(check.status.success(), "{warned}");
    for command in [
        "chmod 600 data/secret_key",
        "chmod 600 data/hallpass.db",
        "chmod 700 data",
    ] {
        assert!(warned.contains(command), "{warned}");
    }
    assert_eq!(
        mode(&data.join("secret_key")),
        0o644,
        "the operator's choice"
    );
}

/// The data folder's own database, and one that a setting names.
#[test]
fn a_database_behind_a_link_is_private_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let made = folder.path().join("made.db");
    std::os::unix::fs::symlink(&made, data.join("hallpass.db")).unwrap();
    let (server, _) = serving(folder.path());
    for ending in ["", "-wal", "-shm"] {
        let file = folder.path().join(format!("made.db{ending}"));
        assert_eq!(mode(&file), 0o600, "{ending}");
    }
    let (_, log) = server.stop();
    assert!(!log.contains("every user of this machine"), "{log}");

    let other = folder.path().join("other.db");
    std::os::unix::fs::symlink(&other, folder.path().join("link.db")).unwrap();
    let args = ["serve", "--new", "--database-url", "sqlite:link.db"];
    let mut server = Running::start(hallpass(folder.path(), &args));
    server.line();
    assert_eq!(mode(&other), 0o600);
    server.stop();
}

/// As a lock that a command left behind as another user.
#[test]
fn a_lock_that_cant_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    server.stop();
    let lock = folder.path().join("data/.hallpass.db.lock");
    std::fs::remove_file(&lock).unwrap();
    // Even root can't open this one.
    std::fs::create_dir(&lock).unwrap();
    for args in [&["serve"][..], &["config", "check"]] {
        let error = refused(hallpass(folder.path(), args));
        assert!(error.contains("data/.hallpass.db.lock: "), "{error}");
    }
}

/// A start that waited for it would take no order to stop.
#[test]
fn a_pipe_in_the_place_of_a_file_holds_up_no_start() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    server.stop();
    for name in ["secret_key", ".hallpass.db.lock", "hallpass.db"] {
        let path = folder.path().join("data").join(name);
        let aside = folder.path().join("aside");
        std::fs::rename(&path, &aside).unwrap();
        let mut mkfifo = Command::new("mkfifo");
        assert!(mkfifo.arg(&path).status().unwrap().success());
        for args in [&["serve", "--new"][..], &["config", "check"]] {
            let error = refused(hallpass(folder.path(), args));
            let told = format!("data/{name}: it is no regular file");
            assert!(error.contains(&told), "{args:?}: {error}");
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::rename(&aside, &path).unwrap();
    }
}

/// Root may write everywhere, and others may not.
#[test]
fn a_check_knows_whether_a_start_may_write() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o555)).unwrap();
    let may_write = std::fs::create_dir(data.join("mine")).is_ok();
    for data_dir in ["data", "data/deeper/still"] {
        let args = ["config", "check", "--data-dir", data_dir];
        let output = hallpass(folder.path(), &args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.success(), may_write, "{data_dir}: {said}");
        let is_denied = said.contains("/data: Permission denied");
        assert_eq!(is_denied, !may_write, "{said}");
    }
    assert!(!data.join("deeper").exists(), "nothing is made");
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_lost_or_empty_secret_key_is_named_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    server.stop();
    let key = folder.path().join("data/secret_key");
    let text = std::fs::read_to_string(&key).unwrap();

    std::fs::remove_file(&key).unwrap();
    let error = refused(hallpass(folder.path(), &["serve"]));
    assert!(
        error.contains("data/secret_key") && error.contains("backup"),
        "{error}"
    );
    let left = std::fs::read_dir(key.parent().unwrap()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("secret")),
        "{left:?}"
    );

    // What an older version left behind that was stopped at the wrong moment.
    for (wrong, says) in [("", "is empty"), ("no key", "32 bytes")] {
        std::fs::write(&key, wrong).unwrap();
        let error = refused(hallpass(folder.path(), &["serve"]));
        assert!(
            error.contains("data/secret_key") && error.contains(says),
            "{error}"
        );
    }
    std::fs::remove_file(&key).unwrap();
    std::os::unix::fs::symlink("elsewhere", &key).unwrap();
    let error = refused(hallpass(folder.path(), &["serve"]));
    assert!(error.contains("data/secret_key is a link"), "{error}");
    std::fs::remove_file(&key).unwrap();
    std::fs::write(&key, text).unwrap();
    let mut server = Running::start(hallpass(folder.path(), &["serve"]));
    server.line();
    server.stop();
}
