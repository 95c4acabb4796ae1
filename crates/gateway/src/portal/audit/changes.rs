//! What an entry changed, member by member.

use serde_json::{Map, Value};

use crate::ascode::{MemberChange, differences};
use crate::web::texts::{
    Text, portal_audit as texts, portal_pages as pages, portal_platforms as platform_texts,
};

/// How many members of an entry are shown.
const MOST_MEMBERS: usize = 4;
/// Longest value shown, in characters.
const LONGEST_VALUE: usize = 60;

pub(super) struct ChangedMember {
    /// Its name in words; or what was done to a thing, if the entry is of a file that was applied.
    pub(super) words: Option<Text>,
    /// Its path; empty if the value has no members, or if there are words.
    pub(super) name: String,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// The first members that differ, and whether there are more. If one side is missing, all members
/// differ.
pub(super) fn changed(before: Option<Value>, after: Option<Value>) -> (Vec<ChangedMember>, bool) {
    if let Some(applied) = after.as_ref().and_then(Value::as_array)
        && applied.iter().any(|change| change.get("what").is_some())
    {
        return of_applied(applied);
    }
    let is_object = |value: &Option<Value>| value.as_ref().is_none_or(Value::is_object);
    let found: Vec<MemberChange> = if is_object(&before) && is_object(&after) {
        let nothing = || Value::Object(Map::new());
        let (before, after) = (
            before.unwrap_or_else(nothing),
            after.unwrap_or_else(nothing),
        );
        let found = differences(&before, &after);
        found.into_iter().flat_map(taken_apart).collect()
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
            words: None,
            name: change.member,
            before: change.before.as_ref().map(shown),
            after: change.after.as_ref().map(shown),
        });
    (members.collect(), has_more)
}

/// The changes of the members of an object that came or went as a whole, which would otherwise be
/// shown as JSON.
fn taken_apart(change: MemberChange) -> Vec<MemberChange> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let [old, new] = [before, after].map(|side| side.and_then(Value::as_object));
    let (members, is_new) = match (old, new) {
        (None, Some(new)) if before.is_none_or(Value::is_null) && !new.is_empty() => (new, true),
        (Some(old), None) if after.is_none_or(Value::is_null) && !old.is_empty() => (old, false),
        _ => return vec![change],
    };
    let part = |(name, value): (&String, &Value)| {
        let value = Some(value.clone());
        let (before, after) = if is_new { (None, value) } else { (value, None) };
        taken_apart(MemberChange {
            member: format!("{}.{name}", change.member),
            before,
            after,
        })
    };
    members.iter().flat_map(part).collect()
}

/// The changes of a file that was applied, as `PlannedChange::brief` wrote them. A long list ends
/// with a text instead of a change.
fn of_applied(changes: &[Value]) -> (Vec<ChangedMember>, bool) {
    let members = changes.iter().take(MOST_MEMBERS).filter_map(|change| {
        let text = |name: &str| change.get(name).and_then(Value::as_str);
        let (action, what) = (text("action")?, text("what")?);
        let words = words_of(what, action);
        Some(ChangedMember {
            name: match words {
                Some(_) => String::new(),
                None => format!("{what} {action}"),
            },
            words,
            before: None,
            after: change.get("name").map(shown),
        })
    });
    (members.collect(), changes.len() > MOST_MEMBERS)
}

/// Names the members of a platform as its form does.
pub(super) fn name_platform_members(members: &mut [ChangedMember]) {
    for member in members {
        if let Some(words) = platform_member(&member.name) {
            member.words = Some(words);
            member.name.clear();
        }
    }
}

fn platform_member(name: &str) -> Option<Text> {
    Some(match name {
        "name" => pages::NAME,
        "url" => platform_texts::ISSUER,
        "clientId" => platform_texts::CLIENT_ID,
        "authenticationEndpoint" => platform_texts::AUTHENTICATION,
        "accesstokenEndpoint" => platform_texts::TOKENS,
        "authorizationServer" => platform_texts::AUDIENCE,
        "authConfig.method" => platform_texts::KEY_METHOD,
        "authConfig.key" => platform_texts::KEY_VALUE,
        "keyDelivery" => platform_texts::KEY_DELIVERY,
        _ => return None,
    })
}

fn words_of(what: &str, action: &str) -> Option<Text> {
    Some(match (what, action) {
        ("tool", "create") => texts::TOOL_MADE,
        ("tool", "remove") => texts::TOOL_REMOVED,
        ("settings", _) => texts::SETTINGS_CHANGED,
        ("platform", "create") => texts::PLATFORM_CREATED,
        ("platform", "change") => texts::PLATFORM_CHANGED,
        ("platform", "remove") => texts::PLATFORM_DELETED,
        ("deployment", "create") => texts::DEPLOYMENT_ENTERED,
        ("deployment", "change") => texts::DEPLOYMENT_DECIDED,
        ("deployment", "remove") => texts::DEPLOYMENT_FORGOTTEN,
        ("learningPath", "create" | "change") => texts::PATH_SAVED,
        ("learningPath", "remove") => texts::PATH_DELETED,
        ("webhook", "create") => texts::WEBHOOK_MADE,
        ("webhook", "change") => texts::WEBHOOK_CHANGED,
        ("webhook", "remove") => texts::WEBHOOK_DELETED,
        _ => return None,
    })
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
    use crate::web::language::Language;

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
    fn an_applied_file_is_told_in_words() {
        let change = |action: &str, what: &str, name: &str| json!({"action": action, "what": what, "name": name});
        let after = json!([
            change("change", "settings", "quiz.example"),
            {"action": "remove", "what": "webhook"},
            change("create", "novelty", "n"),
        ]);
        let (members, has_more) = changed(None, Some(after));
        let said = members.iter().map(|member| {
            let words = member.words.map(|words| words.to(Language::English));
            let after = member.after.as_deref().unwrap_or("-");
            format!("{} {} {after}", words.unwrap_or("-"), member.name)
        });
        let expected = [
            "Settings changed  quiz.example",
            "Webhook deleted  -",
            "- novelty create n",
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
        assert!(!has_more);
    }

    #[test]
    fn a_platforms_members_have_the_names_of_its_form() {
        let before = json!({"url": "https://a.example", "rules": {"leewaySeconds": 60}});
        let after = json!({"url": "https://b.example", "rules": {"leewaySeconds": 77}});
        let (mut members, _) = changed(Some(before), Some(after));
        name_platform_members(&mut members);
        let said = members.iter().map(|member| {
            let words = member.words.map(|words| words.to(Language::German));
            format!("{}{}", words.unwrap_or("-"), member.name)
        });
        let mut said: Vec<String> = said.collect();
        said.sort();
        let issuer = platform_texts::ISSUER.to(Language::German);
        assert_eq!(said, ["-rules.leewaySeconds", issuer]);
    }

    #[test]
    fn an_object_is_told_with_a_line_for_each_member() {
        let settings = json!({"name": "Quiz", "launch": {"leewaySeconds": 60}});
        let made = told(
            json!(null),
            json!({"host": "a.example", "settings": settings}),
        );
        let mut lines = made.0;
        lines.sort();
        let expected = [
            "host - a.example",
            "settings.launch.leewaySeconds - 60",
            "settings.name - Quiz",
        ];
        assert_eq!(lines, expected);
        let (was, is) = (json!({"a": {"b": 1}}), json!({"a": null}));
        assert_eq!(told(was.clone(), is.clone()).0, ["a.b 1 -"]);
        assert_eq!(told(is.clone(), was).0, ["a.b - 1"]);
        assert_eq!(told(is, json!({"a": {}})).0, ["a null {}"]);
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
