//! Links between documents.

use house::{anchors, files, links};
use std::path::{Component, Path};

#[test]
fn links_of_documents_lead_somewhere() {
    let files = files();
    let mut dead = Vec::new();
    let mut read = 0;
    for file in files.iter().filter(|f| f.is(&[".md"])) {
        for link in links(&file.text) {
            if link.target.contains("://") || link.target.starts_with("mailto:") {
                continue;
            }
            read += 1;
            let (path, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let to = if path.is_empty() {
                file.path.clone()
            } else {
                beside(&file.path, path)
            };
            let target = files.iter().find(|f| f.path == to);
            let exists = target.is_some() || house::root().join(&to).exists();
            let anchored = anchor.is_empty()
                || target.is_some_and(|f| anchors(&f.text).iter().any(|a| a == anchor));
            if !exists || !anchored {
                dead.push(format!("{}:{}: {}", file.path, link.line, link.target));
            }
        }
    }
    assert!(read > 100, "only {read} links were found");
    assert!(
        dead.is_empty(),
        "links that lead nowhere:\n{}",
        dead.join("\n")
    );
}

/// The path of `link` as written in the file at `from`, from the repository's root.
fn beside(from: &str, link: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}
