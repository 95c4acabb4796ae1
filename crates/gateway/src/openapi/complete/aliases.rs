//! Second addresses of operations.

use serde_json::{Map, Value};

/// Platforms have a second address: LTIAAS's documentation says `/admin`, its SDKs call `/api`. The
/// same goes for completing a registration.
pub(super) fn add_aliases(document: &mut Value) {
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

/// Adds another address of a POST: its path, the ending of its operation id, and its description.
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
    // The text after the last parameter.
    let fixed = |path: &str| path.rsplit('}').next().unwrap_or(path).to_owned();
    *sample = command.replace(&fixed(path), &fixed(other)).into();
    paths.insert(other.to_owned(), item);
}
