//! Which cases of the specification have a test, over the whole workspace.
//!
//! `snapshots/cases__covered.snap` lists them. After adding or renaming a test, update it:
//!
//! ```text
//! INSTA_UPDATE=always cargo test -p test-case
//! ```
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemFn, LitStr, Meta, Token};

/// How many cases were covered when they were last counted. May only grow.
const AT_LEAST: usize = 559;

/// Cases that need a test over HTTP on both stores: logins, platform errors, launches, their
/// claims, platform storage, key sets, rotation on both sides, traces, an absent store, the
/// browser, garbage.
const ON_BOTH_STORES: [std::ops::RangeInclusive<u16>; 3] = [1..=181, 245..=263, 336..=341];

/// Exceptions: what a real browser's page does never reaches the store.
const ON_ONE_STORE: [u16; 7] = [166, 170, 171, 172, 173, 174, 181];

const LONGEST_NAME: usize = 60;

/// How many cases one test may name (decision 0315).
const MOST_IDS: usize = 4;

struct Test {
    /// As in `gateway/tests/http/login.rs`.
    file: String,
    name: String,
    ids: Vec<String>,
    both_stores: bool,
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut files(&path, kind));
        } else if path.extension().is_some_and(|extension| extension == kind) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every test of the workspace, with or without a case.
static TESTS: LazyLock<Vec<Test>> = LazyLock::new(|| {
    let root = crates();
    let mut tests = Vec::new();
    for path in files(&root, "rs") {
        let parsed = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = path.strip_prefix(&root).unwrap().display().to_string();
        collect(&file, &parsed.items, &mut tests);
    }
    tests
});

fn collect(file: &str, items: &[Item], tests: &mut Vec<Test>) {
    for item in items {
        match item {
            Item::Fn(function) => tests.extend(read(file, function)),
            Item::Mod(module) => {
                let inner = module.content.as_ref();
                collect(file, inner.map_or(&[], |(_, items)| items), tests);
            }
            _ => {}
        }
    }
}

fn read(file: &str, function: &ItemFn) -> Option<Test> {
    let named = |name: &str| {
        let ends_in = |attribute: &&Attribute| {
            let last = attribute.path().segments.last();
            last.is_some_and(|last| last.ident == name)
        };
        function.attrs.iter().find(ends_in)
    };
    let both = named("both_stores");
    named("test").or(both)?;
    Some(Test {
        file: file.to_owned(),
        name: function.sig.ident.to_string(),
        ids: both.or(named("cases")).map(ids).unwrap_or_default(),
        both_stores: both.is_some(),
    })
}

fn ids(attribute: &Attribute) -> Vec<String> {
    let Meta::List(list) = &attribute.meta else {
        return Vec::new();
    };
    let parsed = list.parse_args_with(Punctuated::<LitStr, Token![,]>::parse_terminated);
    parsed.unwrap().iter().map(LitStr::value).collect()
}

#[test]
fn the_list_of_covered_cases_is_current() {
    let mut covered: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for test in &*TESTS {
        let stores = if test.both_stores {
            " (both stores)"
        } else {
            ""
        };
        for id in &test.ids {
            // Without the file, so that moving a test changes nothing here.
            let package = test.file.split('/').next().unwrap();
            let line = format!("{package}: {}{stores}", test.name);
            covered.entry(id).or_default().insert(line);
        }
    }
    let mut list = String::new();
    for (id, tests) in &covered {
        writeln!(list, "{id}").unwrap();
        for test in tests {
            writeln!(list, "    {test}").unwrap();
        }
    }
    insta::assert_snapshot!("covered", list);
    assert!(
        covered.len() >= AT_LEAST,
        "{} cases are covered, and {AT_LEAST} were: which one lost its test?",
        covered.len()
    );
}

#[test]
fn every_claimed_case_has_a_test_on_both_stores() {
    let mut covered: BTreeMap<&str, bool> = BTreeMap::new();
    for test in &*TESTS {
        if test.file.starts_with("gateway/tests/http/") {
            for id in &test.ids {
                *covered.entry(id).or_default() |= test.both_stores;
            }
        }
    }
    let launches = ON_BOTH_STORES.into_iter().flatten();
    let launches =
        launches.map(|number| (format!("TC-{number:03}"), ON_ONE_STORE.contains(&number)));
    let studyreel = (1..=76).map(|number| (format!("STUDYREEL-{number:02}"), false));
    let missing: Vec<String> = launches
        .chain(studyreel)
        .filter(|(id, one_will_do)| covered.get(&**id).is_none_or(|both| !both && !one_will_do))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(missing, [""; 0], "no test on both stores covers these");
}

#[test]
fn names_of_tests_are_short() {
    let long: Vec<String> = TESTS
        .iter()
        .filter(|test| test.name.len() > LONGEST_NAME)
        .map(|test| format!("{} {}", test.file, test.name))
        .collect();
    assert_eq!(long, [""; 0], "longer than {LONGEST_NAME} characters");
}

#[test]
fn a_test_names_few_cases() {
    let many: Vec<String> = TESTS
        .iter()
        .filter(|test| test.ids.len() > MOST_IDS)
        .map(|test| format!("{} {}: {}", test.file, test.name, test.ids.join(" ")))
        .collect();
    assert_eq!(
        many, [""; 0],
        "more than {MOST_IDS} cases: make several tests of each"
    );
}

/// Removing a snapshot test means removing its snapshot.
#[test]
fn every_snapshot_belongs_to_a_test() {
    let root = crates();
    let sources: String = files(&root, "rs")
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let unreferenced: Vec<String> = files(&root, "snap")
        .into_iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|stem| {
            let name = stem.rsplit("__").next().unwrap();
            !sources.contains(&format!("assert_snapshot!(\"{name}\""))
        })
        .collect();
    assert_eq!(unreferenced, [""; 0], "no test asserts these");
}
