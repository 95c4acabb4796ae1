//! The changes that applying a configuration makes, for people and programs.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// How a configuration is applied.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions {
    /// Only report what would change.
    pub dry_run: bool,
    /// Also remove entries that the file's lists don't name.
    pub prune: bool,
}

/// The changes a configuration makes.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfigurationPlan)]
pub struct Plan {
    /// Whether anything was changed; `false` for a dry run, or if there was nothing to change.
    pub applied: bool,
    /// The changes, in the order of the file.
    pub changes: Vec<PlannedChange>,
    /// What stays although the file doesn't name it.
    pub unnamed: Vec<UnnamedThing>,
    /// Platforms that are stopped but could not be removed yet, because the store failed or a score
    /// arrived for them. Apply the file again; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfinished: Vec<UnnamedThing>,
}

/// One change.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfigurationChange)]
pub struct PlannedChange {
    /// The kind of change.
    pub action: ChangeKind,
    /// What is changed: `tool`, `settings`, `platform`, `deployment`, `learningPath` or `webhook`.
    pub what: &'static str,
    /// Its name: host, issuer and client id, id, or address.
    pub name: String,
    /// The host name of its tool; absent if that has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The members that change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberChange>,
    /// Things that are allowed but probably mistakes, such as an issuer that ends with a slash.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<&'static str>,
}

impl PlannedChange {
    /// The summary for the audit: without values and webhooks' addresses, which often contain a
    /// secret.
    pub(crate) fn brief(&self) -> Value {
        let mut brief = json!({"action": self.action, "what": self.what});
        if self.what != "webhook" {
            brief["name"] = self.name.as_str().into();
        }
        brief
    }
}

/// The kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfigurationChangeKind)]
pub enum ChangeKind {
    /// It is created.
    Create,
    /// Some of its members change.
    Change,
    /// It is removed.
    Remove,
}

/// A member that changes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfigurationMemberChange)]
pub struct MemberChange {
    /// Its name, such as `launch.leewaySeconds`.
    pub member: String,
    /// Its value before; absent if it had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Its value afterwards; absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Something that the file doesn't name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConfigurationUnnamed)]
pub struct UnnamedThing {
    /// As in `changes`.
    pub what: &'static str,
    /// As in `changes`.
    pub name: String,
    /// As in `changes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// The members that differ between two objects. A list counts as one member.
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<MemberChange> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(
    member: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<MemberChange>,
) {
    if before == after {
        return;
    }
    let (Some(Value::Object(old)), Some(Value::Object(new))) = (before, after) else {
        found.push(MemberChange {
            member: member.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        });
        return;
    };
    let added = new.keys().filter(|name| !old.contains_key(*name));
    for name in old.keys().chain(added) {
        let path = match member {
            "" => name.clone(),
            _ => format!("{member}.{name}"),
        };
        compare(&path, old.get(name), new.get(name), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_member_by_member() {
        let before = json!({"a": 1, "b": {"c": [1], "d": true}, "e": "x"});
        assert_eq!(differences(&before, &before), []);
        let after = json!({"a": 1, "b": {"c": [1, 2], "d": true}, "f": 2});
        let change = |member: &str, before, after| MemberChange {
            member: member.to_owned(),
            before,
            after,
        };
        let expected = [
            change("b.c", Some(json!([1])), Some(json!([1, 2]))),
            change("e", Some(json!("x")), None),
            change("f", None, Some(json!(2))),
        ];
        assert_eq!(differences(&before, &after), expected);
    }
}
