//! A platform may have any number of rows, so it is emptied in batches before its own row goes
//! (decision 0253). The few places that remove the row are known here; a new one has to be looked
//! at.

use house::{File, files};

/// What removes a platform's row, or calls what does; and the files that may.
const REMOVERS: &[(&str, &[&str])] = &[
    ("DELETE FROM platforms ", &["crates/store/src/platforms.rs"]),
    (
        "platforms::delete(",
        &["crates/gateway/src/directory/removal.rs"],
    ),
    (
        "removal::remove(",
        &[
            "crates/gateway/src/directory/platforms_api/removing.rs",
            "crates/gateway/src/directory/removed_tools.rs",
            "crates/gateway/src/operator/platforms.rs",
        ],
    ),
];

/// What is wrong with a file.
fn wrong(file: &File) -> Vec<String> {
    let mut wrong = Vec::new();
    for (words, homes) in REMOVERS {
        if file.text.contains(words) && !homes.contains(&&*file.path) {
            wrong.push(format!("{} has {words}", file.path));
        }
    }
    let (removes, empties) = ("removal::remove(", "removal::remove_children(");
    if file.text.contains(removes) && !file.text.contains(empties) {
        wrong.push(format!("{} empties no platform before", file.path));
    }
    wrong
}

#[test]
fn a_platform_is_removed_where_it_is_emptied_before() {
    let is_source = |file: &&File| file.is(&[".rs"]) && file.path.contains("/src/");
    let files = files();
    let wrong: Vec<String> = files.iter().filter(is_source).flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (words, homes) in REMOVERS {
        for home in *homes {
            let is_used = |file: &File| file.path == *home && file.text.contains(words);
            assert!(files.iter().any(is_used), "{home} has no {words}");
        }
    }
}

#[test]
fn a_planted_removal_is_found() {
    let file = |text: &str| File {
        path: "crates/x/src/y.rs".to_owned(),
        text: text.to_owned(),
    };
    for (text, found) in [
        ("removal::remove_children(db, id)", 0),
        ("\"DELETE FROM platforms WHERE x\"", 1),
        ("platforms::delete(tx, id)", 1),
        ("removal::remove(tx, id)", 2),
    ] {
        assert_eq!(wrong(&file(text)).len(), found, "{text}");
    }
}
