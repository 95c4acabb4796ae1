//! The examples in `examples.json`, added where OpenAPI expects them and as commands to try.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

/// A request and its answer for each operation, by operation id.
pub(super) const EXAMPLES: &str = include_str!("../examples.json");

/// Adds the example of an operation: request and answer where OpenAPI expects them, and a command
/// to try.
pub(super) fn add_example(address: &str, operation: &mut Map<String, Value>, example: &Value) {
    let (method, template) = address.split_once(' ').unwrap_or_default();
    let path = example["path"].as_str().unwrap_or(template);
    let scheme = operation.get("security").map(|all| &all[0]);
    let mut command = format!("curl \"$HALLPASS{path}\"");
    if method != "GET" {
        let _ = write!(command, " -X {method}");
    }
    let authorization = match scheme.and_then(Value::as_object) {
        Some(scheme) if scheme.contains_key("apiKey") => Some("Bearer $API_KEY"),
        Some(scheme) if scheme.contains_key("ltik") => Some("LTIK-AUTH-V2 $API_KEY:$LTIK"),
        _ => None,
    };
    if let Some(header) = authorization {
        let _ = write!(command, " \\\n  -H \"Authorization: {header}\"");
    }
    if let Some(content) = operation
        .get_mut("requestBody")
        .and_then(|body| first_content(body))
        && let Some(request) = example.get("request")
    {
        content["example"] = request.clone();
        let text = format!("{request:#}").replace('\'', "'\\''");
        let _ = write!(command, " --json '{text}'");
    }
    if let Some(answer) = example.get("response") {
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        let success = responses.and_then(|all| {
            let mut all = all.iter_mut();
            all.find_map(|(status, response)| status.starts_with('2').then_some(response))
        });
        if let Some(content) = success.and_then(first_content) {
            content["example"] = answer.clone();
        }
    }
    operation.insert(
        "x-codeSamples".into(),
        json!([{"lang": "Shell", "source": command}]),
    );
}

fn first_content(of: &mut Value) -> Option<&mut Value> {
    of.get_mut("content")?.as_object_mut()?.values_mut().next()
}
