//! The repository's text files.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file of the repository.
#[derive(Debug)]
pub struct File {
    /// Its path from the repository's root, with `/`.
    pub path: String,
    /// Its contents.
    pub text: String,
}

impl File {
    /// The line that the byte at `at` is on, counted from 1.
    pub fn line_of(&self, at: usize) -> usize {
        self.text.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1
    }

    /// Whether the path ends with one of `endings`.
    pub fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file that people write: sources, documents, migrations, templates and scripts, in the
/// order of their paths. What cargo builds and what a server leaves behind is not among them.
///
/// # Panics
///
/// If a folder can't be read.
pub fn files() -> Vec<File> {
    let mut found = Vec::new();
    visit(&root(), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn visit(folder: &Path, prefix: &str, found: &mut Vec<File>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        let kind = entry.file_type().unwrap_or_else(|e| panic!("{path}: {e}"));
        if kind.is_dir() {
            let left_out = name == "target" || name == "hallpass-data" || name == "node_modules";
            if !left_out && !name.starts_with('.') {
                visit(&entry.path(), &path, found);
            }
        } else if is_written_by_people(&path)
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(File { path, text });
        }
    }
}

fn is_written_by_people(path: &str) -> bool {
    let endings = [".rs", ".md", ".toml", ".sql", ".sh", ".html", ".js", ".css"];
    endings.iter().any(|ending| path.ends_with(ending)) || path.starts_with("scripts/")
}
