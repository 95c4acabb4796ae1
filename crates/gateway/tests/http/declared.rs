//! Every route that the sources declare. Reading them is enough: routes are written in one manner.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// An id that nothing has.
pub(crate) const NOWHERE: &str = "00000000000000000000";

/// Methods by path, as the router has it.
pub(crate) type DeclaredRoutes = BTreeMap<String, BTreeSet<String>>;

/// All of them.
pub(crate) fn routes() -> DeclaredRoutes {
    let mut found = BTreeMap::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

/// A path with an id in each place.
pub(crate) fn address(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { NOWHERE } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Reads every source below a folder.
fn read(folder: &Path, found: &mut DeclaredRoutes) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            collect(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

/// Adds the routes that a source declares.
fn collect(source: &str, found: &mut DeclaredRoutes) {
    let source = source.split("#[cfg(test)]").next().unwrap();
    for call in source.split(".route(").skip(1) {
        let mut depth = 1;
        let end = call.find(|sign| {
            depth += match sign {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        let call = &call[..end.unwrap()];
        if call.starts_with("path,") {
            continue; // a router of ours that passes its routes on
        }
        let path = if call.trim_start().starts_with("prefix") {
            "{prefix}"
        } else {
            call.split('"').nth(1).unwrap()
        };
        let methods = ["get", "put", "post", "patch", "delete"];
        let methods = methods.into_iter().filter(|method| {
            let word = format!("{method}(");
            call.match_indices(&word).any(|(at, _)| {
                !call[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_')
            })
        });
        let methods: BTreeSet<String> = methods.map(str::to_uppercase).collect();
        let path = path.replace("{{", "{").replace("}}", "}");
        let paths = match path.strip_prefix("{prefix}") {
            Some(rest) => {
                vec![format!("/admin/platforms{rest}"), format!("/api/platforms{rest}")]
            }
            None => vec![path],
        };
        for path in paths {
            found.entry(path).or_default().extend(methods.iter().cloned());
        }
    }
}
