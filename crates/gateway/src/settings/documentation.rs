//! Keeps docs/settings.md in line with the code: the first table is generated from [`SETTINGS`];
//! the second is compared with the tool's settings, member by member and default by default, and so
//! is the sentence about the store with its limits.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::installation::SETTINGS;
use super::tool::ToolSettings;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/settings.md");
const UPDATE: &str = "UPDATE_DOCS=1 cargo test -p gateway --lib settings::documentation";

/// The rows of a table, found by its first column's header, and their position.
fn table<'t>(text: &'t str, first_column: &str) -> (usize, &'t str) {
    let header = text.find(&format!("\n| {first_column} |")).unwrap() + 1;
    let rows = text[header..].match_indices('\n').nth(1).unwrap().0 + header + 1;
    let end = text[rows..].find("\n\n").unwrap() + rows + 1;
    (rows, &text[rows..end])
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable that rewrites the documentation"
)]
fn the_documentation_lists_every_installation_setting_as_it_is() {
    let text = std::fs::read_to_string(FILE).unwrap();
    let (start, written) = table(&text, "key");
    let rows: String = SETTINGS.iter().map(|one| one.row() + "\n").collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let end = start + written.len();
        std::fs::write(FILE, [&text[..start], &rows, &text[end..]].concat()).unwrap();
        return;
    }
    assert!(
        written == rows,
        "docs/settings.md is out of date. Write it with: {UPDATE}"
    );
}

#[test]
fn the_documentation_says_how_long_the_store_may_take() {
    let text = std::fs::read_to_string(FILE).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    let store::Limits {
        lock,
        statement,
        request,
    } = store::Limits::default();
    let [lock, statement, request] = [lock, statement, request].map(|limit| limit.as_secs_f64());
    let sentence = format!(
        "A request waits for the store for {request} s in all. On PostgreSQL each connection gets `lock_timeout` {lock} s, \
         `statement_timeout` {statement} s and"
    );
    assert!(words.join(" ").contains(&sentence), "{sentence}");
}

/// Every member of the tool's settings with its path; free-form objects and lists are a single
/// member.
fn members(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            for (name, value) in inner {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                members(&path, value, found);
            }
        }
        _ => drop(found.insert(path.to_owned(), value.clone())),
    }
}

/// Defaults that are described rather than quoted.
const DESCRIBED: [&str; 3] = ["deepLinkingUrl", "messages", "studyreel.issuers"];

#[test]
fn the_documentation_lists_every_tool_setting_and_no_other() {
    let text = std::fs::read_to_string(FILE).unwrap();
    let (_, rows) = table(&text, "member");
    let documented: BTreeMap<String, String> = rows
        .lines()
        .map(|row| {
            let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
            let member = cells.next().unwrap().trim_matches('`').to_owned();
            (member, cells.next().unwrap().to_owned())
        })
        .collect();
    let mut all = BTreeMap::new();
    let defaults = serde_json::to_value(ToolSettings::default()).unwrap();
    members("", &defaults, &mut all);
    for (name, value) in &all {
        let default = documented.get(name);
        let default = default.unwrap_or_else(|| panic!("{name} is not in docs/settings.md"));
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert!(
            DESCRIBED.contains(&name.as_str()) || *default == format!("`{value}`"),
            "the default of {name} is {value}, not {default}"
        );
    }
    for (name, default) in &documented {
        // A member that doesn't exist is refused as unknown; a wrong value is refused for another
        // reason.
        let patch = name
            .rsplit('.')
            .fold(json!([[]]), |value, part| json!({part: value}));
        let error = ToolSettings::default()
            .patched(patch.as_object().unwrap())
            .err()
            .map(|problems| problems.to_string())
            .unwrap_or_default();
        assert!(
            !error.contains("is not a known name"),
            "docs/settings.md names {name}: {error}"
        );
        let is_unset = !all.contains_key(name);
        assert!(
            !is_unset || default == "none" || default == "`{}`" || name == "deepLinkingUrl",
            "{name} has no default, but the documentation says {default}"
        );
    }
}
