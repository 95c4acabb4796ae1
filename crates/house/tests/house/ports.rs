//! No test listens on a port that something else may have: `scripts/test` passes whatever else runs
//! here.

use house::{File, files};

/// The test that takes a usual port of the demo's away. It doesn't matter who has it.
const TAKES_ONE_AWAY: &str = "crates/hallpass/tests/program/demo_home.rs";

/// Where a file listens on a fixed port.
fn fixed(file: &File) -> Vec<String> {
    let listens = "bind(\"";
    let mut found = Vec::new();
    for (at, _) in file.text.match_indices(listens) {
        let rest = &file.text[at + listens.len()..];
        let address = rest.split('"').next().unwrap_or_default();
        if address.contains(':') && !address.ends_with(":0") {
            found.push(format!("{}:{}: {address}", file.path, file.line_of(at)));
        }
    }
    found
}

#[test]
fn no_test_listens_on_a_fixed_port() {
    let is_source = |file: &&File| file.is(&[".rs"]) && file.path != TAKES_ONE_AWAY;
    let files = files();
    let found: Vec<String> = files.iter().filter(is_source).flat_map(fixed).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_planted_fixed_port_is_found() {
    let file = |address: &str| File {
        path: "crates/x/tests/y.rs".to_owned(),
        text: format!("TcpListener::bind({address:?}).await"),
    };
    for (address, found) in [
        ("127.0.0.1:8080", 1),
        ("[::1]:443", 1),
        ("127.0.0.1:0", 0),
        ("[::1]:0", 0),
    ] {
        assert_eq!(fixed(&file(address)).len(), found, "{address}");
    }
}
