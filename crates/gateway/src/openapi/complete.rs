//! Adds what many operations have in common: errors that any of them may return, second addresses,
//! security schemes, and the examples in `examples.json`.

mod aliases;
mod errors;
mod examples;
mod nulls;

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use aliases::add_aliases;
use errors::{add_error_example, add_errors, add_idempotency};
use examples::{EXAMPLES, add_example};
use nulls::{leave_nulls_out, let_unknown_be_null};

/// The methods of a path item, as OpenAPI writes them.
pub(super) const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Completes the document made from the handlers.
pub(super) fn complete(handlers: &OpenApi) -> Value {
    let mut document = serde_json::to_value(handlers).unwrap_or_default();
    document["components"]["securitySchemes"] = security_schemes();
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    for (path, operation) in operations_mut(&mut document) {
        add_errors(&path, operation);
        let id = operation.get("operationId").and_then(Value::as_str);
        let example = &examples[id.unwrap_or_default()];
        add_example(&path, operation, example);
    }
    leave_nulls_out(&mut document);
    let_unknown_be_null(&mut document);
    add_aliases(&mut document);
    for (address, operation) in operations_mut(&mut document) {
        if address.starts_with("POST /api/") {
            add_idempotency(operation);
        }
    }
    add_error_example(&mut document);
    document
}

/// Every operation, as `METHOD /path`.
fn operations_mut(document: &mut Value) -> Vec<(String, &mut Map<String, Value>)> {
    let mut found = Vec::new();
    let Some(paths) = document["paths"].as_object_mut() else {
        return found;
    };
    for (path, item) in paths {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in item {
            if let (true, Some(operation)) = (
                METHODS.contains(&method.as_str()),
                operation.as_object_mut(),
            ) {
                let address = format!("{} {path}", method.to_uppercase());
                found.push((address, operation));
            }
        }
    }
    found
}

fn security_schemes() -> Value {
    json!({
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "`Authorization: Bearer <API key>`. Each operation lists the scopes of keys that it takes; `all` is one of them.",
        },
        "ltik": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: LTIK-AUTH-V2 <API key>:<ltik>`. The older spelling is taken, too: \
                `Authorization: LTIK-AUTH-V1 Token=<ltik>, Additional=Bearer <API key>`",
        },
        "serviceKey": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: SERVICE-AUTH-V1 <API key>:<service key>`, with `services.serviceKey` of a launch. It does not expire.",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_by_method_and_path_and_nothing_else_is() {
        let mut document = json!({"paths": {
            "/a": {"get": {}, "parameters": {}, "delete": {"tags": []}},
            "/b": {"post": "none"},
            "/c": [],
        }});
        let found = operations_mut(&mut document).into_iter();
        let mut found: Vec<String> = found.map(|(address, _)| address).collect();
        found.sort_unstable();
        assert_eq!(found, ["DELETE /a", "GET /a"]);
        assert!(operations_mut(&mut json!({})).is_empty());
    }
}
