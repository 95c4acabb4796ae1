//! What an entry changed, member by member.

use serde_json::{Map, Value};

use crate::ascode::{MemberChange, differences};

/// How many members of an entry are shown.
const MOST_MEMBERS: usize = 4;
/// Longest value shown, in characters.
const LONGEST_VALUE: usize = 60;

/// A member that changed.
pub(super) struct ChangedMember {
    /// Its path; empty if the value has no members.
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// The first members that differ, and whether there are more. If one side is missing, all members
/// differ.
pub(super) fn changed(before: Option<Value>, after: Option<Value>) -> (Vec<ChangedMember>, bool) {
    let is_object = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_object);
    let found = if is_object(&before) && is_object(&after) {
        let nothing = || Value::Object(Map::new());
        let (before, after) = (
            before.unwrap_or_else(nothing),
            after.unwrap_or_else(nothing),
        );
        differences(&before, &after)
    } else {
        let member = String::new();
        vec![MemberChange {
            member,
            before,
            after,
        }]
    };
    let has_more = found.len() > MOST_MEMBERS;
    let members = found
        .into_iter()
        .take(MOST_MEMBERS)
        .map(|change| ChangedMember {
            name: change.member,
            before: change.before.as_ref().map(shown),
            after: change.after.as_ref().map(shown),
        });
    (members.collect(), has_more)
}

/// A value on one line: texts as they are, the rest as JSON.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST_VALUE {
        return text;
    }
    let mut cut: String = text.chars().take(LONGEST_VALUE).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: Value, after: Value) -> (Vec<String>, bool) {
        let known = |value: Value| Some(value).filter(|value| !value.is_null());
        let (members, has_more) = changed(known(before), known(after));
        let word = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let lines = members.into_iter().map(|member| {
            let (before, after) = (word(member.before), word(member.after));
            format!("{} {before} {after}", member.name)
        });
        (lines.collect(), has_more)
    }

    #[test]
    fn only_what_differs_is_shown_and_no_value_is_long() {
        let before = json!({"name": "A", "launch": {"leewaySeconds": 60, "other": 1}});
        let after = json!({"name": "A", "launch": {"leewaySeconds": 77, "other": 1}});
        let expected = vec!["launch.leewaySeconds 60 77".to_owned()];
        assert_eq!(told(before, after), (expected, false));
        let made = told(json!(null), json!({"a": 1, "b": true}));
        assert_eq!(made.0, ["a - 1", "b - true"]);
        assert_eq!(told(json!("old"), json!("new")).0, [" old new"]);
        assert_eq!(told(json!(null), json!([1])).0, [" - [1]"]);
        assert_eq!(told(json!(null), json!(null)), (Vec::new(), false));
        let (lines, has_more) = told(
            json!(null),
            json!({"a": "x".repeat(99), "b": 1, "c": 1, "d": 1, "e": 1}),
        );
        assert_eq!((lines.len(), has_more), (4, true));
        assert_eq!(lines[0], format!("a - {}…", "x".repeat(60)));
    }
}
