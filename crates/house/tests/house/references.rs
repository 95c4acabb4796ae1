//! Every reference to the contract leads somewhere: documents, sections, items, rules and cases.

use house::{Contract, File, documents_named, files, ids_named, numbers_after, sections_named};

/// What a reference names that doesn't exist, with its place.
struct Dead<'a> {
    file: &'a File,
    at: usize,
    what: String,
}

/// Fails if anything is dead, or if fewer than `at_least` references were `read`: then the reading
/// itself is broken.
fn report(dead: &[Dead], read: usize, at_least: usize) {
    assert!(read >= at_least, "only {read} references were found");
    let lines: Vec<_> = dead
        .iter()
        .map(|d| format!("{}:{}: {}", d.file.path, d.file.line_of(d.at), d.what))
        .collect();
    assert!(
        lines.is_empty(),
        "{} references lead nowhere:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// The files that may refer to the contract. This crate's own tests quote ids of their own making.
fn readers(files: &[File]) -> impl Iterator<Item = &File> {
    files
        .iter()
        .filter(|f| !f.path.starts_with("crates/house/"))
}

#[test]
fn documents_exist() {
    let files = files();
    let mut dead = Vec::new();
    let mut read = 0;
    for file in readers(&files) {
        for (at, path) in documents_named(&file.text) {
            read += 1;
            // The contract cites documents of other repositories by their paths.
            let cited = file.path.starts_with("docs/spec/") && path.contains('/');
            if !cited && !exists(&files, file, path) {
                dead.push(Dead {
                    file,
                    at,
                    what: format!("no document {path}"),
                });
            }
        }
    }
    report(&dead, read, 300);
}

#[test]
fn sections_and_items_exist() {
    let files = files();
    let contract = Contract::read(&files);
    let mut dead = Vec::new();
    let mut read = 0;
    for file in readers(&files) {
        let own = file.path.strip_prefix("docs/spec/");
        for section in sections_named(&file.text) {
            read += 1;
            // A crate for publication names sections of public specifications; ours only with the
            // document beside them.
            let is_public = file.path.starts_with("crates/lti/");
            if is_public && !line_at(&file.text, section.at).contains(".md") {
                continue;
            }
            let candidates = section
                .document
                .into_iter()
                .chain(own)
                .chain(own.map(|_| "lti.md"));
            let mut documents = candidates
                .filter_map(|name| contract.document(name))
                .peekable();
            if documents.peek().is_none() {
                dead.push(Dead {
                    file,
                    at: section.at,
                    what: format!("§{} of no document", section.number),
                });
                continue;
            }
            let found = documents.find(|document| document.has_section(section.number));
            let name = section.document.unwrap_or("this document");
            let Some(document) = found else {
                dead.push(Dead {
                    file,
                    at: section.at,
                    what: format!("no §{} in {name}", section.number),
                });
                continue;
            };
            for item in section
                .items
                .iter()
                .filter(|item| !document.has_item(section.number, **item))
            {
                let what = format!("no item {item} in §{} of {name}", section.number);
                dead.push(Dead {
                    file,
                    at: section.at,
                    what,
                });
            }
        }
    }
    report(&dead, read, 150);
}

#[test]
fn rules_and_cases_exist() {
    let files = files();
    let contract = Contract::read(&files);
    let mut dead = Vec::new();
    let mut read = 0;
    for file in readers(&files) {
        for (at, id) in ids_named(&file.text) {
            read += 1;
            if !contract.defines(id) {
                dead.push(Dead {
                    file,
                    at,
                    what: format!("no rule or case {id}"),
                });
            }
        }
    }
    report(&dead, read, 1500);
}

#[test]
fn cases_of_studyreel_exist() {
    let files = files();
    let contract = Contract::read(&files);
    let document = contract
        .document("studyreel.md")
        .expect("docs/spec/studyreel.md");
    let mut dead = Vec::new();
    let mut read = 0;
    for file in readers(&files).filter(|f| f.path.contains("studyreel") && f.is(&[".rs"])) {
        for (at, number) in numbers_after(&file.text, "case ") {
            read += 1;
            if !document.has_case(number) {
                dead.push(Dead {
                    file,
                    at,
                    what: format!("no case {number} in studyreel.md §12"),
                });
            }
        }
    }
    report(&dead, read, 1);
}

#[test]
fn decisions_named_by_number_exist() {
    let files = files();
    let mut named = 0;
    let mut dead = Vec::new();
    for file in readers(&files) {
        for (at, _) in file.text.match_indices("decision ") {
            let rest = &file.text[at + "decision ".len()..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number = &rest[..digits];
            let prefix = format!("docs/decisions/{number}-");
            named += digits.min(1);
            if digits > 0 && !files.iter().any(|f| f.path.starts_with(&prefix)) {
                dead.push(Dead {
                    file,
                    at,
                    what: format!("no decision {number}; they have four digits"),
                });
            }
        }
    }
    report(&dead, named, 5);
}

/// Whether `path`, named in `file`, is a document: from the root, beside the file, or in docs or
/// docs/spec by its name.
fn exists(files: &[File], file: &File, path: &str) -> bool {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let up = path.trim_start_matches('/').trim_start_matches("../");
    let beside = format!("{folder}/{path}");
    files.iter().any(|f| {
        f.path == path
            || f.path == beside
            || (path.starts_with("..") || path.starts_with('/')) && f.path.ends_with(up)
            || !path.contains('/')
                && [format!("docs/{path}"), format!("docs/spec/{path}")].contains(&f.path)
    })
}

/// The line that the byte at `at` is on.
fn line_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}
