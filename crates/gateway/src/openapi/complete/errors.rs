//! Errors that many operations may return, and the common shape of all errors.

use serde_json::{Map, Value, json};

use crate::kit::media_type::JSON;

/// Adds the errors that occur before the handler is called, and the common shape of all errors.
pub(super) fn add_errors(address: &str, operation: &mut Map<String, Value>) {
    let is_api = [" /api/", " /admin/"]
        .iter()
        .any(|root| address.contains(root));
    if is_api {
        add_errors_of_api(operation);
    }
    if has_tag(operation, "Platform: LTI") {
        add_errors_of_ours(operation);
        add_pages(operation);
    }
    give_errors_their_shape(operation);
}

fn has_tag(operation: &Map<String, Value>, tag: &str) -> bool {
    operation.get("tags").is_some_and(|tags| tags[0] == tag)
}

/// Browsers get a page instead of JSON.
fn add_pages(operation: &mut Map<String, Value>) {
    let responses = operation.get_mut("responses");
    let responses = responses.and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        if status.as_str() >= "400" {
            let error = json!({"$ref": "#/components/schemas/Error"});
            response["content"] = json!({JSON: {"schema": error}, "text/html": {}});
        }
    }
}

/// Gives every error the common shape, unless its handler says otherwise.
fn give_errors_their_shape(operation: &mut Map<String, Value>) {
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    responses.sort_keys();
    for (status, response) in responses {
        if status.as_str() >= "400" && response.get("content").is_none() {
            let error = json!({"$ref": "#/components/schemas/Error"});
            response["content"] = json!({JSON: {"schema": error}});
        }
    }
}

/// Adds an example to the common shape of errors. Each status lists its codes; this shows where in
/// the body a program finds them.
pub(super) fn add_error_example(document: &mut Value) {
    document["components"]["schemas"]["Error"]["examples"] = json!([{
        "status": 400,
        "error": "Bad Request",
        "details": {
            "message": "INVALID_BODY",
            "description": "The request body is wrong: launch.leewaySeconds: must be a whole number",
            "correlationId": "VcTGSmADnO1B8mkctUb4",
            "errors": [
                {"field": "launch.leewaySeconds", "message": "must be a whole number"},
            ],
        },
    }]);
}

/// Adds the errors that any request of the API may get, depending on what it carries.
fn add_errors_of_api(operation: &mut Map<String, Value>) {
    if operation.contains_key("security") {
        let scopes = take_each_scope(operation);
        add_error(
            operation,
            "401",
            "`INVALID_LTIK_AUTH_AUTHORIZATION_HEADER`: the API key or the `ltik` is missing, wrong, expired or withdrawn.",
        );
        let scopes = format!("`API_KEY_SCOPE`: the scope of the API key is none of {scopes}.");
        add_error(operation, "403", &scopes);
        add_error(
            operation,
            "429",
            "`TOO_MANY_WRONG_API_KEYS`: too many wrong keys came from this address. Try again after `Retry-After` seconds.",
        );
    }
    if has_tag(operation, "Application: services") {
        add_errors_of_platforms(operation);
    }
    if operation.contains_key("requestBody") {
        add_error(
            operation,
            "400",
            "`INVALID_BODY`: the body is not JSON, or a member is missing or wrong; the description names it.",
        );
        // A configuration as a whole may be larger than any other request.
        let is_whole = operation
            .get("operationId")
            .is_some_and(|id| id == "applyConfiguration");
        let most = if is_whole { "16 MiB" } else { "256 KiB" };
        let line = format!("`PAYLOAD_TOO_LARGE`: the body has more than {most}.");
        add_error(operation, "413", &line);
    }
    add_errors_of_ours(operation);
}

/// Adds the errors that are our fault.
fn add_errors_of_ours(operation: &mut Map<String, Value>) {
    add_error(
        operation,
        "500",
        "`INTERNAL_SERVER_ERROR`: our fault. The log has more under `correlationId`.",
    );
    add_error(
        operation,
        "503",
        "`SERVICE_UNAVAILABLE`: the store is busy or away. Try again after `Retry-After` seconds.",
    );
}

/// Adds the key that every POST to the application's addresses may have, and its errors (grades.md
/// GR-4).
pub(super) fn add_idempotency(operation: &mut Map<String, Value>) {
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A text of your own, such as a UUID: the same request with the same key is done once within 24 hours, \
            and answered alike each time, as long as you may ask. What failed with 5xx, 401, 408, 425 or 429 is done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    });
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(key);
    }
    for (status, line) in [
        (
            "400",
            "`INVALID_IDEMPOTENCY_KEY`: the key is empty, too long, or not of printable ASCII.",
        ),
        (
            "409",
            "`IDEMPOTENCY_KEY_REUSED`: the key came with another request before.\n\
             `IDEMPOTENCY_KEY_IN_USE`: the first request with the key is under way. Try again after `Retry-After` seconds.",
        ),
        (
            "410",
            "`IDEMPOTENCY_ANSWER_ERASED`: the first request with the key was done; its answer was about a person who was erased.",
        ),
        (
            "413",
            "`PAYLOAD_TOO_LARGE`: the body has more than 256 KiB.",
        ),
        (
            "503",
            "`IDEMPOTENCY_KEYS_FULL`: too many keys of the last 24 hours are remembered. Nothing was done.",
        ),
    ] {
        let known = operation["responses"][status]["description"].as_str();
        if !known.is_some_and(|known| known.contains(line)) {
            add_error(operation, status, line);
        }
    }
    give_errors_their_shape(operation);
}

/// Adds the errors of requests to a platform's service (ltiaas-api.md §3 and §8, question 8).
fn add_errors_of_platforms(operation: &mut Map<String, Value>) {
    for (status, line) in [
        (
            "403",
            "`INACTIVE_SERVICE`: the tool's settings have this service switched off.\n\
             `SERVICE_NOT_AVAILABLE_FOR_CONTEXT`: the platform doesn't offer the service here, or not this use of it.\n\
             `PLATFORM_REFUSED`: the platform refused the request, or a fresh access token.",
        ),
        (
            "429",
            "`PLATFORM_BUSY`: the platform takes no more requests for a while. Try again after `Retry-After` seconds.",
        ),
        (
            "4XX",
            "`PLATFORM_REFUSED`: the platform refused the request with this status; `bodyReceived` has its words.",
        ),
        (
            "502",
            "`PLATFORM_FAILED`: the platform answered with an error of its own.\n\
             `PLATFORM_NOT_REACHED`: no answer came, or not all of it.\n\
             `PLATFORM_ANSWER_UNREADABLE`: the answer is not what the service should answer, such as a page of HTML.\n\
             `PLATFORM_TOKEN_REFUSED`: the platform gave no access token.",
        ),
        (
            "503",
            "`OUTBOUND_BUSY`: too many requests to platforms are under way, so this one was given up before it changed anything; try again.",
        ),
    ] {
        add_error(operation, status, line);
    }
}

/// Handlers name the scopes they accept. The document lists each of them, and `all`, as a separate
/// alternative. Returns them as a list.
fn take_each_scope(operation: &mut Map<String, Value>) -> String {
    let mut ways = Vec::new();
    let mut names = Vec::new();
    let schemes = operation["security"].as_array().into_iter().flatten();
    for (scheme, scopes) in schemes.filter_map(|scheme| scheme.as_object()?.iter().next()) {
        names.clear();
        let scopes = scopes.as_array().into_iter().flatten();
        for scope in scopes.filter_map(Value::as_str).chain(["all"]) {
            let mut way = Map::new();
            way.insert(scheme.clone(), json!([scope]));
            ways.push(Value::Object(way));
            names.push(format!("`{scope}`"));
        }
    }
    operation.insert("security".into(), ways.into());
    names.join(", ")
}

/// Adds a line to an operation's description of a status.
fn add_error(operation: &mut Map<String, Value>, status: &str, line: &str) {
    let response = &mut operation["responses"][status];
    match response["description"].as_str() {
        Some(said) => response["description"] = format!("{said}\n{line}").into(),
        None => *response = json!({"description": line}),
    }
}
