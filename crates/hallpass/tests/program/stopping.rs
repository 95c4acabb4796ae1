//! The end of a server: load balancers turn away first, what is under way is finished, and a second
//! order ends it at once (decision 0101). And what it says of its start and end, to the log and to
//! a service manager.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;

use crate::support::{PATIENCE, Running, get, hallpass, listens, own_port};

const PUBLIC: &str = "https://lti.example.com";

/// A public server, which waits so many seconds before it stops.
fn public(folder: &Path, delay: &str) -> Command {
    // Once it is gone, nobody else listens there.
    let listen = format!("127.0.0.1:{}", own_port());
    let args = [
        "serve",
        "--listen",
        &listen,
        "--public-url",
        PUBLIC,
        "--shutdown-delay",
        delay,
    ];
    hallpass(folder, &args)
}

fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a GET and returns the head of its answer, which has no body. The connection stays.
fn ask(mut stream: &TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    head(stream)
}

fn head(mut stream: &TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}

/// Waits until it knows that it has to stop.
fn stops(address: SocketAddr) {
    let url = format!("http://{address}");
    while !get(&url, "/readyz").contains(" 503 ") {}
}

#[test]
fn balancers_turn_away_before_anything_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(public(folder.path(), "600"));
    let address = listens(&server.line());
    let kept = connect(address);
    let before = ask(&kept, "/readyz");
    assert!(
        before.contains(" 204 ") && !before.contains("connection: close"),
        "{before}"
    );
    server.signal("TERM");
    stops(address);
    // It still serves, on new connections and old ones, and says that these end.
    assert!(get(&format!("http://{address}"), "/healthz").contains(" 204 "));
    let last = ask(&kept, "/healthz");
    assert!(
        last.contains(" 204 ") && last.contains("connection: close"),
        "{last}"
    );
    // Nothing is wrong with that.
    server.signal("TERM");
    let (_, _, log) = server.end();
    assert!(log.contains("the server is stopping"), "{log}");
    assert!(
        !log.contains("ERROR") && !log.contains("cause=\"\""),
        "{log}"
    );
}

#[test]
fn after_the_delay_it_ends_in_good_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(public(folder.path(), "1"));
    let address = listens(&server.line());
    server.stop();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_request_under_way_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(public(folder.path(), "0"));
    let address = listens(&server.line());
    let mut under_way = connect(address);
    let form = "application/x-www-form-urlencoded";
    write!(
        under_way,
        "POST /lti/login HTTP/1.1\r\nHost: x\r\nContent-Type: {form}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    )
    .unwrap();
    // A client waits for the body.
    assert!(head(&under_way).contains(" 100 "));
    let (resting, silent) = (connect(address), connect(address));
    assert!(ask(&resting, "/healthz").contains(" 204 "));
    server.signal("TERM");
    while TcpStream::connect(address).is_ok() {}
    // Idle connections end at once, without waiting for the others.
    for mut stream in [resting, silent] {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    }
    under_way.write_all(b"iss=x").unwrap();
    let answer = head(&under_way);
    assert!(
        answer.contains(" 400 ") && answer.contains("connection: close"),
        "{answer}"
    );
    let (code, _, errors) = server.end();
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn a_second_order_ends_it_at_once() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Running::start(public(folder.path(), "600"));
        let address = listens(&server.line());
        server.signal(signal);
        stops(address);
        server.signal("TERM");
        let (code, _, errors) = server.end();
        assert_eq!(code, Some(1), "{errors}");
    }
}

#[test]
fn start_and_stop_have_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(public(folder.path(), "0"));
    let ready = server.line();
    let address = listens(&ready);
    assert_eq!(
        ready,
        format!("hallpass ready on {PUBLIC}, listening on {address}")
    );
    let (_, log) = server.stop();
    let line = |word: &str| {
        let mut lines = log.lines().filter(|line| line.contains(word));
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("no line {word}: {log}"));
        assert_eq!(lines.next(), None, "{log}");
        line.to_owned()
    };
    let (start, stop) = (line(": started"), line(": stopped"));
    let store = folder.path().join("hallpass-data/hallpass.db");
    for told in [
        env!("CARGO_PKG_VERSION"),
        &address.to_string(),
        PUBLIC,
        &format!("sqlite:{}", store.canonicalize().unwrap().display()),
        "schema=",
    ] {
        assert!(start.contains(told), "no {told}: {start}");
    }
    assert!(stop.contains(env!("CARGO_PKG_VERSION")) && stop.contains(&address.to_string()));
    assert!(!start.contains("schema=0"), "{start}");
    // docs/operating.md shows both.
    let page = include_str!("../../../../docs/operating.md");
    let names = |line: &str| {
        let fields = line.split_whitespace();
        let fields = fields.filter_map(|word| word.split_once('='));
        fields.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    // The number of the last migration, too.
    let schema = start
        .split_whitespace()
        .find(|word| word.starts_with("schema="));
    let schema = schema.unwrap().to_owned();
    for (line, word) in [(start, "serve: started"), (stop, "serve: stopped")] {
        let shown = page.lines().find(|line| line.contains(word));
        assert_eq!(names(&line), names(shown.unwrap()), "{line}");
    }
    let is_shown = page.split_whitespace().any(|word| word == schema);
    assert!(is_shown, "docs/operating.md has another number: {schema}");
}

#[test]
fn an_https_address_that_nothing_serves_is_said_at_the_start() {
    for (proxies, is_said) in [("", true), ("10.0.0.1", false)] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = public(folder.path(), "0");
        command.args(["--trusted-proxies", proxies]);
        let mut server = Running::start(command);
        server.line();
        let (_, log) = server.stop();
        assert_eq!(log.contains("speaks plain http"), is_said, "{log}");
    }
}

#[test]
fn a_service_manager_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let told = || {
        let mut bytes = [0; 256];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    };
    let mut command = public(folder.path(), "0");
    command.env("NOTIFY_SOCKET", &path);
    let mut server = Running::start(command);
    assert_eq!(told(), "READY=1");
    server.line();
    server.signal("HUP");
    let reloading = told();
    let time = reloading
        .strip_prefix("RELOADING=1\nMONOTONIC_USEC=")
        .unwrap();
    assert!(time.parse::<u64>().unwrap() > 0);
    assert_eq!(told(), "READY=1");
    server.signal("TERM");
    assert_eq!(told(), "STOPPING=1");
    let (code, _, errors) = server.end();
    assert_eq!(code, Some(0), "{errors}");
}
