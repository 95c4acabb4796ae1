//! Records what the command line changes in the audit.

use std::sync::{MutexGuard, PoisonError};

use serde_json::Value;

use super::{Operator, OperatorError, setup};
use crate::ascode::{Plan, PlannedChange};
use crate::audit::{Actor, Audit, AuditAction, AuditEntry};
use crate::directory::tools::stored;

/// An entry about what the command line did to the subject with this id.
pub(super) fn done(tool_id: &str, action: AuditAction, subject: &str) -> AuditEntry {
    AuditEntry::new(tool_id, Actor::command(), action, subject)
}

impl Operator {
    /// Records what was done. If that fails, for example because the secret key is missing, the
    /// change remains, and [`Self::unrecorded`] says so.
    pub(super) async fn note(&self, entry: AuditEntry) {
        if let Err(error) = self.write_entry(entry).await {
            // Commands have no log, and their callers may.
            tracing::warn!(%error, "what the command did is not in the audit log");
            *self.last_unrecorded() = Some(error.to_string());
        }
    }

    /// Why the last change that is not in the audit log couldn't be recorded.
    pub fn unrecorded(&self) -> Option<String> {
        self.last_unrecorded().clone()
    }

    fn last_unrecorded(&self) -> MutexGuard<'_, Option<String>> {
        let unrecorded = self.unrecorded.lock();
        unrecorded.unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_entry(&self, entry: AuditEntry) -> Result<(), OperatorError> {
        let (rows, root) = setup::secrets_in_use(&self.config, &self.db, &self.random).await?;
        let audit = Audit::new(rows, &root, self.clock.clone(), self.random.clone());
        Ok(audit.write(&self.db, entry).await?)
    }

    /// Records in each tool's audit what a configuration changed there.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn note_plan(&self, plan: &Plan) -> Result<(), OperatorError> {
        if !plan.applied {
            return Ok(());
        }
        for tool in stored(&self.db).await? {
            let own = plan.changes.iter().filter(|one| one.tool == tool.host);
            let own: Vec<Value> = own.map(PlannedChange::brief).collect();
            if !own.is_empty() {
                let entry = done(&tool.id, AuditAction::ConfigurationApplied, &tool.id);
                let entry = entry.named(&*tool.settings.name);
                self.note(entry.after(own)).await;
            }
        }
        Ok(())
    }
}
