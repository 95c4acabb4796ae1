//! The content of an entry.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::action::{ABOUT_USERS, AuditAction};
use crate::kit::seal;

/// Longest text that is stored in full, in bytes.
const LONGEST_TEXT: usize = 2_000;
/// How many characters of a longer one are stored.
const BEGINNING: usize = 60;
/// How many items of a list, and how many members of an object, are stored.
const MOST_ITEMS: usize = 200;

/// The kind of actor that made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActorKind {
    /// A user of the portal.
    User,
    /// A program with an API key.
    ApiKey,
    /// The command line.
    Command,
    /// The holder of a one-time link, who is not a user yet.
    Link,
    /// The identity provider, for people who signed in there and were turned away.
    Provider,
    /// The server, for what it does without a request.
    Server,
}

impl ActorKind {
    /// All kinds.
    pub(crate) const ALL: [Self; 6] = [
        Self::User,
        Self::ApiKey,
        Self::Command,
        Self::Link,
        Self::Provider,
        Self::Server,
    ];

    /// The name to store.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Command => "command",
            Self::Link => "link",
            Self::Provider => "provider",
            Self::Server => "server",
        }
    }
}

/// Who made a change.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    kind: ActorKind,
    id: String,
    name: String,
}

impl Actor {
    /// An actor of this kind, with an id and the name to store.
    pub(crate) fn new(kind: ActorKind, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            name: name.into(),
        }
    }

    /// The command line.
    pub(crate) fn command() -> Self {
        Self::new(ActorKind::Command, "hallpass", "hallpass")
    }

    /// For changes that no one asked for.
    pub(crate) fn server() -> Self {
        Self::new(ActorKind::Server, "hallpass", "Hallpass")
    }

    /// The actor with this stored form, which has no name; the server for a kind that only another
    /// version knows.
    pub(super) fn of_key(key: &str) -> Self {
        let (kind, id) = key.split_once(':').unwrap_or((key, ""));
        let mut kinds = ActorKind::ALL.into_iter();
        match kinds.find(|known| known.as_str() == kind) {
            Some(kind) => Self::new(kind, id, id),
            None => Self::server(),
        }
    }

    /// The stored form: kind and id.
    pub(super) fn key(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.id)
    }
}

/// A change to record.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    pub(super) tool_id: String,
    pub(super) actor: Actor,
    pub(super) action: AuditAction,
    pub(super) subject: String,
    pub(super) details: AuditDetails,
}

/// The sealed part of an entry.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct AuditDetails {
    pub(super) by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Value>,
}

impl AuditEntry {
    /// An action on the subject with this id.
    pub(crate) fn new(
        tool_id: &str,
        actor: Actor,
        action: AuditAction,
        subject: impl Into<String>,
    ) -> Self {
        let details = AuditDetails {
            by: actor.name.clone(),
            ..AuditDetails::default()
        };
        Self {
            tool_id: tool_id.to_owned(),
            actor,
            action,
            subject: subject.into(),
            details,
        }
    }

    /// Adds the subject's name.
    #[must_use]
    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.details.of = Some(name.into());
        self
    }

    /// Adds the value before the change.
    #[must_use]
    pub(crate) fn before(mut self, value: impl Into<Value>) -> Self {
        self.details.before = Some(kept(value.into()));
        self
    }

    /// Adds the value after the change.
    #[must_use]
    pub(crate) fn after(mut self, value: impl Into<Value>) -> Self {
        self.details.after = Some(kept(value.into()));
        self
    }
}

/// Shortens a value to what people read: a long text, such as a picture, to its beginning, its
/// length and a hash; a long list, such as the changes of a file, to its beginning and its length.
fn kept(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            let beginning: String = text.chars().take(BEGINNING).collect();
            let hash = URL_SAFE_NO_PAD.encode(seal::hash(&["audit", &text]));
            let hash = hash.get(..8).unwrap_or_default();
            Value::String(format!("{beginning}… ({} bytes, {hash})", text.len()))
        }
        Value::Array(items) => {
            let all = items.len();
            let further = (all > MOST_ITEMS).then(|| format!("… ({all} in all)"));
            let items = items.into_iter().take(MOST_ITEMS).map(kept);
            items.chain(further.map(Value::String)).collect()
        }
        Value::Object(members) => {
            let all = members.len();
            let members = members.into_iter().take(MOST_ITEMS);
            let members = members.map(|(name, value)| (name, kept(value)));
            let mut few: Map<String, Value> = members.collect();
            if all > MOST_ITEMS {
                few.insert("…".to_owned(), format!("{all} in all").into());
            }
            Value::Object(few)
        }
        other => other,
    }
}

/// An entry to show.
#[derive(Clone, Debug)]
pub(crate) struct AuditLine {
    /// Its place in the chain, from 1.
    pub(crate) number: i64,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// Kind and id.
    pub(crate) actor: String,
    /// The actor's name at that time.
    pub(crate) by: String,
    pub(crate) action: String,
    pub(crate) subject: String,
    /// The subject's name at that time.
    pub(crate) of: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    /// The beginning of its hash, as in the server's log.
    pub(crate) chain: String,
}

impl AuditLine {
    /// The subject's name at that time, as far as the entry has it.
    pub(crate) fn subject_name(&self) -> Option<&str> {
        let changed = [&self.after, &self.before].into_iter().flatten();
        let mut names = changed.filter_map(|value| value.get("name")?.as_str());
        self.of.as_deref().or_else(|| names.next())
    }

    /// The entry for a reader who may see users of the portal, or may not: then entries about them
    /// say only who did what and when (decision 0512).
    #[must_use]
    pub(super) fn seen_by(self, sees_users: bool) -> Self {
        if sees_users || !self.action.starts_with(ABOUT_USERS) {
            return self;
        }
        Self {
            subject: String::new(),
            of: None,
            before: None,
            after: None,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_texts_are_cut_and_still_told_apart() {
        let short = json!({"name": "x".repeat(LONGEST_TEXT), "list": [1, true, null]});
        assert_eq!(kept(short.clone()), short);
        let of = |sign: &str| kept(json!({"theme": {"logo": sign.repeat(LONGEST_TEXT + 1)}}));
        let told = of("x")["theme"]["logo"].as_str().map(str::to_owned);
        let told = told.unwrap_or_default();
        assert!(told.starts_with(&"x".repeat(BEGINNING)), "{told}");
        assert!(told.contains("2001 bytes") && told.len() < 120, "{told}");
        assert_ne!(of("x"), of("y"));
    }

    #[test]
    fn of_a_long_list_the_beginning_stays() {
        let whole = json!(vec![1; MOST_ITEMS]);
        assert_eq!(kept(whole.clone()), whole);
        let cut = kept(json!({"changes": vec![1; 20_000]}));
        assert_eq!(
            cut["changes"].as_array().map(Vec::len),
            Some(MOST_ITEMS + 1)
        );
        assert_eq!(cut["changes"][MOST_ITEMS - 1], 1);
        assert_eq!(cut["changes"][MOST_ITEMS], "… (20000 in all)");
        let numbers = (0..MOST_ITEMS + 5).map(|at| (at.to_string(), at.into()));
        let object: Map<String, Value> = numbers.collect();
        let cut = kept(object.into());
        assert_eq!(cut.as_object().map(Map::len), Some(MOST_ITEMS + 1));
        assert_eq!(cut["…"], "205 in all");
    }
}
