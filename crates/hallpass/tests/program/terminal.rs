//! A server whose terminal is closed (docs/operating.md, "Reloading").

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{PATIENCE, Running, get, hallpass, listens, own_port};

/// A terminal of its own, on which this line of shell runs; "$@" is the server. It is closed when
/// this is dropped.
fn terminal(folder: &Path, line: &str) -> Running {
    // Once the server is gone, nobody else listens there.
    let listen = format!("127.0.0.1:{}", own_port());
    let serve = hallpass(folder, &["serve"]);
    let program = serve.get_program().to_str().unwrap();
    let line = format!("set -- '{program}' serve --listen {listen}; {line}");
    // In Debian's bsdutils, and everywhere else with util-linux. Tests that run under nohup must
    // not hand its deafness on to this shell.
    let mut script = Command::new("env");
    script.args(["--default-signal=HUP", "script"]);
    script.args(["--quiet", "--command", &line, "/dev/null"]);
    script.current_dir(folder).env_clear().stdin(Stdio::null());
    script.env("SHELL", "/bin/sh");
    Running::start(script)
}

/// Waits for a server's ready line in a file.
fn ready(file: &Path) -> SocketAddr {
    waits("the ready line", || {
        let said = std::fs::read_to_string(file).unwrap_or_default();
        let line = said
            .lines()
            .find(|line| line.starts_with("hallpass ready"))?;
        Some(listens(line.trim_end()))
    })
}

fn waits<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..PATIENCE.as_millis() / 20 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what}: never");
}

#[test]
fn a_server_ends_with_the_terminal_that_its_log_goes_to() {
    let folder = tempfile::tempdir().unwrap();
    let terminal = terminal(folder.path(), "exec \"$@\" >out");
    let address = ready(&folder.path().join("out"));
    assert!(get(&format!("http://{address}"), "/healthz").contains(" 204 "));
    drop(terminal);
    waits("the end of the server", || {
        TcpStream::connect(address).err()
    });
}

#[test]
fn a_server_that_was_detached_outlives_its_terminal() {
    for line in [
        "setsid \"$@\" >out 2>log </dev/null & echo $! >pid; wait",
        "nohup \"$@\" >out 2>log </dev/null & echo $! >pid; wait",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let terminal = terminal(folder.path(), line);
        let address = ready(&folder.path().join("out"));
        drop(terminal);
        let url = format!("http://{address}");
        if line.starts_with("nohup") {
            // The signal came, and its log isn't on that terminal. A disk that is too slow keeps
            // the settings as they were.
            let log = folder.path().join("log");
            waits("the reload", || {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                let is_over =
                    |said: &str| said.contains("read again") || said.contains("stay as they were");
                is_over(&said).then_some(())
            });
        }
        assert!(get(&url, "/healthz").contains(" 204 "), "{line}");
        let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        let mut kill = Command::new("kill");
        assert!(kill.arg(pid.trim()).status().unwrap().success());
        waits("the end of the server", || {
            TcpStream::connect(address).err()
        });
    }
}
