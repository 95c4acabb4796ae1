//! Who imports whom, read from the sources: `use` lines and paths in code, tests left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{File, files, root};

/// Modules of one crate (a file each), and which names which. The crate's root is the empty name.
pub struct Graph(BTreeMap<String, BTreeSet<String>>);

impl Graph {
    /// The graph of one of our crates' `src`.
    pub fn of_crate(name: &str) -> Self {
        let folder = format!("crates/{name}/src/");
        let sources = sources();
        let of_crate = sources.iter().filter_map(|file| {
            let inner = file.path.strip_prefix(&folder)?.strip_suffix(".rs")?;
            Some((module_of(inner), file.text.as_str()))
        });
        Self::of_named(&of_crate.collect::<Vec<_>>())
    }

    /// The graph of sources by file name (without the ending).
    pub fn of_sources<'a>(sources: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self::of_named(
            &sources
                .map(|(name, text)| (module_of(name), text))
                .collect::<Vec<_>>(),
        )
    }

    fn of_named(sources: &[(String, &str)]) -> Self {
        let modules: BTreeSet<String> = sources.iter().map(|(module, _)| module.clone()).collect();
        let mut graph = BTreeMap::new();
        for (module, text) in sources {
            let mut to = BTreeSet::new();
            for path in paths(text) {
                let named = home(&modules, module, &path);
                // A parent that declares its children, or a child that names its parent's folder, is found by real names only.
                to.extend(named.filter(|named| named != module && !named.is_empty()));
            }
            graph.insert(module.clone(), to);
        }
        Self(graph)
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.0.len()
    }

    /// Every import: from, to.
    pub fn arrows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(from, to)| to.iter().map(move |to| (from.as_str(), to.as_str())))
    }

    /// Sets of two or more files that reach each other.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&String, BTreeSet<&String>> = self
            .0
            .keys()
            .map(|from| (from, self.reached(from)))
            .collect();
        let mut found = BTreeSet::new();
        for (from, reached) in &reach {
            let mutual = reached
                .iter()
                .filter(|to| reach.get(**to).is_some_and(|back| back.contains(from)));
            let circle: BTreeSet<String> = mutual
                .map(|to| (**to).clone())
                .chain([(*from).clone()])
                .collect();
            if circle.len() > 1 {
                found.insert(circle.into_iter().collect::<Vec<_>>());
            }
        }
        found.into_iter().collect()
    }

    fn reached<'a>(&'a self, from: &String) -> BTreeSet<&'a String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = self.0.get(from).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(self.0.get(next).into_iter().flatten());
            }
        }
        reached
    }
}

/// Every Rust source of the crates' `src` folders, tests left out of its text.
pub fn sources() -> Vec<File> {
    let found = files().into_iter().filter(|file| {
        file.path.starts_with("crates/")
            && file.path.contains("/src/")
            && file.path.ends_with(".rs")
    });
    let untested =
        found.filter(|file| !file.path.contains("/tests/") && !file.path.ends_with("/tests.rs"));
    untested
        .map(|file| File {
            text: without_tests(&file.text),
            ..file
        })
        .collect()
}

/// Whether a source uses an external crate.
pub fn names_crate(file: &File, name: &str) -> bool {
    let code = file
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let starts = |line: &str, at: usize| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | ':' | '.' | '"'))
            || line[..at].ends_with(" ::")
    };
    code.into_iter().any(|line| {
        line.match_indices(&format!("{name}::"))
            .any(|(at, _)| starts(line, at))
            || line.trim() == format!("use {name};")
    })
}

/// The dependencies that a crate of ours declares for its code.
///
/// # Panics
/// Its manifest can't be read.
pub fn dependencies(name: &str) -> Vec<String> {
    let path = root().join("crates").join(name).join("Cargo.toml");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let section = text
        .split("\n[")
        .find(|section| section.starts_with("dependencies]"))
        .unwrap_or_default();
    let named = section
        .lines()
        .skip(1)
        .filter_map(|line| line.split(['.', ' ', '=']).next());
    named
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `launch/mod` and `launch` are `launch`; `lib` and `main` are the root.
fn module_of(file: &str) -> String {
    let file = file.strip_suffix("/mod").unwrap_or(file);
    match file {
        "lib" | "main" => String::new(),
        file => file.replace('/', "::"),
    }
}

/// The text without comments' lines and without what stands under `#[cfg(test)]`.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut skipping = false;
    for line in text.lines() {
        if line.starts_with("#[cfg(test)]") {
            skipping = true;
        }
        if !skipping && !line.trim_start().starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
        // A test module ends with its brace in the first column, a single item with its semicolon.
        if skipping && (line == "}" || (!line.starts_with([' ', '#']) && line.ends_with(';'))) {
            skipping = false;
        }
    }
    kept
}

/// Paths that begin with `crate`, `super` or `self`, groups taken apart.
fn paths(text: &str) -> Vec<Vec<String>> {
    let text = without_tests(text);
    let mut found = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':')) {
                continue;
            }
            spread(&text[at..], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Reads one path or tree of paths, and gives what follows it.
fn spread<'t>(
    mut text: &'t str,
    prefix: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> &'t str {
    let depth = prefix.len();
    loop {
        text = text.trim_start();
        if let Some(group) = text.strip_prefix('{') {
            text = group;
            loop {
                text = text.trim_start();
                if let Some(rest) = text.strip_prefix('}') {
                    text = rest;
                    break;
                }
                let rest = spread(text, prefix, found);
                let rest = rest.trim_start();
                let rest = rest.strip_prefix(',').unwrap_or(rest);
                if rest.len() == text.len() || rest.is_empty() {
                    text = rest;
                    break;
                }
                text = rest;
            }
            break;
        }
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        if end == 0 {
            text = text.strip_prefix('*').unwrap_or(text);
            found.push(prefix.clone());
            break;
        }
        if &text[..end] != "self" || prefix.is_empty() {
            prefix.push(text[..end].to_owned());
        }
        text = &text[end..];
        let Some(rest) = text.strip_prefix("::") else {
            found.push(prefix.clone());
            let renamed = text.trim_start().strip_prefix("as ");
            if let Some(rest) = renamed {
                let rest = rest.trim_start();
                text = &rest[rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len())..];
            }
            break;
        };
        text = rest;
    }
    prefix.truncate(depth);
    text
}

/// The module that a path leads into: the longest known one.
fn home(modules: &BTreeSet<String>, from: &str, path: &[String]) -> Option<String> {
    let mut at: Vec<&str> = match path.first()?.as_str() {
        "crate" => Vec::new(),
        _ => from.split("::").filter(|part| !part.is_empty()).collect(),
    };
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        match first.as_str() {
            "crate" | "self" => {}
            "super" => drop(at.pop()),
            _ => break,
        }
        rest = others;
    }
    let base = at.len();
    at.extend(rest.iter().map(String::as_str));
    while at.len() >= base.min(1) {
        let name = at.join("::");
        if modules.contains(&name) {
            return Some(name);
        }
        at.pop()?;
    }
    None
}
