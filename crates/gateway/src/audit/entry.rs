//! What an entry says.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What sort of actor changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActorKind {
    /// A user of the portal.
    User,
    /// A program with an API key.
    ApiKey,
    /// The command line.
    Command,
    /// Someone with a one-time link, who is not a user yet.
    Link,
    /// The identity provider, for people who were turned away after signing in there.
    Provider,
}

impl ActorKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Command => "command",
            Self::Link => "link",
            Self::Provider => "provider",
        }
    }
}

/// Who changed something.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    kind: ActorKind,
    id: String,
    name: String,
}

impl Actor {
    /// An actor of this kind, with an id and the name that the entry keeps.
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

    /// As it is stored: kind and id.
    pub(super) fn key(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.id)
    }
}

/// A change to be noted.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    pub(super) tool_id: String,
    pub(super) actor: Actor,
    pub(super) action: &'static str,
    pub(super) subject: String,
    pub(super) details: AuditDetails,
}

/// What of an entry is sealed.
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
    /// An action such as `platform.activated`, on what has this id.
    pub(crate) fn new(
        tool_id: &str,
        actor: Actor,
        action: &'static str,
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

    /// What people call it.
    #[must_use]
    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.details.of = Some(name.into());
        self
    }

    /// How it was.
    #[must_use]
    pub(crate) fn before(mut self, value: impl Into<Value>) -> Self {
        self.details.before = Some(value.into());
        self
    }

    /// How it is now.
    #[must_use]
    pub(crate) fn after(mut self, value: impl Into<Value>) -> Self {
        self.details.after = Some(value.into());
        self
    }
}

/// An entry as it is shown.
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
}
