//! Records what the command line changes in the audit, and stores before that it begins
//! (docs/decisions/0500-a-commands-change-is-stored-before-it-begins.md).

use serde_json::Value;

use super::command_audit::done;
use super::{Operator, OperatorError};
use crate::ascode::{Plan, PlannedChange};
use crate::audit::{AuditAction, AuditEntry};
use crate::directory::tools::stored;

impl Operator {
    /// Makes a change, and records it in the entries that it returns; none if nothing was changed.
    /// That it begins is stored before, which needs no secret key. If the entries can't be written,
    /// for example because that key is missing, the change remains, and [`Self::unrecorded`] says
    /// so; a server then records that it was begun.
    ///
    /// # Errors
    /// As `change`, or the store failed before it.
    pub(super) async fn noted<T>(
        &self,
        command: &str,
        tool_id: &str,
        subject: &str,
        change: impl Future<Output = Result<(T, Vec<AuditEntry>), OperatorError>>,
    ) -> Result<T, OperatorError> {
        let begun = self.audit.begin(command, tool_id, subject).await?;
        let changed = change.await;
        let leaves_open = OperatorError::leaves_open;
        self.audit.finish(&begun, changed, leaves_open).await
    }

    /// Why the last change that is not in the audit log couldn't be recorded.
    pub fn unrecorded(&self) -> Option<String> {
        self.audit.unrecorded()
    }

    /// An entry for each tool about what a configuration changed there.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn entries_of(&self, plan: &Plan) -> Result<Vec<AuditEntry>, OperatorError> {
        let mut entries = Vec::new();
        if !plan.applied {
            return Ok(entries);
        }
        for tool in stored(&self.db).await? {
            let own = plan.changes.iter().filter(|one| one.tool == tool.host);
            let own: Vec<Value> = own.map(PlannedChange::brief).collect();
            if !own.is_empty() {
                let entry = done(&tool.id, AuditAction::ConfigurationApplied, &tool.id);
                entries.push(entry.named(&*tool.settings.name).after(own));
            }
        }
        Ok(entries)
    }
}
