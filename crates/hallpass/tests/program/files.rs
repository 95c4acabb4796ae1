//! Whose business the files of an installation are.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
    assert_eq!(
        mode(&data.join("secret_key")),
        0o644,
        "the operator's choice"
    );
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
