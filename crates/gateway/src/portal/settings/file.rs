//! A tool's settings in the format of `hallpass.toml`: only what differs from the defaults.

use serde_json::{Map, Value};

/// The members that differ from the defaults.
fn differing(settings: &Value, defaults: &Value) -> Option<Value> {
    let (Value::Object(settings), Value::Object(defaults)) = (settings, defaults) else {
        return (settings != defaults && !settings.is_null()).then(|| settings.clone());
    };
    let mut found = Map::new();
    for (name, value) in settings {
        let default = defaults.get(name).unwrap_or(&Value::Null);
        if let Some(value) = differing(value, default) {
            found.insert(name.clone(), value);
        }
    }
    (!found.is_empty()).then_some(Value::Object(found))
}

/// The table `[tool]`; only its heading if nothing differs.
pub(super) fn as_file(settings: &Value, defaults: &Value) -> String {
    let differs = differing(settings, defaults).unwrap_or_else(|| Value::Object(Map::new()));
    let whole = serde_json::json!({"tool": differs});
    toml::to_string(&whole).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_has_only_what_differs() {
        let defaults = json!({"name": "x", "launch": {"a": 1, "b": 2}, "list": []});
        let settings = json!({"name": "Fractions", "launch": {"a": 1, "b": 3}, "list": []});
        let file = as_file(&settings, &defaults);
        assert!(file.contains("name = \"Fractions\""), "{file}");
        assert!(file.contains("b = 3") && !file.contains("a = 1"), "{file}");
        assert!(!file.contains("list"), "{file}");
        assert_eq!(as_file(&defaults, &defaults).trim(), "[tool]");
    }
}
