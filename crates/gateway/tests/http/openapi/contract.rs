//! The document that the service makes of itself, as a contract: every answer of a documented
//! address that a test gets is held against it, and every address of `/api` and `/admin` must be
//! documented.

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};
use simulator::browser::Page;

/// Compiled schemas by JSON text; a schema is compiled once in the program.
static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> =
    LazyLock::new(Mutex::default);

/// The document's types, closed: no answer may have a member that they don't name.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let schemas = &gateway::openapi::document()["components"]["schemas"];
    let mut closed = schemas.clone();
    close(&mut closed);
    json!({"schemas": closed, "open": schemas})
});

/// An operation of the document.
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) body: &'static Value,
}

/// Panics with operation and member if an answer isn't as the document says.
pub(crate) fn hold(method: &str, url: &str, answer: &Page) {
    let path = path_of(url);
    let held = match is_api(&path) {
        true => check(method, &path, answer),
        false => check_of_others(method, &path, answer),
    };
    if let Err(problem) = held {
        panic!(
            "{method} {path} answered {} and broke openapi.json: {problem}\n{}",
            answer.status,
            answer.text()
        );
    }
}

/// Whether it is an address for programs with an API key: there everything is documented, and every
/// error has its code.
pub(crate) fn is_api(path: &str) -> bool {
    ["/api/", "/admin/"].iter().any(|root| path.starts_with(root))
}

/// What platforms, browsers and load balancers call. Other pages and methods are there as well, and
/// at a host that is no tool's there is nothing at any address.
fn check_of_others(method: &str, path: &str, answer: &Page) -> Result<(), String> {
    let operation = item_of(path).and_then(|item| operation_of(item, method));
    let Some(operation) = operation else {
        return Ok(());
    };
    let Some(told) = told_of(&operation, answer.status).next() else {
        return match answer.status {
            404 => Ok(()),
            _ => Err(format!("{} has no such status", operation.name)),
        };
    };
    let Some(content) = told.get("content") else {
        return match answer.text().is_empty() || (300..400).contains(&answer.status) {
            true => Ok(()),
            false => Err(format!("{} answers this status without a body", operation.name)),
        };
    };
    let media_type = answer.header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default();
    let content = content.get(media_type);
    let content = content.ok_or_else(|| format!("{} answers no {media_type}", operation.name))?;
    match media_type {
        "application/json" => fits(&content["schema"], &body_of(answer)?),
        _ => Ok(()),
    }
}

/// What the document says of a status: by its number, then by its range.
fn told_of(operation: &Operation, status: u16) -> impl Iterator<Item = &'static Value> {
    let responses = &operation.body["responses"];
    let exact = responses.get(status.to_string());
    let range = responses.get(format!("{}XX", status / 100));
    exact.into_iter().chain(range)
}

/// A path as the service reads it: without leading slashes too many, and without the query.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = &rest[rest.find('/').unwrap_or(rest.len())..];
    let path = path.split(['?', '#']).next().unwrap_or_default();
    format!("/{}", path.trim_start_matches('/').trim_end_matches('/'))
}

fn check(method: &str, path: &str, answer: &Page) -> Result<(), String> {
    let error = json!({"$ref": "#/components/schemas/Error"});
    let Some(item) = item_of(path) else {
        return match answer.status {
            404 => fits(&error, &body_of(answer)?),
            _ => Err("the document has no such address".into()),
        };
    };
    let Some(operation) = operation_of(item, method) else {
        return match (method, answer.status) {
            // The same as GET, without the body.
            ("HEAD", _) => Ok(()),
            (_, 405) => fits(&error, &body_of(answer)?),
            _ => Err("the document has no such operation".into()),
        };
    };
    let name = &operation.name;
    let told = told_of(&operation, answer.status).next();
    let told = told.ok_or_else(|| format!("{name} has no such status"))?;
    let Some(content) = told.get("content") else {
        return match answer.text().is_empty() {
            true => Ok(()),
            false => Err(format!("{name} answers this status without a body")),
        };
    };
    let sent = answer.header("content-type").unwrap_or_default();
    if sent != "application/json" && content.get(sent).is_some() {
        // A file, of which the document says no more.
        return Ok(());
    }
    let body = body_of(answer)?;
    let schema = &content["application/json"]["schema"];
    fits(schema, &body).map_err(|problem| format!("{name}, {problem}"))?;
    if answer.status < 400 {
        return Ok(());
    }
    let code = body["details"]["message"].as_str().unwrap_or_default();
    let mut lists = told_of(&operation, answer.status).map(|told| &told["description"]);
    let quoted = format!("`{code}`");
    if lists.any(|codes| codes.as_str().is_some_and(|codes| codes.contains(&quoted))) {
        Ok(())
    } else {
        Err(format!("{name} has no code {code} at this status"))
    }
}

fn body_of(answer: &Page) -> Result<Value, String> {
    match answer.header("content-type") {
        Some("application/json") => answer.json().map_err(|error| error.to_string()),
        other => Err(format!("the body is {other:?}, not JSON")),
    }
}

/// The path item of a path; a name in it counts before a parameter.
fn item_of(path: &str) -> Option<&'static Value> {
    let paths = gateway::openapi::document()["paths"].as_object()?;
    let fits = |template: &str| {
        let mut parts = path.split('/');
        let fits = template.split('/').all(|wanted| {
            let part = parts.next();
            part == Some(wanted) || (wanted.starts_with('{') && part.is_some_and(|p| !p.is_empty()))
        });
        fits && parts.next().is_none()
    };
    let fitting = paths.iter().filter(|(template, _)| fits(template));
    let best = fitting.min_by_key(|(template, _)| template.matches('{').count());
    best.map(|(_, item)| item)
}

fn operation_of(item: &'static Value, method: &str) -> Option<Operation> {
    let body = item.get(method.to_lowercase())?;
    let name = body["operationId"].as_str()?.to_owned();
    Some(Operation { name, body })
}

/// Every operation with its method and path.
pub(crate) fn operations() -> Vec<(String, String, Operation)> {
    let paths = gateway::openapi::document()["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| {
            let operation = operation_of(item, method).unwrap();
            (method.to_uppercase(), path.clone(), operation)
        })
    });
    all.collect()
}

/// Holds a value against a schema of the document.
pub(crate) fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    let validator = validator(schema);
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("member {}: {error}", error.instance_path()))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

fn validator(schema: &Value) -> &'static Validator {
    let mut known = VALIDATORS.lock().unwrap();
    known.entry(schema.to_string()).or_insert_with(|| {
        let mut closed = schema.clone();
        close(&mut closed);
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "components": &*CLOSED,
            "allOf": [closed],
        });
        Box::leak(Box::new(jsonschema::validator_for(&whole).unwrap()))
    })
}

/// Closes every object whose members are named, unless it says that it has others. Parts of one
/// object stay open, or each would refuse the members of the others.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(parts) = members.get_mut("allOf").and_then(Value::as_array_mut) {
                for part in parts {
                    if let Some(name) = part["$ref"].as_str() {
                        part["$ref"] = name.replace("/schemas/", "/open/").into();
                    }
                }
                members.insert("unevaluatedProperties".into(), false.into());
                return;
            }
            let names_members = members.get("properties").is_some_and(Value::is_object);
            if names_members && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".into(), false.into());
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Parameters in braces, in their order.
pub(crate) fn parameters_in(path: &str) -> BTreeSet<String> {
    let parts = path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.to_owned())
    });
    parts.collect()
}
