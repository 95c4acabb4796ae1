//! No test listens on a port that something else may have: `scripts/test` passes whatever else runs
//! here.

use house::{File, files};

/// The test that takes a usual port of the demo's away. It doesn't matter who has it.
const TAKES_ONE_AWAY: &str = "crates/hallpass/tests/program/demo_home.rs";
/// What stands before an address that is one text.
const BEFORE_TEXT: [&str; 2] = ["bind(", "\"--listen\","];
/// What stands before a host and a port.
const BEFORE_PAIR: [&str; 2] = ["bind((", "SocketAddr::from(("];
/// What stands before `--listen` if nothing listens: `hallpass config check`.
const ONLY_READS: &str = "\"config\",";

/// Finds the port in what follows.
type PortOf = fn(&str) -> Option<&str>;

/// Where a file listens on a fixed port.
fn fixed(file: &File) -> Vec<String> {
    let kinds: [([&str; 2], PortOf); 2] = [(BEFORE_TEXT, of_text), (BEFORE_PAIR, of_pair)];
    let mut found = Vec::new();
    for (befores, port_of) in kinds {
        for before in befores {
            for (at, _) in file.text.match_indices(before) {
                let command = file.text[..at].rsplit('[').next().unwrap_or_default();
                let only_reads = command.contains(ONLY_READS);
                let port = port_of(&file.text[at + before.len()..]);
                if let Some(port) = port.filter(|port| is_fixed(port) && !only_reads) {
                    found.push(format!("{}:{}: {port}", file.path, file.line_of(at)));
                }
            }
        }
    }
    found
}

/// The port of the address with which this begins, in quotes.
fn of_text(rest: &str) -> Option<&str> {
    let address = rest.trim_start().strip_prefix('"')?.split('"').next()?;
    address.rsplit_once(':').map(|(_, port)| port)
}

/// The port of the pair whose first bracket stands just before this.
fn of_pair(rest: &str) -> Option<&str> {
    let mut open = 1;
    let end = rest.find(|letter: char| {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open == 0
    })?;
    let pair = rest[..end].trim_end().trim_end_matches(',');
    pair.rsplit_once(',').map(|(_, port)| port.trim())
}

/// Whether it is a number, and not the one that takes a free port.
fn is_fixed(port: &str) -> bool {
    let number = port.replace('_', "").parse::<u16>();
    number.is_ok_and(|number| number != 0)
}

#[test]
fn no_test_listens_on_a_fixed_port() {
    let is_source = |file: &&File| file.is(&[".rs"]) && file.path != TAKES_ONE_AWAY;
    let files = files();
    let found: Vec<String> = files.iter().filter(is_source).flat_map(fixed).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// How many fixed ports are found in a file with this text.
fn number_in(text: String) -> usize {
    let path = "crates/x/tests/y.rs".to_owned();
    fixed(&File { path, text }).len()
}

#[test]
fn a_planted_fixed_port_is_found() {
    for (address, found) in [
        ("127.0.0.1:8080", 1),
        ("[::1]:443", 1),
        ("127.0.0.1:0", 0),
        ("[::1]:0", 0),
    ] {
        let text = format!("TcpListener::bind({address:?}).await");
        assert_eq!(number_in(text), found, "{address}");
    }
}

#[test]
fn a_planted_host_with_a_fixed_port_is_found() {
    for (port, found) in [("8080", 1), ("8_080,\n", 1), ("0", 0), ("own_port()", 0)] {
        let text = format!("TcpListener::bind((\"127.0.0.1\", {port})).await");
        assert_eq!(number_in(text), found, "{port}");
    }
}

#[test]
fn a_planted_socket_address_with_a_fixed_port_is_found() {
    for (host, port, found) in [
        ("[127, 0, 0, 1]", "8080", 1),
        ("Ipv4Addr::new(127, 0, 0, 1)", "8080", 1),
        ("[127, 0, 0, 1]", "0", 0),
        ("Ipv4Addr::new(127, 0, 0, 1)", "port", 0),
    ] {
        let text = format!("SocketAddr::from(({host}, {port}))");
        assert_eq!(number_in(text), found, "{host} {port}");
    }
}

#[test]
fn a_planted_flag_with_a_fixed_port_is_found() {
    for (command, port, found) in [
        ("serve", "8080", 1),
        ("serve", "{port}", 0),
        ("serve", "0", 0),
        ("config", "8080", 0),
    ] {
        let text = format!("[{command:?}, \"--listen\",\n \"127.0.0.1:{port}\"]");
        assert_eq!(number_in(text), found, "{command} {port}");
    }
}
