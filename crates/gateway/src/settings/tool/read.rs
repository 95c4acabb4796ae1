//! Reads the tool's settings from JSON, and names everything that is wrong with them.

use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::ToolSettings;
use crate::kit::shape::in_words;
use crate::settings::problem::{SettingsProblem, SettingsProblems};

/// The most mistakes that are named at once. Each that can't be read costs another attempt, under a
/// lock.
const MOST_NAMED: usize = 50;

impl ToolSettings {
    /// Parses settings from JSON, from the settings file or the store.
    ///
    /// # Errors
    /// The path of each unknown or invalid member, and what is wrong.
    pub fn from_json(value: Value) -> Result<Self, SettingsProblems> {
        right(Self::read(value))
    }

    /// These settings with a patch merged in.
    ///
    /// # Errors
    /// See [`Self::from_json`].
    pub fn patched(&self, patch: &Map<String, Value>) -> Result<Self, SettingsProblems> {
        right(self.merged(patch))
    }

    /// These settings with a patch merged in, object by object, and everything that is wrong with
    /// them; `null` resets a member to its default.
    pub(crate) fn merged(&self, patch: &Map<String, Value>) -> (Self, Vec<SettingsProblem>) {
        let mut whole = match serde_json::to_value(self) {
            Ok(whole) => whole,
            Err(error) => {
                let wrong = SettingsProblem::new(".", error.to_string());
                return (self.clone(), vec![wrong]);
            }
        };
        if let Value::Object(members) = &mut whole {
            merge(members, patch);
        }
        Self::read(whole)
    }

    /// The settings, and everything that is wrong with them. A member that can't be read has its
    /// default.
    pub(crate) fn read(mut value: Value) -> (Self, Vec<SettingsProblem>) {
        let mut wrong: Vec<SettingsProblem> = Vec::new();
        let settings: Self = loop {
            let error = match serde_path_to_error::deserialize(&value) {
                Ok(settings) => break settings,
                Err(error) => error,
            };
            let member = error.path().to_string();
            // An object may lack a member only because it was removed below.
            if !wrong.iter().any(|one| is_within(&one.member, &member)) {
                wrong.push(SettingsProblem::new(member, in_words(error.inner())));
            }
            if wrong.len() >= MOST_NAMED || !remove(&mut value, error.path()) {
                return (Self::default(), wrong);
            }
        };
        for problem in settings.problems() {
            if wrong.iter().all(|one| one.member != problem.member) {
                wrong.push(problem);
            }
        }
        wrong.truncate(MOST_NAMED);
        (settings, wrong)
    }
}

fn right(
    (settings, problems): (ToolSettings, Vec<SettingsProblem>),
) -> Result<ToolSettings, SettingsProblems> {
    if problems.is_empty() {
        Ok(settings)
    } else {
        Err(SettingsProblems(problems))
    }
}

/// Whether a path is that of a member, or of something in it.
fn is_within(path: &str, member: &str) -> bool {
    let rest = path.strip_prefix(member);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Removes the member at this path, so that the others can be read; if it is in a list, the whole
/// list. Returns false if there is none.
fn remove(value: &mut Value, path: &Path) -> bool {
    let names = path.iter().map_while(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    let names: Vec<&str> = names.collect();
    let Some((last, parents)) = names.split_last() else {
        return false;
    };
    let mut at = value;
    for name in parents {
        let Some(inner) = at.get_mut(*name) else {
            return false;
        };
        at = inner;
    }
    let members = at.as_object_mut();
    members.is_some_and(|members| members.shift_remove(*last).is_some())
}

/// RFC 7396, except that free-form objects (`customParameters`) are merged like any other.
fn merge(whole: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        match (whole.get_mut(key), value) {
            (_, Value::Null) => {
                whole.remove(key);
            }
            (Some(Value::Object(inner)), Value::Object(patch)) => merge(inner, patch),
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(value: Value) -> Vec<String> {
        let (_, wrong) = ToolSettings::read(value);
        wrong.into_iter().map(|one| one.member).collect()
    }

    #[test]
    fn a_member_that_cannot_be_read_hides_no_other() {
        let wrong = named(json!({
            "launch": 7, "launchUrl": 7, "retention": {"launchMinutes": "x", "traceMinutes": 43_201},
            "messages": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiResourceLinkRequest", "roles": 7}],
        }));
        let expected = [
            "launch",
            "launchUrl",
            "messages[1].roles",
            "retention.launchMinutes",
            "retention.traceMinutes",
        ];
        assert_eq!(wrong.len(), expected.len(), "{wrong:?}");
        assert!(
            expected
                .iter()
                .all(|one| wrong.iter().any(|named| named == one)),
            "{wrong:?}"
        );
        assert_eq!(named(json!(7)), ["."]);
    }

    #[test]
    fn very_many_mistakes_are_not_all_named() {
        let unknown = (0..1_000).map(|at| (format!("x{at}"), json!(1)));
        assert_eq!(named(Value::Object(unknown.collect())).len(), MOST_NAMED);
    }
}
