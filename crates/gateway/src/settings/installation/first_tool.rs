//! The tool's settings as given at a start. Only the first start of an installation stores them.

use serde_json::{Map, Value};

use crate::settings::tool::ToolSettings;

/// The tool's settings as given.
#[derive(Clone, Debug, Default)]
pub struct FirstTool {
    /// The settings, with defaults for anything not given.
    pub settings: ToolSettings,
    given: Map<String, Value>,
}

impl FirstTool {
    pub(super) fn read(value: Value) -> Result<Self, String> {
        let given = value.as_object().cloned().unwrap_or_default();
        Ok(Self {
            settings: ToolSettings::from_json(value).map_err(|problem| problem.to_string())?,
            given,
        })
    }

    /// The paths of members that were given and have another value in `stored`: these are not in
    /// force.
    pub fn unlike(&self, stored: &ToolSettings) -> Vec<String> {
        let [ours, theirs] =
            [&self.settings, stored].map(|tool| serde_json::to_value(tool).unwrap_or_default());
        let mut found = Vec::new();
        compare("", &self.given, &ours, &theirs, &mut found);
        found
    }
}

fn compare(
    path: &str,
    given: &Map<String, Value>,
    ours: &Value,
    theirs: &Value,
    found: &mut Vec<String>,
) {
    for (name, value) in given {
        let path = match path {
            "" => name.clone(),
            _ => format!("{path}.{name}"),
        };
        match (value, ours.get(name), theirs.get(name)) {
            (_, ours, theirs) if ours == theirs => {}
            (
                Value::Object(inner),
                Some(ours @ Value::Object(_)),
                Some(theirs @ Value::Object(_)),
            ) => {
                compare(&path, inner, ours, theirs, found);
            }
            _ => found.push(path),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_that_are_not_in_force_are_found_by_their_paths() {
        let first = FirstTool::read(json!({
            "name": "Quiz", "customParameters": {"a": "1", "b": "2"},
            "retention": {"launchMinutes": 60}, "studyreel": {"provisioning": {"required": false}},
        }));
        let first = first.unwrap();
        assert!(first.unlike(&first.settings).is_empty());
        for (patch, found) in [
            // Anything not given may have any value.
            (
                json!({"logoUrl": "https://app.example.com/logo.png", "retention": {"traceMinutes": 5}}),
                &[][..],
            ),
            (json!({"name": "Test"}), &["name"]),
            (
                json!({"retention": {"launchMinutes": 5, "traceMinutes": 5}}),
                &["retention.launchMinutes"],
            ),
            (
                json!({"customParameters": {"b": "3", "c": "4"}}),
                &["customParameters.b"],
            ),
            (
                json!({"customParameters": null}),
                &["customParameters.a", "customParameters.b"],
            ),
            // A value counts as given even if it equals the default.
            (
                json!({"studyreel": {"provisioning": {"required": true}}}),
                &["studyreel.provisioning.required"],
            ),
        ] {
            let stored = first.settings.patched(patch.as_object().unwrap()).unwrap();
            assert_eq!(first.unlike(&stored), found, "{patch}");
        }
    }
}
