//! A type's name is used once in a crate (decision 0212), and the gateway doesn't take the names of
//! what it imports (decision 0490): who reads `Facts` needn't ask whose.

use std::collections::BTreeMap;

use house::File;
use house::imports::{members, sources};

/// Where a type is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Definition {
    path: String,
    line: usize,
    is_public: bool,
    /// Under a `#[cfg(…)]`: a file may define it once more, for another system.
    is_conditional: bool,
}

/// The types that a source defines, by their names: structs, enums, unions, traits and aliases,
/// wherever they stand. Types that traits are given (`type Error = …`) are none.
fn definitions(file: &File) -> Vec<(&str, Definition)> {
    let mut found = Vec::new();
    let mut is_conditional = false;
    for (index, line) in file.text.lines().enumerate() {
        if let Some(name) = defined_by(line) {
            let definition = Definition {
                path: file.path.clone(),
                line: index + 1,
                is_public: line.trim_start().starts_with("pub "),
                is_conditional,
            };
            found.push((name, definition));
        }
        let is_attribute = line.trim_start().starts_with("#[");
        is_conditional = line.starts_with("#[cfg(") || is_attribute && is_conditional;
    }
    found
}

/// The name of the type that a line begins to define.
fn defined_by(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let code = match code.strip_prefix("pub") {
        Some(public) if public.starts_with('(') => public.split_once(')')?.1.trim_start(),
        Some(public) if public.starts_with(' ') => public.trim_start(),
        _ => code,
    };
    let (keyword, rest) = code.split_once(' ')?;
    let is_type = match keyword {
        "struct" | "enum" | "union" | "trait" => true,
        "type" => !line.starts_with(' '),
        _ => false,
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let name = &rest[..end.unwrap_or(rest.len())];
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase());
    (is_type && is_name).then_some(name)
}

/// What is wrong with the names of one crate: each with all its places.
fn repeated<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let mut by_name: BTreeMap<&str, Vec<Definition>> = BTreeMap::new();
    for (name, definition) in files.flat_map(definitions) {
        by_name.entry(name).or_default().push(definition);
    }
    let wrong = by_name.into_iter().filter(|(_, all)| {
        let is_one_for_each_system = all
            .iter()
            .all(|one| one.is_conditional && one.path == all[0].path);
        all.len() > 1 && !is_one_for_each_system
    });
    let told = wrong.map(|(name, all)| {
        let places = all.iter().map(|one| format!("{}:{}", one.path, one.line));
        format!("{name}: {}", places.collect::<Vec<_>>().join(", "))
    });
    told.collect()
}

/// Public names of `below` that a type of `above` has as well, each with both places.
fn taken<'a>(
    above: impl Iterator<Item = &'a File>,
    below: impl Iterator<Item = &'a File>,
) -> Vec<String> {
    let public = below
        .flat_map(definitions)
        .filter(|(_, definition)| definition.is_public);
    let public: BTreeMap<&str, Definition> = public.collect();
    let mut wrong = Vec::new();
    for (name, here) in above.flat_map(definitions) {
        if let Some(there) = public.get(name) {
            wrong.push(format!(
                "{name}: {}:{}, {}:{}",
                here.path, here.line, there.path, there.line
            ));
        }
    }
    wrong
}

#[test]
fn the_gateway_takes_no_names_of_what_it_imports() {
    let sources = sources();
    let of = |names: &'static [&str]| {
        let folders = names.iter().map(|name| format!("crates/{name}/src/"));
        let folders: Vec<String> = folders.collect();
        sources
            .iter()
            .filter(move |file| folders.iter().any(|folder| file.path.starts_with(folder)))
    };
    let wrong = taken(of(&["gateway"]), of(&["lti", "studyreel", "store"]));
    assert!(
        wrong.is_empty(),
        "names of the gateway that a crate below gives to something else:\n  {}",
        wrong.join("\n  ")
    );
}

#[test]
fn a_types_name_is_used_once_in_a_crate() {
    let sources = sources();
    let number = sources.iter().flat_map(definitions).count();
    assert!(number > 900, "only {number} types were found");
    let mut wrong = Vec::new();
    for name in members() {
        let folder = format!("crates/{name}/src/");
        wrong.extend(repeated(
            sources.iter().filter(|file| file.path.starts_with(&folder)),
        ));
    }
    assert!(
        wrong.is_empty(),
        "names that stand for several types; name each by its room:\n  {}",
        wrong.join("\n  ")
    );
}

#[test]
fn a_planted_second_type_is_found_with_both_places() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("a.rs", "\npub(crate) struct Facts<'a> {\n"),
        file(
            "b.rs",
            "fn f() {\n    enum Facts {}\n}\npub type Row = u8;\n",
        ),
        file(
            "c.rs",
            "impl A for B {\n    type Row = u8;\n}\nstructure Facts\n",
        ),
        file(
            "d.rs",
            "#[cfg(unix)]\n#[derive(Debug)]\nstruct Orders;\n\n#[cfg(windows)]\nstruct Orders;\n",
        ),
    ];
    assert_eq!(repeated(files.iter()), ["Facts: a.rs:2, b.rs:2"]);
    let elsewhere = [
        file("d.rs", "#[cfg(unix)]\nstruct Orders;\n"),
        file("e.rs", "#[cfg(windows)]\npub struct Orders;\n"),
    ];
    assert_eq!(repeated(elsewhere.iter()), ["Orders: d.rs:2, e.rs:2"]);
}

#[test]
fn a_planted_name_of_a_crate_below_is_found() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let above = file(
        "a.rs",
        "struct Vendor;\nenum Row {}\nstruct Own;\nenum Fault {}\n",
    );
    let below = file(
        "b.rs",
        "\npub enum Vendor {}\npub(crate) struct Row;\nstruct Own;\nrefusals! {\n    pub enum Fault {\n",
    );
    assert_eq!(
        taken([above].iter(), [below].iter()),
        ["Vendor: a.rs:1, b.rs:2", "Fault: a.rs:4, b.rs:6"]
    );
}
