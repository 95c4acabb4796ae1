//! Compares, member by member, what we would ask a platform for now with its copy of what we asked
//! before.

use serde_json::Value;

use crate::ascode::differences;
use crate::portal::short::cut_for_page;

/// How many members are shown.
const MOST_MEMBERS: usize = 15;
/// How many bytes of the page a value may take.
const VALUE_BYTES: usize = 200;

/// A member that differs from what we ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RegistrationGap {
    pub(super) member: String,
    pub(super) asked: String,
    /// `None` if the platform has no such member.
    pub(super) stored: Option<String>,
}

/// What the copy lacks or has differently. What the platform has added doesn't matter.
pub(super) fn gaps(asked: &Value, copy: &Value) -> Vec<RegistrationGap> {
    let found = differences(&in_order(asked), &in_order(copy)).into_iter();
    let gaps = found.filter_map(|change| {
        Some(RegistrationGap {
            asked: shown(&change.before?),
            stored: change.after.as_ref().map(shown),
            member: change.member,
        })
    });
    gaps.take(MOST_MEMBERS).collect()
}

/// Sorts lists of words, and words in a text, because their order means nothing.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| match (name.as_str(), value) {
                    ("scope", Value::String(words)) => (name.clone(), Value::from(sorted(words))),
                    _ => (name.clone(), in_order(value)),
                });
            Value::Object(members.collect())
        }
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(in_order).collect();
            if values.iter().all(Value::is_string) {
                values.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
            Value::Array(values)
        }
        other => other.clone(),
    }
}

fn sorted(words: &str) -> String {
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

/// A value on one line: texts as they are, the rest as JSON.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cut_for_page(text, VALUE_BYTES)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_we_ask_and_the_platform_lacks_is_a_gap() {
        let asked = json!({
            "client_name": "New", "scope": "a b", "grant_types": ["x", "y"], "logo_uri": "l",
            "tool": {"claims": ["name", "email"]},
        });
        let copy = json!({
            "client_name": "Old", "scope": "b a", "grant_types": ["y", "x"],
            "registration_client_uri": "r", "tool": {"claims": ["email"], "deployment_id": "1"},
        });
        let gap = |member: &str, asked: &str, stored: Option<&str>| RegistrationGap {
            member: member.to_owned(),
            asked: asked.to_owned(),
            stored: stored.map(str::to_owned),
        };
        let expected = [
            gap("client_name", "New", Some("Old")),
            gap("logo_uri", "l", None),
            gap("tool.claims", r#"["email","name"]"#, Some(r#"["email"]"#)),
        ];
        assert_eq!(gaps(&asked, &copy), expected);
        assert_eq!(gaps(&asked, &asked), []);
    }
}
