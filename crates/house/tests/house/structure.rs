//! The structure of the gateway, held against its `use` lines: no circle of files, imports only downwards, and the list of
//! what a room never knows (ARCHITECTURE.md, "Floors" and "What must stay true").

use std::collections::{BTreeMap, BTreeSet};

use house::imports::{self, Graph};

/// Every room and file of the gateway's `src`, from the ground up. A file imports from its own floor or from a lower one.
const FLOORS: &[&[&str]] = &[
    &["kit"],
    &["settings"],
    &["web"],
    &["keys"],
    &["directory"],
    &["launch", "traces"],
    &["lti13", "studyreel", "registration"],
    &["render"],
    &["advice"],
    &["operator", "health"],
    &["app"],
    &["background", "openapi", "routes"],
    &["server"],
];

/// What a room never imports, beyond what its floor forbids.
const NEVER: &[(&str, &[&str], &str)] = &[
    (
        "launch",
        &["lti13", "studyreel", "registration"],
        "the launch core knows no adapter",
    ),
    (
        "lti13",
        &["studyreel", "registration"],
        "adapters are siblings",
    ),
    (
        "studyreel",
        &["lti13", "registration"],
        "adapters are siblings",
    ),
    (
        "registration",
        &["lti13", "studyreel"],
        "registering takes no launches",
    ),
    (
        "web",
        &["launch", "traces", "directory", "keys"],
        "web knows no room",
    ),
];

/// External crates that only these places name.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["crates/store/src", "crates/bench/src"]),
    (
        "reqwest",
        &[
            "crates/gateway/src/kit/outbound",
            // Which error a start ends with.
            "crates/gateway/src/server",
            "crates/simulator/src",
            "crates/bench/src",
        ],
    ),
    ("simulator", &["crates/hallpass/src", "crates/bench/src"]),
];

/// Crates of ours, and the ones of ours that each may use.
const CRATES: &[(&str, &[&str])] = &[
    ("lti", &[]),
    ("studyreel", &[]),
    ("store", &[]),
    ("simulator", &[]),
    ("gateway", &["lti", "studyreel", "store"]),
];

fn floor(module: &str) -> usize {
    let room = module.split("::").next().unwrap_or_default();
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&room));
    // Set-up that unit tests share.
    let ground = (room == "testing").then_some(0);
    let floor = floor.or(ground);
    floor.unwrap_or_else(|| panic!("{module} stands on no floor: add its room to FLOORS"))
}

fn is_in(module: &str, room: &str) -> bool {
    module == room
        || module
            .strip_prefix(room)
            .is_some_and(|rest| rest.starts_with("::"))
}

fn listed(found: &[String]) -> String {
    format!("{} found:\n  {}", found.len(), found.join("\n  "))
}

#[test]
fn no_circle_of_files_in_any_crate() {
    for name in ["gateway", "store", "lti", "studyreel", "hallpass"] {
        let graph = Graph::of_crate(name);
        assert!(graph.files() > 5, "{name}: {} files", graph.files());
        let circles: Vec<String> = graph
            .circles()
            .iter()
            .map(|files| files.join(" "))
            .collect();
        assert!(
            circles.is_empty(),
            "circles of files in {name}, {}",
            listed(&circles)
        );
    }
}

#[test]
fn the_gateway_imports_downwards_only() {
    let graph = Graph::of_crate("gateway");
    let mut wrong = Vec::new();
    for (from, to) in graph.arrows().filter(|(from, _)| !from.is_empty()) {
        let is_for_tests = from == "testing";
        if !to.is_empty() && !is_for_tests && floor(to) > floor(from) {
            wrong.push(format!("{from} -> {to}"));
        }
    }
    assert!(wrong.is_empty(), "imports that run up, {}", listed(&wrong));
}

#[test]
fn rooms_keep_to_the_list_of_never() {
    let graph = Graph::of_crate("gateway");
    let mut wrong = Vec::new();
    for (from, to) in graph.arrows() {
        for (room, never, why) in NEVER {
            if is_in(from, room) && never.iter().any(|other| is_in(to, other)) {
                wrong.push(format!("{from} -> {to}: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[test]
fn external_crates_stand_where_they_belong() {
    let mut wrong = Vec::new();
    for file in imports::sources() {
        for (name, homes) in ONLY_IN {
            if imports::names_crate(&file, name)
                && !homes.iter().any(|home| file.path.starts_with(home))
            {
                wrong.push(format!("{} names {name}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[test]
fn our_crates_use_each_other_in_one_direction() {
    let ours: BTreeSet<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    for (name, may) in CRATES {
        for used in imports::dependencies(name) {
            if ours.contains(used.as_str()) && !may.contains(&used.as_str()) {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

/// The checks above can fail: each finds what was planted for it.
#[test]
fn a_planted_circle_and_a_planted_import_are_found() {
    let sources = BTreeMap::from([
        ("lib", "pub mod a; pub mod b;"),
        ("a", "use crate::b::{self, Thing as Other};"),
        (
            "b",
            "mod tests_are_left_out {}\nfn f() { super::a::g(); }\n#[cfg(test)]\nmod tests { use crate::c; }",
        ),
        ("c", "use super::b;"),
    ]);
    let graph = Graph::of_sources(sources.into_iter());
    let arrows: Vec<_> = graph.arrows().collect();
    assert_eq!(arrows, [("a", "b"), ("b", "a"), ("c", "b")]);
    assert_eq!(graph.circles(), [vec!["a".to_owned(), "b".to_owned()]]);
}
