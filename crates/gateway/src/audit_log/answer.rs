//! Entries as the API writes them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::audit::{AuditLine, ChainState};
use crate::kit::clock::iso;

/// A recorded change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry)]
pub(crate) struct AuditEntryAnswer {
    /// Its place in the tool's log, from 1.
    pub(crate) number: i64,
    /// When it was recorded.
    #[schema(format = DateTime)]
    pub(crate) at: String,
    pub(crate) actor: AuditActorAnswer,
    /// What was done, such as `platform.activated`.
    pub(crate) action: String,
    /// Id of what was changed, such as a platform's; absent if the id would reveal a person or a
    /// secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// Its name at the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject_name: Option<String>,
    /// The value before the change; absent if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Value>,
    /// The value after the change, or what was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Value>,
    /// The beginning of the entry's hash. The server's log has it too, next to the number, so that
    /// a log kept elsewhere shows whether the newest entries were cut off.
    pub(crate) chain: String,
}

/// Who changed something.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditActor)]
pub(crate) struct AuditActorAnswer {
    /// `user` of the portal, `api_key`, `command` of the server's command line, `link` for a person
    /// whom a one-time link made a user, `provider` for the identity provider whose account was
    /// turned away, or `server` for Hallpass itself.
    pub(crate) kind: String,
    pub(crate) id: String,
    /// Their name at the time.
    pub(crate) name: String,
}

/// Entries of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditList {
    /// Newest first.
    pub(crate) entries: Vec<AuditEntryAnswer>,
    /// `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

/// The audit log as one document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditExport {
    /// Newest first.
    pub(crate) entries: Vec<AuditEntryAnswer>,
}

/// Whether the audit log is intact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditChain {
    /// Whether no entry was changed, inserted or removed.
    pub(crate) whole: bool,
    /// How many entries there are; absent if the chain is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<i64>,
    /// Number of the first entry that was changed or is missing; absent if the chain is whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) broken_at: Option<i64>,
}

impl From<AuditLine> for AuditEntryAnswer {
    fn from(line: AuditLine) -> Self {
        let subject_name = line.subject_name().map(str::to_owned);
        let (kind, id) = line.actor.split_once(':').unwrap_or((&line.actor, ""));
        let actor = AuditActorAnswer {
            kind: kind.to_owned(),
            id: id.to_owned(),
            name: line.by,
        };
        let is_value = |value: &Value| !value.is_null();
        Self {
            number: line.number,
            at: iso(line.at),
            actor,
            action: line.action,
            subject: Some(line.subject).filter(|subject| !subject.is_empty()),
            subject_name,
            before: line.before.filter(is_value),
            after: line.after.filter(is_value),
            chain: line.chain,
        }
    }
}

impl From<ChainState> for AuditChain {
    fn from(state: ChainState) -> Self {
        let (entries, broken_at) = match state {
            ChainState::Whole(number) => (Some(number), None),
            ChainState::BrokenAt(number) => (None, Some(number)),
        };
        Self {
            whole: broken_at.is_none(),
            entries,
            broken_at,
        }
    }
}
