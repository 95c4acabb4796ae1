//! Comments are wrapped where rustfmt wraps code, at 100 columns, and the changelog at 120, like
//! all documents (decision 0463).

use house::{File, files};

/// The widest line of a comment.
const COLUMNS: usize = 100;

/// The widest line of a document.
const DOCUMENT_COLUMNS: usize = 120;

/// The lines of comments that are too wide. Tables, examples in fences, and a single long word
/// can't be wrapped.
fn too_wide(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for (index, line) in file.text.lines().enumerate() {
        let Some(comment) = line.trim_start().strip_prefix("//") else {
            is_fenced = false;
            continue;
        };
        let text = comment.trim_start_matches(['/', '!']).trim();
        let is_fence = text.starts_with("```");
        is_fenced ^= is_fence;
        let is_prose = !is_fenced && !is_fence && !text.starts_with('|') && text.contains(' ');
        if is_prose && line.chars().count() > COLUMNS {
            found.push(format!("{}:{}", file.path, index + 1));
        }
    }
    found
}

#[test]
fn comments_are_as_wide_as_code() {
    let files = files();
    let sources = files.iter().filter(|file| file.is(&[".rs"]));
    let found: Vec<String> = sources.flat_map(too_wide).collect();
    assert!(
        found.is_empty(),
        "wider than {COLUMNS} columns:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_changelog_is_as_wide_as_documents() {
    let files = files();
    let changelog = files.iter().find(|file| file.path == "CHANGELOG.md");
    let lines = changelog.expect("CHANGELOG.md").text.lines();
    let wide = (1..).zip(lines);
    let wide = wide.filter(|(_, line)| line.chars().count() > DOCUMENT_COLUMNS);
    let found: Vec<(usize, &str)> = wide.collect();
    assert!(
        found.is_empty(),
        "wider than {DOCUMENT_COLUMNS} columns: {found:#?}"
    );
}

#[test]
fn a_planted_wide_comment_is_found() {
    let words = "word ".repeat(20);
    let lines = [
        format!("/// {words}"),
        format!("    // {words}"),
        format!("/// | {words}|"),
        format!("/// ```\n/// {words}\n/// ```"),
        format!("/// {}", words.replace(' ', "_")),
        format!("let text = {words:?};"),
        "/// word".to_owned(),
    ];
    let file = File {
        path: "x.rs".to_owned(),
        text: lines.join("\n"),
    };
    assert_eq!(too_wide(&file), ["x.rs:1", "x.rs:2"]);
}
