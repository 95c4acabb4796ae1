//! Where null is allowed: in requests, and in answers only for members that are always present.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operations_mut;

/// Answers omit absent members instead of sending null (ltiaas-api.md §2); utoipa can't know that.
pub(super) fn leave_nulls_out(document: &mut Value) {
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
            // A member that is always present has to be null if it has no value.
            if !required.iter().any(|one| one == name) {
                take_null(member);
            }
        }
    }
}

/// Adds the schemas that the named ones refer to.
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

/// An unknown measure is null; utoipa can't tell, because the member is generic.
pub(super) fn let_unknown_be_null(document: &mut Value) {
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
