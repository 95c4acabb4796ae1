//! The paths that the maps of the house name: ARCHITECTURE.md, CONTRIBUTING.md and the how-to pages.

use house::{File, files, root};

/// A row or paragraph with this remark names a home that isn't built yet.
const PLANNED: &str = "when it is built";

#[test]
fn places_that_maps_name_exist() {
    let mut dead = Vec::new();
    for file in files().iter().filter(|f| is_map(f)) {
        for (index, line) in file.text.lines().enumerate() {
            if line.contains(PLANNED) {
                continue;
            }
            let quoted = line.split('`').skip(1).step_by(2);
            for path in quoted.filter(|word| is_path(word)) {
                let homes = ["", "crates/gateway/", "crates/gateway/src/"];
                if !homes
                    .iter()
                    .any(|home| root().join(home).join(path).exists())
                {
                    dead.push(format!("{}:{}: {path}", file.path, index + 1));
                }
            }
        }
    }
    assert!(
        dead.is_empty(),
        "places that don't exist:\n{}",
        dead.join("\n")
    );
}

fn is_map(file: &File) -> bool {
    ["ARCHITECTURE.md", "CONTRIBUTING.md"].contains(&file.path.as_str())
        || file.path.starts_with("docs/how-to/")
}

/// Whether a word in code type is a path of the repository: addresses begin with a slash, patterns have brackets.
fn is_path(word: &str) -> bool {
    let plain = !word.starts_with('/')
        && !word.contains([' ', '<', '{', '*', '…', ':', '('])
        && !word.contains("NNNN");
    let ending = [".rs", ".sql", ".toml", ".md", ".html", ".css", "/"]
        .iter()
        .any(|e| word.ends_with(e));
    let rooted = ["crates/", "docs/", "scripts/"]
        .iter()
        .any(|start| word.starts_with(start));
    let generated = word == "hallpass.toml";
    plain && (ending || rooted) && !generated
}
