//! `/readyz` of a server whose disk is full (decision 0103).

use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::support::{PATIENCE, Running, after, get, hallpass, listens, refused};

/// Lets a server, by its process id, write files up to that size only. All it has are longer, so
/// this is what a full disk is to it; and it takes no privilege, unlike a small disk.
pub(crate) fn limit_files(id: u32, current: Option<u64>) {
    let pid = Pid::from_raw(id.cast_signed());
    let limit = Rlimit {
        current,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit).unwrap();
}

fn becomes(url: &str, status: &str) {
    let asked = (0..PATIENCE.as_secs() * 20).find(|_| {
        let is = get(url, "/readyz").contains(status);
        if !is {
            std::thread::sleep(Duration::from_millis(50));
        }
        is
    });
    assert!(asked.is_some(), "/readyz never answers {status}");
}

#[test]
fn a_server_with_a_full_disk_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let serve = hallpass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    // Without that, the system kills who writes too much.
    let mut server = Running::start(after("trap '' XFSZ", &serve));
    let url = format!("http://{}", listens(&server.line()));
    becomes(&url, " 204 ");
    limit_files(server.id(), Some(0));
    becomes(&url, " 503 ");
    assert!(
        get(&url, "/healthz").contains(" 204 "),
        "it need not be restarted"
    );
    limit_files(server.id(), None);
    becomes(&url, " 204 ");
    server.stop();
}

#[test]
fn a_start_on_a_full_disk_blames_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let serve = hallpass(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    for room in [0, 8] {
        // See `limit_files`; the blocks are of 512 bytes.
        let full = after(&format!("trap '' XFSZ; ulimit -f {room}"), &serve);
        let error = refused(full);
        assert!(
            error.contains("disk")
                && error.contains("make room")
                && !error.contains("database_url"),
            "{error}"
        );
    }
    let mut server = Running::start(serve);
    server.line();
    server.stop();
}
