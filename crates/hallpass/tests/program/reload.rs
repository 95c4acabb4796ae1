//! SIGHUP and renewed certificates (decision 0102).

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustls::StreamOwned;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::support::{PATIENCE, Running, ask, hallpass, listens};
use crate::tls::client_trusting;

/// A new certificate in these files.
fn renew(cert: &Path, key: &Path) -> CertificateDer<'static> {
    let new = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(cert, new.cert.pem()).unwrap();
    std::fs::write(key, new.signing_key.serialize_pem()).unwrap();
    CertificateDer::from_pem_file(cert).unwrap()
}

/// Whether a server uses that certificate.
fn uses(address: SocketAddr, cert: &CertificateDer<'static>) -> bool {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut connection = client_trusting(cert.clone());
    let mut stream = stream;
    if connection.complete_io(&mut stream).is_err() {
        return false;
    }
    let answer = ask(
        StreamOwned::new(connection, stream),
        "127.0.0.1",
        "/healthz",
    );
    answer == "HTTP/1.1 204 No Content"
}

struct Reloading {
    server: Running,
    file: PathBuf,
    log: PathBuf,
}

impl Reloading {
    /// Starts a server with these settings, whose log goes to a file.
    fn start(folder: &Path, settings: &str) -> Self {
        Self::start_as(folder, settings, &hallpass(folder, &["serve"]))
    }

    fn start_as(folder: &Path, settings: &str, serve: &Command) -> Self {
        let (file, log) = (folder.join("hallpass.toml"), folder.join("log"));
        std::fs::write(&file, settings).unwrap();
        let server = Running::start(crate::support::after("exec 2>log", serve));
        Self { server, file, log }
    }

    /// Sends SIGHUP and waits for what it says of it.
    fn reload(&self, settings: &str) -> String {
        std::fs::write(&self.file, settings).unwrap();
        self.hang_up()
    }

    /// The same with the files as they are. On a machine that stands still for five seconds they
    /// can't be read.
    fn hang_up(&self) -> String {
        loop {
            let before = self.read().len();
            self.server.signal("HUP");
            let said = self.waits_for("the settings ", before);
            if !said.contains("could not be read within") {
                return said;
            }
        }
    }

    /// Waits until the log says something.
    fn says(&self, words: &str) {
        self.waits_for(words, 0);
    }

    fn waits_for(&self, words: &str, from: usize) -> String {
        for _ in 0..PATIENCE.as_millis() / 20 {
            let said = self.read()[from..].to_owned();
            if said.contains(words) && said.ends_with('\n') {
                return said;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("it never said {words:?}: {}", self.read());
    }

    fn read(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

#[test]
fn sighup_reloads_and_a_mistake_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    let first = renew(&cert, &key);
    let settings = "listen = \"127.0.0.1:0\"\npublic_url = \"https://lti.example.com\"\nshutdown_delay = 0\n\
        tls_cert = \"cert.pem\"\ntls_key = \"key.pem\"\n";
    let mut running = Reloading::start(folder.path(), settings);
    let address = listens(&running.server.line());
    assert!(uses(address, &first));

    let second = renew(&cert, &key);
    assert!(uses(address, &first), "the files were just written");
    let said = running.reload(&format!("{settings}log_level = \"debug\"\n"));
    assert!(
        said.contains("INFO") && said.contains("read again"),
        "{said}"
    );
    assert!(uses(address, &second) && !uses(address, &first));
    // At this level each connection that ends early has a line.
    drop(TcpStream::connect(address));
    running.says("a TLS handshake failed");
    running.reload(settings);

    for (wrong, named) in [
        ("log_level = \"gateway=loud\"\n", "log_level"),
        ("trusted_proxies = \"proxy.test\"\n", "proxy.test"),
        ("idle_timeout = 0\n", "idle_timeout"),
        ("idle_tmeout = 1\n", "idle_tmeout"),
        ("[tool\n", "hallpass.toml is not valid TOML: line 6"),
    ] {
        let said = running.reload(&format!("{settings}{wrong}"));
        let one = said.trim_end().lines().count() == 1 && said.contains("WARN");
        assert!(
            one && said.contains("stay as they were") && said.contains(named),
            "{said}"
        );
    }
    std::fs::write(&cert, "no certificate").unwrap();
    let said = running.reload(settings);
    assert!(
        said.contains("stay as they were") && said.contains("tls_cert"),
        "{said}"
    );
    assert!(uses(address, &second));

    renew(&cert, &key);
    let elsewhere = settings.replace("127.0.0.1:0", "127.0.0.1:1");
    let said = running.reload(&format!("{elsewhere}[tool]\nname = \"B\"\n"));
    assert!(said.contains("wait for a restart: listen\n"), "{said}");
    assert!(
        said.contains("members=\"name\"") && said.contains("PATCH /admin/tool"),
        "{said}"
    );
    running.server.stop();
}

#[test]
fn a_pipe_in_the_place_of_a_file_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let [cert, key, secret] =
        ["cert.pem", "key.pem", "secret"].map(|name| folder.path().join(name));
    let trusted = renew(&cert, &key);
    std::fs::write(&secret, "sqlite:hallpass.db\n").unwrap();
    let settings = "listen = \"127.0.0.1:0\"\npublic_url = \"https://lti.example.com\"\nshutdown_delay = 0\n\
        tls_cert = \"cert.pem\"\ntls_key = \"key.pem\"\n";
    let mut serve = hallpass(folder.path(), &["serve"]);
    serve.env("HALLPASS_DATABASE_URL_FILE", "secret");
    let mut running = Reloading::start_as(folder.path(), settings, &serve);
    let address = listens(&running.server.line());
    let (file, aside) = (running.file.clone(), folder.path().join("aside"));
    for path in [&file, &secret, &cert, &key] {
        std::fs::rename(path, &aside).unwrap();
        for make in ["mkfifo", "mkdir"] {
            let mut command = Command::new(make);
            assert!(command.arg(path).status().unwrap().success());
            let said = running.hang_up();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(
                said.trim_end().lines().count() == 1
                    && said.contains("stay as they were")
                    && said.contains(name)
                    && said.contains("no regular file"),
                "{name} {make}: {said}"
            );
            assert!(uses(address, &trusted));
            match make {
                "mkdir" => std::fs::remove_dir(path).unwrap(),
                _ => std::fs::remove_file(path).unwrap(),
            }
        }
        std::fs::rename(&aside, path).unwrap();
    }
    let said = running.hang_up();
    assert!(said.contains("read again"), "{said}");
    running.server.stop();
}

/// `public_url` follows the port that was taken.
#[test]
fn a_port_that_was_taken_waits_for_no_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "listen = \"127.0.0.1:0\"\n";
    let mut running = Reloading::start(folder.path(), settings);
    running.server.line();
    let said = running.reload(settings);
    assert!(
        said.contains("read again") && !said.contains("wait for a restart"),
        "{said}"
    );
    running.server.stop();
}

#[test]
fn sighup_during_a_start_or_an_end_kills_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Reloading::start(folder.path(), "listen = \"127.0.0.1:0\"\n");
    running.server.line();
    running.server.signal("HUP");
    running.server.signal("TERM");
    running.server.signal("HUP");
    let (code, _, _) = running.server.end();
    assert_eq!(code, Some(0));
}
