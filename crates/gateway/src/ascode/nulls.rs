//! Nulls, which TOML doesn't have. Members that are null count as left out, and free-form values
//! lose theirs in the file.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::settings::tool::ToolSettings;

/// Removes members that are null.
pub(super) fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}

/// Leaves a free-form value as it is stored if the file's differs from it only by nulls.
pub(super) fn keep_nulls(stored: &Value, given: &mut Value) {
    let mut written = stored.clone();
    strip_nulls(&mut written);
    if written == *given {
        given.clone_from(stored);
    }
}

/// The same for the free-form settings.
pub(super) fn keep_nulls_in(stored: &ToolSettings, given: &mut ToolSettings) {
    keep_nulls_of(&stored.extensions, &mut given.extensions);
    for (stored, given) in stored.messages.iter().zip(&mut given.messages) {
        keep_nulls_of(&stored.extensions, &mut given.extensions);
    }
}

fn keep_nulls_of(stored: &BTreeMap<String, Value>, given: &mut BTreeMap<String, Value>) {
    let mut written = stored.clone();
    written.retain(|_, member| !member.is_null());
    written.values_mut().for_each(strip_nulls);
    if written == *given {
        given.clone_from(stored);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_keeps_its_nulls_unless_something_else_differs() {
        let stored = json!({"a": null, "b": [1, null, {"c": null, "d": 2}]});
        let given = |mut given: Value| {
            keep_nulls(&stored, &mut given);
            given
        };
        let mut written = stored.clone();
        strip_nulls(&mut written);
        assert_eq!(written, json!({"b": [1, null, {"d": 2}]}));
        assert_eq!(given(written), stored);
        for other in [json!({"b": [1, null, {"d": 3}]}), json!({}), json!(null)] {
            assert_eq!(given(other.clone()), other);
        }
    }
}
