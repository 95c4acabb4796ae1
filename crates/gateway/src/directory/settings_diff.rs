//! Which of a tool's settings a change replaced, for its entry in the audit.

use serde_json::{Map, Value};

use crate::settings::tool::ToolSettings;

/// The settings that differ, before and after.
#[derive(Debug, PartialEq)]
pub(crate) struct SettingsDiff {
    pub(crate) before: Value,
    pub(crate) after: Value,
}

impl SettingsDiff {
    /// What differs; `None` if nothing does.
    pub(crate) fn of(before: &ToolSettings, after: &ToolSettings) -> Option<Self> {
        let [before, after] = [before, after].map(members);
        let only_in = |these: &Map<String, Value>, others: &Map<String, Value>| {
            let differ = these
                .iter()
                .filter(|(name, value)| others.get(*name) != Some(*value));
            let differ = differ.map(|(name, value)| (name.clone(), value.clone()));
            differ.collect::<Map<String, Value>>()
        };
        let diff = [only_in(&before, &after), only_in(&after, &before)];
        if diff.iter().all(Map::is_empty) {
            return None;
        }
        let [before, after] = diff.map(Value::Object);
        Some(Self { before, after })
    }
}

fn members(settings: &ToolSettings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_settings_that_differ_are_in_it() {
        let before = ToolSettings::default();
        assert_eq!(SettingsDiff::of(&before, &before), None);
        let after = ToolSettings {
            name: "Another".to_owned(),
            ..ToolSettings::default()
        };
        let expected = SettingsDiff {
            before: json!({"name": before.name}),
            after: json!({"name": "Another"}),
        };
        assert_eq!(SettingsDiff::of(&before, &after), Some(expected));
    }
}
