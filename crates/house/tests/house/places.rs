//! The paths and names that the maps of the house name: ARCHITECTURE.md, CONTRIBUTING.md,
//! docs/strangers.md and the how-to pages.

use house::{File, files, root};

/// A row or paragraph with this remark names a home that isn't built yet.
const PLANNED: &str = "when it is built";

/// Every word in code type of the maps that `wanted` accepts, with its place.
fn words(files: &[File], wanted: impl Fn(&str) -> bool) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| is_map(f)) {
        for (index, line) in file.text.lines().enumerate() {
            let quoted = line.split('`').skip(1).step_by(2);
            let quoted = quoted.filter(|word| !line.contains(PLANNED) && wanted(word));
            found.extend(quoted.map(|word| (format!("{}:{}: {word}", file.path, index + 1), word)));
        }
    }
    found
}

#[test]
fn places_that_maps_name_exist() {
    let files = files();
    let paths = words(&files, is_path);
    assert!(paths.len() > 80, "only {} paths were found", paths.len());
    let exists = |path: &str| {
        let homes = ["", "crates/gateway/", "crates/gateway/src/"];
        homes
            .iter()
            .any(|home| root().join(home).join(path).exists())
    };
    let dead: Vec<_> = paths.iter().filter(|(_, path)| !exists(path)).collect();
    assert!(dead.is_empty(), "places that don't exist: {dead:#?}");
}

/// Functions and tests that a map tells its reader to look at.
#[test]
fn names_that_maps_name_exist() {
    let files = files();
    let names = words(&files, is_name);
    assert!(names.len() > 3, "only {} names were found", names.len());
    let code: Vec<_> = files
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.is(&[".rs"]))
        .collect();
    let exists = |name: &str| code.iter().any(|file| file.text.contains(name));
    let dead: Vec<_> = names.iter().filter(|(_, name)| !exists(name)).collect();
    assert!(dead.is_empty(), "names that don't exist: {dead:#?}");
}

/// The exercise of CONTRIBUTING.md adds a row, which has to compile.
#[test]
fn the_exercises_row_has_the_shape_of_the_others() {
    let files = files();
    let text = |path: &str| {
        &files
            .iter()
            .find(|file| file.path == path)
            .expect(path)
            .text
    };
    let mut lines = text("CONTRIBUTING.md").lines();
    let row = lines.find(|line| line.contains(" => \"TOKEN_"));
    let row = row.expect("the row").trim().trim_end_matches(';');
    let parts: Vec<&str> = row.split(", ").collect();
    let [_, fault, status] = parts[..] else {
        panic!("{row}");
    };
    let others = text("crates/lti/src/token_refusal.rs");
    assert!(others.contains(&format!(", {fault}, {status};")), "{row}");
}

#[test]
fn paths_and_names_are_told_from_other_words() {
    for path in ["routes.rs", "crates/lti", "web/texts/"] {
        assert!(is_path(path) && !is_name(path), "{path}");
    }
    for name in ["check_times", "id_token"] {
        assert!(is_name(name) && !is_path(name), "{name}");
    }
    for word in [
        "/lti/login",
        "crates/<name>",
        "nbf",
        "TOKEN_EXPIRED",
        "a_b::c",
        "hallpass.toml",
    ] {
        assert!(!is_path(word) && !is_name(word), "{word}");
    }
}

fn is_map(file: &File) -> bool {
    let maps = ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/strangers.md"];
    maps.contains(&file.path.as_str()) || file.path.starts_with("docs/how-to/")
}

/// Whether a word in code type is a path of the repository: addresses begin with a slash, patterns
/// have brackets.
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

/// Whether a word in code type is a name in the code: words in lower case, joined by underscores.
fn is_name(word: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    word.contains('_') && word.split('_').all(is_word)
}
