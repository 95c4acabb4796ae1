//! Who imports whom, read from the sources: `use` lines and paths in code, tests left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{File, files, root};

/// What modules hand on with `pub use`: a module and a name in it, and the module and the name that
/// it stands for.
type HandedOn = BTreeMap<(String, String), (String, String)>;

/// Modules of one crate (a file each), and which names which. What a module hands on from another
/// is the other's. The crate's root is the empty name.
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
        let handed_on = handed_on(sources, &modules);
        let mut graph = BTreeMap::new();
        for (module, text) in sources {
            let mut to = BTreeSet::new();
            let children = children(&modules, module);
            for path in paths(text).into_iter().chain(paths_into(text, &children)) {
                let named = home(&modules, module, &path).map(|place| origin(&handed_on, place));
                // A parent that declares its children, or a child that names its parent's folder,
                // is found by real names only.
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

    /// Whether there is such a file, or a folder of that name.
    pub fn has(&self, module: &str) -> bool {
        self.0.contains_key(module)
    }

    /// Sets of two or more files that reach each other, families left out.
    ///
    /// A family is a module with its own children. The parent declares them, hands out what they
    /// have and may use it; they may use what stands in the parent. They are written, read and
    /// moved together, so there is nothing to open. Children that reach each other without their
    /// parent are a circle, as are files of two families.
    pub fn circles(&self) -> Vec<Vec<String>> {
        self.circles_among(&self.0.keys().collect())
    }

    fn circles_among(&self, among: &BTreeSet<&String>) -> Vec<Vec<String>> {
        let reach: BTreeMap<&String, BTreeSet<&String>> = among
            .iter()
            .map(|from| (*from, self.reached(from, among)))
            .collect();
        let mut knots = BTreeSet::new();
        for (from, reached) in &reach {
            let mutual = reached
                .iter()
                .filter(|to| reach.get(**to).is_some_and(|back| back.contains(from)));
            let knot: BTreeSet<&String> = mutual.chain([from]).copied().collect();
            if knot.len() > 1 {
                knots.insert(knot);
            }
        }
        let mut found = Vec::new();
        for knot in knots {
            // A parent's name is the beginning of its children's, so it sorts before them.
            let parent = knot.first().map(|first| format!("{first}::"));
            let children: BTreeSet<&String> = knot.iter().skip(1).copied().collect();
            let is_family = parent
                .is_some_and(|parent| children.iter().all(|child| child.starts_with(&parent)));
            if is_family {
                found.extend(self.circles_among(&children));
            } else {
                found.push(knot.into_iter().cloned().collect());
            }
        }
        found
    }

    fn reached<'a>(&'a self, from: &String, among: &BTreeSet<&String>) -> BTreeSet<&'a String> {
        let next_of = |from: &String| self.0.get(from).into_iter().flatten();
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = next_of(from).filter(|to| among.contains(to)).collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(next_of(next).filter(|to| among.contains(to)));
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

/// The crates of the workspace, by the names of their folders.
///
/// # Panics
/// The workspace's manifest can't be read.
pub fn members() -> Vec<String> {
    let text =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    let members = text.lines().find(|line| line.starts_with("members = "));
    let quoted = members.unwrap_or_default().split('"').skip(1).step_by(2);
    quoted
        .filter_map(|path| path.strip_prefix("crates/"))
        .map(str::to_owned)
        .collect()
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

/// The text without comments' lines and without what stands under `#[cfg(test)]`; these lines are
/// left empty, so that the others keep their numbers.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut skipping = false;
    for line in text.lines() {
        if line.starts_with("#[cfg(test)]") {
            skipping = true;
        }
        if !skipping && !line.trim_start().starts_with("//") {
            kept.push_str(line);
        }
        kept.push('\n');
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

/// The names of the modules that `module` declares.
fn children<'m>(modules: &'m BTreeSet<String>, module: &str) -> Vec<&'m str> {
    let inner = modules.iter().filter_map(|other| {
        let rest = other.strip_prefix(module)?;
        let rest = if module.is_empty() {
            rest
        } else {
            rest.strip_prefix("::")?
        };
        (!rest.is_empty() && !rest.contains("::")).then_some(rest)
    });
    inner.collect()
}

/// Paths that begin with the name of a child: `use child::Thing`, `child::function()`. They come
/// back with `self` in front.
fn paths_into(text: &str, children: &[&str]) -> Vec<Vec<String>> {
    let text = without_tests(text);
    let mut found = Vec::new();
    for child in children {
        for (at, _) in text.match_indices(&format!("{child}::")) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '"')) {
                continue;
            }
            spread(&text[at..], &mut vec!["self".to_owned()], &mut found);
        }
    }
    found
}

/// What the modules hand on. A name that is handed on under another one is left out.
fn handed_on(sources: &[(String, &str)], modules: &BTreeSet<String>) -> HandedOn {
    let mut handed_on = HandedOn::new();
    for (module, text) in sources {
        let children = children(modules, module);
        for statement in public_uses(text) {
            let paths = paths(statement).into_iter();
            for path in paths.chain(paths_into(statement, &children)) {
                let place = home(modules, module, &path).filter(|(home, _)| home != module);
                if let (Some(name), Some(place)) = (path.last(), place) {
                    handed_on.insert((module.clone(), name.clone()), place);
                }
            }
        }
    }
    handed_on
}

/// What stands between `pub use`, or `pub(…) use`, and its semicolon.
fn public_uses(text: &str) -> impl Iterator<Item = &str> {
    let uses = text.match_indices("pub").filter_map(move |(at, word)| {
        let rest = &text[at + word.len()..];
        let rest = match rest.strip_prefix('(') {
            Some(limited) => limited.split_once(')')?.1,
            None => rest,
        };
        rest.strip_prefix(" use ")
    });
    uses.filter_map(|rest| rest.split_once(';').map(|(statement, _)| statement))
}

/// The module that a name comes from, however often it is handed on.
fn origin(handed_on: &HandedOn, mut place: (String, String)) -> String {
    // Chains are short, and one without an end doesn't compile.
    for _ in 0..8 {
        let Some(next) = handed_on.get(&place) else {
            break;
        };
        place.clone_from(next);
    }
    place.0
}

/// The module that a path leads into, the longest known one, and the name in it; the name is empty
/// if the path is the module's.
fn home(modules: &BTreeSet<String>, from: &str, path: &[String]) -> Option<(String, String)> {
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
    let mut name = "";
    while at.len() >= base.min(1) {
        let module = at.join("::");
        if modules.contains(&module) {
            return Some((module, name.to_owned()));
        }
        name = at.pop()?;
    }
    None
}
