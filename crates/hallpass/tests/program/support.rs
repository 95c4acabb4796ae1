//! Starting the program and reading what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ports::HeldPort;

/// How long anything may take before a test gives up. It only matters where something fails, so it
/// is long enough for a machine that is busy, or stands still for a while.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// The program in a folder, with an environment that holds nothing of the developer's.
pub(crate) fn hallpass(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.args(args).current_dir(folder).env_clear();
    command.env("TMPDIR", folder).stdin(Stdio::null());
    command
}

/// The same after a line of shell, which sets up what a process inherits.
#[cfg(unix)]
pub(crate) fn after(shell: &str, command: &Command) -> Command {
    let mut wrapped = Command::new("/bin/sh");
    let line = format!("{shell}; exec \"$@\"");
    wrapped.args(["-c", &line, "sh"]).arg(command.get_program());
    wrapped.args(command.get_args()).env_clear();
    let envs = command.get_envs();
    wrapped.envs(envs.filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped.stdin(Stdio::null());
    wrapped
}

/// Runs it, expects it to fail without a word on standard output, and returns what it says on
/// standard error.
pub(crate) fn refused(mut command: Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "it started: {error}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "{error}");
    error
}

/// A port that nobody else is given until these tests end. What isn't listened on refuses
/// connections.
pub(crate) fn own_port() -> u16 {
    static HELD: Mutex<Vec<HeldPort>> = Mutex::new(Vec::new());
    let port = HeldPort::new();
    let number = port.number;
    HELD.lock().unwrap().push(port);
    number
}

/// A server of this folder with the settings that most tests need, and its address.
pub(crate) fn serving(folder: &Path) -> (Running, String) {
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let settings = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\ndata_dir = \"data\"\n\
         [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n"
    );
    std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    (server, url)
}

/// The program while it runs. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (said, stdout) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if said.send(line).is_err() {
                    break;
                }
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let stderr = Some(std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        }));
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// The next line on standard output.
    pub(crate) fn line(&mut self) -> String {
        match self.stdout.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(_) => {
                let _ = self.child.kill();
                panic!("no line on standard output; it said: {}", self.errors());
            }
        }
    }

    /// The next line on standard output, if one comes in that time.
    #[cfg(feature = "simulator")]
    pub(crate) fn line_within(&mut self, time: Duration) -> Option<String> {
        self.stdout.recv_timeout(time).ok()
    }

    fn errors(&mut self) -> String {
        self.stderr.take().unwrap().join().unwrap()
    }

    /// Its process id.
    #[cfg(unix)]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, by name.
    pub(crate) fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let mut shell = Command::new("sh");
        assert!(shell.args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits for its end. Returns its exit code, the rest of standard output, line by line, and all
    /// of standard error.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>, String) {
        let status = self.child.wait().unwrap();
        let errors = self.errors();
        (status.code(), self.stdout.iter().collect(), errors)
    }

    /// Asks it to stop as a service manager does. It has to end well.
    /// Returns the rest of standard output, line by line, and all of standard error.
    pub(crate) fn stop(self) -> (Vec<String>, String) {
        self.signal("TERM");
        let (code, said, errors) = self.end();
        assert_eq!(code, Some(0), "{errors}");
        (said, errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a server listens, by the line that says it is ready.
pub(crate) fn listens(ready: &str) -> SocketAddr {
    // It names the address that it listens on if the public one is another.
    let address = ready
        .rsplit_once(", listening on ")
        .or(ready.rsplit_once("http://"));
    let address = address.map(|(_, address)| address.parse());
    address
        .unwrap_or_else(|| panic!("no address: {ready}"))
        .unwrap()
}

/// The first line of the answer to a GET over this connection.
pub(crate) fn ask(mut connection: impl Read + Write, host: &str, path: &str) -> String {
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    BufReader::new(connection).read_line(&mut answer).unwrap();
    answer.trim_end().to_owned()
}

/// The same over plain http.
pub(crate) fn get(url: &str, path: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let connection = TcpStream::connect(host).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    ask(connection, host, path)
}
