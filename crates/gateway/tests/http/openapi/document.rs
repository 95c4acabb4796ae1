//! The document itself: pinned, valid, complete, and true in its examples.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::contract::{fits, operations, parameters_in};
use crate::declared::{self, DeclaredRoutes};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_document_is_the_pinned_one() {
    let text = gateway::openapi::document_text();
    let pinned = std::fs::read_to_string(Path::new(ROOT).join("openapi.json")).unwrap_or_default();
    if pinned != text {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        std::fs::write(&new, text).unwrap();
        panic!(
            "crates/gateway/openapi.json is not what the code says. If the change is meant, renew it with\n    \
             cp {} {ROOT}/openapi.json\nand look at the difference: applications read it.",
            new.display()
        );
    }
}

#[test]
fn the_document_is_valid_openapi_3_1() {
    let schema = include_str!("../../data/openapi-3.1.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(gateway::openapi::document())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(problems, [""; 0]);
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| collect(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let document = gateway::openapi::document();
    let mut found = BTreeSet::new();
    collect(document, &mut found);
    found.retain(|name| document.pointer(name.trim_start_matches('#')).is_none());
    assert_eq!(found, BTreeSet::new());
}

/// Applications' authors read them: they have neither our documents nor our ids of rules.
#[test]
fn no_description_cites_our_documents() {
    fn is_id(word: &str) -> bool {
        let Some((letter, number)) = word.split_once('-') else {
            return false;
        };
        let letters = letter.len() == 1 && letter.bytes().all(|b| (b'A'..=b'I').contains(&b));
        letters && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())
    }
    fn collect<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                let named = |name: &str| members.get(name).and_then(Value::as_str);
                found.extend(["description", "summary"].into_iter().filter_map(named));
                members.values().for_each(|member| collect(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    collect(gateway::openapi::document(), &mut texts);
    assert!(texts.len() > 300, "only {} descriptions were found", texts.len());
    texts.retain(|text| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        text.contains(".md") || text.contains('§') || words.any(is_id)
    });
    assert_eq!(texts, [""; 0]);
}

#[test]
fn every_operation_is_described() {
    let tags = gateway::openapi::document()["tags"].as_array().unwrap();
    let tags: Vec<&str> = tags.iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        let (name, body) = (&operation.name, operation.body);
        assert!(names.insert(name.clone()), "two operations are called {name}");
        let summary = body["summary"].as_str().unwrap_or_default();
        assert!((3..=80).contains(&summary.len()), "{name}: summary {summary:?}");
        assert!(tags.contains(&body["tags"][0].as_str().unwrap()), "{name}: no such tag");
        let is_secured = body.get("security").is_some();
        let is_api = path.starts_with("/api") || path.starts_with("/admin");
        assert_eq!(is_secured, is_api, "{method} {path}");
        let listed = body["parameters"].as_array().into_iter().flatten();
        let in_path = listed.filter(|parameter| parameter["in"] == "path");
        let named: BTreeSet<String> =
            in_path.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(named, parameters_in(&path), "{name}");
    }
}

#[test]
fn descriptions_are_for_readers_of_the_api() {
    fn look(value: &Value, at: &str) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if let (true, Some(text)) = (name == "description", member.as_str()) {
                        assert!(!text.contains("[`"), "{at} links into the code: {text}");
                        assert_eq!(text.matches('`').count() % 2, 0, "{at}: {text}");
                    }
                    look(member, &format!("{at}/{name}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| look(item, at)),
            _ => {}
        }
    }
    let document = gateway::openapi::document();
    look(document, "");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema.get("description").is_some(), "{name} has no description");
    }
}

#[test]
fn every_operation_has_an_example_that_is_true() {
    for (_, path, operation) in operations() {
        let (name, body) = (&operation.name, operation.body);
        if let Some(content) = body["requestBody"]["content"].get("application/json") {
            let example = content.get("example").unwrap_or_else(|| panic!("{name}: no request"));
            fits(&content["schema"], example)
                .unwrap_or_else(|problem| panic!("{name}: the request's {problem}"));
        }
        for (status, answer) in body["responses"].as_object().unwrap() {
            let content = answer["content"].get("application/json");
            let (true, Some(content)) = (status.starts_with('2'), content) else {
                continue;
            };
            let example = content.get("example").unwrap_or_else(|| panic!("{name}: no answer"));
            fits(&content["schema"], example)
                .unwrap_or_else(|problem| panic!("{name}: the answer's {problem}"));
        }
        let command = body["x-codeSamples"][0]["source"].as_str().unwrap();
        assert!(
            parameters_in(&path).is_empty() || !command.contains("{id}"),
            "{name}: the example has no path"
        );
    }
}

#[test]
fn the_example_of_an_error_is_true() {
    let errors = &gateway::openapi::document()["components"]["schemas"]["Error"];
    let examples = errors["examples"].as_array().unwrap();
    assert!(!examples.is_empty());
    for example in examples {
        fits(&json!({"$ref": "#/components/schemas/Error"}), example).unwrap();
    }
}

/// The routes of the API, with their methods.
fn routes() -> DeclaredRoutes {
    let mut found = declared::routes();
    found.retain(|path, _| path.starts_with("/api/") || path.starts_with("/admin/"));
    // One route takes every way of writing an id, with and without `/scores` or `/handle` behind
    // it.
    let methods = found.remove("/api/lineitems/{*id}").unwrap();
    let some = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned());
        names.filter(|name| methods.contains(name)).collect()
    };
    found.insert("/api/lineitems/{id}".to_owned(), some(&["GET", "PUT", "DELETE"]));
    found.insert("/api/lineitems/{id}/scores".to_owned(), some(&["GET", "POST"]));
    found.insert("/api/lineitems/{id}/handle".to_owned(), some(&["PUT"]));
    found
}

#[test]
fn routes_and_document_name_the_same_operations() {
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (method, path, _) in operations() {
        documented.entry(path).or_default().insert(method);
    }
    documented.retain(|path, _| path.starts_with("/api/") || path.starts_with("/admin/"));
    assert_eq!(routes(), documented);
}
