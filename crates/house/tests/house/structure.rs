//! The structure of the gateway, held against its `use` lines: no circle of files, imports only
//! downwards, and the list of what a room never knows (ARCHITECTURE.md, "Floors" and "What must
//! stay true").

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use house::imports::{self, Graph};
use house::{File, files, root};

/// Every room and file of the gateway's `src`, from the ground up. A file imports from its own room
/// or from a lower floor. ARCHITECTURE.md shows the same list.
const FLOORS: &[&[&str]] = &[
    &["kit"],
    &["settings"],
    &["web"],
    &["jobs", "events", "audit"],
    &["keys"],
    &["directory", "oidc"],
    &[
        "launch",
        "traces",
        "usage",
        "audit_log",
        "backup",
        "webhooks",
    ],
    &["lti13", "studyreel", "services", "registration"],
    &["ascode", "doctor"],
    &["portal"],
    &["render"],
    &["advice", "api_audit", "idempotency"],
    &["operator", "health"],
    &["app"],
    &["background", "openapi", "routes"],
    &["server"],
];

/// Rooms of one floor that know each other: from, to, why.
const NEIGHBOURS: &[(&str, &str, &str)] = &[("routes", "openapi", "every address is in routes")];

/// What must stay true whatever the floors are: rooms that a room never imports.
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
        "services",
        &["lti13", "studyreel", "registration"],
        "services work from a launch's facts, whichever adapter they are of",
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
    (
        "settings",
        &["kit::clock", "kit::key_pairs"],
        "settings are data",
    ),
    (
        "directory",
        &["launch", "traces", "services", "webhooks"],
        "the directory knows who there is, not what comes from them",
    ),
    (
        "traces",
        &["lti13", "studyreel", "services", "registration"],
        "traces are handed what they note",
    ),
    (
        "portal",
        &["render", "routes", "app"],
        "the portal calls handlers, and others write out what it answers",
    ),
];

/// External crates that only these places name.
const ONLY_IN: &[(&str, &[&str])] = &[
    (
        "sqlx",
        &[
            "crates/store/src",
            // It fills the tables of a server that is down, and measures them.
            "crates/bench/src",
        ],
    ),
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

/// Every crate of ours, and the ones of ours that each may use. ARCHITECTURE.md shows the same
/// table.
const CRATES: &[(&str, &[&str])] = &[
    ("lti", &[]),
    ("studyreel", &[]),
    ("store", &[]),
    ("gateway", &["lti", "studyreel", "store"]),
    ("simulator", &[]),
    ("hallpass", &["gateway", "store", "studyreel", "simulator"]),
    ("bench", &["gateway", "simulator"]),
    ("house", &[]),
    ("test-case", &[]),
];

fn room_of(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn floor(module: &str) -> usize {
    let room = room_of(module);
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

/// What is wrong with an import, as far as the floors have a say.
fn against_floors(from: &str, to: &str) -> Option<String> {
    let (here, there) = (room_of(from), room_of(to));
    if [here, there].contains(&"") || here == "testing" || here == there {
        return None;
    }
    let listed = NEIGHBOURS.iter().any(|(a, b, _)| (*a, *b) == (here, there));
    match floor(there).cmp(&floor(here)) {
        Ordering::Greater => Some(format!("{from} -> {to}: a higher floor")),
        Ordering::Equal if !listed => Some(format!("{from} -> {to}: a neighbour")),
        _ => None,
    }
}

/// Why an import may never be.
fn against_never(from: &str, to: &str) -> Option<String> {
    let broken = NEVER
        .iter()
        .find(|(room, never, _)| is_in(from, room) && never.iter().any(|other| is_in(to, other)));
    broken.map(|(_, _, why)| format!("{from} -> {to}: {why}"))
}

/// External crates that `file` names though it is none of their homes.
fn strays(file: &File) -> Vec<String> {
    let strays = ONLY_IN.iter().filter(|(name, homes)| {
        imports::names_crate(file, name) && !homes.iter().any(|home| file.path.starts_with(home))
    });
    strays
        .map(|(name, _)| format!("{} names {name}", file.path))
        .collect()
}

/// Whether a crate of ours must not use another one.
fn against_crates(name: &str, used: &str) -> bool {
    let is_ours = CRATES.iter().any(|(ours, _)| *ours == used);
    let may = CRATES.iter().find(|(ours, _)| *ours == name);
    is_ours && !may.is_some_and(|(_, may)| may.contains(&used))
}

#[test]
fn no_circle_of_files_in_any_crate() {
    let mut wrong = Vec::new();
    for name in imports::members() {
        let graph = Graph::of_crate(&name);
        assert!(graph.files() > 2, "{name}: {} files", graph.files());
        let circles = graph.circles().into_iter();
        wrong.extend(circles.map(|files| format!("{name}: {}", files.join(" "))));
    }
    assert!(wrong.is_empty(), "circles of files, {}", listed(&wrong));
}

#[test]
fn the_gateway_imports_downwards_only() {
    let graph = Graph::of_crate("gateway");
    let arrows: Vec<_> = graph.arrows().collect();
    assert!(arrows.len() > 600, "{} imports", arrows.len());
    let wrong: Vec<String> = arrows
        .iter()
        .filter_map(|(from, to)| against_floors(from, to))
        .collect();
    assert!(
        wrong.is_empty(),
        "imports that don't run down, {}",
        listed(&wrong)
    );
    for (from, to, _) in NEIGHBOURS {
        let is_used = arrows.iter().any(|(a, b)| is_in(a, from) && is_in(b, to));
        assert!(
            is_used,
            "{from} doesn't import {to}: take it out of NEIGHBOURS"
        );
    }
}

#[test]
fn rooms_keep_to_the_list_of_never() {
    let graph = Graph::of_crate("gateway");
    let wrong: Vec<String> = graph
        .arrows()
        .filter_map(|(from, to)| against_never(from, to))
        .collect();
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[test]
fn external_crates_stand_where_they_belong() {
    let sources = imports::sources();
    assert!(sources.len() > 300, "{} sources", sources.len());
    let wrong: Vec<String> = sources.iter().flat_map(strays).collect();
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[test]
fn our_crates_use_each_other_in_one_direction() {
    let mut wrong = Vec::new();
    for (name, may) in CRATES {
        let used = imports::dependencies(name);
        let strangers = used.iter().filter(|used| against_crates(name, used));
        wrong.extend(strangers.map(|used| format!("{name} -> {used}")));
        let unused = may
            .iter()
            .filter(|may| !used.iter().any(|used| used == *may));
        wrong.extend(unused.map(|may| format!("{name} doesn't use {may}: take it out of CRATES")));
    }
    assert!(wrong.is_empty(), "{}", listed(&wrong));
}

#[test]
fn what_the_tables_name_exists() {
    let graph = Graph::of_crate("gateway");
    for room in FLOORS.iter().flat_map(|rooms| rooms.iter()) {
        assert!(graph.has(room), "FLOORS: no room {room}");
    }
    let in_never = NEVER
        .iter()
        .flat_map(|(room, never, _)| never.iter().chain([room]));
    let in_neighbours = NEIGHBOURS.iter().flat_map(|(from, to, _)| [from, to]);
    for room in in_never.chain(in_neighbours) {
        assert!(graph.has(room), "no room {room}");
    }
    for home in ONLY_IN.iter().flat_map(|(_, homes)| homes.iter()) {
        assert!(root().join(home).exists(), "ONLY_IN: no {home}");
    }
    let crates: Vec<&str> = CRATES.iter().map(|(name, _)| *name).collect();
    assert_eq!(crates, imports::members(), "CRATES and the workspace");
}

/// The checks above can fail: a violation of every row of every table is found, and nothing else
/// is.
#[test]
fn a_planted_violation_of_every_row_is_found() {
    let rooms: Vec<&str> = FLOORS
        .iter()
        .flat_map(|rooms| rooms.iter().copied())
        .collect();
    for from in &rooms {
        for to in rooms.iter().filter(|to| *to != from) {
            let listed = NEIGHBOURS.iter().any(|(a, b, _)| (a, b) == (from, to));
            let found = against_floors(&format!("{from}::planted"), to).is_some();
            assert_eq!(found, floor(to) >= floor(from) && !listed, "{from} -> {to}");
        }
        assert_eq!(against_floors(from, &format!("{from}::planted")), None);
    }
    for (room, never, why) in NEVER {
        for other in *never {
            let found = against_never(&format!("{room}::planted"), &format!("{other}::planted"));
            assert!(
                found.is_some_and(|found| found.ends_with(why)),
                "{room} -> {other}"
            );
        }
        assert_eq!(against_never(room, "kit"), None);
    }
    for (name, homes) in ONLY_IN {
        let planted = |folder: &str| File {
            path: format!("{folder}/planted.rs"),
            text: format!("use {name}::Planted;\n"),
        };
        assert_eq!(strays(&planted("crates/lti/src")).len(), 1, "{name}");
        for home in *homes {
            assert_eq!(strays(&planted(home)), [""; 0], "{name} in {home}");
        }
    }
    for (name, may) in CRATES {
        for (used, _) in CRATES {
            assert_eq!(
                against_crates(name, used),
                !may.contains(used),
                "{name} -> {used}"
            );
        }
    }
}

/// Lines of ARCHITECTURE.md from one heading to the next.
fn chapter(heading: &str) -> Vec<String> {
    let files = files();
    let map = files.iter().find(|file| file.path == "ARCHITECTURE.md");
    let lines = map.expect("ARCHITECTURE.md").text.lines();
    lines
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_map_shows_the_same_floors() {
    let lines = chapter("## Floors of the gateway");
    let shown = lines.iter().filter_map(|line| {
        let mut words = line.split_whitespace();
        let number: usize = words.next()?.parse().ok()?;
        let room = words.next()?.trim_end_matches('/').trim_end_matches(".rs");
        Some((number, room))
    });
    let floors = FLOORS.iter().zip(1..);
    let wanted = floors.flat_map(|(rooms, number)| rooms.iter().map(move |room| (number, *room)));
    assert_eq!(shown.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
}

#[test]
fn the_map_shows_the_same_crates() {
    let lines = chapter("## Crates");
    let shown = lines.iter().filter_map(|line| {
        let row = line.strip_prefix("| `crates/")?;
        let (name, rest) = row.split_once('`')?;
        let uses = rest.rsplit(" | ").next().unwrap_or_default();
        let uses: BTreeSet<&str> = uses.split('`').skip(1).step_by(2).collect();
        Some((name, uses))
    });
    let wanted = CRATES
        .iter()
        .map(|(name, may)| (*name, may.iter().copied().collect()));
    assert_eq!(shown.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
}

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

#[test]
fn a_planted_circle_through_what_a_parent_hands_on_is_found() {
    let sources = [
        ("lib", "mod a; mod c; pub use a::Deep;"),
        (
            "a/mod",
            "mod x; mod y; mod z;\npub(crate) use self::{\n    x::Other,\n    y::{Some, Thing},\n};\npub use z::Deep;",
        ),
        ("a/x", "use super::Thing;\nfn f() { super::g(); }"),
        ("a/y", "use super::x::Other;"),
        ("a/z", "use crate::c;"),
        ("c", "use crate::Deep;"),
    ];
    let graph = Graph::of_sources(sources.into_iter());
    let arrows: Vec<_> = graph.arrows().filter(|(from, _)| *from == "a::x").collect();
    assert_eq!(arrows, [("a::x", "a"), ("a::x", "a::y")]);
    let circles = graph.circles();
    let circles: Vec<_> = circles.iter().map(|files| files.join(" ")).collect();
    assert_eq!(circles, ["a::x a::y", "a::z c"]);
}

#[test]
fn a_module_and_its_own_children_are_no_circle() {
    let circles = |sources: &[(&'static str, &'static str)]| {
        let graph = Graph::of_sources(sources.iter().copied());
        let circles = graph.circles();
        circles
            .iter()
            .map(|files| files.join(" "))
            .collect::<Vec<_>>()
    };
    let parent = (
        "a/mod",
        "mod x; mod y;\npub use x::Thing;\nfn f() { y::g(); }",
    );
    let family = [
        parent,
        ("a/x", "use super::Other;"),
        ("a/y", "use super::x;"),
    ];
    assert_eq!(circles(&family), [""; 0]);
    let siblings = [
        parent,
        ("a/x", "use super::y::Other;"),
        ("a/y", "use super::x;"),
    ];
    assert_eq!(circles(&siblings), ["a::x a::y"]);
    let families = [parent, ("a/x", "use crate::b;"), ("b", "use crate::a;")];
    assert_eq!(circles(&families), ["a a::x b"]);
}
