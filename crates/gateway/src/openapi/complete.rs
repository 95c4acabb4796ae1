//! What holds for many operations: errors that any of them may answer, the second address of platforms, security
//! schemes, and the examples of `examples.json`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use crate::kit::media_type::JSON;

/// A request and its answer for each operation, by operation id.
pub(super) const EXAMPLES: &str = include_str!("examples.json");

/// The methods of a path item, as OpenAPI writes them.
pub(super) const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// The document from what the handlers say.
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
    document
}

/// Every operation with `METHOD /path`.
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

/// The errors that come from the road to a handler, not from the handler, and the one shape of all of them.
fn add_errors(address: &str, operation: &mut Map<String, Value>) {
    let is_api = [" /api/", " /admin/"]
        .iter()
        .any(|root| address.contains(root));
    if is_api {
        add_errors_of_api(operation);
    }
    give_errors_their_shape(operation);
}

/// Every error has the one shape, if its handler doesn't say otherwise.
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

/// What any request of the API can come to, by what it carries.
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
    if operation
        .get("tags")
        .is_some_and(|tags| tags[0] == "Application: services")
    {
        add_errors_of_platforms(operation);
    }
    if operation.contains_key("requestBody") {
        add_error(
            operation,
            "400",
            "`INVALID_BODY`: the body is not JSON, or a member is missing or wrong; the description names it.",
        );
        // A whole configuration is longer than what any other request says.
        let is_whole = operation
            .get("operationId")
            .is_some_and(|id| id == "applyConfiguration");
        let most = if is_whole { "16 MiB" } else { "256 KiB" };
        let line = format!("`PAYLOAD_TOO_LARGE`: the body has more than {most}.");
        add_error(operation, "413", &line);
    }
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

/// The key that every POST to the application's addresses may have, and what it can come to (grades.md GR-4).
fn add_idempotency(operation: &mut Map<String, Value>) {
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A text of your own, such as a UUID: the same request with the same key is done once within 24 hours, \
            and answered alike each time. What failed with 5xx, 401, 408, 425 or 429 is done again.",
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
            "413",
            "`PAYLOAD_TOO_LARGE`: the body has more than 256 KiB.",
        ),
    ] {
        let known = operation["responses"][status]["description"].as_str();
        if !known.is_some_and(|known| known.contains(line)) {
            add_error(operation, status, line);
        }
    }
    give_errors_their_shape(operation);
}

/// What a request to a platform's service can come to (ltiaas-api.md §3 and §8, question 8).
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
            "`OUTBOUND_BUSY`: too many requests to platforms are under way, so this one was not sent; try again.",
        ),
    ] {
        add_error(operation, status, line);
    }
}

/// Handlers name the scopes that will do; in the document each of them, and `all`, is a way in of its own. Gives them as
/// a list.
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

/// Adds a line to what an operation says of a status.
fn add_error(operation: &mut Map<String, Value>, status: &str, line: &str) {
    let response = &mut operation["responses"][status];
    match response["description"].as_str() {
        Some(said) => response["description"] = format!("{said}\n{line}").into(),
        None => *response = json!({"description": line}),
    }
}

/// The example of an operation: its request and answer where OpenAPI looks for them, and as a command to try.
fn add_example(address: &str, operation: &mut Map<String, Value>, example: &Value) {
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

/// Answers leave out what may be absent, they don't say null (ltiaas-api.md §2); utoipa can't know that.
fn leave_nulls_out(document: &mut Value) {
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for (_, operation) in operations_mut(document) {
        collect_names(
            &operation.get("requestBody").cloned().unwrap_or_default(),
            &mut asked,
        );
        collect_names(
            &operation.get("responses").cloned().unwrap_or_default(),
            &mut answered,
        );
    }
    reach(document, &mut asked);
    reach(document, &mut answered);
    for name in answered.difference(&asked) {
        let schema = &mut document["components"]["schemas"][name];
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let members = schema.get_mut("properties");
        let Some(members) = members.and_then(Value::as_object_mut) else {
            continue;
        };
        for (name, member) in members {
            // A member that is always there has to say null if it has no value.
            if !required.iter().any(|one| one == name) {
                take_null(member);
            }
        }
    }
}

/// Adds what the named schemas refer to.
fn reach(document: &Value, names: &mut BTreeSet<String>) {
    let mut before = 0;
    while before < names.len() {
        before = names.len();
        for name in names.clone() {
            collect_names(&document["components"]["schemas"][&name], names);
        }
    }
}

fn collect_names(within: &Value, names: &mut BTreeSet<String>) {
    match within {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str) {
                names.extend(
                    name.strip_prefix("#/components/schemas/")
                        .map(str::to_owned),
                );
            }
            members
                .values()
                .for_each(|member| collect_names(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}

/// A reported value says null if it is unknown; of a generic member utoipa can't tell.
fn let_unknown_be_null(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.into_iter().flatten() {
        if name.starts_with("Reported_") {
            let value = &mut schema["properties"]["value"];
            let known = value["type"].take();
            value["type"] = json!([known, "null"]);
        }
    }
}

/// `["string", "null"]` and `oneOf: [null, …]` without their null.
fn take_null(member: &mut Value) {
    if let Some(types) = member["type"].as_array() {
        let others: Vec<&Value> = types.iter().filter(|name| *name != "null").collect();
        if let [one] = others.as_slice() {
            member["type"] = (*one).clone();
        }
    }
    let Some(choices) = member["oneOf"].as_array() else {
        return;
    };
    let others: Vec<&Value> = choices
        .iter()
        .filter(|choice| choice["type"] != "null")
        .collect();
    if let ([one], true) = (others.as_slice(), others.len() < choices.len()) {
        let mut one = (*one).clone();
        if let Some(description) = member.get("description") {
            one["description"] = description.clone();
        }
        *member = one;
    }
}

/// Platforms have a second address: LTIAAS's documentation says `/admin`, its SDKs call `/api`. So has the completion of a
/// registration.
fn add_aliases(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    let aliases: Vec<(String, Value)> = paths
        .iter()
        .filter_map(|(path, item)| {
            let rest = path.strip_prefix("/admin/platforms")?;
            let mut item = item.clone();
            for operation in item.as_object_mut()?.values_mut() {
                let id = operation["operationId"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                operation["operationId"] = format!("{id}AtApi").into();
                operation["description"] =
                    format!("The same as `{path}`, at the address that LTIAAS's SDKs call.").into();
                operation["x-alias-of"] = id.into();
                let sample = &mut operation["x-codeSamples"][0]["source"];
                let command = sample.as_str().unwrap_or_default();
                *sample = command.replace("/admin/platforms", "/api/platforms").into();
            }
            Some((format!("/api/platforms{rest}"), item))
        })
        .collect();
    paths.extend(aliases);
    // LTIAAS's guide to pre-approval misspells it.
    let complete = "/api/registrations/{id}/complete";
    let misspelt = (
        "/api/registrations/{id}/cpomplete",
        "AsPrinted",
        "as LTIAAS's guide spells it",
    );
    add_alias(paths, complete, misspelt);
    let before = (
        "/api/deeplinking/message",
        "Message",
        "at its older address",
    );
    add_alias(paths, "/api/deeplinking", before);
    paths.sort_keys();
}

/// Adds another address of a POST: its path, the end of its operation id, and what is said of it.
fn add_alias(
    paths: &mut Map<String, Value>,
    path: &str,
    (other, ending, said): (&str, &str, &str),
) {
    let Some(mut item) = paths.get(path).cloned() else {
        return;
    };
    let operation = &mut item["post"];
    let id = operation["operationId"].as_str().unwrap_or_default();
    let (id, of) = (format!("{id}{ending}"), id.to_owned());
    operation["operationId"] = id.into();
    operation["description"] = format!("The same as `{path}`, {said}.").into();
    operation["x-alias-of"] = of.into();
    let sample = &mut operation["x-codeSamples"][0]["source"];
    let command = sample.as_str().unwrap_or_default();
    // What stands after the last parameter.
    let fixed = |path: &str| path.rsplit('}').next().unwrap_or(path).to_owned();
    *sample = command.replace(&fixed(path), &fixed(other)).into();
    paths.insert(other.to_owned(), item);
}
